import assert from 'node:assert/strict';
import type { ShippingLocation, StockLine } from '../inventory/index.ts';
import type { Position } from '../market/index.ts';
import type { Candidate, Part, WantedLine } from './broker.ts';
import { leavingDayBy, localTime, type WorkingTime } from './calendar.ts';
import { kmBetween, type TransitDays } from './route.ts';

/** An order of the past, as it was placed. */
export interface PastDemand {
  /** Milliseconds since 1970. */
  at: number;
  regionCode: string;
  /** YYYY-MM-DD; null where nothing was promised. */
  promisedTo: string | null;
  transit: TransitDays;
  lines: WantedLine[];
}

/** What a month was like: orders and changes of stock in the order of time. */
export interface World {
  locations: readonly ShippingLocation[];
  positions: ReadonlyMap<string, Position>;
  /** What might be promised when it began. */
  free: readonly StockLine[];
  /** What came in and went otherwise than to buyers. */
  changes: readonly (StockLine & { at: number })[];
  orders: readonly PastDemand[];
}

const DAY_MS = 86_400_000;

/** What a clock at a location shows. */
type Clock = ReturnType<typeof localTime>;

interface Leaving {
  /** The first day on which a parcel assigned now could leave, were there no limit. */
  first: string;
  /** The day on which it does. */
  leavesOn: string;
  leavesInDays: number;
}

/** A location as it stands for the order that was asked about last. */
type Standing = { -readonly [K in keyof Candidate]: Candidate[K] } & {
  available: Map<string, number>;
  leavesOn: string;
};

interface Place extends WorkingTime {
  location: ShippingLocation;
  /** Parcels by the day on which they leave. */
  taken: Map<string, number>;
  /** The last answer, and what it was asked: most orders of a day get the same. */
  known: { asked: string; days: Leaving | undefined } | undefined;
  askedFor: PastDemand | undefined;
  /** One object for all orders: a month asks twenty million times. */
  standing: Standing;
}

/** The locations of a month: their shelves and calendars, and what the orders before took of both. */
export class PastPlaces {
  readonly #places = new Map<string, Place>();
  /** What lies where, by variant, so that an order looks only at those who have some of it. */
  readonly #units = new Map<string, Map<Place, number>>();
  readonly #changes: World['changes'];
  #next = 0;
  readonly #positions: World['positions'];
  /** By region, then by location. */
  readonly #distances = new Map<string, Map<string, number | null>>();
  #clocks = { minute: Number.NaN, byZone: new Map<string, Clock>() };

  constructor({ locations, positions, free, changes }: World) {
    this.#positions = positions;
    this.#changes = changes;
    for (const location of locations) this.#places.set(location.id, placeOf(location));
    for (const line of free) this.#add(line);
  }

  /** Those that have some of what is wanted, as they stand now. The answer holds until the next question. */
  candidates(order: PastDemand): Standing[] {
    this.#bringTo(order.at);
    const found: Standing[] = [];
    const distances = this.#distancesTo(order.regionCode);
    for (const { variantId } of order.lines) {
      for (const [place, units] of this.#units.get(variantId) ?? []) {
        if (units <= 0) continue;
        if (place.askedFor !== order) {
          place.askedFor = order;
          if (this.#stand(place, order.at, distances)) found.push(place.standing);
        }
        place.standing.available.set(variantId, units);
      }
    }
    return found;
  }

  /** A candidate gives what was asked of it. */
  take({ locationId, lines }: Part): Standing {
    const place = this.#places.get(locationId);
    assert(place);
    const { standing, taken, location } = place;
    for (const { variantId, quantity } of lines) this.#add({ variantId, locationId, quantity: -quantity });
    if (location.capacityPerDay !== null) {
      const parcels = (taken.get(standing.leavesOn) ?? 0) + 1;
      taken.set(standing.leavesOn, parcels);
      if (parcels >= location.capacityPerDay) place.known = undefined;
    }
    return standing;
  }

  #add({ variantId, locationId, quantity }: StockLine): void {
    const place = this.#places.get(locationId);
    if (!place) return;
    let places = this.#units.get(variantId);
    if (!places) this.#units.set(variantId, (places = new Map()));
    places.set(place, (places.get(place) ?? 0) + quantity);
  }

  #bringTo(at: number): void {
    for (let change; (change = this.#changes[this.#next]) && change.at <= at; this.#next++) this.#add(change);
  }

  /** Whether it can send anything at all. */
  #stand(place: Place, at: number, distances: ReadonlyMap<string, number | null>): boolean {
    const { standing, taken, location } = place;
    standing.available.clear();
    const days = daysOf(place, this.#clock(place.timeZone, at));
    if (!days) return false;
    standing.leavesOn = days.leavesOn;
    standing.leavesInDays = days.leavesInDays;
    standing.hasCapacityToday = days.first === days.leavesOn;
    if (location.capacityPerDay !== null)
      standing.load = Math.min(1, (taken.get(days.first) ?? 0) / location.capacityPerDay);
    standing.distanceKm = distances.get(location.id) ?? null;
    return true;
  }

  /** Told once for all who ask within a minute: calendars know nothing finer. */
  #clock(timeZone: string, at: number): Clock {
    const minute = Math.floor(at / 60_000);
    if (minute !== this.#clocks.minute) this.#clocks = { minute, byZone: new Map() };
    let clock = this.#clocks.byZone.get(timeZone);
    if (!clock) this.#clocks.byZone.set(timeZone, (clock = localTime(timeZone, new Date(at))));
    return clock;
  }

  #distancesTo(regionCode: string): ReadonlyMap<string, number | null> {
    let known = this.#distances.get(regionCode);
    if (!known) {
      const position = this.#positions.get(regionCode);
      known = new Map([...this.#places].map(([id, { location }]) => [id, kmBetween(location, position)]));
      this.#distances.set(regionCode, known);
    }
    return known;
  }
}

function placeOf(location: ShippingLocation): Place {
  const { id: locationId, code, kind, group, pickCostMinor, packCostMinor } = location;
  return {
    ...location,
    closures: new Set(location.closures),
    location,
    taken: new Map(),
    known: undefined,
    askedFor: undefined,
    standing: {
      locationId,
      code,
      kind,
      group,
      leavesOn: '',
      leavesInDays: 0,
      hasCapacityToday: true,
      load: 0,
      distanceKm: null,
      pickCostMinor,
      packCostMinor,
      available: new Map(),
    },
  };
}

/** Undefined for a place that does not open in the time that is searched. */
function daysOf(place: Place, clock: Clock): Leaving | undefined {
  const isLate = clock.time >= (place.location.cutOff ?? closingOf(place, clock.day));
  const asked = isLate ? `${clock.day} late` : clock.day;
  if (place.known?.asked !== asked) place.known = { asked, days: leavingOf(place, clock) };
  return place.known.days;
}

function leavingOf(place: Place, clock: Clock): Leaving | undefined {
  const { capacityPerDay } = place.location;
  const first = leavingDayBy(place, clock);
  const leavesOn =
    capacityPerDay === null
      ? first
      : leavingDayBy(place, clock, (day) => (place.taken.get(day) ?? 0) >= capacityPerDay);
  if (first === undefined || leavesOn === undefined) return undefined;
  return { first, leavesOn, leavesInDays: (Date.parse(leavesOn) - Date.parse(clock.day)) / DAY_MS };
}

const closingOf = ({ openingHours }: WorkingTime, day: string): string =>
  openingHours[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]?.closes ?? '';
