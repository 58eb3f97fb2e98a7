import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { shippedCosts, takeBack, type TakenBack } from '../inventory/index.ts';
import { own } from './own.ts';
import { recordReturn } from './record-return.ts';
import { returnErrors } from './return-errors.ts';
import type { LockedReturn } from './locked-return.ts';

/** What became of the units of a line that came: sold again, damaged, or sent back to the buyer. */
export interface InspectedLine {
  lineId: string;
  restock: number;
  damage: number;
  refuse: number;
}

const OUTCOMES = ['restock', 'damage', 'refuse'] as const;

/**
 * Books what was found: units to sell and damaged ones come into stock, and their money goes back unless it did before.
 * Refused ones are the buyer's still. True when nothing is left to be done.
 */
export async function inspect(
  tx: Tx,
  request: LockedReturn,
  lines: readonly InspectedLine[],
  actor: string,
  now: Date,
): Promise<boolean> {
  const { id, locationId } = request;
  checkInspected(request, lines);
  const rows = lines.flatMap((line) =>
    OUTCOMES.map((outcome) => ({
      request_id: id,
      order_line_id: line.lineId,
      outcome,
      quantity: line[outcome],
    })).filter(({ quantity }) => quantity > 0),
  );
  assert(locationId !== null);
  const kept = lines.filter(({ restock, damage }) => restock + damage > 0);
  const goods = await goodsOf(tx, request.order.orderId, locationId, kept);
  await own(tx).insertInto('orders.return_inspection').values(rows).execute();
  const actorId = /^member:(.+)$/.exec(actor)?.[1];
  if (goods.length > 0) await takeBack(tx, { id, at: now, ...(actorId && { actorId }) }, goods);
  if (kept.length > 0 && request.returnId === null) {
    const units = new Map(kept.map(({ lineId, restock, damage }) => [lineId, restock + damage]));
    await recordReturn(tx, request, units, actor, now);
  }
  return lines.every(({ refuse }) => refuse === 0);
}

function checkInspected(request: LockedReturn, lines: readonly InspectedLine[]): void {
  const seen = new Set<string>();
  for (const { lineId, restock, damage, refuse } of lines) {
    const asked = request.lines.find((line) => line.lineId === lineId);
    if (!asked) throw returnErrors.return_line_unknown({ lineId });
    if (seen.has(lineId)) throw returnErrors.return_line_twice({ lineId });
    seen.add(lineId);
    const [wanted, left] = [restock + damage + refuse, asked.quantity];
    if (wanted > left) throw returnErrors.inspected_too_many({ lineId, wanted, left });
  }
  if (lines.every(({ restock, damage, refuse }) => restock + damage + refuse === 0))
    throw returnErrors.inspected_nothing({ requestId: request.id });
}

/** By variant, at what their shipments took along: the last unit that comes back brings the rest of it. */
async function goodsOf(
  tx: Tx,
  orderId: string,
  locationId: string,
  kept: readonly InspectedLine[],
): Promise<TakenBack[]> {
  const { rows: lines } = await sql<{
    lineId: string;
    variantId: string;
    shipmentIds: string[];
    came: number;
  }>`
    select line.id as "lineId", variant_id as "variantId",
      array(select distinct shipment_id from orders.shipped_line where order_line_id = line.id) as "shipmentIds",
      (select coalesce(sum(quantity), 0)::integer from orders.return_inspection
        where order_line_id = line.id and outcome in ('restock', 'damage')) as came
    from orders.order_line as line where order_id = ${orderId} and kind = 'goods' order by position`.execute(
    tx,
  );
  const costs = await shippedCosts(tx, [...new Set(lines.flatMap(({ shipmentIds }) => shipmentIds))]);
  const goods = new Map<string, TakenBack>();
  const came = new Map<string, number>();
  for (const { variantId, came: units } of lines) came.set(variantId, units + (came.get(variantId) ?? 0));
  for (const { lineId, restock, damage } of kept) {
    const variantId = lines.find((line) => line.lineId === lineId)?.variantId;
    assert(variantId);
    const known = goods.get(variantId) ?? { variantId, locationId, quantity: 0, damaged: 0, valueMinor: 0 };
    known.quantity += restock + damage;
    known.damaged += damage;
    goods.set(variantId, known);
  }
  for (const each of goods.values()) {
    const cost = costs.get(each.variantId) ?? { units: 0, valueMinor: 0 };
    const before = came.get(each.variantId) ?? 0;
    const upTo = (units: number) =>
      cost.units === 0 ? 0 : Number((BigInt(cost.valueMinor) * BigInt(units)) / BigInt(cost.units));
    each.valueMinor = upTo(before + each.quantity) - upTo(before);
  }
  return [...goods.values()];
}
