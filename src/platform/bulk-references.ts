import type pg from 'pg';

/** A foreign key of a table that is about to be filled, and where its columns stand in the copied rows. */
interface Reference {
  constraint: string;
  positions: number[];
  types: string[];
  target: string;
  targetColumns: string[];
  seen: Map<string, string[]>;
  /** What the row before referred to: most often this row does, too. */
  last?: unknown;
}

/**
 * Foreign keys of a COPY, checked together. PostgreSQL asks for each row and each key by itself, which takes
 * four fifths of an import's time. So the table's own checks rest during the COPY, and afterwards each row that was
 * referred to is found and locked once, as those checks would have done; what is missing fails the transaction.
 */
export async function openReferences(client: pg.Client, table: string, columns: readonly string[]) {
  const references = (await mayRest(client, table)) ? await referencesOf(client, table, columns) : [];
  if (references.length > 0) await client.query('set local session_replication_role = replica');
  return {
    /** Notes what a row refers to. */
    note(row: readonly unknown[]): void {
      for (const reference of references) noteOne(row, reference);
    },
    /** Switches the table's own checks on again, and makes up for them. */
    async check(): Promise<void> {
      if (references.length === 0) return;
      await client.query('set local session_replication_role = origin');
      for (const reference of references) await hold(client, table, reference);
    },
  };
}

function noteOne(row: readonly unknown[], reference: Reference): void {
  const { positions, seen } = reference;
  const first = row[positions[0] ?? 0];
  if (positions.length === 1 && typeof first === 'string') {
    if (first === reference.last) return;
    reference.last = first;
    if (!seen.has(first)) seen.set(first, [first]);
    return;
  }
  const values = positions.map((position) => row[position]);
  if (values.some((value) => value === null || value === undefined)) return;
  seen.set(values.join('\t'), values.map(String));
}

/** Whether this user may let the checks rest, and nothing but foreign keys would rest with them. */
async function mayRest(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select has_parameter_privilege('session_replication_role', 'set')
       and not exists (
         select from pg_trigger
         where tgrelid = $1::regclass and not tgisinternal and tgtype & 4 <> 0 -- on insert
       ) as may`,
    [table],
  );
  return rows[0]?.may ?? false;
}

async function referencesOf(
  client: pg.Client,
  table: string,
  columns: readonly string[],
): Promise<Reference[]> {
  const { rows } = await client.query<Omit<Reference, 'positions' | 'seen'> & { columns: string[] }>(
    `select c.conname as constraint, c.confrelid::regclass::text as target,
       array_agg(a.attname::text order by k.n) as columns,
       array_agg(format_type(t.atttypid, null) order by k.n) as types,
       array_agg(quote_ident(t.attname) order by k.n) as "targetColumns"
     from pg_constraint c
     cross join unnest(c.conkey, c.confkey) with ordinality as k (source, target, n)
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.source
     join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.target
     where c.conrelid = $1::regclass and c.contype = 'f'
     group by c.oid, c.conname, c.confrelid`,
    [table],
  );
  return rows
    .map((row) => ({
      ...row,
      positions: row.columns.map((column) => columns.indexOf(column)),
      seen: new Map<string, string[]>(),
    }))
    .filter(({ positions }) => !positions.includes(-1)); // a column left out is null or its default
}

async function hold(client: pg.Client, table: string, reference: Reference): Promise<void> {
  const { constraint, target, targetColumns, types, seen } = reference;
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
