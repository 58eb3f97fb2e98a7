import { GUEST } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { sellable } from '../catalog/index.ts';
import { availabilityOf, unreleased } from '../inventory/index.ts';
import { type CreditWish, EXTERNAL } from '../payments/index.ts';
import { type Cart, type CartLine, cartWith, openCart } from './cart.ts';
import { hold, type TakenMoney } from './checkout.ts';
import { type Address, type Draft, draftOf, type DraftWish } from './draft.ts';
import { type Counter, deliveryOptions } from './delivery.ts';
import { counterErrors, ordersErrors } from './errors.ts';
import type { PlacedOrder } from './place-order.ts';
import { type PricedVariant, pricedVariants } from './priced-variants.ts';
import { factsFor, placesOf, type PricedAt, type StoredCart } from './quote.ts';
import { recordOrder } from './record-order.ts';

/** What is wanted at a counter. */
export interface CounterBasket {
  currency: string;
  memberId: string | null;
  codes: readonly string[];
  lines: readonly CounterLine[];
}

export interface CounterLine {
  variantId: string;
  quantity: number;
  /** What was agreed where our prices could not be asked, as it was shown. */
  agreed?: { unitPriceMinor: number; discountMinor: number };
}

/** How what is sold at a counter gets home. */
export type CounterDelivery =
  | { kind: 'counter' }
  | { kind: 'pickup'; deliveryCode: string; pickupLocationId: string; address: Address }
  | { kind: 'ship'; deliveryCode: string; address: Address };

export interface CounterSale extends CounterBasket {
  /** Made by the caller, which sees to it that a retry does not come here. */
  orderId: string;
  touchpoint: string;
  associateId: string;
  counter: Counter;
  /** Where its buyer is taken to be: at the counter, or where their postcode says. */
  at: { countryCode: string; postcode: string };
  /** Where the counter stands: what is carried away is priced and taxed there, wherever its buyer lives. */
  storeAt: { countryCode: string; postcode: string };
  delivery: CounterDelivery;
  totalMinor: number;
  payments: CreditWish[];
  taken: readonly TakenMoney[];
  soldAt: Date;
  /** It was made where nobody could be asked: it is entered at what was agreed, and the goods have gone. */
  hasHappened: boolean;
  /** By which promotions what was agreed was lower, where it has happened. */
  granted: readonly { promotionId: string; amountMinor: number }[];
}

/** The way of delivery of what is carried away. */
export const COUNTER = 'counter';

/**
 * Sells at a counter by the steps of our own checkout, in the caller's transaction, for the money is there. What is
 * carried away is still to be handed over by whoever called.
 */
export async function sellAtCounter(tx: Tx, sale: CounterSale, timeZone: string): Promise<PlacedOrder> {
  const { orderId, soldAt, taken, payments, hasHappened } = sale;
  if (!hasHappened && sale.delivery.kind === 'counter') await refuseUnreleased(tx, sale);
  const cartId = await openCart(tx, GUEST, undefined, sale.currency);
  const draft = await agreedDraft(tx, sale, cartId, timeZone);
  const money = { provider: { name: EXTERNAL }, payments, taken };
  const held = { orderId, cartId, ...money, haveGone: hasHappened };
  const checkout = await hold(tx, held, draft, soldAt);
  if (checkout.draft.toPayMinor !== 0)
    throw counterErrors.payments_differ({
      totalMinor: draft.totalMinor,
      leftMinor: checkout.draft.toPayMinor,
    });
  return recordOrder(tx, checkout, undefined, soldAt);
}

/** A pre-order may lie on the shelf already: it is nobody's to carry away before its day. */
async function refuseUnreleased(tx: Tx, { lines, soldAt }: CounterSale): Promise<void> {
  const ids = lines.map(({ variantId }) => variantId);
  const [held] = await unreleased(tx, ids, soldAt);
  if (held) throw counterErrors.not_released(held);
}

/** At our prices where they come to the total that was shown; else at those that were agreed, if it has happened. */
async function agreedDraft(
  tx: Tx,
  sale: CounterSale,
  cartId: string,
  timeZone: string,
): Promise<Omit<Draft, 'toPayMinor'>> {
  const { totalMinor, currency, hasHappened, memberId, soldAt } = sale;
  const wish = wishOf(sale);
  const cart = await cartAtCounter(tx, sale, wish.address ?? sale.storeAt, soldAt, cartId);
  const unsold = cart.lines.find(({ variant }) => variant === null);
  if (!unsold) {
    const draft = await draftOf(tx, wish, cart, memberId, soldAt, timeZone);
    if (draft.totalMinor === totalMinor) return draft;
    if (!hasHappened) throw ordersErrors.total_changed({ totalMinor: draft.totalMinor, currency });
  } else if (!hasHappened) throw ordersErrors.not_sold({ variantId: unsold.variantId });
  const agreed = await agreedCart(tx, sale, cart);
  const agreedOff = sale.lines.map((line) => line.agreed?.discountMinor ?? 0);
  const draft = await draftOf(tx, { ...wish, agreedOff }, agreed, memberId, soldAt, timeZone);
  const offMinor = agreedOff.reduce((sum, each) => sum + each, 0);
  const grantedMinor = sale.granted.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (draft.totalMinor !== totalMinor || grantedMinor > offMinor)
    throw counterErrors.agreed_sums_differ({ totalMinor: draft.totalMinor, currency });
  // Their names are read where their uses are taken.
  const discounts = sale.granted.map((each) => ({ ...each, name: '', code: null }));
  return { ...draft, discounts };
}

function wishOf({ delivery, at, counter, touchpoint, associateId }: CounterSale): DraftWish {
  const facts = { touchpoint, associateId };
  if (delivery.kind === 'counter') return { ...facts, deliveryCode: COUNTER, address: null, at, counter };
  const { deliveryCode, address } = delivery;
  if (delivery.kind === 'ship') return { ...facts, deliveryCode, address };
  return { ...facts, deliveryCode, address, pickupLocationId: delivery.pickupLocationId };
}

/** What a basket at a counter costs at a moment. A line whose variant is null can't be sold. */
export async function cartAtCounter(
  db: Db,
  { currency, memberId, codes, lines }: CounterBasket,
  at: PricedAt,
  now: Date,
  id = '',
): Promise<Cart> {
  const ids = lines.map(({ variantId }) => variantId);
  const places = await placesOf(db, at);
  const variants = await pricedVariants(db, ids, currency, now, places);
  const availability = await availabilityOf(db, ids, now);
  const stored: StoredCart = { id, currency, memberId, codes: [...codes] };
  const priced = lines.map(({ variantId, quantity }): CartLine => {
    const variant = variants.get(variantId) ?? null;
    const available = availability.get(variantId)?.available ?? 0;
    return { variantId, quantity, variant, netMinor: quantity * (variant?.amountMinor ?? 0), available };
  });
  return cartWith(stored, priced, places, await factsFor(db, stored, places, now));
}

/** The same at what was agreed, also of what we do not sell any more: it was carried away. */
async function agreedCart(tx: Tx, sale: CounterSale, { id, pricing }: Cart): Promise<Cart> {
  const { currency, memberId, codes, lines } = sale;
  const known = await sellable(
    tx,
    lines.map(({ variantId }) => variantId),
    { evenHidden: true },
  );
  const agreed = lines.map(({ variantId, quantity, agreed: price }): CartLine => {
    const variant = known.get(variantId);
    if (!variant) throw ordersErrors.not_sold({ variantId });
    if (!price) throw counterErrors.agreed_sums_differ({ totalMinor: 0, currency });
    const sold: PricedVariant = { ...variant, amountMinor: price.unitPriceMinor, compareAtMinor: null };
    const netMinor = quantity * price.unitPriceMinor;
    if (price.discountMinor > netMinor) throw counterErrors.agreed_sums_differ({ totalMinor: 0, currency });
    return { variantId, quantity, variant: sold, netMinor, available: quantity };
  });
  const stored = { id, currency, memberId, codes: [...codes] };
  const { places } = pricing.basket;
  return cartWith(stored, agreed, places, { ...pricing.facts, promotions: [] });
}

/** What a way of delivery costs for a basket at a counter. */
export async function postageOf(
  db: Db,
  { currency, goodsMinor }: Pick<Cart, 'currency' | 'goodsMinor'>,
  deliveryCode: string,
  at: PricedAt,
): Promise<number> {
  const options = await deliveryOptions(db, currency, goodsMinor, await placesOf(db, at));
  const option = options.find(({ code }) => code === deliveryCode);
  if (!option) throw ordersErrors.delivery_unknown({ deliveryCode });
  return option.amountMinor;
}
