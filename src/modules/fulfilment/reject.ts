import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { correct, lockLevels, stockAt } from '../inventory/index.ts';
import { unitsLeft } from '../orders/index.ts';
import { anotherRoute, type Cause, moveUnits, whoSaidNo } from './broker-again.ts';
import { fulfilmentErrors } from './errors.ts';
import { own } from './own.ts';
import { takeStep } from './step.ts';
import { refuseUnlessWanted } from './still-wanted.ts';
import type { FulfilmentRejectionReason } from './tables.ts';

export const REJECTION_REASONS = [
  'not_in_stock',
  'mismatch',
  'damaged',
  'other',
] as const satisfies readonly FulfilmentRejectionReason[];

export interface RejectedLine {
  orderLineId: string;
  quantity: number;
  reason: FulfilmentRejectionReason;
  /** Of a mismatch: the units that are on the shelf. */
  counted?: number;
}

export interface RejectionWish {
  /** Made by the caller, so that a retry is the same rejection. */
  id: string;
  fulfilmentOrderId: string;
  lines: readonly RejectedLine[];
  note?: string;
  actorId?: string;
}

type Rejected = RejectedLine & { variantId: string };

/**
 * A location can't give some units, or any. What it found is booked, the units are brokered again among those who have
 * not said no, and the allocation moves with them, all in one transaction.
 */
export async function reject(tx: Tx, wish: RejectionWish, now: Date): Promise<void> {
  const { id, fulfilmentOrderId, actorId } = wish;
  for (const { orderLineId, reason, counted } of wish.lines)
    if ((reason === 'mismatch') !== (counted !== undefined))
      throw fulfilmentErrors.reason_and_count({ orderLineId });
  const of = await lockOrder(tx, fulfilmentOrderId);
  if (await isRetry(tx, wish)) return;
  if (of.state !== 'assigned' && of.state !== 'accepted')
    throw fulfilmentErrors.step_not_open({ fulfilmentOrderId, state: of.state, wanted: 'rejected' });
  await refuseUnlessWanted(tx, { fulfilmentOrderId, ...of });
  const lines = await takeBack(tx, wish);
  await writeDown(tx, wish, lines, now);
  if (await isEmpty(tx, fulfilmentOrderId)) {
    const note = wish.note ?? '';
    await takeStep(
      tx,
      { id, fulfilmentOrderId, to: 'rejected', note, ...(actorId !== undefined && { actorId }) },
      now,
    );
  }
  const [{ reason } = { reason: 'other' }] = lines;
  const cause = { id, reason, at: now, ...(actorId !== undefined && { actorId }) };
  const routed = await anotherRoute(tx, of.orderId, lines, now, await whoSaidNo(tx, of.orderId));
  const origin = { fulfilmentOrderId, locationId: of.locationId };
  const book = () => bookFound(tx, of.locationId, lines, cause);
  await moveUnits(tx, routed, lines, { cause, origin, correct: book });
}

async function lockOrder(tx: Tx, id: string) {
  const part = await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select(['order_id as orderId', 'location_id as locationId'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (part) await unitsLeft(tx, part.orderId, part.locationId);
  const found = await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select(['state', 'order_id as orderId', 'location_id as locationId'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!found) throw fulfilmentErrors.fulfilment_order_not_found({ fulfilmentOrderId: id });
  return found;
}

async function isRetry(tx: Tx, { id, fulfilmentOrderId, lines }: RejectionWish): Promise<boolean> {
  const known = await own(tx)
    .selectFrom('fulfilment.rejection as rejection')
    .innerJoin('fulfilment.rejection_line as line', 'line.rejection_id', 'rejection.id')
    .select(['fulfilment_order_id as of', 'order_line_id as orderLineId', 'quantity', 'reason', 'counted'])
    .where('rejection.id', '=', id)
    .orderBy('order_line_id')
    .execute();
  if (known.length === 0) return false;
  const told = lines
    .map(({ orderLineId, quantity, reason, counted }) => ({
      of: fulfilmentOrderId,
      orderLineId,
      quantity,
      reason,
      counted: counted ?? null,
    }))
    .sort((a, b) => (a.orderLineId < b.orderLineId ? -1 : 1));
  if (!isDeepStrictEqual(known, told)) throw fulfilmentErrors.rejection_differs({ rejectionId: id });
  return true;
}

/** Takes the units off the fulfilment order's lines, or refuses where a line has fewer left. */
async function takeBack(tx: Tx, { fulfilmentOrderId, lines }: RejectionWish): Promise<Rejected[]> {
  const { rows } = await sql<{ orderLineId: string; variantId: string }>`
    update fulfilment.fulfilment_order_line as line set rejected = line.rejected + told.quantity
    from unnest(${lines.map(({ orderLineId }) => orderLineId)}::uuid[],
      ${lines.map(({ quantity }) => quantity)}::integer[]) as told (order_line_id, quantity)
    where line.fulfilment_order_id = ${fulfilmentOrderId} and line.order_line_id = told.order_line_id
      and line.remaining >= told.quantity
    returning line.order_line_id as "orderLineId", line.variant_id as "variantId"`.execute(tx);
  const variants = new Map(rows.map(({ orderLineId, variantId }) => [orderLineId, variantId]));
  return lines.map((line) => {
    const variantId = variants.get(line.orderLineId);
    if (variantId === undefined || variants.size < lines.length)
      throw fulfilmentErrors.more_than_is_left({ fulfilmentOrderId });
    return { ...line, variantId };
  });
}

async function writeDown(
  tx: Tx,
  { id, fulfilmentOrderId, note = '', actorId }: RejectionWish,
  lines: readonly Rejected[],
  now: Date,
): Promise<void> {
  await own(tx)
    .insertInto('fulfilment.rejection')
    .values({ id, fulfilment_order_id: fulfilmentOrderId, rejected_at: now, actor_id: actorId ?? null, note })
    .execute();
  await own(tx)
    .insertInto('fulfilment.rejection_line')
    .values(
      lines.map(({ orderLineId, variantId, quantity, reason, counted }) => ({
        rejection_id: id,
        order_line_id: orderLineId,
        variant_id: variantId,
        quantity,
        reason,
        counted: counted ?? null,
      })),
    )
    .execute();
}

async function isEmpty(tx: Tx, fulfilmentOrderId: string): Promise<boolean> {
  const left = await own(tx)
    .selectFrom('fulfilment.fulfilment_order_line')
    .select('order_line_id')
    .where('fulfilment_order_id', '=', fulfilmentOrderId)
    .where('remaining', '>', 0)
    .executeTakeFirst();
  return left === undefined;
}

/**
 * Books what was found: damage first, then what is on the shelf. What other fulfilment orders have taken from the shelf
 * and not yet sent is still on hand, so it counts on top.
 */
async function bookFound(
  tx: Tx,
  locationId: string,
  lines: readonly Rejected[],
  { id, at, actorId }: Cause,
): Promise<void> {
  const actor = actorId === undefined ? {} : { actorId };
  const damaged = await damageOf(tx, locationId, lines);
  if (damaged.length > 0) {
    const damageId = idOf('fulfilment:damage', id);
    await correct(tx, { id: damageId, kind: 'damage', lines: damaged, ...actor }, at);
  }
  const shelf = new Map<string, number>();
  for (const { variantId, reason, counted } of lines) {
    if (reason === 'not_in_stock') shelf.set(variantId, 0);
    if (reason === 'mismatch') shelf.set(variantId, counted ?? 0);
  }
  if (shelf.size === 0) return;
  const taken = await takenFromShelf(tx, locationId, [...shelf.keys()]);
  const counts = [...shelf].map(([variantId, quantity]) => ({
    variantId,
    locationId,
    quantity: quantity + (taken.get(variantId) ?? 0),
  }));
  await correct(tx, { id: idOf('fulfilment:count', id), kind: 'count', lines: counts, ...actor }, at);
}

/** No more can be damaged than the books say is there. */
async function damageOf(tx: Tx, locationId: string, lines: readonly Rejected[]) {
  const units = new Map<string, number>();
  for (const { variantId, quantity, reason } of lines)
    if (reason === 'damaged') units.set(variantId, quantity + (units.get(variantId) ?? 0));
  const places = [...units.keys()].map((variantId) => ({ variantId, locationId }));
  await lockLevels(tx, places);
  const onHand = await stockAt(tx, places);
  return places.flatMap((place) => {
    const quantity = Math.min(units.get(place.variantId) ?? 0, onHand.get(place.variantId) ?? 0);
    return quantity > 0 ? [{ ...place, quantity }] : [];
  });
}

async function takenFromShelf(
  db: Db,
  locationId: string,
  variantIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await own(db)
    .selectFrom('fulfilment.fulfilment_order_line as line')
    .innerJoin('fulfilment.fulfilment_order as each', 'each.id', 'line.fulfilment_order_id')
    .select(({ fn }) => ['variant_id as variantId', fn.sum<number>('remaining').as('units')])
    .where('variant_id', 'in', variantIds)
    .where('location_id', '=', locationId)
    .where('state', 'in', ['picked', 'packed'])
    .groupBy('variant_id')
    .execute();
  return new Map(rows.map(({ variantId, units }) => [variantId, units]));
}
