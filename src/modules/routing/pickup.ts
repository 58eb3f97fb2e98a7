import { addDays } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import type { StockLine } from '../inventory/index.ts';
import type { Position } from '../market/index.ts';
import type { WantedLine } from './broker.ts';
import { openDay } from './calendar.ts';
import { freeFor, kmBetween, type Route, routeOver, type TransitDays } from './route.ts';
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
  const { senders, free } = await known(db, lines, asked);
  const stores = senders.locations
    .filter(({ kind }) => kind === 'store')
    .map((store) => ({ store, distanceKm: kmBetween(store.position, near) }))
    .sort((a, b) => (a.distanceKm ?? 0) - (b.distanceKm ?? 0) || (a.store.code < b.store.code ? -1 : 1));
  const found: PickupRoute[] = [];
  for (const { store, distanceKm } of stores.slice(0, STORES_ASKED)) {
    const route = routeToStore(lines, senders, free, store, asked.transit);
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
  const { senders, free } = await known(db, lines, asked);
  const store = senders.locations.find(({ locationId, kind }) => locationId === storeId && kind === 'store');
  return store && routeToStore(lines, senders, free, store, asked.transit);
}

async function known(db: Db, lines: readonly WantedLine[], { at, without = new Set() }: Asked) {
  return {
    senders: await sendersAt(db, at, { withAllStores: true }),
    free: await freeFor(db, lines, without, at),
  };
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
  const here = { locationId: store.locationId, leavesOn: store.leavesOn, readyOn: store.leavesOn };
  const reasons = { asked: [], askedCount: 0, excluded: {} };
  if (rest.length === 0) return { ruleSetVersion, parts: [{ ...here, lines: own }], unfilled: [], reasons };
  const maySplit = own.length > 0 && rules.split !== 'never' && rules.locationsMax > 1;
  if (maySplit) {
    const others = fromElsewhere(rest, senders, free, store, transit, rules.locationsMax - 1);
    if (others.unfilled.length === 0) return { ...others, parts: [{ ...here, lines: own }, ...others.parts] };
  }
  return fromElsewhere(lines, senders, free, store, transit, rules.locationsMax);
}

function fromElsewhere(
  lines: readonly WantedLine[],
  senders: Senders,
  free: readonly StockLine[],
  store: Sender,
  { transitDaysMax }: TransitDays,
  locationsMax: number,
): Route {
  const others = {
    ...senders,
    rules: { ...senders.rules, locationsMax },
    locations: senders.locations.filter(({ locationId, ships }) => ships && locationId !== store.locationId),
    positions: new Map([[store.locationId, store.position]]),
  };
  const route = routeOver(lines, others, free, store.locationId);
  return {
    ...route,
    parts: route.parts.map((part) => {
      const arrives = addDays(part.leavesOn, transitDaysMax);
      return { ...part, readyOn: openDay(store.working, arrives) ?? arrives };
    }),
  };
}
