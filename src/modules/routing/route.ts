import { geoDistance } from 'd3-geo';
import { addDays } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import { type Availability, availabilityOf, type StockLine } from '../inventory/index.ts';
import type { Position } from '../market/index.ts';
import { broker, type Candidate, costOf, type Part, type Plan, type WantedLine } from './broker.ts';
import type { Trial } from '../experiments/index.ts';
import type { Tried } from './rule-sets.ts';
import { type Senders, sendersAt, type Sender } from './senders.ts';

/** What is kept of a decision: what the best locations weighed, and how many each filter kept from being asked. */
export interface Reasons {
  /** The best first; of more than these, the score of the last says what the others did not reach. */
  asked: {
    locationId: string;
    score: number;
    leavesOn: string;
    /** Null where it is not known how far the buyer is. */
    distanceKm: number | null;
    costMinor: number;
    load: number;
  }[];
  askedCount: number;
  /** By filter. */
  excluded: Record<string, number>;
}

const REASONS_MAX = 10;

export interface RoutedPart extends Part {
  /** YYYY-MM-DD by the location's clock. */
  leavesOn: string;
  /** Of what is collected: the day, by the store's clock, from which it lies there. */
  readyOn?: string;
  /** Of a part that waits for goods: the day on which the last of them are to come to the location. */
  goodsOn?: string;
}

/** Where an order's goods come from, and when they leave. */
export interface Route {
  ruleSetVersion: number;
  /** Where an experiment chose the rules: whoever keeps the route notes it. */
  trial?: Trial;
  parts: RoutedPart[];
  /** What no location that the rules allow can give. */
  unfilled: WantedLine[];
  reasons: Reasons;
}

/** How long a parcel is on its way: what a way of delivery says. */
export interface TransitDays {
  transitDaysMin: number;
  transitDaysMax: number;
}

/** Days, YYYY-MM-DD, the last one included. */
export interface DeliveryWindow {
  promisedFrom: string;
  promisedTo: string;
}

/**
 * The route of an order that is placed at this moment, from the stock and the rules as they stand. `without` are
 * locations that are not asked, as they have said no; `unitId` is the order's cart, by which an experiment knows it.
 */
export async function routeFor(
  db: Db,
  lines: readonly WantedLine[],
  regionCode: string,
  at: Date,
  { without = new Set(), unitId }: { without?: ReadonlySet<string>; unitId?: string | undefined } = {},
): Promise<Route> {
  const free = await freeFor(db, lines, without, at);
  const locationIds = [...new Set(free.map(({ locationId }) => locationId))];
  const senders = await sendersAt(db, at, { locationIds, tried: triedOn(unitId, regionCode) });
  return routeOver(lines, senders, free, regionCode);
}

export const triedOn = (unitId: string | undefined, regionCode: string): Tried | undefined =>
  unitId === undefined ? undefined : { unitId, regionCode };

/** What may be promised of these lines now, by variant and place. */
export async function freeFor(
  db: Db,
  lines: readonly WantedLine[],
  without: ReadonlySet<string>,
  at: Date,
): Promise<StockLine[]> {
  return freeOf(await availabilityOf(db, idsOf(lines), at)).filter(
    ({ locationId }) => !without.has(locationId),
  );
}

export const idsOf = (lines: readonly WantedLine[]) => lines.map(({ variantId }) => variantId);

/** What may be promised now, by variant and place. */
export const freeOf = (availability: ReadonlyMap<string, Availability>): StockLine[] =>
  [...availability].flatMap(([variantId, { locations }]) =>
    locations.map(({ locationId, available: quantity }) => ({ variantId, locationId, quantity })),
  );

/** The same over stock and senders that are known already: `free` is what may be promised, by variant and place. */
export function routeOver(
  lines: readonly WantedLine[],
  senders: Senders,
  free: Iterable<StockLine>,
  regionCode: string,
): Route {
  const { rules, ruleSetVersion, trial } = senders;
  const wanted = new Set(lines.map(({ variantId }) => variantId));
  const shelves = new Map<string, Map<string, number>>();
  for (const { variantId, locationId, quantity } of free) {
    if (!wanted.has(variantId) || quantity <= 0) continue;
    const shelf = shelves.get(locationId);
    if (shelf) shelf.set(variantId, quantity);
    else shelves.set(locationId, new Map([[variantId, quantity]]));
  }
  const buyer = senders.positions.get(regionCode);
  const candidates = new Map<string, Candidate & Sender>();
  for (const place of senders.locations) {
    const available = shelves.get(place.locationId);
    if (!available) continue;
    candidates.set(place.locationId, { ...place, available, distanceKm: kmBetween(place.position, buyer) });
  }
  const plan = broker(lines, [...candidates.values()], rules);
  return {
    ruleSetVersion,
    ...(trial && { trial }),
    parts: plan.parts.map((part) => ({
      ...part,
      leavesOn: candidates.get(part.locationId)?.leavesOn ?? '',
    })),
    unfilled: plan.unfilled,
    reasons: reasonsOf(plan, candidates, (candidate) =>
      costOf(
        candidate,
        rules.parcel,
        lines.reduce((sum, { quantity }) => sum + quantity, 0),
      ),
    ),
  };
}

/**
 * The delivery window: the only place that makes one. From the first parcel's earliest arrival to the last one's
 * latest; of what is collected, the day on which the last of it lies there. Nothing is promised of what can't all be had.
 */
export function windowOf(
  { parts, unfilled }: Pick<Route, 'parts' | 'unfilled'>,
  { transitDaysMin, transitDaysMax }: TransitDays,
): DeliveryWindow | undefined {
  const ready = parts.flatMap(({ readyOn }) => readyOn ?? []).sort();
  const [whole] = ready.slice(-1);
  if (whole !== undefined && unfilled.length === 0) return { promisedFrom: whole, promisedTo: whole };
  const days = parts.map(({ leavesOn }) => leavesOn).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || unfilled.length > 0) return undefined;
  return { promisedFrom: addDays(first, transitDaysMin), promisedTo: addDays(last, transitDaysMax) };
}

function reasonsOf(
  { ranking, excluded }: Plan,
  candidates: ReadonlyMap<string, Candidate & Sender>,
  cost: (candidate: Candidate) => number,
): Reasons {
  const asked = ranking.slice(0, REASONS_MAX).flatMap(({ locationId, score }) => {
    const candidate = candidates.get(locationId);
    if (!candidate) return [];
    const { leavesOn, distanceKm, load } = candidate;
    return [{ locationId, score: round(score), leavesOn, distanceKm, costMinor: cost(candidate), load }];
  });
  const counts: Record<string, number> = {};
  for (const { by } of excluded) counts[by] = (counts[by] ?? 0) + 1;
  return { asked, askedCount: ranking.length, excluded: counts };
}

/** To a thousandth: what is kept is read by people. */
const round = (score: number) => Math.round(score * 1000) / 1000;

const EARTH_RADIUS_KM = 6371;

/** Over the ground, in whole kilometres: the buyer is known by region only. */
export function kmBetween(one: Position, other: Position | undefined): number | null {
  if (!other) return null;
  return Math.round(
    EARTH_RADIUS_KM * geoDistance([one.longitude, one.latitude], [other.longitude, other.latitude]),
  );
}
