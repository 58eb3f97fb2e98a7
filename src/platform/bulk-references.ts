import type pg from 'pg';
import type { Reference, Shape } from './bulk-shape.ts';

/** The ids that the transaction's last COPY added: what refers to them needs no looking up. */
export interface JustCopied {
  name: string;
  ids: readonly unknown[];
}

interface Seen {
  reference: Reference;
  keys: Map<string, string[]>;
  /** Its rows are this transaction's own, unseen by anybody who could take them away. */
  own: ReadonlySet<unknown> | undefined;
  /** What the row before referred to: most often this row does, too. */
  last?: unknown;
}

/**
 * Foreign keys of a COPY, checked together. PostgreSQL asks for each row and each key by itself, which takes
 * four fifths of an import's time. So the table's own checks rest during the COPY, and afterwards each row that was
 * referred to is found and locked once, as those checks would have done; what is missing fails the transaction.
 */
export async function openReferences(client: pg.Client, shape: Shape, before: JustCopied | undefined) {
  const seen = shape.mayRest ? shape.references.map((reference) => seenOf(reference, before)) : [];
  if (seen.length > 0) await client.query('set local session_replication_role = replica');
  return {
    /** Notes what a row refers to. */
    note(row: readonly unknown[]): void {
      for (const each of seen) noteOne(row, each);
    },
    /** Switches the table's own checks on again, and makes up for them. */
    async check(): Promise<void> {
      if (seen.length === 0) return;
      await client.query('set local session_replication_role = origin');
      for (const each of seen) await hold(client, shape.table, each);
    },
  };
}

function seenOf(reference: Reference, before: JustCopied | undefined): Seen {
  const isOwn = before?.name === reference.target && reference.targetColumns.join() === 'id';
  return { reference, keys: new Map(), own: isOwn ? new Set(before.ids) : undefined };
}

function noteOne(row: readonly unknown[], seen: Seen): void {
  const { reference, keys, own } = seen;
  const { positions } = reference;
  const first = row[positions[0] ?? 0];
  if (positions.length === 1 && typeof first === 'string') {
    if (first === seen.last) return;
    seen.last = first;
    if (!keys.has(first) && !own?.has(first)) keys.set(first, [first]);
    return;
  }
  const values = positions.map((position) => row[position]);
  if (values.some((value) => value === null || value === undefined)) return;
  keys.set(values.join('\t'), values.map(String));
}

async function hold(client: pg.Client, table: string, { reference, keys: seen }: Seen): Promise<void> {
  const { constraint, target, targetColumns, types } = reference;
  if (seen.size === 0) return;
  const keys = [...seen.keys()].sort().map((key) => seen.get(key) ?? []); // locked in one order by everybody
  const arrays = targetColumns.map((_, column) => keys.map((key) => key[column]));
  const { rowCount } = await client.query(
    `select from unnest(${types.map((type, n) => `$${n + 1}::${type}[]`).join(', ')}) with ordinality
       as key (${targetColumns.map((_, n) => `c${n}`).join(', ')}, n)
     join ${target} as held on ${targetColumns.map((name, n) => `held.${name} = key.c${n}`).join(' and ')}
     for key share of held`,
    arrays,
  );
  if (rowCount === seen.size) return;
  const message = `${table}: ${seen.size - (rowCount ?? 0)} rows of ${target} are missing (${constraint})`;
  throw Object.assign(new Error(message), { constraint }); // named where the table's own check names it
}
