import { fulfilmentDelivered, fulfilmentShipped } from '#events/fulfilment.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { cancelUnits, noteSent, readOrder, unitsLeft } from '../orders/index.ts';
import { COLLECT_DAYS, rulesInForce } from '../routing/index.ts';
import { isProof } from './collection-code.ts';
import { fulfilmentErrors } from './errors.ts';
import { fulfilmentOrderById, linesOf } from './fulfilment-order.ts';
import { letGo, shelve } from './let-go.ts';
import { own } from './own.ts';
import { queueReadyNotice } from './ready-notice.ts';
import { type Step, takeStep } from './step.ts';
import { isStillWanted, refuseUnlessWanted } from './still-wanted.ts';

/** A part that its buyer collects. */
interface ToCollect {
  orderId: string;
  /** Who gives it. */
  locationId: string;
  /** Where it is collected. */
  storeId: string;
}

async function toCollect(tx: Tx, fulfilmentOrderId: string, wanted: string): Promise<ToCollect> {
  const { orderId, locationId, pickupLocationId, state } = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (pickupLocationId === null) throw fulfilmentErrors.step_not_open({ fulfilmentOrderId, state, wanted });
  return { orderId, locationId, storeId: pickupLocationId };
}

type Worked = Omit<Step, 'to'>;

/**
 * It lies at the counter: packed there, or arrived from the location that gave it. The buyer hears of it when the last part
 * of the order does. What they let go while it was on its way is the store's.
 */
export async function makeReady(tx: Tx, step: Worked, now: Date): Promise<void> {
  const { fulfilmentOrderId } = step;
  const part = await toCollect(tx, fulfilmentOrderId, 'ready');
  const { orderId, locationId, storeId } = part;
  await unitsLeft(tx, orderId, locationId); // the order first
  const { state } = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (state === 'packed' && storeId !== locationId)
    throw fulfilmentErrors.step_not_open({ fulfilmentOrderId, state, wanted: 'ready' });
  if (!(await takeStep(tx, { ...step, to: 'ready' }, now))) return;
  const { rules } = await rulesInForce(tx);
  const days = rules.collectWithinDays ?? COLLECT_DAYS;
  await own(tx)
    .updateTable('fulfilment.fulfilment_order')
    .set({ collect_by: new Date(now.getTime() + days * 86_400_000) })
    .where('id', '=', fulfilmentOrderId)
    .execute();
  await shelve(tx, { fulfilmentOrderId, orderId, locationId: storeId }, { id: step.id, at: now });
  const lines = await linesOf(tx, fulfilmentOrderId);
  if (lines.every(({ remaining }) => remaining === 0)) {
    const id = idOf('fulfilment:cancelled', step.id);
    await takeStep(tx, { id, fulfilmentOrderId, to: 'cancelled' }, now);
  }
  if (await isAllReady(tx, orderId)) await queueReadyNotice(tx, orderId);
}

async function isAllReady(tx: Tx, orderId: string): Promise<boolean> {
  const parts = await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select('state')
    .where('order_id', '=', orderId)
    .where('state', 'in', ['waiting', 'assigned', 'accepted', 'picked', 'packed', 'shipped', 'ready'])
    .execute();
  return parts.length > 0 && parts.every(({ state }) => state === 'ready');
}

const ATTEMPTS_MAX = 5;
const ATTEMPTS_MINUTES = 15;

/** Hands the goods to whoever knows the order's number or its code. Wrong ones are counted, and are few. */
export async function handOver(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  { proof, ...step }: Worked & { proof: string },
): Promise<void> {
  const { fulfilmentOrderId } = step;
  const at = now();
  const { orderId } = await fulfilmentOrderById(db, fulfilmentOrderId);
  const order = await readOrder(db, orderId);
  const isRight = isProof(proof, config.secret, order);
  await inTransaction(db, (tx) => countAttempt(tx, fulfilmentOrderId, isRight, at));
  if (!isRight) throw fulfilmentErrors.proof_wrong({ fulfilmentOrderId });
  await inTransaction(db, (tx) => collect(tx, step, at));
}

/** Counted under the part's lock, so that many at once are not more than there may be. */
async function countAttempt(tx: Tx, fulfilmentOrderId: string, isRight: boolean, at: Date): Promise<void> {
  await own(tx)
    .selectFrom('fulfilment.fulfilment_order')
    .select('id')
    .where('id', '=', fulfilmentOrderId)
    .forUpdate()
    .execute();
  const { tries } = await own(tx)
    .selectFrom('fulfilment.collection_attempt')
    .select(({ fn }) => fn.countAll<number>().as('tries'))
    .where('fulfilment_order_id', '=', fulfilmentOrderId)
    .where('tried_at', '>', new Date(at.getTime() - ATTEMPTS_MINUTES * 60_000))
    .executeTakeFirstOrThrow();
  if (tries >= ATTEMPTS_MAX) throw fulfilmentErrors.too_many_attempts({ fulfilmentOrderId });
  if (isRight) return;
  const attempt = { fulfilment_order_id: fulfilmentOrderId, tried_at: at };
  await own(tx).insertInto('fulfilment.collection_attempt').values(attempt).execute();
}

/** The goods are gone and delivered at once: order, stock and money follow as they do from a parcel. */
export async function collect(tx: Tx, step: Worked, at: Date): Promise<void> {
  const { id, fulfilmentOrderId, actorId } = step;
  const { orderId, locationId, storeId } = await toCollect(tx, fulfilmentOrderId, 'collected');
  await unitsLeft(tx, orderId, locationId); // the order first
  const { state } = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (state === 'ready') await refuseUnlessWanted(tx, { fulfilmentOrderId, orderId, locationId });
  if (!(await takeStep(tx, { ...step, to: 'collected' }, at))) return;
  const lines = (await linesOf(tx, fulfilmentOrderId)).filter(({ remaining }) => remaining > 0);
  const leftBooks = locationId === storeId;
  const cause = { id, at, ...(actorId !== undefined && { actorId }) };
  if (leftBooks) await letGo(tx, cause, { orderId, locationId }, lines);
  const units = lines.map(({ orderLineId: lineId, variantId, remaining: quantity }) => ({
    lineId,
    variantId,
    quantity,
  }));
  const occurredAt = at.toISOString();
  const sent = { orderId, fulfilmentOrderId, shipmentId: id, locationId, lines: units, occurredAt };
  await noteSent(tx, { ...sent, leftBooks });
  // What another location gave came to the store in a parcel of that location.
  await emit(tx, fulfilmentShipped, { ...sent, byParcel: !leftBooks });
  await emit(tx, fulfilmentDelivered, sent);
}

const ENDED_MAX = 200;

/** Job: what nobody collected in time is the store's again, and its buyer gets the money back. */
export async function endUncollected({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const at = now();
  for (const { id } of await overdue(db, at)) await inTransaction(db, (tx) => endOne(tx, id, at));
}

const overdue = (db: Db, at: Date) =>
  own(db)
    .selectFrom('fulfilment.fulfilment_order')
    .select('id')
    .where('state', '=', 'ready')
    .where('collect_by', '<=', at)
    .orderBy('collect_by')
    .limit(ENDED_MAX)
    .execute();

/** One whose buyer came, or cancelled, a moment before is left alone. */
async function endOne(tx: Tx, fulfilmentOrderId: string, at: Date): Promise<void> {
  const { orderId, locationId } = await toCollect(tx, fulfilmentOrderId, 'not_collected');
  if (!(await isStillWanted(tx, { fulfilmentOrderId, orderId, locationId }))) return;
  const { state } = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (state === 'ready') await putBack(tx, { fulfilmentOrderId }, at);
}

/**
 * Nobody comes for it: it is the store's again, and its buyer gets the money back. Of several who say so, and of one who
 * says it again, one does it.
 */
export async function putBack(
  tx: Tx,
  { fulfilmentOrderId, actorId }: Pick<Step, 'fulfilmentOrderId' | 'actorId'>,
  at: Date,
): Promise<void> {
  const { orderId, locationId, storeId } = await toCollect(tx, fulfilmentOrderId, 'not_collected');
  await unitsLeft(tx, orderId, locationId); // the order first
  const { state } = await fulfilmentOrderById(tx, fulfilmentOrderId);
  if (state === 'ready') await refuseUnlessWanted(tx, { fulfilmentOrderId, orderId, locationId });
  const id = idOf('fulfilment:not_collected', fulfilmentOrderId);
  const step = { id, fulfilmentOrderId, to: 'not_collected' as const };
  if (!(await takeStep(tx, { ...step, ...(actorId !== undefined && { actorId }) }, at))) return;
  const isOnBooks = locationId === storeId;
  const lines = (await linesOf(tx, fulfilmentOrderId)).flatMap(
    ({ orderLineId: lineId, remaining: quantity }) =>
      quantity > 0 ? [{ lineId, quantity, ...(isOnBooks && { locationId }) }] : [],
  );
  const actor = actorId === undefined ? 'system' : `member:${actorId}`;
  const cancellation = { id, orderId, lines, reason: 'not collected', actor };
  await cancelUnits(tx, { ...cancellation, stockIsGone: !isOnBooks }, at);
}
