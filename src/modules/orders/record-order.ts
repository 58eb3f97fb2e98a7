import { sql } from 'kysely';
import { orderPlaced } from '#events/orders.ts';
import type { Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { emit } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { customerOfMember, newGuestCustomer } from '../identity/index.ts';
import { inventoryErrors, reserve, settle } from '../inventory/index.ts';
import { taxOn } from '../pricing/index.ts';
import { assign } from '../routing/index.ts';
import { type FinalAnswer, settleAnswer, spendHolds } from '../payments/index.ts';
import {
  type Checkout,
  checkoutOf,
  type Draft,
  type DraftExchange,
  type DraftLine,
  stockLinesOf,
} from './checkout.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import { lockOrderOfReturn, requestReturn } from './return-request.ts';

/** Records an order whose money is taken or promised: order, stock, payment and cart change together, or not at all. */
export async function recordOrder(
  tx: Tx,
  { orderId, cartId, attemptId }: Checkout,
  /** Undefined where gift cards and credit pay for everything. */
  answer: FinalAnswer | undefined,
  now: Date,
): Promise<{ orderId: string; number: string }> {
  await own(tx).selectFrom('orders.cart').select('id').where('id', '=', cartId).forUpdate().execute();
  const placed = await numberOf(tx, orderId);
  if (placed !== undefined) return { orderId, number: placed };
  const checkout = await checkoutOf(tx, orderId);
  if (checkout?.attemptId !== attemptId) throw ordersErrors.order_given_up({ orderId });
  const { draft } = checkout;
  const { exchange } = draft;
  // All who change what becomes of an order's units wait for each other at its row.
  if (exchange) await lockOrderOfReturn(tx, exchange.ofOrderId);

  const reservationId = await allocateReserved(tx, attemptId, draft, now);
  const customerId = exchange?.customerId ?? (await buyerOf(tx, draft.memberId));
  const number = await nextNumber(tx, draft.businessDay);
  const { assignments, ruleSetVersion, reasons } = draft;
  await assign(tx, { orderId, ruleSetVersion, reasons, at: new Date(draft.placedAt) }, assignments);
  const isPromised = answer?.state === 'authorized' || (exchange?.valueMinor ?? 0) > 0;
  const state = isPromised ? 'placed' : 'paid';
  await insertOrder(tx, { orderId, cartId, number, state, customerId, reservationId, draft });
  if (answer) await settleAnswer(tx, attemptId, answer, now);
  await spendHolds(tx, attemptId, now);
  if (exchange) await tie(tx, orderId, exchange, draft.returnNote, now);
  await own(tx)
    .updateTable('orders.cart')
    .set({ ordered_at: now, updated_at: now })
    .where('id', '=', cartId)
    .execute();
  await own(tx).deleteFrom('orders.checkout').where('order_id', '=', orderId).execute();
  await emit(tx, orderPlaced, payloadOf(orderId, number, customerId, draft));
  return { orderId, number };
}

const buyerOf = (tx: Tx, memberId: string | null): Promise<string> =>
  memberId === null ? newGuestCustomer(tx) : customerOfMember(tx, memberId);

/** What is wanted in place of goods belongs to the return by which they come back; both are made together. */
async function tie(
  tx: Tx,
  orderId: string,
  { requestId, valueMinor, asked }: DraftExchange,
  note: string | undefined,
  now: Date,
): Promise<void> {
  if (asked) {
    const { wish, ...by } = asked;
    await requestReturn(tx, { ...wish, ...(note && { note }) }, by, now);
  }
  await own(tx)
    .insertInto('orders.exchange')
    .values({ request_id: requestId, order_id: orderId, value_minor: valueMinor })
    .execute();
}

async function numberOf(tx: Tx, orderId: string): Promise<string | undefined> {
  const order = await own(tx)
    .selectFrom('orders.order')
    .select('number')
    .where('id', '=', orderId)
    .executeTakeFirst();
  return order?.number;
}

/** The held goods are the order's. If the hold ran out while the buyer paid, they are held anew, or refused. */
async function allocateReserved(tx: Tx, attemptId: string, draft: Draft, now: Date): Promise<string> {
  try {
    await settle(tx, attemptId, 'allocate');
    return attemptId;
  } catch (error) {
    const isOver = error instanceof AppError && error.code === inventoryErrors.reservation_not_held.code;
    if (!isOver) throw error;
  }
  const reservationId = newId();
  await reserve(tx, reservationId, now, stockLinesOf(draft));
  await settle(tx, reservationId, 'allocate');
  return reservationId;
}

/** ST-2026-000123: counted over all years, so that no two orders are ever called the same. */
async function nextNumber(tx: Tx, businessDay: string): Promise<string> {
  const { rows } = await sql<{ next: number }>`select nextval('orders.order_number') as next`.execute(tx);
  return `ST-${businessDay.slice(0, 4)}-${String(rows[0]?.next).padStart(6, '0')}`;
}

interface NewOrder {
  orderId: string;
  cartId: string;
  number: string;
  state: 'placed' | 'paid';
  customerId: string;
  reservationId: string;
  draft: Draft;
}

async function insertOrder(
  tx: Tx,
  { orderId, cartId, number, state, customerId, reservationId, draft }: NewOrder,
): Promise<void> {
  await own(tx)
    .insertInto('orders.order')
    .values({
      id: orderId,
      number,
      customer_id: customerId,
      cart_id: cartId,
      state,
      touchpoint: draft.touchpoint,
      currency: draft.currency,
      region_code: draft.regionCode,
      placed_at: draft.placedAt,
      business_day: draft.businessDay,
      delivery_code: draft.deliveryCode,
      pickup_location_id: draft.pickupLocationId ?? null,
      promised_from: draft.promisedFrom,
      promised_to: draft.promisedTo,
      reservation_id: reservationId,
      goods_minor: draft.goodsMinor,
      postage_minor: draft.postageMinor,
      other_minor: draft.otherMinor,
      tax_minor: draft.taxMinor,
      is_tax_included: draft.isTaxIncluded,
      gift_note: draft.giftNote,
      associate_id: draft.associateId ?? null,
      total_minor: draft.totalMinor,
      ...(draft.outside && { source: draft.outside.source, external_ref: draft.outside.externalRef }),
    })
    .execute();
  const lines = draft.lines.map((line, index) => ({
    id: line.lineId,
    order_id: orderId,
    position: index + 1,
    kind: line.kind,
    product_id: line.productId,
    variant_id: line.variantId,
    title: line.title,
    options: line.options,
    quantity: line.quantity,
    unit_price_minor: line.unitPriceMinor,
    discount_minor: line.discountMinor,
    tax_minor: line.taxMinor,
    tax_rate: line.taxRate.toFixed(5),
    net_minor: line.netMinor,
    location_id: line.locationId,
  }));
  await own(tx).insertInto('orders.order_line').values(lines).execute();
  await insertDiscounts(tx, orderId, draft);
  if (!draft.address) return;
  const { countryCode: country_code, ...address } = draft.address;
  await own(tx)
    .insertInto('orders.order_address')
    .values({ order_id: orderId, country_code, ...address })
    .execute();
}

async function insertDiscounts(tx: Tx, orderId: string, { discounts }: Draft): Promise<void> {
  if (discounts.length === 0) return;
  const rows = discounts.map(
    ({ promotionId: promotion_id, name, code, amountMinor: amount_minor }, index) => ({
      order_id: orderId,
      position: index + 1,
      promotion_id,
      name,
      code,
      amount_minor,
    }),
  );
  await own(tx).insertInto('orders.order_discount').values(rows).execute();
}

const payloadOf = (orderId: string, number: string, customerId: string, draft: Draft) => ({
  orderId,
  number,
  customerId,
  touchpoint: draft.touchpoint,
  regionCode: draft.regionCode,
  currency: draft.currency,
  businessDay: draft.businessDay,
  occurredAt: draft.placedAt,
  source: draft.outside?.source ?? 'stoa',
  associateId: draft.associateId ?? null,
  lines: draft.lines.map((line) => eventLineOf(line, draft.isTaxIncluded)),
});

/** The figures know no tax: what is shown with it counts without. */
function eventLineOf(line: DraftLine, isTaxIncluded: boolean) {
  const { lineId, kind, productId, variantId, quantity, unitPriceMinor, netMinor, taxMinor, taxRate } = line;
  const shown = quantity * unitPriceMinor;
  const grossMinor = isTaxIncluded ? shown - taxOn(shown, taxRate, true) : shown;
  const discountMinor = grossMinor - netMinor;
  return { lineId, kind, productId, variantId, quantity, grossMinor, discountMinor, netMinor, taxMinor };
}
