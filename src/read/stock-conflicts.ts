import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What a store sold without a connection though it was not there to be sold, as people at the till read it. */
export interface ToldConflict {
  id: string;
  orderId: string;
  orderNumber: string;
  registerName: string;
  sku: string;
  title: string;
  options: string[];
  /** Units that were sold, and how many the books had left to sell. */
  wanted: number;
  available: number;
  toldAt: Date;
  settledAt: Date | null;
  /** A member of staff. */
  settledBy: string | null;
  note: string;
}

const CONFLICTS = sql`
  select c.id, c.order_id as "orderId", o.number as "orderNumber", r.name as "registerName", v.sku, p.title,
    v.option_values as options, c.wanted, c.available, c.told_at as "toldAt", c.settled_at as "settledAt",
    c.settled_by as "settledBy", c.note
  from till.stock_conflict c
  join orders.order o on o.id = c.order_id
  join till.register r on r.id = c.register_id
  join catalog.variant v on v.id = c.variant_id
  join catalog.product p on p.id = v.product_id`;

const OPEN_A_PAGE = 50;

/** Those of a store that nobody has settled, the oldest first. */
export async function conflictsToSettle(
  reads: Db,
  locationId: string,
  after: string | undefined,
): Promise<{ conflicts: ToldConflict[]; cursor: string | null }> {
  const beyond = after
    ? sql`and (c.told_at, c.id) > (select told_at, id from till.stock_conflict where id = ${after})`
    : sql``;
  const { rows } = await sql<ToldConflict>`
    ${CONFLICTS} where c.location_id = ${locationId} and c.settled_at is null ${beyond}
    order by c.told_at, c.id limit ${OPEN_A_PAGE + 1}`.execute(reads);
  const conflicts = rows.slice(0, OPEN_A_PAGE);
  return { conflicts, cursor: rows.length > OPEN_A_PAGE ? (conflicts.at(-1)?.id ?? null) : null };
}

const SETTLED_SHOWN = 20;

/** The last that were settled in a store: by whom, and what was done. */
export async function conflictsSettled(reads: Db, locationId: string): Promise<ToldConflict[]> {
  const { rows } = await sql<ToldConflict>`
    ${CONFLICTS} where c.location_id = ${locationId} and c.settled_at is not null
    order by c.settled_at desc, c.id limit ${SETTLED_SHOWN}`.execute(reads);
  return rows;
}

/** How many wait for somebody in a store; a hundred stand for more. */
export async function countConflicts(reads: Db, locationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from (
      select from till.stock_conflict where location_id = ${locationId} and settled_at is null limit 100
    ) as open`.execute(reads);
  return rows[0]?.count ?? 0;
}
