import assert from 'node:assert/strict';
import { returnInspected } from '#events/orders.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { takeBack, type TakenBack } from '../inventory/index.ts';
import { giveGoodsCostBack, noteGoodsCost } from './goods-cost.ts';
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
  await own(tx).insertInto('orders.return_inspection').values(rows).execute();
  const actorId = /^member:(.+)$/.exec(actor)?.[1];
  const cause = { id, at: now, ...(actorId && { actorId }) };
  if (kept.length > 0) await bookGoods(tx, cause, { orderId: request.order.orderId, locationId }, kept);
  if (kept.length > 0 && request.returnId === null) {
    const units = new Map(kept.map(({ lineId, restock, damage }) => [lineId, restock + damage]));
    await recordReturn(tx, request, units, actor, now);
  }
  const { orderId } = request.order;
  const looked = lines.filter(({ restock, damage, refuse }) => restock + damage + refuse > 0);
  const facts = { orderId, requestId: id, locationId, lines: looked, byParcel: request.byParcel };
  await emit(tx, returnInspected, { ...facts, occurredAt: now.toISOString() });
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

/** By variant, at what the units of each line took along when they left. */
async function bookGoods(
  tx: Tx,
  cause: { id: string; at: Date; actorId?: string },
  { orderId, locationId }: { orderId: string; locationId: string },
  kept: readonly InspectedLine[],
): Promise<void> {
  const { id: documentId, at } = cause;
  const moving = { documentId, orderId, locationId, at };
  const variants = await variantsOf(tx, orderId);
  const lines = kept.map(({ lineId, restock, damage }) => {
    const variantId = variants.get(lineId);
    assert(variantId);
    return { lineId, variantId, units: restock + damage, damage };
  });
  const values = await giveGoodsCostBack(tx, moving, lines);
  const goods = new Map<string, TakenBack>();
  for (const [index, { variantId, units, damage }] of lines.entries()) {
    const known = goods.get(variantId) ?? { variantId, locationId, quantity: 0, damaged: 0, valueMinor: 0 };
    known.quantity += units;
    known.damaged += damage;
    known.valueMinor += values[index]?.valueMinor ?? 0;
    goods.set(variantId, known);
  }
  const spoilt = await takeBack(tx, cause, [...goods.values()]);
  const damaged = lines.flatMap(({ lineId, variantId, damage: units }) =>
    units > 0 ? [{ lineId, variantId, units }] : [],
  );
  await noteGoodsCost(tx, 'spoilt', moving, damaged, spoilt);
}

async function variantsOf(tx: Tx, orderId: string): Promise<Map<string, string>> {
  const lines = await own(tx)
    .selectFrom('orders.order_line')
    .select(['id', 'variant_id as variantId'])
    .where('order_id', '=', orderId)
    .where('kind', '=', 'goods')
    .execute();
  return new Map(lines.flatMap(({ id, variantId }) => (variantId === null ? [] : [[id, variantId]])));
}
