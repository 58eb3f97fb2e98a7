import assert from 'node:assert/strict';
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
import { type Checkout, lockCheckout } from './checkout.ts';
import { type Draft, type DraftExchange, type DraftLine, stockLinesOf } from './draft.ts';
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
  const checkout = await lockCheckout(tx, orderId);
  if (!checkout) {
    const placed = await numberOf(tx, orderId);
    if (placed !== undefined) return { orderId, number: placed };
  }
  if (checkout?.attemptId !== attemptId) throw ordersErrors.order_given_up({ orderId });
  const { draft } = checkout;
  const { exchange } = draft;
  // All who change what becomes of an order's units wait for each other at its row.
  if (exchange) await lockOrderOfReturn(tx, exchange.ofOrderId);

  const reservationId = await allocateReserved(tx, attemptId, draft, now);
  const customerId = exchange?.customerId ?? (await buyerOf(tx, draft.memberId));
  const { assignments, ruleSetVersion, reasons } = draft;
  await assign(tx, { orderId, ruleSetVersion, reasons, at: new Date(draft.placedAt) }, assignments);
  const isPromised = answer?.state === 'authorized' || (exchange?.valueMinor ?? 0) > 0;
  const state = isPromised ? 'placed' : 'paid';
  const number = await insertOrder(tx, { orderId, cartId, state, customerId, reservationId, draft }, now);
  if (answer) await settleAnswer(tx, attemptId, answer, now);
  if (draft.toPayMinor !== draft.totalMinor) await spendHolds(tx, attemptId, now);
  if (exchange) await tie(tx, orderId, exchange, draft.returnNote, now);
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

interface NewOrder {
  orderId: string;
  cartId: string;
  state: 'placed' | 'paid';
  customerId: string;
  reservationId: string;
  draft: Draft;
}

/**
 * The order with its lines and its address in one statement, in place of its checkout. Answers its number, ST-2026-000123: counted over all
 * years, so that no two orders are ever called the same.
 */
async function insertOrder(
  tx: Tx,
  { orderId, cartId, state, customerId, reservationId, draft }: NewOrder,
  now: Date,
): Promise<string> {
  const { rows } = await sql<{ number: string }>`
    with placed as (
      insert into orders.order (id, number, customer_id, cart_id, state, touchpoint, currency, region_code, placed_at,
        business_day, delivery_code, pickup_location_id, promised_from, promised_to, reservation_id, goods_minor,
        postage_minor, other_minor, tax_minor, is_tax_included, gift_note, associate_id,
        total_minor, source, external_ref)
      values (${orderId}, ${`ST-${draft.businessDay.slice(0, 4)}-`} || lpad(nextval('orders.order_number')::text, 6, '0'),
        ${customerId}, ${cartId}, ${state}, ${draft.touchpoint}, ${draft.currency}, ${draft.regionCode}, ${draft.placedAt},
        ${draft.businessDay}, ${draft.deliveryCode}, ${draft.pickupLocationId ?? null}, ${draft.promisedFrom},
        ${draft.promisedTo}, ${reservationId}, ${draft.goodsMinor}, ${draft.postageMinor}, ${draft.otherMinor},
        ${draft.taxMinor}, ${draft.isTaxIncluded}, ${draft.giftNote}, ${draft.associateId ?? null}, ${draft.totalMinor},
        ${draft.outside?.source ?? 'stoa'}, ${draft.outside?.externalRef ?? null})
      returning number
    ), told as (
      insert into orders.order_line (id, order_id, position, kind, product_id, variant_id, title, options, quantity,
        unit_price_minor, discount_minor, tax_minor, tax_rate, net_minor, location_id)
      select "lineId", ${orderId}, position, kind, "productId", "variantId", title, options, quantity, "unitPriceMinor",
        "discountMinor", "taxMinor", "taxRate", "netMinor", "locationId"
      from rows from (json_to_recordset(${JSON.stringify(draft.lines)}) as ("lineId" uuid, kind orders.line_kind,
        "productId" uuid, "variantId" uuid, title text, options text, quantity integer, "unitPriceMinor" bigint,
        "discountMinor" bigint, "taxMinor" bigint, "taxRate" numeric, "netMinor" bigint, "locationId" uuid)
      ) with ordinality as line ("lineId", kind, "productId", "variantId", title, options, quantity, "unitPriceMinor",
        "discountMinor", "taxMinor", "taxRate", "netMinor", "locationId", position)
    ), goes_to as (
      insert into orders.order_address (order_id, email, name, street, postcode, city, country_code, phone)
      select ${orderId}, email, name, street, postcode, city, "countryCode", coalesce(phone, '')
      from json_to_record(${JSON.stringify(draft.address ?? {})}) as (email text, name text, street text, postcode text,
        city text, "countryCode" text, phone text)
      where email is not null
    ), ordered as (
      update orders.cart set ordered_at = ${now}, updated_at = ${now} where id = ${cartId}
    ), over as (
      delete from orders.checkout where order_id = ${orderId}
    )
    select number from placed`.execute(tx);
  const [placed] = rows;
  assert(placed);
  await insertDiscounts(tx, orderId, draft);
  return placed.number;
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
