import type pg from 'pg';

/** A foreign key of a table: where its columns stand in the copied rows, and what they refer to. */
export interface Reference {
  constraint: string;
  positions: number[];
  types: string[];
  target: string;
  targetColumns: string[];
}

/** What COPY must know of a table and some of its columns. */
export interface Shape {
  table: string;
  /** As PostgreSQL itself writes the table, and as a reference names it. */
  name: string;
  columns: readonly string[];
  /** The columns' types by their names, of a domain what it is made of; an enum is text to whoever writes it. */
  types: string[];
  /** Whether this user may let the table's checks rest, and nothing but foreign keys would rest with them. */
  mayRest: boolean;
  /** Whether some table refers to this one. */
  isTarget: boolean;
  references: Reference[];
}

interface Answer {
  name: string;
  types: string[];
  may: boolean;
  keys: ReferenceRow[];
  isTarget: boolean;
}
type ReferenceRow = Omit<Reference, 'positions'> & { columns: string[] };

/** Asks for shapes, each once: a table keeps its shape while an import runs. */
export function openShapes(client: pg.Client) {
  const known = new Map<string, Shape>();
  return async (table: string, columns: readonly string[]): Promise<Shape> => {
    const key = [table, ...columns].join(' ');
    const shape = known.get(key) ?? (await shapeOf(client, table, columns));
    if (!isTemporary(table)) known.set(key, shape);
    return shape;
  };
}

/** The next temporary table of a name may be made of other columns. All others are named with their schema. */
const isTemporary = (table: string) => table.startsWith('pg_temp.') || !table.includes('.');

async function shapeOf(client: pg.Client, table: string, columns: readonly string[]): Promise<Shape> {
  const { rows } = await client.query<Answer>(
    `select $1::regclass::text as name, ${TYPES} as types, ${MAY_REST} as may, ${KEYS} as keys,
       exists (select from pg_constraint where confrelid = $1::regclass) as "isTarget"`,
    [table, columns],
  );
  const { name = table, types = [], may = false, keys = [], isTarget = false } = rows[0] ?? {};
  const references = keys
    .map(({ columns: own, ...key }) => ({ ...key, positions: own.map((column) => columns.indexOf(column)) }))
    .filter(({ positions }) => !positions.includes(-1)); // a column left out is null or its default
  return { table, name, columns, types, mayRest: may, isTarget, references };
}

const TYPES = `(
  select array_agg(
    case when t.typtype = 'e' then 'text' else format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) end
    order by wanted.n)
  from unnest($2::text[]) with ordinality as wanted (name, n)
  join pg_attribute a on a.attrelid = $1::regclass and a.attname = wanted.name
  join pg_type t on t.oid = a.atttypid)`;

const MAY_REST = `(
  has_parameter_privilege('session_replication_role', 'set')
  and not exists (
    select from pg_trigger
    where tgrelid = $1::regclass and not tgisinternal and tgtype & 4 <> 0 -- on insert
  ))`;

const KEYS = `(
  select coalesce(json_agg(key), '[]') from (
    select c.conname as constraint, c.confrelid::regclass::text as target,
      array_agg(a.attname::text order by k.n) as columns,
      array_agg(format_type(t.atttypid, null) order by k.n) as types,
      array_agg(quote_ident(t.attname) order by k.n) as "targetColumns"
    from pg_constraint c
    cross join unnest(c.conkey, c.confkey) with ordinality as k (source, target, n)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.source
    join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.target
    where c.conrelid = $1::regclass and c.contype = 'f'
    group by c.oid, c.conname, c.confrelid
  ) as key)`;
