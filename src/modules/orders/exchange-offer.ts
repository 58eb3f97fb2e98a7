import type { Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { priceOf, sellable } from '../catalog/index.ts';
import { moneyOf } from '../payments/index.ts';
import { taxOn } from '../pricing/index.ts';
import { type CartLine, cartWith } from './cart.ts';
import type { Counter } from './delivery.ts';
import { type Draft, type DraftLine, type DraftWish, draftOf } from './draft.ts';
import { ordersErrors } from './errors.ts';
import { type Order, readOrder } from './order.ts';
import { own } from './own.ts';
import { factsFor, placesOf } from './quote.ts';
import { type Due, dueFor } from './record-return.ts';
import { returnErrors } from './return-errors.ts';
import type { ReturnWish } from './return-request.ts';
import { totalsOf } from './totals.ts';

export interface Wanted {
  variantId: string;
  quantity: number;
}

export interface Offered {
  draft: Omit<Draft, 'toPayMinor' | 'exchange'>;
  /** What the goods that come back are worth, and how much of it pays for what is wanted. */
  worthMinor: number;
  valueMinor: number;
  customerId: string | null;
}

export interface OfferWish extends Pick<ReturnWish, 'orderId' | 'lines' | 'touchpoint'> {
  wanted: readonly Wanted[];
  /** To where the order went and by the same way, unless told. */
  deliveryCode?: string;
  pickupLocationId?: string;
  /** The buyer stands there and takes it along, whatever way the order went. */
  carriedFrom?: CarriedFrom;
  /** In which the buyer reckons; another than the order's is refused. */
  currency?: string;
}

export interface CarriedFrom {
  counter: Counter;
  at: { countryCode: string; postcode: string };
  /** The way of delivery of what is carried away. */
  deliveryCode: string;
  associateId: string;
}

/**
 * What a buyer would get in place of goods that come back. Another option of the same product costs what was paid for
 * the unit it replaces, whatever it costs today; everything else what it costs today. Nothing is asked for bringing it,
 * and no promotion is given: those of the order are in what was paid.
 */
export async function offerFor(
  tx: Tx,
  wish: OfferWish,
  cartId: string,
  now: Date,
  timeZone: string,
): Promise<Offered> {
  const { orderId, touchpoint } = wish;
  const order = await readOrder(tx, orderId);
  const { currency, address } = order;
  if (wish.currency !== undefined && wish.currency !== currency)
    throw returnErrors.exchange_currency({ currency });
  const way = wayOf(wish, order);
  const at = wish.carriedFrom?.at ?? address;
  if (!at) throw returnErrors.exchange_without_address({ orderId });
  const units = new Map(wish.lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const asked = { order: { orderId }, lines: wish.lines, feeMinor: 0, exchange: {} };
  const due = await dueFor(tx, asked, units);
  const { customerId, memberId } = await buyerOf(tx, orderId);
  const stored = { id: cartId, currency, memberId, codes: [] };
  const replaced = replacedBy(mergedOf(wish.wanted), await productsOf(tx, wish.wanted), due);
  const places = await placesOf(tx, at);
  const lines = await cartLines(tx, replaced, currency, now, places);
  const facts = await factsFor(tx, stored, places, now);
  const cart = cartWith(stored, lines, places, { ...facts, promotions: [] });
  const drafted = { ...way, touchpoint, agreedPostageMinor: 0 };
  const priced = await draftOf(tx, drafted, cart, memberId, now, timeZone);
  const prices = new Map(order.lines.map((line) => [line.id, line]));
  const draftLines = priced.lines.flatMap((line) => {
    const of = replaced.find(({ variantId }) => line.kind === 'goods' && variantId === line.variantId);
    return of ? repriced(line, of, prices, priced.isTaxIncluded) : [line];
  });
  const draft = { ...priced, lines: draftLines, ...totalsOf(draftLines) };
  const valueMinor = Math.min(due.totalMinor, draft.totalMinor);
  const money = await moneyOf(tx, orderId);
  const keptMinor = money.capturedMinor - money.refundedMinor - money.creditedMinor;
  if (keptMinor < valueMinor) throw returnErrors.exchange_unpaid({ orderId });
  return { draft, worthMinor: due.totalMinor, valueMinor, customerId };
}

function wayOf(
  { carriedFrom, deliveryCode, pickupLocationId }: OfferWish,
  order: Order,
): Pick<DraftWish, 'deliveryCode' | 'pickupLocationId' | 'address' | 'at' | 'counter' | 'associateId'> {
  if (carriedFrom) return { ...carriedFrom, address: null };
  const pickup = pickupLocationId ?? (deliveryCode ? undefined : order.pickupLocationId);
  return {
    address: order.address,
    deliveryCode: deliveryCode ?? order.deliveryCode ?? '',
    ...(pickup && { pickupLocationId: pickup }),
  };
}

async function buyerOf(tx: Tx, orderId: string) {
  return own(tx)
    .selectFrom('orders.order as order')
    .leftJoin('orders.cart as cart', 'cart.id', 'order.cart_id')
    .select(['order.customer_id as customerId', 'cart.member_id as memberId'])
    .where('order.id', '=', orderId)
    .executeTakeFirstOrThrow();
}

function mergedOf(wanted: readonly Wanted[]): Wanted[] {
  const merged = new Map<string, number>();
  for (const { variantId, quantity } of wanted)
    merged.set(variantId, quantity + (merged.get(variantId) ?? 0));
  return [...merged].map(([variantId, quantity]) => ({ variantId, quantity }));
}

async function productsOf(tx: Tx, wanted: readonly Wanted[]): Promise<Map<string, string>> {
  const ids = wanted.map(({ variantId }) => variantId);
  const known = await sellable(tx, ids);
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw ordersErrors.not_sold({ variantId: missing });
  return new Map([...known].map(([id, { productId }]) => [id, productId]));
}

interface Replacing {
  lineId: string;
  quantity: number;
  netMinor: number;
  taxMinor: number;
}

interface Replaced extends Wanted {
  /** The returned units that it stands for, at what was paid for them. */
  by: Replacing[];
  /** Units at today's price. */
  rest: number;
}

/** Deals the returned units of each product out to what is wanted of it, in order and to the last minor unit. */
function replacedBy(wanted: readonly Wanted[], products: ReadonlyMap<string, string>, due: Due): Replaced[] {
  const pool = due.lines.flatMap(({ of, quantity, netShareMinor, taxShareMinor }) =>
    of ? [{ of, quantity, taken: 0, net: netShareMinor, tax: taxShareMinor }] : [],
  );
  return wanted.map(({ variantId, quantity }) => {
    let rest = quantity;
    const by: Replacing[] = [];
    for (const each of pool) {
      const units =
        each.of.productId === products.get(variantId) ? Math.min(rest, each.quantity - each.taken) : 0;
      if (units === 0) continue;
      const part = (minor: number) => upTo(minor, each, units) - upTo(minor, each, 0);
      const paidMinor = part(each.net + each.tax);
      const taxMinor = part(each.tax);
      by.push({ lineId: each.of.lineId, quantity: units, netMinor: paidMinor - taxMinor, taxMinor });
      each.taken += units;
      rest -= units;
    }
    return { variantId, quantity, by, rest };
  });
}

const upTo = (minor: number, { taken, quantity }: { taken: number; quantity: number }, more: number) =>
  Number((BigInt(minor) * BigInt(taken + more)) / BigInt(quantity));

async function cartLines(
  tx: Tx,
  wanted: readonly Replaced[],
  currency: string,
  now: Date,
  places: readonly string[],
): Promise<CartLine[]> {
  const ids = wanted.map(({ variantId }) => variantId);
  const variants = await sellable(tx, ids);
  const prices = await priceOf(tx, ids, currency, now, places);
  return wanted.map(({ variantId, quantity, rest }) => {
    const known = variants.get(variantId);
    if (!known) throw ordersErrors.not_sold({ variantId });
    const amountMinor = prices.get(variantId)?.amountMinor;
    if (amountMinor === undefined && rest > 0) throw returnErrors.exchange_currency({ currency });
    const variant = { ...known, amountMinor: amountMinor ?? 0, compareAtMinor: null };
    return { variantId, quantity, variant, netMinor: quantity * variant.amountMinor, available: quantity };
  });
}

/** The line as it was drafted at today's price, in parts: what replaces a unit of the same product costs what that did. */
function repriced(
  line: DraftLine,
  { by, rest }: Replaced,
  prices: ReadonlyMap<string, { unitPriceMinor: number; taxRate: number }>,
  isTaxIncluded: boolean,
): DraftLine[] {
  const shares = by.map(({ lineId, quantity, netMinor, taxMinor }): DraftLine => {
    const shownMinor = netMinor + (isTaxIncluded ? taxMinor : 0);
    const of = prices.get(lineId);
    const unitPriceMinor = Math.max(of?.unitPriceMinor ?? 0, Math.ceil(shownMinor / quantity));
    const discountMinor = quantity * unitPriceMinor - shownMinor;
    const amounts = { unitPriceMinor, discountMinor, netMinor, taxMinor, taxRate: of?.taxRate ?? 0 };
    return { ...line, lineId: newId(), quantity, ...amounts };
  });
  if (rest === 0) return shares;
  const shownMinor = rest * line.unitPriceMinor;
  const taxMinor = taxOn(shownMinor, line.taxRate, isTaxIncluded);
  const netMinor = isTaxIncluded ? shownMinor - taxMinor : shownMinor;
  return [...shares, { ...line, quantity: rest, discountMinor: 0, netMinor, taxMinor }];
}
