import { isDeepStrictEqual } from 'node:util';
import { dayIn } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import type { AppError } from '#platform/errors.ts';
import { keptSetting } from '#platform/settings.ts';
import { type Availability, availabilityOf, locations } from '../inventory/index.ts';
import {
  type Position,
  positionsOf,
  regionOfAddress,
  regionOfCountry,
  UNSPECIFIED_REGION,
} from '../market/index.ts';
import {
  type DeliveryWindow,
  type PickupRoute,
  pickupRoute,
  pickupRoutes,
  type Route,
  routeEvenLater,
  rulesInForce,
  sameDayRoute,
  type TransitDays,
  type Tried,
  type WantedLine,
  windowOf,
} from '../routing/index.ts';
import type { Discount } from '../pricing/index.ts';
import type { Cart } from './cart.ts';
import { ordersErrors } from './errors.ts';
import { own } from './own.ts';
import type { OrdersDeliveryKind } from './tables.ts';
import { placesOf, quoteOf } from './quote.ts';

/** A way to get an order home, for a certain worth of goods. */
export interface DeliveryOption extends TransitDays {
  code: string;
  name: string;
  kind: OrdersDeliveryKind;
  amountMinor: number;
  /** From this worth of goods it costs nothing. */
  freeFromMinor: number | null;
}

/** A way to get home what a cart holds, with when it would come; null where that can't be promised. */
export interface PromisedOption extends DeliveryOption {
  promise: DeliveryWindow | null;
  /** Of a pickup: where all of it can be collected, the nearest first. */
  stores: PickupStore[];
  /** What the cart costs with it, and why. */
  discounts: Discount[];
  taxMinor: number;
  totalMinor: number;
}

export interface PickupStore {
  locationId: string;
  name: string;
  city: string;
  /** From where the buyer is taken to be. */
  distanceKm: number | null;
  /** YYYY-MM-DD by its clock: from then on it lies there. */
  readyOn: string;
}

/** Where a buyer is, and where they mean to collect. */
export interface Whereabouts {
  countryCode: string;
  regionCode: string;
  pickupLocationId?: string | undefined;
  /** Where they stand at a counter. */
  counter?: Counter | undefined;
}

/** A counter that goods are carried away from. */
export interface Counter {
  locationId: string;
  /** The clock there. */
  timeZone: string;
}

/** The ways there are in this currency to one of these places, the usual one first. */
export async function deliveryOptions(
  db: Db,
  currency: string,
  goodsMinor: number,
  places: readonly string[],
): Promise<DeliveryOption[]> {
  const ways = (await waysInUse(db)).filter(
    (way) =>
      way.currency === currency &&
      (way.regionCodes.length === 0 ||
        places.length === 0 ||
        way.regionCodes.some((code) => places.includes(code))),
  );
  return ways.map(({ option }) => {
    const isFree = option.freeFromMinor !== null && goodsMinor >= option.freeFromMinor;
    return isFree ? { ...option, amountMinor: 0 } : option;
  });
}

/** The ways of delivery in all currencies to all places. */
const waysInUse = (
  db: Db,
): Promise<readonly { option: DeliveryOption; currency: string; regionCodes: readonly string[] }[]> =>
  keptSetting(db, 'orders.ways', async (each) => {
    const rows = await own(each)
      .selectFrom('orders.delivery_option as option')
      .innerJoin('orders.delivery_rate as rate', 'rate.delivery_code', 'option.code')
      .select([
        'option.code',
        'option.name',
        'option.kind',
        'rate.amount_minor as amountMinor',
        'rate.free_from_minor as freeFromMinor',
        'option.transit_days_min as transitDaysMin',
        'option.transit_days_max as transitDaysMax',
        'rate.currency',
        'option.region_codes as regionCodes',
      ])
      .where('option.is_active', '=', true)
      .orderBy('option.position')
      .orderBy('option.code')
      .execute();
    return rows.map(({ currency, regionCodes, ...option }) => ({ option, currency, regionCodes }));
  });

/** How long a parcel of an order that was placed is on its way. */
export async function deliveryWay(db: Db, code: string): Promise<TransitDays & { kind: OrdersDeliveryKind }> {
  return own(db)
    .selectFrom('orders.delivery_option')
    .select(['kind', 'transit_days_min as transitDaysMin', 'transit_days_max as transitDaysMax'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow();
}

export type DeliveryWay = TransitDays & { kind: OrdersDeliveryKind };

/** The same for many orders; those that went no way are left out. */
export async function waysOf(db: Db, orderIds: readonly string[]): Promise<Map<string, DeliveryWay>> {
  if (orderIds.length === 0) return new Map();
  const rows = await own(db)
    .selectFrom('orders.order as order')
    .innerJoin('orders.delivery_option as option', 'option.code', 'order.delivery_code')
    .select(['order.id', 'kind', 'transit_days_min as transitDaysMin', 'transit_days_max as transitDaysMax'])
    .where('order.id', 'in', [...orderIds])
    .execute();
  return new Map(rows.map(({ id, ...way }) => [id, way]));
}

/** The route of an order by a way of delivery. Refused where it can't be collected there, or not be brought today. */
export async function routeBy(
  db: Db,
  way: TransitDays & { code: string; kind: OrdersDeliveryKind },
  { id: unitId, lines, stock: known }: Pick<Cart, 'id' | 'lines' | 'stock'>,
  { countryCode, regionCode, pickupLocationId, counter }: Whereabouts,
  at: Date,
): Promise<Route> {
  if (way.kind === 'counter') {
    if (!counter) throw ordersErrors.delivery_unknown({ deliveryCode: way.code });
    return counterRoute(db, lines, counter, at);
  }
  if (way.kind === 'pickup') {
    const route =
      pickupLocationId &&
      (await pickupRoute(db, lines, pickupLocationId, {
        at,
        transit: way,
        evenLater: true,
        tried: { unitId, regionCode },
      }));
    if (!route) throw ordersErrors.not_collectable({ pickupLocationId: pickupLocationId ?? null });
    return route;
  }
  if (pickupLocationId !== undefined) throw ordersErrors.not_collectable({ pickupLocationId });
  if (way.kind === 'ship') return routeEvenLater(db, lines, regionCode, at, { known, unitId });
  const isKnown = await isNearlyKnown(db, countryCode, regionCode);
  const route = isKnown ? await sameDayRoute(db, lines, regionCode, at, { unitId }) : undefined;
  if (!route) throw ordersErrors.delivery_unknown({ deliveryCode: way.code });
  return route;
}

/** From the shelf beside the counter, at once: what is not there is for the hold to refuse. */
async function counterRoute(
  db: Db,
  lines: readonly WantedLine[],
  { locationId, timeZone }: Counter,
  at: Date,
): Promise<Route> {
  const { version: ruleSetVersion } = await rulesInForce(db);
  const today = dayIn(timeZone, at);
  const taken = lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
  const part = { locationId, lines: taken, leavesOn: today, readyOn: today };
  return {
    ruleSetVersion,
    parts: [part],
    unfilled: [],
    reasons: { asked: [], askedCount: 0, excluded: {} },
  };
}

/** True where an area says where the buyer is: the middle of a country is nearer to nobody. */
async function isNearlyKnown(db: Db, countryCode: string, regionCode: string): Promise<boolean> {
  const country = regionOfCountry(countryCode);
  const positions = await positionsOf(db);
  const [of, middle] = [positions.get(regionCode), positions.get(country)];
  return of !== undefined && !isDeepStrictEqual(of, middle);
}

/** The ways for what a cart holds, as it would be promised if it were ordered now. Without a country: to anywhere. */
export async function promisedOptions(
  db: Db,
  cart: Cart,
  countryCode: string | undefined,
  now: Date,
  postcode = '',
): Promise<PromisedOption[]> {
  const { id: unitId, currency, goodsMinor, lines, stock: known } = cart;
  const at = countryCode === undefined ? undefined : { countryCode, postcode };
  const options = await deliveryOptions(db, currency, goodsMinor, await placesOf(db, at));
  const regionCode =
    countryCode === undefined ? UNSPECIFIED_REGION : await regionOfAddress(db, countryCode, postcode);
  const toDoor =
    lines.length > 0 ? await routeEvenLater(db, lines, regionCode, now, { known, unitId }) : undefined;
  const promised: PromisedOption[] = [];
  for (const option of options) {
    if (option.kind === 'counter') continue; // nobody stands at one
    const { discounts, taxMinor, totalMinor } = quoteOf(cart, option.amountMinor);
    const shown = { ...option, discounts, taxMinor, totalMinor, stores: [] };
    if (option.kind === 'ship') {
      promised.push({ ...shown, promise: (toDoor && windowOf(toDoor, option)) ?? null });
    } else if (option.kind === 'pickup') {
      const near = (await positionsOf(db)).get(regionCode);
      const tried = { unitId, regionCode };
      const stores = await storesFor(db, lines, near, { transit: option, at: now, tried });
      const soonest = stores.map(({ readyOn }) => readyOn).sort()[0];
      const promise = soonest === undefined ? null : { promisedFrom: soonest, promisedTo: soonest };
      promised.push({ ...shown, stores, promise });
    } else if (countryCode !== undefined) {
      const promise = await todayFor(db, lines, { countryCode, regionCode, unitId }, now);
      if (promise) promised.push({ ...shown, promise });
    }
  }
  return promised;
}

/** Today, where one store near enough has all of it and can still send it. */
async function todayFor(
  db: Db,
  lines: readonly WantedLine[],
  { countryCode, regionCode, unitId }: Pick<Whereabouts, 'countryCode' | 'regionCode'> & { unitId?: string },
  now: Date,
): Promise<DeliveryWindow | undefined> {
  if (lines.length === 0 || !(await isNearlyKnown(db, countryCode, regionCode))) return undefined;
  const route = await sameDayRoute(db, lines, regionCode, now, { unitId });
  return route && windowOf(route, TODAY);
}

/** The way by which a thing is brought today to a place that is known by its postcode, and what that costs. */
export async function sameDayOption(
  db: Db,
  line: WantedLine,
  { countryCode, postcode }: { countryCode: string; postcode: string },
  { currency, goodsMinor, now }: { currency: string; goodsMinor: number; now: Date },
): Promise<(DeliveryOption & { promise: DeliveryWindow }) | undefined> {
  const options = await deliveryOptions(
    db,
    currency,
    goodsMinor,
    await placesOf(db, { countryCode, postcode }),
  );
  const way = options.find(({ kind }) => kind === 'same_day');
  if (!way) return undefined;
  const regionCode = await regionOfAddress(db, countryCode, postcode);
  const promise = await todayFor(db, [line], { countryCode, regionCode }, now);
  return promise && { ...way, promise };
}

const TODAY: TransitDays = { transitDaysMin: 0, transitDaysMax: 0 };

/** The days on the way that a promise counts: what is brought today is on no way. */
export const transitOf = (way: TransitDays & { kind: OrdersDeliveryKind }): TransitDays =>
  way.kind === 'same_day' ? TODAY : way;

async function storesFor(
  db: Db,
  lines: readonly WantedLine[],
  near: Position | undefined,
  asked: { transit: TransitDays; at: Date; tried: Tried },
): Promise<PickupStore[]> {
  if (lines.length === 0) return [];
  const routes = await pickupRoutes(db, lines, near, { ...asked, evenLater: true });
  const places = new Map((await locations(db)).map((place) => [place.id, place]));
  return routes.flatMap((found) => storeOf(found, places.get(found.locationId), asked.transit));
}

function storeOf(
  { locationId, distanceKm, route }: PickupRoute,
  place: { name: string; city: string } | undefined,
  transit: TransitDays,
): PickupStore[] {
  const promise = windowOf(route, transit);
  if (!place || !promise) return [];
  return [{ locationId, name: place.name, city: place.city, distanceKm, readyOn: promise.promisedTo }];
}

/** When a thing would come if it were ordered now, for each way to a door in this currency. */
export async function promisesFor(
  db: Db,
  line: WantedLine,
  { countryCode, postcode }: { countryCode: string; postcode: string },
  currency: string,
  now: Date,
): Promise<({ deliveryCode: string; name: string } & DeliveryWindow)[]> {
  const regionCode = await regionOf(db, countryCode, postcode);
  const route = await routeEvenLater(db, [line], regionCode, now);
  if (route.unfilled.length > 0) throw await unpromised(db, route, [line]);
  const options = await deliveryOptions(db, currency, 0, await placesOf(db, { countryCode, postcode }));
  const today = options.some(({ kind }) => kind === 'same_day')
    ? await todayFor(db, [line], { countryCode, regionCode }, now)
    : undefined;
  return options.flatMap((option) => {
    if (option.kind !== 'ship' && option.kind !== 'same_day') return []; // a pickup asks for a store
    const promise = option.kind === 'ship' ? windowOf(route, option) : today;
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
  /** The stock that the route was found on, where it was asked for: it may have changed since. */
  known?: ReadonlyMap<string, Availability>,
): Promise<AppError> {
  const [{ variantId, quantity: missing } = { variantId: '', quantity: 0 }] = unfilled;
  const wanted = lines.find((line) => line.variantId === variantId)?.quantity ?? 0;
  const found = (known ?? (await availabilityOf(db, [variantId]))).get(variantId);
  const available = (found?.available ?? 0) + (found?.later?.units ?? 0);
  if (available < wanted) return ordersErrors.not_enough_stock({ variantId, wanted, available });
  return ordersErrors.not_deliverable({ variantId, wanted, available: wanted - missing });
}
