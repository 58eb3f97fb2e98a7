import type { Db } from '#platform/db.ts';
import { locations } from '../inventory/index.ts';
import {
  type Cart,
  cartAtCounter,
  ordersErrors,
  postageOf,
  type PricedAt,
  type PromisedOption,
  promisedOptions,
  quoteOf,
} from '../orders/index.ts';
import type { CodeState, Discount } from '../pricing/index.ts';
import { type Asking, customerOf, type CustomerWish } from './customer.ts';
import { counterOf, registerOf } from './registers.ts';

export interface QuoteWish {
  registerId: string;
  lines: { variantId: string; quantity: number }[];
  codes?: string[];
  customer?: CustomerWish;
  /** Left out: carried away. */
  delivery?: { deliveryCode: string; countryCode?: string; postcode?: string; locationId?: string };
}

export interface Quote {
  currency: string;
  isTaxIncluded: boolean;
  lines: {
    variantId: string;
    sku: string;
    title: string;
    options: string;
    quantity: number;
    unitPriceMinor: number;
    grossMinor: number;
    discountMinor: number;
    taxMinor: number;
    taxRate: number;
    netMinor: number;
  }[];
  postageMinor: number;
  discounts: Discount[];
  codes: CodeState[];
  taxMinor: number;
  totalMinor: number;
}

/** What a basket costs at a register, as the shop prices it, and why. */
export async function quoteAt(deps: Asking, askedBy: string, wish: QuoteWish): Promise<Quote> {
  const { db } = deps;
  const { store } = await counterOf(db, wish.registerId);
  const at = await placeOf(db, wish.delivery, store);
  const { cart, currency } = await basketAt(deps, askedBy, wish, at);
  const postageMinor = wish.delivery ? await postageOf(db, cart, wish.delivery.deliveryCode, at) : 0;
  const priced = quoteOf(cart, postageMinor);
  const lines = cart.lines.flatMap(({ variant, variantId, quantity }, index) => {
    const line = priced.lines[index];
    if (!variant || !line) return [];
    const { sku, title, options, amountMinor: unitPriceMinor } = variant;
    return [{ variantId, sku, title, options, quantity, unitPriceMinor, ...line }];
  });
  const { discounts, codes: states, isTaxIncluded, taxMinor, totalMinor } = priced;
  return { currency, isTaxIncluded, lines, postageMinor, discounts, codes: states, taxMinor, totalMinor };
}

/** Where a basket goes is where it is priced and taxed: what is collected goes to its store. */
async function placeOf(db: Db, delivery: QuoteWish['delivery'], here: PricedAt): Promise<PricedAt> {
  const { countryCode, postcode, locationId } = delivery ?? {};
  if (locationId === undefined) return countryCode === undefined ? here : { countryCode, postcode };
  const store = (await locations(db)).find(({ id }) => id === locationId);
  if (!store) throw ordersErrors.not_collectable({ pickupLocationId: locationId });
  return store;
}

async function basketAt(
  deps: Asking,
  askedBy: string,
  { registerId, customer, codes = [], lines }: Omit<QuoteWish, 'delivery'>,
  at: PricedAt,
): Promise<{ cart: Cart; currency: string }> {
  const { currency } = await registerOf(deps.db, registerId);
  const memberId = await customerOf(deps, askedBy, customer);
  const basket = { currency, memberId, codes, lines };
  const cart = await cartAtCounter(deps.db, basket, at, deps.now());
  const unsold = cart.lines.find(({ variant }) => variant === null);
  if (unsold) throw ordersErrors.not_sold({ variantId: unsold.variantId });
  return { cart, currency };
}

export interface DeliveryWay extends Pick<
  PromisedOption,
  'code' | 'name' | 'amountMinor' | 'totalMinor' | 'promise'
> {
  kind: PromisedOption['kind'];
  /** Where all of it can be collected, the nearest to its buyer first. */
  stores: { locationId: string; name: string; city: string; readyOn: string }[];
}

/** The ways to get a basket to where its buyer is, as the shop would promise and price them now. */
export async function waysFrom(
  deps: Asking,
  askedBy: string,
  { to, ...wish }: Omit<QuoteWish, 'delivery'> & { to: { countryCode: string; postcode?: string } },
): Promise<DeliveryWay[]> {
  const { cart } = await basketAt(deps, askedBy, wish, to);
  const options = await promisedOptions(deps.db, cart, to.countryCode, deps.now(), to.postcode);
  return options.map(({ code, name, kind, amountMinor, totalMinor, promise, stores }) => ({
    code,
    name,
    kind,
    amountMinor,
    totalMinor,
    promise,
    stores: stores.map(({ locationId, name: store, city, readyOn }) => ({
      locationId,
      name: store,
      city,
      readyOn,
    })),
  }));
}
