import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { AppError } from '#platform/errors.ts';
import { availabilityOf } from '../inventory/index.ts';
import { regionOfAddress, regionOfCountry, UNSPECIFIED_REGION } from '../market/index.ts';
import {
  type DeliveryWindow,
  type Route,
  routeFor,
  type TransitDays,
  type WantedLine,
  windowOf,
} from '../routing/index.ts';
import type { Discount } from '../pricing/index.ts';
import type { Cart } from './cart.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import { placesOf, quoteOf } from './quote.ts';

/** A way to get an order home, for a certain worth of goods. */
export interface DeliveryOption extends TransitDays {
  code: string;
  name: string;
  amountMinor: number;
  /** From this worth of goods it costs nothing. */
  freeFromMinor: number | null;
}

/** A way to get home what a cart holds, with when it would come; null where that can't be promised. */
export interface PromisedOption extends DeliveryOption {
  promise: DeliveryWindow | null;
  /** What the cart costs with it, and why. */
  discounts: Discount[];
  taxMinor: number;
  totalMinor: number;
}

/** The ways there are in this currency to one of these places, the usual one first. */
export async function deliveryOptions(
  db: Db,
  currency: string,
  goodsMinor: number,
  places: readonly string[],
): Promise<DeliveryOption[]> {
  const options = await own(db)
    .selectFrom('orders.delivery_option as option')
    .innerJoin('orders.delivery_rate as rate', 'rate.delivery_code', 'option.code')
    .select([
      'option.code',
      'option.name',
      'rate.amount_minor as amountMinor',
      'rate.free_from_minor as freeFromMinor',
      'option.transit_days_min as transitDaysMin',
      'option.transit_days_max as transitDaysMax',
    ])
    .where('rate.currency', '=', currency)
    .where('option.is_active', '=', true)
    .where(
      sql<boolean>`(region_codes = '{}' or ${places}::text[] = '{}' or region_codes && ${places}::text[])`,
    )
    .orderBy('option.position')
    .orderBy('option.code')
    .execute();
  return options.map((option) => {
    const isFree = option.freeFromMinor !== null && goodsMinor >= option.freeFromMinor;
    return isFree ? { ...option, amountMinor: 0 } : option;
  });
}

/** How long a parcel of an order that was placed is on its way. */
export async function deliveryWay(db: Db, code: string): Promise<TransitDays> {
  return own(db)
    .selectFrom('orders.delivery_option')
    .select(['transit_days_min as transitDaysMin', 'transit_days_max as transitDaysMax'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow();
}

/** The ways for what a cart holds, as it would be promised if it were ordered now. Without a country: to anywhere. */
export async function promisedOptions(
  db: Db,
  cart: Cart,
  countryCode: string | undefined,
  now: Date,
): Promise<PromisedOption[]> {
  const { currency, goodsMinor, lines } = cart;
  const options = await deliveryOptions(db, currency, goodsMinor, placesOf(countryCode));
  const regionCode = countryCode === undefined ? UNSPECIFIED_REGION : regionOfCountry(countryCode);
  const route = lines.length > 0 ? await routeFor(db, lines, regionCode, now) : undefined;
  return options.map((option) => {
    const { discounts, taxMinor, totalMinor } = quoteOf(cart, option.amountMinor);
    const promise = (route && windowOf(route, option)) ?? null;
    return { ...option, promise, discounts, taxMinor, totalMinor };
  });
}

/** When a thing would come if it were ordered now, for each way there is in this currency. */
export async function promisesFor(
  db: Db,
  line: WantedLine,
  countryCode: string,
  currency: string,
  now: Date,
): Promise<({ deliveryCode: string; name: string } & DeliveryWindow)[]> {
  const route = await routeFor(db, [line], await regionOf(db, countryCode), now);
  if (route.unfilled.length > 0) throw await unpromised(db, route, [line]);
  const options = await deliveryOptions(db, currency, 0, placesOf(countryCode));
  return options.flatMap((option) => {
    const promise = windowOf(route, option);
    return promise ? { deliveryCode: option.code, name: option.name, ...promise } : [];
  });
}

/** Where a buyer is whose country is sure to be one; nearer than that, when the postcode is known. */
export async function regionOf(db: Db, countryCode: string, postcode = ''): Promise<string> {
  const regionCode = await regionOfAddress(db, countryCode, postcode);
  if (regionCode === UNSPECIFIED_REGION) throw ordersErrors.country_unknown({ countryCode });
  return regionCode;
}

/** Why nothing can be promised: what is wanted is not there, or it is where the rules take nothing from. */
export async function unpromised(
  db: Db,
  { unfilled }: Route,
  lines: readonly WantedLine[],
): Promise<AppError> {
  const [{ variantId, quantity: missing } = { variantId: '', quantity: 0 }] = unfilled;
  const wanted = lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
  const available = (await availabilityOf(db, [variantId])).get(variantId)?.available ?? 0;
  if (available < wanted) return ordersErrors.not_enough_stock({ variantId, wanted, available });
  return ordersErrors.not_deliverable({ variantId, wanted, available: wanted - missing });
}
