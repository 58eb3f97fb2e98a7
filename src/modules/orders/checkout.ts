import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { addedJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { SETTINGS_VERSION, withSettingsOf } from '#platform/settings.ts';
import { knownCustomerOf } from '../identity/index.ts';
import {
  type CreditWish,
  holdParts,
  openPayment,
  type PaymentProvider,
  promiseGoodsValue,
  settleAnswer,
} from '../payments/index.ts';
import { inventoryErrors, type MovementLine, reserve } from '../inventory/index.ts';
import { type Discount, type PricedLine, takeUses, takeUsesLeft } from '../pricing/index.ts';
import { type Assignment, type Route, type WantedLine, windowOf } from '../routing/index.ts';
import { adviceSince, latestAdviser } from './advice.ts';
import { type Cart, type CartLine, pricedCart } from './cart.ts';
import { dayIn } from '#platform/days.ts';
import {
  type Counter,
  type DeliveryOption,
  deliveryOptions,
  regionOf,
  routeBy,
  transitOf,
  unpromised,
} from './delivery.ts';
import { ordersErrors } from './errors.ts';
import { enteredCodes, heldLines, lockCart, orderOfCart } from './held-cart.ts';
import { leaseEnd, renewLease } from './lease.ts';
import { own } from './own.ts';
import type { PricedVariant } from './priced-variants.ts';
import { placesOf, quoteOf } from './quote.ts';
import type { ReturnWish } from './return-request.ts';
import type { OrdersLineKind } from './tables.ts';
import { type Totals, totalsOf } from './totals.ts';

export interface Address {
  email: string;
  name: string;
  street: string;
  postcode: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
  phone?: string;
}

/** What a buyer asks for. */
export interface OrderWish {
  /** Made by the caller at random, so that a retry is the same order. */
  orderId: string;
  cartId: string;
  deliveryCode: string;
  /** Of a way by which it is collected: the store. */
  pickupLocationId?: string;
  address: Address;
  /** The total that the buyer saw. */
  totalMinor: number;
  touchpoint: string;
  /** What the payment provider gave for the buyer's means of payment; empty: its own page asks. */
  paymentToken: string;
  /** Gift cards and credit that are spent first. */
  payments?: CreditWish[];
  /** What is to be written on a card with it. */
  giftNote?: string;
  /** The member of staff who sells it, or helps the buyer. Never the buyer's own word. */
  associateId?: string;
}

export interface DraftLine {
  lineId: string;
  kind: OrdersLineKind;
  productId: string | null;
  variantId: string | null;
  title: string;
  options: string;
  quantity: number;
  /** This and the discount as they are shown to the buyer. */
  unitPriceMinor: number;
  discountMinor: number;
  taxMinor: number;
  taxRate: number;
  netMinor: number;
  /** Where all of it comes from; null when several locations share it: then the assignments say. */
  locationId: string | null;
}

/** What another system calls an order that it took for us. */
export interface OutsideName {
  source: string;
  externalRef: string;
}

/** All that was decided before the money was asked for. */
export interface Draft extends Totals {
  /** Absent for an order that was placed here. */
  outside?: OutsideName;
  memberId: string | null;
  touchpoint: string;
  currency: string;
  regionCode: string;
  placedAt: string;
  businessDay: string;
  deliveryCode: string;
  /** Not there in a draft of before stores handed over. */
  pickupLocationId?: string | undefined;
  promisedFrom: string;
  promisedTo: string;
  /** Null when its buyer was erased while the order was being placed. */
  address: Address | null;
  giftNote: string | null;
  /** Absent where nobody helped. */
  associateId?: string | null;
  isTaxIncluded: boolean;
  discounts: Discount[];
  lines: DraftLine[];
  /** Who is to fulfil what, and why. */
  assignments: Assignment[];
  ruleSetVersion: number;
  reasons: Route['reasons'];
  /** What gift cards and credit leave for the provider to take. */
  toPayMinor: number;
  /** Absent for what is not wanted in place of goods that come back. */
  exchange?: DraftExchange;
  /** The buyer's words about what comes back. */
  returnNote?: string;
}

/** Of an order that is made with a return: what is to come back, and what it pays of the order. */
export interface DraftExchange {
  requestId: string;
  ofOrderId: string;
  customerId: string | null;
  valueMinor: number;
  /** Absent where the return was asked for before. */
  asked?: { wish: Omit<ReturnWish, 'note'>; actor: string; withinDays?: number };
}

export interface Checkout {
  orderId: string;
  cartId: string;
  attemptId: string;
  workedOnUntil: Date;
  startedAt: Date;
  /** While the buyer is at the provider's own page. */
  awaitsBuyerUntil: Date | null;
  draft: Draft;
}

export const HOLD_MINUTES = 15;
const ATTEMPTS_MAX = 10;

/** The job that looks after an order whose process may have died: see settle-payments.ts. */
export const SETTLE_CHECKOUT = 'orders.settle_checkout';

/**
 * Prices the cart, holds its stock and writes down the payment that is about to be asked for, together. The same
 * order again is taken up where it stands.
 */
export async function beginCheckout(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  viewer: Viewer,
  wish: OrderWish,
  provider: Asked,
): Promise<Checkout> {
  return lookingAgain(() => inTransaction(db, (tx) => begin(tx, viewer, wish, provider, now(), config)));
}

/**
 * Another buyer may take the units between our look and our hold: then we look again, and each such round means that
 * somebody else was served.
 */
export async function lookingAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === inventoryErrors.insufficient_stock.code;
      if (!isTaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function begin(
  tx: Tx,
  viewer: Viewer,
  wish: OrderWish,
  provider: Asked,
  now: Date,
  { timeZone, adviceDays }: Pick<Deps['config'], 'timeZone' | 'adviceDays'>,
): Promise<Checkout> {
  const { orderId, cartId } = wish;
  const locked = await lockCart(tx, viewer, cartId);
  if (locked.orderedAt) throw ordersErrors.cart_ordered({ orderId: await orderOfCart(tx, cartId) });
  const standing = await standingOf(tx, orderId, cartId, adviceSince(adviceDays, now));
  if (standing.isBegun) {
    const known = await checkoutOf(tx, orderId);
    if (known?.cartId === cartId) {
      await renewLease(tx, known.attemptId, now);
      return known;
    }
  }
  if (standing.isBegun || standing.isOrder) throw ordersErrors.order_differs({ orderId });
  if (standing.isBeingOrdered) throw ordersErrors.cart_is_being_ordered({ cartId });

  const { lines, codes, adviserId, settingsVersion } = standing;
  const settled = withSettingsOf(tx, settingsVersion);
  const filled = { ...locked, lines, codes };
  const cart = await pricedCart(settled, filled, now, placesOf(wish.address.countryCode));
  const associateId = wish.associateId ?? adviserId;
  const helped = { ...wish, ...(associateId !== null && { associateId }) };
  const priced = await draftOf(settled, helped, cart, locked.memberId, now, timeZone);
  const { totalMinor, currency } = priced;
  if (totalMinor !== wish.totalMinor) throw ordersErrors.total_changed({ totalMinor, currency });
  const held = { orderId, cartId, provider, payments: wish.payments ?? [], settleAt: leaseEnd(now) };
  return hold(tx, held, priced, now);
}

/** Whom the money is asked of. */
export type Asked = Pick<PaymentProvider, 'name' | 'refOf'>;

interface Standing {
  isBegun: boolean;
  isOrder: boolean;
  isBeingOrdered: boolean;
  lines: WantedLine[];
  codes: string[];
  /** Who advised on the cart last. */
  adviserId: string | null;
  settingsVersion: string;
}

/**
 * What there is of an order and its cart, once the cart is locked: the statement that waits for the lock would see it as
 * it was before.
 */
async function standingOf(tx: Tx, orderId: string, cartId: string, advisedSince: Date): Promise<Standing> {
  const { rows } = await sql<Standing>`
    select exists (select from orders.checkout where order_id = ${orderId}) as "isBegun",
      exists (select from orders.order where id = ${orderId}) as "isOrder",
      exists (select from orders.checkout where cart_id = cart.id) as "isBeingOrdered",
      ${heldLines}, ${enteredCodes}, ${latestAdviser(advisedSince)}, ${SETTINGS_VERSION} as "settingsVersion"
    from orders.cart where id = ${cartId}`.execute(tx);
  const [standing] = rows;
  assert(standing);
  return standing;
}

interface Hold extends Pick<Checkout, 'orderId' | 'cartId'> {
  provider: Asked;
  payments: CreditWish[];
  /** Money that the buyer has given already. */
  taken?: readonly TakenMoney[];
  /** When somebody is to look whether the order was placed, unless it is recorded in the same transaction. */
  settleAt?: Date;
  /** The goods have gone, whatever our books say: the level is short by what it lacked. */
  haveGone?: boolean;
}

/** What was paid over a counter, by whom the provider knows it. */
export interface TakenMoney {
  provider: string;
  amountMinor: number;
  providerRef: string;
}

/** Holds all that a draft needs: uses of discounts, stock, credit, and the payment that is to be asked for. */
export async function hold(
  tx: Tx,
  { orderId, cartId, provider, payments, taken = [], settleAt, haveGone = false }: Hold,
  priced: Omit<Draft, 'toPayMinor'>,
  now: Date,
): Promise<Checkout> {
  const { totalMinor, currency, memberId } = priced;
  const attemptId = newId(now.getTime());
  const use = { attemptId, orderId, memberId, currency };
  const discounts = haveGone ? await takeUsesLeft(tx, use, priced.discounts, now) : priced.discounts;
  if (!haveGone) await takeUses(tx, use, discounts, now);
  const expiresAt = new Date(now.getTime() + HOLD_MINUTES * 60_000);
  const units = stockLinesOf(priced).map((line) => ({ ...line, beyond: haveGone ? line.quantity : 0 }));
  await reserve(tx, attemptId, expiresAt, units);
  const customerId = memberId === null ? undefined : await knownCustomerOf(tx, memberId);
  const goodsMinor = priced.exchange?.valueMinor ?? 0;
  await promiseGoodsValue(tx, { orderId, attemptId, amountMinor: goodsMinor, currency }, now);
  const asked = { orderId, attemptId, customerId, totalMinor: totalMinor - goodsMinor, currency };
  const restMinor = await holdParts(tx, asked, payments, now);
  const takenMinor = await noteTaken(tx, { orderId, attemptId, currency }, taken, now);
  const toPayMinor = restMinor - takenMinor;
  const draft = { ...priced, discounts, toPayMinor };
  const times = { workedOnUntil: leaseEnd(now), startedAt: now, awaitsBuyerUntil: null };
  const checkout = { orderId, cartId, attemptId, ...times, draft };
  await insertCheckout(tx, checkout, settleAt);
  if (toPayMinor > 0) {
    const payment = { id: attemptId, orderId, attemptId, amountMinor: toPayMinor, currency };
    const providerRef = provider.refOf?.(attemptId);
    await openPayment(tx, { ...payment, provider: provider.name, providerRef }, now);
  }
  return checkout;
}

/** With the job that looks after it, if there is to be one. */
async function insertCheckout(
  tx: Tx,
  { orderId, cartId, attemptId, draft, startedAt, workedOnUntil }: Checkout,
  settleAt: Date | undefined,
): Promise<void> {
  const job = settleAt && addedJob(SETTLE_CHECKOUT, { orderId }, attemptId, { runAt: settleAt });
  await sql`
    with begun as (
      insert into orders.checkout (order_id, cart_id, attempt_id, draft, started_at, worked_on_until)
      values (${orderId}, ${cartId}, ${attemptId}, ${JSON.stringify(draft)}, ${startedAt}, ${workedOnUntil})
    )
    select ${job ?? null}`.execute(tx);
}

async function noteTaken(
  tx: Tx,
  order: { orderId: string; attemptId: string; currency: string },
  taken: readonly TakenMoney[],
  now: Date,
): Promise<number> {
  for (const { provider, amountMinor, providerRef } of taken) {
    const id = newId(now.getTime());
    await openPayment(tx, { id, ...order, provider, amountMinor }, now);
    await settleAnswer(tx, id, { state: 'captured', providerRef }, now);
  }
  return taken.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

export async function checkoutOf(db: Db, orderId: string): Promise<Checkout | undefined> {
  const found = await selectCheckout(db, orderId).executeTakeFirst();
  return found && asCheckout(found);
}

/**
 * The checkout and its cart, locked in the order of `lockCart`. One that ended while we waited is not there: both rows
 * are locked, so neither is seen as it was before.
 */
export async function lockCheckout(tx: Tx, orderId: string): Promise<Checkout | undefined> {
  const found = await selectCheckout(tx, orderId).forUpdate(['cart', 'checkout']).executeTakeFirst();
  return found && asCheckout(found);
}

const selectCheckout = (db: Db, orderId: string) =>
  own(db)
    .selectFrom('orders.cart as cart')
    .innerJoin('orders.checkout as checkout', 'checkout.cart_id', 'cart.id')
    .select([
      'order_id as orderId',
      'cart_id as cartId',
      'attempt_id as attemptId',
      'worked_on_until as workedOnUntil',
      'started_at as startedAt',
      'awaits_buyer_until as awaitsBuyerUntil',
      'draft',
    ])
    .where('order_id', '=', orderId);

/** Only `begin` writes drafts. */
const asCheckout = <Row extends { draft: unknown }>(row: Row) => ({ ...row, draft: row.draft as Draft });

/** The stock that a draft takes, by place. */
export const stockLinesOf = ({ assignments }: Pick<Draft, 'assignments'>): MovementLine[] =>
  assignments.flatMap(({ locationId, lines }) => lines.map((line) => ({ ...line, locationId })));

/** What a draft is made from beside its cart. */
export interface DraftWish extends Pick<
  OrderWish,
  'deliveryCode' | 'pickupLocationId' | 'touchpoint' | 'giftNote' | 'associateId'
> {
  /** Null where the goods are carried away from a counter. */
  address: Address | null;
  /** Where the buyer is, where there is no address to say it. */
  at?: { countryCode: string; postcode: string };
  counter?: Counter;
  /** What delivery costs, where that was agreed elsewhere. */
  agreedPostageMinor?: number;
  /** What was taken off each line, where that was agreed elsewhere. */
  agreedOff?: readonly number[];
}

export async function draftOf(
  tx: Tx,
  wish: DraftWish,
  cart: Cart,
  memberId: string | null,
  now: Date,
  timeZone: string,
): Promise<Omit<Draft, 'toPayMinor'>> {
  const { deliveryCode, pickupLocationId, address, touchpoint, counter } = wish;
  const at = wish.at ?? address;
  assert(at);
  const { countryCode } = at;
  const regionCode = await regionOf(tx, countryCode, at.postcode);
  const options = await deliveryOptions(tx, cart.currency, cart.goodsMinor, placesOf(countryCode));
  const listed = options.find(({ code }) => code === deliveryCode);
  if (!listed) throw ordersErrors.delivery_unknown({ deliveryCode });
  const option = { ...listed, amountMinor: wish.agreedPostageMinor ?? listed.amountMinor };
  const sold = soldLines(cart);
  const buyer = { countryCode, regionCode, pickupLocationId, counter };
  const route = await routeBy(tx, option, cart, buyer, now);
  const promise = windowOf(route, transitOf(option));
  if (!promise) throw await unpromised(tx, route, cart.lines, cart.stock);
  const assignments = assignmentsOf(route, option, now);
  const quote = quoteOf(cart, option.amountMinor, wish.agreedOff);
  const goods = sold.map((line, index) => goodsLine(line, quote.lines[index], assignments));
  const lines = [...goods, postageLine(option, quote.postage)];
  return {
    memberId,
    touchpoint,
    currency: cart.currency,
    regionCode,
    placedAt: now.toISOString(),
    businessDay: dayIn(timeZone, now),
    deliveryCode,
    pickupLocationId: counter?.locationId ?? pickupLocationId,
    ...promise,
    address,
    giftNote: wish.giftNote ?? null,
    associateId: wish.associateId ?? null,
    isTaxIncluded: quote.isTaxIncluded,
    discounts: quote.discounts,
    lines,
    assignments,
    ruleSetVersion: route.ruleSetVersion,
    reasons: route.reasons,
    ...totalsOf(lines),
  };
}

type SoldLine = CartLine & { variant: PricedVariant };

function soldLines({ id: cartId, lines }: Cart): SoldLine[] {
  if (lines.length === 0) throw ordersErrors.cart_empty({ cartId });
  return lines.map((line) => {
    const { variantId, variant } = line;
    if (!variant) throw ordersErrors.not_sold({ variantId });
    return { ...line, variant };
  });
}

/** Each location's part, with the promise for its own parcel. */
const assignmentsOf = (route: Route, option: DeliveryOption, now: Date): Assignment[] =>
  route.parts.map((part) => {
    const promise = windowOf({ parts: [part], unfilled: [] }, transitOf(option));
    assert(promise);
    const { locationId, lines, leavesOn, goodsOn = null } = part;
    return { id: newId(now.getTime()), locationId, lines, leavesOn, goodsOn, ...promise };
  });

function goodsLine(
  { variantId, variant, quantity }: SoldLine,
  priced: PricedLine | undefined,
  assignments: Assignment[],
): DraftLine {
  assert(priced);
  const { productId, title, options, amountMinor: unitPriceMinor } = variant;
  const givers = assignments.filter(({ lines }) => lines.some((line) => line.variantId === variantId));
  const locationId = givers.length === 1 ? (givers[0]?.locationId ?? null) : null;
  const line = { productId, variantId, title, options, quantity, unitPriceMinor, locationId };
  return { lineId: newId(), kind: 'goods', ...line, ...amountsOf(priced) };
}

const amountsOf = ({ discountMinor, taxMinor, taxRate, netMinor }: PricedLine) => ({
  discountMinor,
  taxMinor,
  taxRate,
  netMinor,
});

const postageLine = ({ name, amountMinor }: DeliveryOption, priced: PricedLine): DraftLine => ({
  lineId: newId(),
  kind: 'postage',
  productId: null,
  variantId: null,
  title: name,
  options: '',
  quantity: 1,
  unitPriceMinor: amountMinor,
  ...amountsOf(priced),
  locationId: null,
});
