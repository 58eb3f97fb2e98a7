import { sql } from 'kysely';
import { orderPlaced } from '#events/orders.ts';
import { completed, type Ending, type Tx } from '#platform/db.ts';
import { emitted } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { type Part, writeTogether } from '#platform/together.ts';
import { addedGuestCustomer, customerOfMember } from '../identity/index.ts';
import { allocateBeside, reserve, settle } from '../inventory/index.ts';
import { taxOn } from '../pricing/index.ts';
import { assigned } from '../routing/index.ts';
import { type FinalAnswer, settledAnswer, spendHolds } from '../payments/index.ts';
import { type Checkout, lockCheckoutAhead, lockedCheckout } from './checkout.ts';
import { type Draft, type DraftExchange, type DraftLine, stockLinesOf } from './draft.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import { lockOrderOfReturn, requestReturn } from './return-request.ts';

/** Records an order whose money is taken or promised: order, stock, payment and cart change together, or not at all. */
export const recordOrder = async (tx: Tx, ...of: Recorded): Promise<{ orderId: string; number: string }> =>
  completed(tx, await recording(tx, ...of));

type Recorded = [checkout: Checkout, answer: FinalAnswer | undefined, now: Date];

/** The same, for a transaction that ends with it. */
export async function recording(
  tx: Tx,
  { orderId, cartId, attemptId, draft }: Checkout,
  /** Undefined where gift cards and credit pay for everything. */
  answer: FinalAnswer | undefined,
  now: Date,
): Promise<Ending<{ orderId: string; number: string }>> {
  const { exchange } = draft;
  await lockCheckoutAhead(tx, orderId);
  // All who change what becomes of an order's units wait for each other at its row.
  if (exchange) await lockOrderOfReturn(tx, exchange.ofOrderId);
  const { isAllocated, beside: locked } = await allocateBeside(tx, attemptId, lockedCheckout(orderId));
  if (!locked) {
    const placed = await placedNumber(tx, orderId);
    if (placed !== undefined) return { answer: { orderId, number: placed } };
  }
  if (locked?.attemptId !== attemptId) throw ordersErrors.order_given_up({ orderId });

  const reservationId = isAllocated ? attemptId : await allocateAnew(tx, draft, now);
  const customerId = exchange?.customerId ?? (await customerOf(tx, draft.memberId));
  const { assignments, ruleSetVersion, reasons, trial } = draft;
  const isPromised = answer?.state === 'authorized' || (exchange?.valueMinor ?? 0) > 0;
  const number = numberOf(draft, locked.orderNumber);
  const state = isPromised ? 'placed' : 'paid';
  const buyerId = customerId ?? newId();
  const order = {
    orderId,
    number,
    cartId,
    state,
    customerId: buyerId,
    reservationId,
    draft,
  } as const;
  const parts = [
    ...(customerId === undefined ? [addedGuestCustomer(buyerId)] : []),
    assigned({ orderId, ruleSetVersion, reasons, at: new Date(draft.placedAt), trial }, assignments),
    insertedOrder(order, now),
    ...(answer ? [settledAnswer(attemptId, answer, now)] : []),
    emitted(orderPlaced, payloadOf(order)),
  ];
  const answered = { orderId, number };
  if (draft.toPayMinor === draft.totalMinor && !exchange)
    return { answer: answered, last: (end) => writeTogether(end, parts) };
  await writeTogether(tx, parts);
  if (draft.toPayMinor !== draft.totalMinor) await spendHolds(tx, attemptId, now);
  if (exchange) await tie(tx, orderId, exchange, draft.returnNote, now);
  return { answer: answered };
}

/** Undefined for a guest, who is another customer each time. */
const customerOf = async (tx: Tx, memberId: string | null): Promise<string | undefined> =>
  memberId === null ? undefined : customerOfMember(tx, memberId);

/** ST-2026-000123: counted over all years, so that no two orders are ever called the same. */
const numberOf = ({ businessDay }: Draft, n: number) =>
  `ST-${businessDay.slice(0, 4)}-${String(n).padStart(6, '0')}`;

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

async function placedNumber(tx: Tx, orderId: string): Promise<string | undefined> {
  const order = await own(tx)
    .selectFrom('orders.order')
    .select('number')
    .where('id', '=', orderId)
    .executeTakeFirst();
  return order?.number;
}

/** The hold ran out while the buyer paid: the goods are held anew, or refused. */
async function allocateAnew(tx: Tx, draft: Draft, now: Date): Promise<string> {
  const reservationId = newId();
  await reserve(tx, reservationId, now, stockLinesOf(draft));
  await settle(tx, reservationId, 'allocate');
  return reservationId;
}

interface NewOrder {
  orderId: string;
  number: string;
  cartId: string;
  state: 'placed' | 'paid';
  customerId: string;
  reservationId: string;
  draft: Draft;
}

/** The order with its lines and its address, in place of its checkout. */
const insertedOrder = (
  { orderId, number, cartId, state, customerId, reservationId, draft }: NewOrder,
  now: Date,
): Part => ({
  changes: [
    sql`orders_order as (
      insert into orders.order (id, number, customer_id, cart_id, state, touchpoint, currency, region_code, placed_at,
        business_day, delivery_code, pickup_location_id, promised_from, promised_to, reservation_id, goods_minor,
        postage_minor, other_minor, tax_minor, is_tax_included, gift_note, associate_id,
        total_minor, source, external_ref)
      values (${orderId}, ${number},
        ${customerId}, ${cartId}, ${state}, ${draft.touchpoint}, ${draft.currency}, ${draft.regionCode}, ${draft.placedAt},
        ${draft.businessDay}, ${draft.deliveryCode}, ${draft.pickupLocationId ?? null}, ${draft.promisedFrom},
        ${draft.promisedTo}, ${reservationId}, ${draft.goodsMinor}, ${draft.postageMinor}, ${draft.otherMinor},
        ${draft.taxMinor}, ${draft.isTaxIncluded}, ${draft.giftNote}, ${draft.associateId ?? null}, ${draft.totalMinor},
        ${draft.outside?.source ?? 'stoa'}, ${draft.outside?.externalRef ?? null}))`,
    sql`orders_order_line as (
      insert into orders.order_line (id, order_id, position, kind, product_id, variant_id, title, options, quantity,
        unit_price_minor, discount_minor, tax_minor, tax_rate, net_minor, location_id)
      select "lineId", ${orderId}, position, kind, "productId", "variantId", title, options, quantity, "unitPriceMinor",
        "discountMinor", "taxMinor", "taxRate", "netMinor", "locationId"
      from rows from (json_to_recordset(${JSON.stringify(draft.lines)}) as ("lineId" uuid, kind orders.line_kind,
        "productId" uuid, "variantId" uuid, title text, options text, quantity integer, "unitPriceMinor" bigint,
        "discountMinor" bigint, "taxMinor" bigint, "taxRate" numeric, "netMinor" bigint, "locationId" uuid)
      ) with ordinality as line ("lineId", kind, "productId", "variantId", title, options, quantity, "unitPriceMinor",
        "discountMinor", "taxMinor", "taxRate", "netMinor", "locationId", position))`,
    sql`orders_order_address as (
      insert into orders.order_address (order_id, email, name, street, postcode, city, country_code, phone)
      select ${orderId}, email, name, street, postcode, city, "countryCode", coalesce(phone, '')
      from json_to_record(${JSON.stringify(draft.address ?? {})}) as (email text, name text, street text, postcode text,
        city text, "countryCode" text, phone text)
      where email is not null)`,
    sql`orders_cart as (
      update orders.cart set ordered_at = ${now}, updated_at = ${now} where id = ${cartId})`,
    sql`orders_checkout as (delete from orders.checkout where order_id = ${orderId})`,
    ...insertedDiscounts(orderId, draft),
  ],
});

const insertedDiscounts = (orderId: string, { discounts }: Draft): Part['changes'] =>
  discounts.length === 0
    ? []
    : [
        sql`orders_order_discount as (
      insert into orders.order_discount (order_id, position, promotion_id, name, code, amount_minor)
      select ${orderId}, position, "promotionId", name, code, "amountMinor"
      from rows from (json_to_recordset(${JSON.stringify(discounts)}) as ("promotionId" uuid, name text, code text,
        "amountMinor" bigint)) with ordinality as discount ("promotionId", name, code, "amountMinor", position))`,
      ];

const payloadOf = ({ orderId, number, customerId, draft }: NewOrder) => ({
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
