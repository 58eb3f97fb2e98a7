import { setImmediate } from 'node:timers/promises';
import type { ShippingLocation, StockLine } from '../inventory/index.ts';
import type { Position } from '../market/index.ts';
import { broker, type Candidate, costOf, type WantedLine } from './broker.ts';
import { leavingDayBy, localTime, type WorkingTime } from './calendar.ts';
import { kmBetween, type TransitDays, windowOf } from './route.ts';
import type { RuleSet } from './rules.ts';

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

/** What rules would have made of a month. */
export interface Outcome {
  orders: number;
  units: number;
  /** Units given ÷ units ordered. */
  fillRate: number | null;
  /** Orders all of which would have come by their promise ÷ orders. */
  onTime: number | null;
  /** Of picking, packing and carrying all that was given. */
  costMinor: number;
  /** Orders in several parcels ÷ orders of which something was given. */
  splitShare: number | null;
  /** Orders of which something could not be given. */
  unfillable: number;
  parcels: number;
}

interface Judged {
  /** By which carrying is priced: the same for all rules that are compared. */
  parcel: RuleSet['parcel'];
  /** When each order would have come by the rules it is compared with, for those to which nothing was promised. */
  otherwise?: readonly (string | undefined)[];
}

const SLICE_MS = 20;

/** Routes the orders one after the other in memory, on stock and capacity that they use up. Lets others work between. */
export async function simulate(
  world: World,
  rules: RuleSet,
  { parcel, otherwise }: Judged,
): Promise<{ outcome: Outcome; promises: (string | undefined)[] }> {
  const shelves = new Shelves(world);
  const places = new Places(world);
  const sum = { units: 0, given: 0, onTime: 0, costMinor: 0, split: 0, served: 0, unfillable: 0, parcels: 0 };
  const promises: (string | undefined)[] = [];
  let sliceBegan = performance.now();
  for (const [index, order] of world.orders.entries()) {
    if (performance.now() - sliceBegan > SLICE_MS) {
      await setImmediate();
      sliceBegan = performance.now();
    }
    shelves.bringTo(order.at);
    const candidates = places.candidates(order, shelves.of(order.lines));
    const { parts, unfilled } = broker(order.lines, [...candidates.values()], rules);
    const routed = parts.map((part) => ({
      ...part,
      leavesOn: candidates.get(part.locationId)?.leavesOn ?? '',
    }));
    for (const { locationId, lines, leavesOn } of routed) {
      const candidate = candidates.get(locationId);
      const units = unitsOf(lines);
      if (candidate) sum.costMinor += costOf(candidate, parcel, units);
      sum.given += units;
      shelves.take(locationId, lines);
      places.take(locationId, leavesOn);
    }
    const promised = windowOf({ parts: routed, unfilled }, order.transit)?.promisedTo;
    promises.push(promised);
    const due = order.promisedTo ?? (otherwise ? otherwise[index] : promised);
    if (promised !== undefined && (due === undefined || promised <= due)) sum.onTime += 1;
    sum.units += unitsOf(order.lines);
    sum.parcels += parts.length;
    if (parts.length > 0) sum.served += 1;
    if (parts.length > 1) sum.split += 1;
    if (unfilled.length > 0) sum.unfillable += 1;
  }
  return { outcome: outcomeOf(world.orders.length, sum), promises };
}

type Sums = Record<
  'units' | 'given' | 'onTime' | 'costMinor' | 'split' | 'served' | 'unfillable' | 'parcels',
  number
>;

const outcomeOf = (orders: number, sum: Sums): Outcome => ({
  orders,
  units: sum.units,
  fillRate: share(sum.given, sum.units),
  onTime: share(sum.onTime, orders),
  costMinor: sum.costMinor,
  splitShare: share(sum.split, sum.served),
  unfillable: sum.unfillable,
  parcels: sum.parcels,
});

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const unitsOf = (lines: readonly WantedLine[]) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** What lies where, by variant, so that an order looks only at those who have some of it. */
class Shelves {
  readonly #units = new Map<string, Map<string, number>>();
  readonly #changes: World['changes'];
  #next = 0;

  constructor({ free, changes }: World) {
    for (const line of free) this.#add(line);
    this.#changes = changes;
  }

  #add({ variantId, locationId, quantity }: StockLine): void {
    let places = this.#units.get(variantId);
    if (!places) this.#units.set(variantId, (places = new Map()));
    places.set(locationId, (places.get(locationId) ?? 0) + quantity);
  }

  bringTo(at: number): void {
    for (let change; (change = this.#changes[this.#next]) && change.at <= at; this.#next++) this.#add(change);
  }

  take(locationId: string, lines: readonly WantedLine[]): void {
    for (const { variantId, quantity } of lines) this.#add({ variantId, locationId, quantity: -quantity });
  }

  of(lines: readonly WantedLine[]): Map<string, Map<string, number>> {
    const found = new Map<string, Map<string, number>>();
    for (const { variantId } of lines) {
      for (const [locationId, units] of this.#units.get(variantId) ?? []) {
        if (units <= 0) continue;
        const shelf = found.get(locationId);
        if (shelf) shelf.set(variantId, units);
        else found.set(locationId, new Map([[variantId, units]]));
      }
    }
    return found;
  }
}

interface Place extends WorkingTime {
  location: ShippingLocation;
  /** Parcels by the day on which they leave. */
  taken: Map<string, number>;
  /** The last answer, and what it was asked: most orders of a day get the same. */
  known: { asked: string; first: string | undefined; leavesOn: string | undefined };
}

/** The locations with their calendars and what the orders before took of each day. */
class Places {
  readonly #places = new Map<string, Place>();
  readonly #positions: World['positions'];
  readonly #distances = new Map<string, number | null>();

  constructor({ locations, positions }: World) {
    this.#positions = positions;
    for (const location of locations) {
      const closures = new Set(location.closures);
      const known = { asked: '', first: undefined, leavesOn: undefined };
      this.#places.set(location.id, { ...location, closures, location, taken: new Map(), known });
    }
  }

  take(locationId: string, day: string): void {
    const place = this.#places.get(locationId);
    if (!place || place.location.capacityPerDay === null) return;
    const parcels = (place.taken.get(day) ?? 0) + 1;
    place.taken.set(day, parcels);
    if (parcels >= place.location.capacityPerDay) place.known.asked = '';
  }

  candidates(
    { at, regionCode }: PastDemand,
    shelves: ReadonlyMap<string, Map<string, number>>,
  ): Map<string, Candidate & { leavesOn: string }> {
    const clocks = new Map<string, { day: string; time: string }>();
    const found = new Map<string, Candidate & { leavesOn: string }>();
    for (const [locationId, available] of shelves) {
      const place = this.#places.get(locationId);
      if (!place) continue;
      let clock = clocks.get(place.timeZone);
      if (!clock) clocks.set(place.timeZone, (clock = localTime(place.timeZone, new Date(at))));
      const { first, leavesOn } = this.#days(place, clock);
      if (!first || !leavesOn) continue;
      const { code, kind, group, capacityPerDay, pickCostMinor, packCostMinor } = place.location;
      found.set(locationId, {
        locationId,
        code,
        kind,
        group,
        leavesOn,
        leavesInDays: (Date.parse(leavesOn) - Date.parse(clock.day)) / 86_400_000,
        hasCapacityToday: first === leavesOn,
        load: capacityPerDay === null ? 0 : Math.min(1, (place.taken.get(first) ?? 0) / capacityPerDay),
        distanceKm: this.#distance(place.location, regionCode),
        pickCostMinor,
        packCostMinor,
        available,
      });
    }
    return found;
  }

  #days(place: Place, clock: { day: string; time: string }): Place['known'] {
    const { location, taken, known } = place;
    const isLate = clock.time >= (location.cutOff ?? closingOf(place, clock.day));
    const asked = `${clock.day}${isLate ? ' late' : ''}`;
    if (known.asked === asked) return known;
    const { capacityPerDay } = location;
    const first = leavingDayBy(place, clock);
    const leavesOn =
      capacityPerDay === null
        ? first
        : leavingDayBy(place, clock, (day) => (taken.get(day) ?? 0) >= capacityPerDay);
    place.known = { asked, first, leavesOn };
    return place.known;
  }

  #distance({ id, latitude, longitude }: ShippingLocation, regionCode: string): number | null {
    const key = `${id} ${regionCode}`;
    let known = this.#distances.get(key);
    if (known === undefined) {
      known = kmBetween({ latitude, longitude }, this.#positions.get(regionCode));
      this.#distances.set(key, known);
    }
    return known;
  }
}

const closingOf = ({ openingHours }: WorkingTime, day: string): string =>
  openingHours[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]?.closes ?? '';
