import { sql } from 'kysely';
import { mayEnter, mayReadPersonal, type Viewer } from '#platform/access.ts';
import type { Db } from '#platform/db.ts';
import { type Column, decimalName, isMoney, unitOf } from './columns.ts';
import { isFollowed, type Ledger } from './ledger.ts';
import { LEDGERS } from './ledgers.ts';
import { columnsOf, type ExportDeps } from './rows.ts';
import { SALE_ENTRIES, SALE_ENTRY_COLUMNS } from './sale-entries.ts';

export interface ExportableLedger {
  name: string;
  about: string;
  /** Whether what came since is what stands behind the last cursor. */
  isFollowed: boolean;
  isTimed: boolean;
  isOfMoment: boolean;
  /** How many rows there are, or about how many. */
  rows: number;
  isEstimate: boolean;
}

/** Up to so many rows are counted; of more, the database's own estimate is told. */
const COUNTED_MAX = 10_000;

export const ledgersFor = (viewer: Viewer): Ledger[] =>
  LEDGERS.filter(({ access }) => mayEnter(viewer, access));

/** What somebody may export, and how much of it there is. */
export async function exportable(deps: ExportDeps, viewer: Viewer): Promise<ExportableLedger[]> {
  const ledgers = ledgersFor(viewer);
  const counts = await countsOf(deps.reads, ledgers);
  const entries = await deps.clickhouse.query({
    query: `select count() as n from ${SALE_ENTRIES.table}`,
    format: 'JSONEachRow',
  });
  const [counted] = await entries.json<{ n: string }>();
  return ledgers.map((ledger) => {
    const { rows, isEstimate } =
      ledger === SALE_ENTRIES
        ? { rows: Number(counted?.n ?? 0), isEstimate: true }
        : (counts.get(ledger.table) ?? { rows: 0, isEstimate: true });
    const { name, about, at, isOfMoment = false } = ledger;
    const facts = { name, about, isOfMoment, isTimed: at !== undefined, isFollowed: isFollowed(ledger) };
    return { ...facts, rows, isEstimate };
  });
}

async function countsOf(reads: Db, ledgers: readonly Ledger[]) {
  const tables = [...new Set(ledgers.filter((each) => each !== SALE_ENTRIES).map(({ table }) => table))];
  if (tables.length === 0) return new Map<string, { rows: number; isEstimate: boolean }>();
  const { rows } = await sql<{ name: string; estimate: number; counted: number }>`
    ${sql.join(
      tables.map(
        (name) => sql`
          select ${name}::text as name, greatest(reltuples, 0)::bigint as estimate,
            (select count(*) from (select from ${sql.raw(name)} limit ${COUNTED_MAX + 1}) as counted)::integer as counted
          from pg_class where oid = ${name}::regclass`,
      ),
      sql` union all `,
    )}`.execute(reads);
  return new Map(
    rows.map(({ name, estimate, counted }) => {
      const isEstimate = counted > COUNTED_MAX;
      return [name, { rows: isEstimate ? Math.max(estimate, counted) : counted, isEstimate }];
    }),
  );
}

export interface ColumnFacts {
  name: string;
  kind: string;
  unit: string | null;
  isPersonal: boolean;
}

/** The columns of ledgers as a viewer gets them, decimals beside their minor units. */
export async function columnFacts(
  deps: ExportDeps,
  viewer: Viewer,
  ledgers: readonly Ledger[],
): Promise<ColumnFacts[][]> {
  const stored = ledgers.filter((ledger) => ledger !== SALE_ENTRIES);
  const found = new Map(
    (await columnsOf(deps.databaseUrl, stored)).map((columns, at) => [stored[at]?.name, columns]),
  );
  const mayRead = mayReadPersonal(viewer);
  return ledgers.map((ledger) =>
    (found.get(ledger.name) ?? SALE_ENTRY_COLUMNS)
      .filter(({ isPersonal }) => mayRead || !isPersonal)
      .flatMap(factsOf),
  );
}

function factsOf(column: Column): ColumnFacts[] {
  const { name, kind, isPersonal } = column;
  const own = { name, kind, unit: unitOf(column), isPersonal };
  return isMoney(column)
    ? [own, { name: decimalName(name), kind: 'decimal', unit: 'currency', isPersonal }]
    : [own];
}
