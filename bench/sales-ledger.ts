import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { readSales } from '../src/imports/import-file.ts';
import type { Mapping } from '../src/imports/mapping.ts';
import { productsOf } from '../src/imports/products.ts';
import { post, receive, reserve, settle, takeBack } from '../src/modules/inventory/index.ts';

/** The goods of one order or credit note: what left, and what came back. */
export interface GoodsMoved {
  id: string;
  at: Date;
  left: Map<string, number>;
  cameBack: Map<string, number>;
  rows: number;
}

const DOCUMENTS_A_TRANSACTION = 100;
/** A delivery of the opening stock has as many lines. */
const LINES_MAX = 1_000;

/** What a file's documents did to the stock, in the order of their time. Postage, fees and what was set aside did nothing. */
export function goodsMoved(
  mapping: Mapping,
  { survey, spill }: Awaited<ReturnType<typeof readSales>>,
): GoodsMoved[] {
  const { lineNames } = productsOf(mapping, survey.names);
  const moved = survey.documents.map(({ number, isReturn, at }) => ({
    id: idOf(`${mapping.source}:goods of ${isReturn ? 'return' : 'order'}`, number, at),
    at: new Date(at),
    left: new Map<string, number>(),
    cameBack: new Map<string, number>(),
    rows: 0,
  }));
  for (const { document, name, quantity } of spill.rows()) {
    const [goods, variantId] = [moved[document], lineNames[name]?.variantId];
    if (!goods || !variantId || quantity === 0) continue;
    const units = quantity > 0 ? goods.left : goods.cameBack;
    units.set(variantId, (units.get(variantId) ?? 0) + Math.abs(quantity));
    goods.rows += 1;
  }
  return moved.filter(({ rows }) => rows > 0).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** For each variant the fewest units to begin with that let every sale be sent when it was made, in one pass. */
export function leastOpeningStock(moved: readonly GoodsMoved[]): Map<string, number> {
  const running = new Map<string, number>();
  const opening = new Map<string, number>();
  const add = (variantId: string, units: number) => {
    const sum = (running.get(variantId) ?? 0) + units;
    running.set(variantId, sum);
    opening.set(variantId, Math.max(opening.get(variantId) ?? 0, -sum));
  };
  for (const { left, cameBack } of moved) {
    for (const [variantId, units] of left) add(variantId, -units);
    for (const [variantId, units] of cameBack) add(variantId, units);
  }
  return opening;
}

/**
 * Receives the opening stock before the first of them, and then lets each happen in its turn by what a purchase does
 * to the stock: held, allocated and sent, or taken back.
 */
export async function postGoods(
  db: Db,
  locationId: string,
  opening: ReadonlyMap<string, number>,
  moved: readonly GoodsMoved[],
): Promise<void> {
  const [first] = moved;
  assert(first);
  const dayBefore = new Date(first.at.getTime() - 24 * 60 * 60_000);
  const lines = [...opening].flatMap(([variantId, quantity]) =>
    quantity > 0 ? [{ variantId, quantity }] : [],
  );
  for (let n = 0; n < lines.length; n += LINES_MAX) {
    const id = idOf('sales-ledger:opening', `${locationId} ${n}`);
    const delivery = { id, locationId, lines: lines.slice(n, n + LINES_MAX) };
    await inTransaction(db, (tx) => receive(tx, delivery, dayBefore));
  }
  for (let n = 0; n < moved.length; n += DOCUMENTS_A_TRANSACTION) {
    await inTransaction(db, async (tx) => {
      for (const goods of moved.slice(n, n + DOCUMENTS_A_TRANSACTION)) await postOne(tx, locationId, goods);
    });
  }
}

async function postOne(
  tx: Parameters<typeof post>[0],
  locationId: string,
  { id, at, left, cameBack }: GoodsMoved,
): Promise<void> {
  const placed = [...left].map(([variantId, quantity]) => ({ variantId, locationId, quantity }));
  if (placed.length > 0) {
    await reserve(tx, id, at, placed);
    await settle(tx, id, 'allocate');
    await post(tx, 'ship', { id, at }, placed);
  }
  const returned = [...cameBack].map(([variantId, quantity]) => ({ variantId, locationId, quantity }));
  await takeBack(
    tx,
    { id, at },
    returned.map((line) => ({ ...line, damaged: 0, valueMinor: 0 })),
  );
}

export interface StockOfYear {
  variantId: string;
  opening: number;
  /** The fewest units that were ever on hand after a movement. */
  least: number;
  left: number;
  cameBack: number;
  /** The ledger's sums, and the level that stands beside them. */
  summed: number[];
  level: number[];
}

/** What the ledger alone says of each variant's year at a location. */
export async function stockOfYear(db: Db, locationId: string): Promise<StockOfYear[]> {
  const { rows } = await sql<StockOfYear>`
    with running as (
      select variant_id, kind, on_hand_delta, reserved_delta, allocated_delta,
        sum(on_hand_delta) over (partition by variant_id order by moved_at, id) as on_hand
      from inventory.stock_movement where location_id = ${locationId}
    ), year as (
      select variant_id, coalesce(sum(on_hand_delta) filter (where kind = 'receive'), 0)::integer as opening,
        min(on_hand)::integer as least,
        coalesce(-sum(on_hand_delta) filter (where kind = 'ship'), 0)::integer as "left",
        coalesce(sum(on_hand_delta) filter (where kind = 'return_in'), 0)::integer as came_back,
        array[sum(on_hand_delta), sum(reserved_delta), sum(allocated_delta)]::integer[] as summed
      from running group by variant_id
    )
    select variant_id as "variantId", opening, least, "left", came_back as "cameBack", summed,
      array[on_hand, reserved, allocated] as level
    from year left join inventory.stock_level using (variant_id) where location_id = ${locationId}
    order by variant_id`.execute(db);
  return rows;
}

/** What is wrong with a year's stock: sold beneath zero, begun with more than it needs, or other sums than the file's. */
export function faultsOf(
  year: readonly StockOfYear[],
  opening: ReadonlyMap<string, number>,
  moved: readonly GoodsMoved[],
): string[] {
  const told = new Map<string, { left: number; cameBack: number }>();
  const toldOf = (variantId: string) => {
    const known = told.get(variantId) ?? { left: 0, cameBack: 0 };
    told.set(variantId, known);
    return known;
  };
  for (const { left, cameBack } of moved) {
    for (const [variantId, units] of left) toldOf(variantId).left += units;
    for (const [variantId, units] of cameBack) toldOf(variantId).cameBack += units;
  }
  const faults =
    year.length === told.size ? [] : [`${year.length} variants moved, the file has ${told.size}`];
  for (const { variantId, least, left, cameBack, summed, level, ...row } of year) {
    const say = (fault: string) => faults.push(`${variantId}: ${fault}`);
    const file = told.get(variantId);
    if (left !== file?.left || cameBack !== file.cameBack) say(`${left} left, ${cameBack} came back`);
    if (row.opening !== opening.get(variantId)) say(`began with ${row.opening}`);
    if (least < 0 || (row.opening > 0 && least > 0)) say(`never had fewer than ${least}`);
    const rest = row.opening - left + cameBack;
    if (String(summed) !== String([rest, 0, 0]) || String(level) !== String(summed))
      say(`ends at ${String(level)}`);
  }
  return faults;
}
