import { hash } from 'node:crypto';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { sellable, variantIdsOfSkus } from '../catalog/index.ts';
import { EXTERNAL, notePaidElsewhere } from '../payments/index.ts';
import { isCurrency } from '../pricing/index.ts';
import { type CartLine, cartWith, openCart } from './cart.ts';
import { hold, lookingAgain } from './checkout.ts';
import { type Address, draftOf, type OutsideName } from './draft.ts';
import { ordersErrors, outsideErrors } from './errors.ts';
import { own } from './own.ts';
import { type PlacedOrder, toPay } from './place-order.ts';
import { factsFor, placesOf, type StoredCart } from './quote.ts';
import { recordOrder } from './record-order.ts';

export interface OutsideOrder extends OutsideName {
  currency: string;
  /** What was agreed for one unit, after every discount, as the buyer saw it. */
  lines: readonly { sku: string; quantity: number; unitPriceMinor: number }[];
  deliveryCode: string;
  postageMinor: number;
  /** What the buyer pays. */
  totalMinor: number;
  address: Address;
  giftNote?: string;
  /** Where it was sold; the marketplace by the source's name where nobody says. */
  touchpoint?: string;
  /** The source's name for the payment that it took; absent while it has taken none. */
  paymentReference?: string;
}

/**
 * Enters an order that another system took for us, by the steps of our own checkout and at the prices that were agreed
 * there. It is one transaction, for the money is not asked for here. The same (source, externalRef) is the same order.
 */
export async function enterOrder(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  wish: OutsideOrder,
): Promise<PlacedOrder> {
  return lookingAgain(() => inTransaction(db, (tx) => enter(tx, wish, now(), config.timeZone)));
}

async function enter(tx: Tx, wish: OutsideOrder, now: Date, timeZone: string): Promise<PlacedOrder> {
  const { source, externalRef, totalMinor, currency, paymentReference } = wish;
  const orderId = newId(now.getTime());
  const known = await claim(tx, wish, orderId, now);
  if (known) return known;
  const cartId = await openCart(tx, GUEST, undefined, currency);
  const cart = await agreedCart(tx, { id: cartId, currency, memberId: null, codes: [] }, wish, now);
  const touchpoint = wish.touchpoint ?? `marketplace:${source}`;
  const asked = { ...wish, touchpoint, agreedPostageMinor: wish.postageMinor };
  const draft = await draftOf(tx, asked, cart, null, now, timeZone);
  if (draft.totalMinor !== totalMinor)
    throw outsideErrors.sums_differ({ totalMinor: draft.totalMinor, currency });
  const outside = { source, externalRef };
  const held = { orderId, cartId, provider: { name: EXTERNAL }, payments: [] };
  const checkout = await hold(tx, held, { ...draft, outside }, now);
  const state = paymentReference === undefined ? ('authorized' as const) : ('captured' as const);
  const providerRef = [source, externalRef, paymentReference ?? ''].join(':');
  return recordOrder(tx, checkout, toPay(checkout) === 0 ? undefined : { state, providerRef }, now);
}

/** Answers the order that has the name already; undefined when the name is ours to use. */
async function claim(
  tx: Tx,
  wish: OutsideOrder,
  orderId: string,
  now: Date,
): Promise<PlacedOrder | undefined> {
  const { source, externalRef } = wish;
  const requestHash = hashOf(wish);
  const name = { source, external_ref: externalRef };
  const isOurs = await own(tx)
    .insertInto('orders.outside_order')
    .values({ ...name, order_id: orderId, request_hash: requestHash, entered_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst();
  const order = await outsideOrderOf(tx, wish);
  if (isOurs && !order) return undefined;
  if (!order?.requestHash.equals(requestHash))
    throw outsideErrors.outside_order_differs({ source, externalRef });
  return { orderId: order.orderId, number: order.number };
}

/** The same whatever the order of the fields that it came with. */
function hashOf({ lines, address, ...wish }: OutsideOrder): Buffer {
  const fields = (facts: object) =>
    Object.entries(facts).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([fields(wish), fields(address), lines.map(fields)]), 'buffer');
}

/** One that an import recorded under the name was not entered here, and has no content to compare. */
const outsideOrderOf = (db: Db, { source, externalRef }: OutsideName) =>
  own(db)
    .selectFrom('orders.order as order')
    .leftJoin('orders.outside_order as outside', 'outside.order_id', 'order.id')
    .select((eb) => [
      'order.id as orderId',
      'order.number',
      eb.fn.coalesce('request_hash', eb.val(Buffer.alloc(0))).as('requestHash'),
    ])
    .where('order.source', '=', source)
    .where('order.external_ref', '=', externalRef)
    .executeTakeFirst();

/** A cart at the prices that were agreed elsewhere: our promotions have nothing to add, our taxes do. */
async function agreedCart(tx: Tx, cart: StoredCart, { lines, address, currency }: OutsideOrder, now: Date) {
  if (!isCurrency(currency)) throw outsideErrors.currency_unknown({ currency });
  const skus = lines.map(({ sku }) => sku);
  const twice = skus.find((sku, index) => skus.indexOf(sku) !== index);
  if (twice !== undefined) throw outsideErrors.sku_twice({ sku: twice });
  const ids = await variantIdsOfSkus(tx, skus);
  const variants = await sellable(tx, [...ids.values()]);
  const agreed = lines.map(({ sku, quantity, unitPriceMinor }): CartLine => {
    const variantId = ids.get(sku);
    if (variantId === undefined) throw outsideErrors.sku_unknown({ sku });
    const known = variants.get(variantId);
    if (!known) throw ordersErrors.not_sold({ variantId });
    const variant = { ...known, amountMinor: unitPriceMinor, compareAtMinor: null };
    return { variantId, quantity, variant, netMinor: quantity * unitPriceMinor, available: quantity };
  });
  const places = await placesOf(tx, address);
  const facts = await factsFor(tx, cart, places, now);
  return cartWith(cart, agreed, places, { ...facts, promotions: [] });
}

/** The source has taken the money of an order that it entered unpaid. A repeat changes nothing. */
export async function noteOutsidePayment(
  tx: Tx,
  name: OutsideName,
  reference: string,
  now: Date,
): Promise<void> {
  const { source, externalRef } = name;
  const order = await own(tx)
    .selectFrom('orders.outside_order')
    .select('order_id as orderId')
    .where('source', '=', source)
    .where('external_ref', '=', externalRef)
    .executeTakeFirst();
  if (!order) throw outsideErrors.outside_order_unknown({ source, externalRef });
  await notePaidElsewhere(tx, { orderId: order.orderId, reference }, now);
}
