import { addDays } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import { availabilityOf, type Later, type StockLine } from '../inventory/index.ts';
import type { Position } from '../market/index.ts';
import type { WantedLine } from './broker.ts';
import { openDay } from './calendar.ts';
import { routeLater, type Supply, waitingAt } from './later.ts';
import {
  freeOf,
  idsOf,
  kmBetween,
  type Route,
  type RoutedPart,
  routeOver,
  type TransitDays,
} from './route.ts';
import type { Tried } from './rule-sets.ts';
import { type Sender, type Senders, sendersAt } from './senders.ts';

/** A store where an order can be collected, and how it gets there. */
export interface PickupRoute {
  locationId: string;
  /** From the buyer; null where nobody knows where they are. */
  distanceKm: number | null;
  route: Route;
}

interface Asked {
  at: Date;
  /** From any other location to the store. */
  transit: TransitDays;
  /** Locations that are not asked, as they have said no. */
  without?: ReadonlySet<string>;
  /** Whether what is not here yet may be waited for. */
  evenLater?: boolean;
  /** For which order: an experiment may try other rules on it. */
  tried?: Tried | undefined;
}

const STORES_SHOWN = 20;
/** Of those that are asked in vain: a thing that nobody has is not looked for in five hundred stores. */
const STORES_ASKED = 60;

/** The stores at which all of it can be collected, the nearest first. */
export async function pickupRoutes(
  db: Db,
  lines: readonly WantedLine[],
  near: Position | undefined,
  asked: Asked,
): Promise<PickupRoute[]> {
  const { senders, supply } = await known(db, lines, asked);
  const stores = senders.locations
    .filter(({ kind }) => kind === 'store')
    .map((store) => ({ store, distanceKm: kmBetween(store.position, near) }))
    .sort((a, b) => (a.distanceKm ?? 0) - (b.distanceKm ?? 0) || (a.store.code < b.store.code ? -1 : 1));
  const found: PickupRoute[] = [];
  for (const { store, distanceKm } of stores.slice(0, STORES_ASKED)) {
    const route = routeEvenLaterTo(lines, senders, supply, store, asked.transit);
    if (route.unfilled.length > 0) continue;
    found.push({ locationId: store.locationId, distanceKm, route });
    if (found.length === STORES_SHOWN) break;
  }
  return found;
}

/** How an order gets to the store where its buyer collects it; undefined where that is no store in use. */
export async function pickupRoute(
  db: Db,
  lines: readonly WantedLine[],
  storeId: string,
  asked: Asked,
): Promise<Route | undefined> {
  const { senders, supply } = await known(db, lines, asked);
  const store = senders.locations.find(({ locationId, kind }) => locationId === storeId && kind === 'store');
  return store && routeEvenLaterTo(lines, senders, supply, store, asked.transit);
}

async function known(
  db: Db,
  lines: readonly WantedLine[],
  { at, without = new Set(), evenLater = false, tried }: Asked,
): Promise<{ senders: Senders; supply: Supply }> {
  const senders = await sendersAt(db, at, { withAllStores: true, tried });
  const availability = await availabilityOf(db, idsOf(lines), at);
  const free = freeOf(availability).filter(({ locationId }) => !without.has(locationId));
  const later = [...availability].flatMap(([id, each]): [string, Later][] =>
    evenLater && each.later ? [[id, each.later]] : [],
  );
  return { senders, supply: { free, later: new Map(later) } };
}

/**
 * From what is free; else what is missing waits: at the store itself, or at another location that sends it to the store
 * when it has come. Of several ways the one by which it lies ready first, the store's own of equals.
 */
function routeEvenLaterTo(
  lines: readonly WantedLine[],
  senders: Senders,
  supply: Supply,
  store: Sender,
  transit: TransitDays,
): Route {
  const now = routeToStore(lines, senders, supply.free, store, transit);
  if (now.unfilled.length === 0 || supply.later.size === 0) return now;
  const { own, rest } = onShelf(lines, senders, supply.free, store);
  const { rules } = senders;
  const maySplit = own.length > 0 && rest.length > 0 && rules.split !== 'never' && rules.locationsMax > 1;
  const found = [
    waitingHere(lines, supply, store, []),
    laterFromElsewhere(lines, senders, supply, store, transit, []),
    ...(maySplit
      ? [
          waitingHere(rest, { ...supply, free: [] }, store, own),
          laterFromElsewhere(rest, senders, supply, store, transit, own),
        ]
      : []),
  ].flatMap((parts) => parts ?? []);
  const [best] = found.toSorted((a, b) => (readyOf(a) < readyOf(b) ? -1 : 1));
  return best ? { ...now, parts: best, unfilled: [] } : now;
}

const readyOf = (parts: readonly RoutedPart[]): string =>
  parts
    .map(({ readyOn = '' }) => readyOn)
    .sort()
    .at(-1) ?? '';

/** In a list, as `flatMap` takes one apart: the parts are what is found, or nothing is. */
type Ways = RoutedPart[][] | undefined;

function waitingHere(lines: readonly WantedLine[], supply: Supply, store: Sender, own: WantedLine[]): Ways {
  const part = waitingAt(lines, store, supply);
  return part && [[...partHere(store, own), { ...part, readyOn: part.leavesOn }]];
}

function laterFromElsewhere(
  lines: readonly WantedLine[],
  senders: Senders,
  supply: Supply,
  store: Sender,
  transit: TransitDays,
  own: WantedLine[],
): Ways {
  const here = partHere(store, own);
  const others = othersThan(store, senders, senders.rules.locationsMax - here.length);
  const route = routeLater(lines, others, supply, store.locationId);
  if (route.unfilled.length > 0) return undefined;
  return [[...here, ...readyAt(store, route.parts, transit)]];
}

function partHere({ locationId, leavesOn }: Sender, lines: WantedLine[]): RoutedPart[] {
  return lines.length === 0 ? [] : [{ locationId, leavesOn, readyOn: leavesOn, lines }];
}

/**
 * From the store's own shelves, as far as they go; else what is missing, or all of it, from the locations that the rules
 * would choose for a buyer who lives in the store.
 */
function routeToStore(
  lines: readonly WantedLine[],
  senders: Senders,
  free: readonly StockLine[],
  store: Sender,
  transit: TransitDays,
): Route {
  const { rules, ruleSetVersion } = senders;
  const { own, rest } = onShelf(lines, senders, free, store);
  const reasons = { asked: [], askedCount: 0, excluded: {} };
  // Whatever the rules say, it comes from here: nothing of them is tried.
  if (rest.length === 0) return { ruleSetVersion, parts: partHere(store, own), unfilled: [], reasons };
  const maySplit = own.length > 0 && rules.split !== 'never' && rules.locationsMax > 1;
  if (maySplit) {
    const others = fromElsewhere(rest, senders, free, store, transit, rules.locationsMax - 1);
    if (others.unfilled.length === 0) return { ...others, parts: [...partHere(store, own), ...others.parts] };
  }
  return fromElsewhere(lines, senders, free, store, transit, rules.locationsMax);
}

/** What lies on the store's own shelves, and what does not. */
function onShelf(
  lines: readonly WantedLine[],
  { rules }: Senders,
  free: readonly StockLine[],
  store: Sender,
): { own: WantedLine[]; rest: WantedLine[] } {
  const shelf = new Map(
    free
      .filter(({ locationId }) => locationId === store.locationId)
      .map(({ variantId, quantity }) => [variantId, quantity]),
  );
  const own = lines.flatMap(({ variantId, quantity }) => {
    const units = Math.min(quantity, shelf.get(variantId) ?? 0);
    return units === quantity || (units > 0 && rules.split === 'within_line')
      ? [{ variantId, quantity: units }]
      : [];
  });
  const rest = lines.flatMap(({ variantId, quantity }) => {
    const units = quantity - (own.find((line) => line.variantId === variantId)?.quantity ?? 0);
    return units > 0 ? [{ variantId, quantity: units }] : [];
  });
  return { own, rest };
}

function fromElsewhere(
  lines: readonly WantedLine[],
  senders: Senders,
  free: readonly StockLine[],
  store: Sender,
  transit: TransitDays,
  locationsMax: number,
): Route {
  const route = routeOver(lines, othersThan(store, senders, locationsMax), free, store.locationId);
  return { ...route, parts: readyAt(store, route.parts, transit) };
}

/** All that ship but the store itself, for a buyer who lives in it. */
const othersThan = (store: Sender, senders: Senders, locationsMax: number): Senders => ({
  ...senders,
  rules: { ...senders.rules, locationsMax },
  locations: senders.locations.filter(({ locationId, ships }) => ships && locationId !== store.locationId),
  positions: new Map([[store.locationId, store.position]]),
});

const readyAt = (
  { working }: Sender,
  parts: readonly RoutedPart[],
  { transitDaysMax }: TransitDays,
): RoutedPart[] =>
  parts.map((part) => {
    const arrives = addDays(part.leavesOn, transitDaysMax);
    return { ...part, readyOn: openDay(working, arrives) ?? arrives };
  });
