import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { hasCode } from '#platform/start-fault.ts';
import { idOf } from '#platform/ids.ts';
import { returnErrors } from './return-errors.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import { queueReturnMail } from './return-mail.ts';
import type {
  OrdersRefundMeans as RefundMeans,
  OrdersReturnKind as ReturnKind,
  OrdersReturnReason as ReturnReason,
} from './tables.ts';

export const RETURN_REASONS = [
  'does_not_fit',
  'not_as_described',
  'damaged_on_arrival',
  'wrong_item',
  'changed_mind',
  'late',
  'other',
] as const satisfies readonly ReturnReason[];

export interface ReturnWish {
  /** Made by the caller, so that a retry is the same return. */
  id: string;
  orderId: string;
  /** A claim is about goods that were lost or broken on their way: nothing need come back. */
  kind: ReturnKind;
  touchpoint: string;
  refundTo: RefundMeans;
  lines: readonly { lineId: string; quantity: number; reason: ReturnReason }[];
  note?: string;
}

const DAY_MS = 86_400_000;

/**
 * Asks for goods to be taken back. No more than was sent and neither came back nor is on its way already: checked by the
 * statement that writes, under the order's row. `withinDays` is for whoever may not ask at any time.
 */
export async function requestReturn(
  tx: Tx,
  wish: ReturnWish,
  { actor, withinDays }: { actor: string; withinDays?: number },
  now: Date,
): Promise<void> {
  const { id, orderId, kind, touchpoint, refundTo, lines, note = '' } = wish;
  await lockOrderOfReturn(tx, orderId);
  if (await isKnown(tx, wish)) return;
  if (refundTo === 'store_credit' && !(await isMembers(tx, orderId)))
    throw returnErrors.credit_for_members({ orderId });
  const twice = lines.find(({ lineId }, index) => lines.findIndex((each) => each.lineId === lineId) < index);
  if (twice) throw returnErrors.return_line_twice({ lineId: twice.lineId });
  await insertRequest(tx, { id, orderId, kind, touchpoint, refundTo, note }, now);
  await insertLines(tx, wish, withinDays, now);
  await own(tx)
    .insertInto('orders.return_step')
    .values({
      id: idOf('orders:return_requested', id),
      request_id: id,
      position: 1,
      state: 'requested',
      actor,
      taken_at: now,
    })
    .execute();
  await queueReturnMail(tx, id, 'requested');
}

async function insertRequest(
  tx: Tx,
  wish: Omit<ReturnWish, 'lines'> & { note: string },
  now: Date,
): Promise<void> {
  try {
    await own(tx)
      .insertInto('orders.return_request')
      .values({
        id: wish.id,
        order_id: wish.orderId,
        kind: wish.kind,
        state: 'requested',
        touchpoint: wish.touchpoint,
        refund_to: wish.refundTo,
        note: wish.note,
        requested_at: now,
        moved_at: now,
      })
      .execute();
  } catch (error) {
    // Another order's, and so behind another lock.
    if (hasCode(error, UNIQUE_VIOLATION)) throw returnErrors.return_differs({ requestId: wish.id });
    throw error;
  }
}

const UNIQUE_VIOLATION = '23505';

/** Whoever changes what becomes of an order's units holds its row. One of the past was sent long ago, elsewhere. */
export async function lockOrderOfReturn(tx: Tx, orderId: string) {
  const order = await own(tx)
    .selectFrom('orders.order')
    .select([
      'id as orderId',
      'number',
      'customer_id as customerId',
      'region_code as regionCode',
      'currency',
      'source',
      'reservation_id as reservationId',
    ])
    .where('id', '=', orderId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!order) throw ordersErrors.order_not_found({ orderId });
  if (order.reservationId === null) throw returnErrors.return_of_past({ orderId });
  return order;
}

async function isKnown(tx: Tx, { id, orderId }: ReturnWish): Promise<boolean> {
  const known = await own(tx)
    .selectFrom('orders.return_request')
    .select('order_id as orderId')
    .where('id', '=', id)
    .executeTakeFirst();
  if (known && known.orderId !== orderId) throw returnErrors.return_differs({ requestId: id });
  return known !== undefined;
}

/** A guest's customer is of one order only: nobody could spend its credit. */
export async function isMembers(db: Db, orderId: string): Promise<boolean> {
  const cart = await own(db)
    .selectFrom('orders.order as order')
    .innerJoin('orders.cart as cart', 'cart.id', 'order.cart_id')
    .select('cart.member_id as memberId')
    .where('order.id', '=', orderId)
    .executeTakeFirst();
  return typeof cart?.memberId === 'string';
}

/**
 * Of each line of goods: what was sent and neither came back nor is on its way back, and when the last of it came. Of a
 * return whose money is given back already the recorded return counts, of one that ended otherwise nothing.
 */
const RETURNABLE = sql`
  select line.id, line.order_id, line.position, line.title, line.options, line.variant_id,
    (sent.quantity - back.quantity - open.quantity)::integer as left, sent.came_at
  from orders.order_line as line
  cross join lateral (
    select coalesce(sum(quantity), 0) as quantity, max(coalesce(delivered_at, shipped_at)) as came_at
    from orders.shipped_line where order_line_id = line.id) as sent
  cross join lateral (
    select coalesce(sum(quantity), 0) as quantity from orders.return_line where order_line_id = line.id) as back
  cross join lateral (
    select coalesce(sum(quantity), 0) as quantity
    from orders.return_request_line as asked join orders.return_request as request on request.id = request_id
    where order_line_id = line.id and return_id is null and state in ('requested', 'approved', 'received')
  ) as open
  where line.kind = 'goods'`;

async function insertLines(
  tx: Tx,
  { id, orderId, lines }: ReturnWish,
  withinDays: number | undefined,
  now: Date,
): Promise<void> {
  const cameAfter = withinDays === undefined ? null : new Date(now.getTime() - withinDays * DAY_MS);
  const [lineIds, quantities] = [lines.map(({ lineId }) => lineId), lines.map(({ quantity }) => quantity)];
  const { rows } = await sql<{ lineId: string }>`
    insert into orders.return_request_line (request_id, order_line_id, quantity, reason)
    select ${id}, line.id, wish.quantity, wish.reason
    from unnest(${lineIds}::uuid[], ${quantities}::integer[],
      ${lines.map(({ reason }) => reason)}::orders.return_reason[]) as wish (line_id, quantity, reason)
    join (${RETURNABLE} and order_id = ${orderId}) as line on line.id = wish.line_id
    where wish.quantity <= line.left
      and (${cameAfter}::timestamptz is null or line.came_at >= ${cameAfter})
    returning order_line_id as "lineId"`.execute(tx);
  const done = new Set(rows.map(({ lineId }) => lineId));
  const refused = lines.filter(({ lineId }) => !done.has(lineId));
  if (refused.length > 0) await refuseUnreturnable(tx, { orderId, lines: refused }, withinDays, now);
  assert.equal(refused.length, 0);
}

/** Says of which of the lines there is not so much to return now, and why. */
export async function refuseUnreturnable(
  db: Db,
  { orderId, lines }: Pick<ReturnWish, 'orderId' | 'lines'>,
  withinDays: number | undefined,
  now: Date,
): Promise<void> {
  const known = await returnableOf(db, orderId);
  const seen = new Set<string>();
  for (const { lineId, quantity: wanted } of lines) {
    if (seen.has(lineId)) throw returnErrors.return_line_twice({ lineId });
    seen.add(lineId);
    const line = known.find((each) => each.lineId === lineId);
    if (!line) throw returnErrors.return_line_unknown({ lineId });
    if (wanted > line.left) throw returnErrors.not_returnable({ lineId, wanted, left: line.left });
    if (withinDays !== undefined && returnableNow([line], withinDays, now).length === 0)
      throw returnErrors.return_too_late({ lineId, days: withinDays });
  }
}

export interface ReturnableLine {
  lineId: string;
  variantId: string;
  title: string;
  options: string;
  /** Units that can still be returned. */
  left: number;
  /** When the last unit that was sent came, or left where nobody told that it came. */
  cameAt: Date | null;
}

export async function returnableOf(db: Db, orderId: string): Promise<ReturnableLine[]> {
  const { rows } = await sql<ReturnableLine>`
    select id as "lineId", variant_id as "variantId", title, options, "left", came_at as "cameAt"
    from (${RETURNABLE} and order_id = ${orderId}) as line order by position`.execute(db);
  return rows;
}

/** What a buyer may still ask to return at this moment. */
export const returnableNow = (lines: readonly ReturnableLine[], days: number, now: Date): ReturnableLine[] =>
  lines.filter(({ left, cameAt }) => left > 0 && cameAt && cameAt.getTime() >= now.getTime() - days * DAY_MS);
