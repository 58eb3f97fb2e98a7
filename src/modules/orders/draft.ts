import assert from 'node:assert/strict';
import { type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { type CreditWish } from '../payments/index.ts';
import { type MovementLine } from '../inventory/index.ts';
import { type Discount, type PricedLine } from '../pricing/index.ts';
import { type Assignment, type Route, windowOf } from '../routing/index.ts';
import { type Cart, type CartLine } from './cart.ts';
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
  /** Absent where no experiment chose the rules. */
  trial?: { experimentId: string; variant: number };
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
  const options = await deliveryOptions(tx, cart.currency, cart.goodsMinor, await placesOf(tx, at));
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
    ...(route.trial && {
      trial: { experimentId: route.trial.experimentId, variant: route.trial.variant },
    }),
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
