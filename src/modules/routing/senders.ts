import { dayIn, daysBetween } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import { type ShippingLocation, shippingLocations } from '../inventory/index.ts';
import { type Position, positionsOf } from '../market/index.ts';
import type { Candidate } from './broker.ts';
import { leavingDay, type WorkingTime } from './calendar.ts';
import { own } from './own.ts';
import type { Trial } from '../experiments/index.ts';
import { rulesFor, type Tried } from './rule-sets.ts';
import type { RuleSet } from './rules.ts';

/** A location as it stands for any order that is placed at this moment. */
export interface Sender extends Omit<Candidate, 'distanceKm' | 'available'> {
  /** YYYY-MM-DD by its own clock: when a parcel that is assigned now leaves. */
  leavesOn: string;
  position: Position;
  working: WorkingTime;
  /** False for a store that only hands over. */
  ships: boolean;
}

/** All that decides where an order of this moment comes from and when, but for the stock: that is another's to say. */
export interface Senders {
  ruleSetVersion: number;
  /** Where an experiment chose the rules. */
  trial?: Trial;
  rules: RuleSet;
  locations: Sender[];
  /** Where buyers are, by region. */
  positions: ReadonlyMap<string, Position>;
}

interface Asked {
  /** Left out: all that ship. */
  locationIds?: readonly string[] | null;
  /** Stores that only hand over, too. */
  withAllStores?: boolean;
  /** For which order: an experiment may try other rules on it. Left out: by those in force. */
  tried?: Tried | undefined;
}

export async function sendersAt(db: Db, at: Date, asked: Asked = {}): Promise<Senders> {
  const { version, rules, trial } = await rulesFor(db, asked.tried);
  const { positions, shipping, taken } = await sendingAt(db, at, asked);
  const locations = shipping.flatMap((location) => senderOf(location, at, taken) ?? []);
  return { ruleSetVersion: version, rules, ...(trial && { trial }), locations, positions };
}

/** The locations as they stand for several orders of one moment: what one of them takes, the next finds taken. */
export interface SendersInTurn {
  positions: Senders['positions'];
  senderAt: (locationId: string) => Sender | undefined;
  /** A parcel more leaves there on the day that its sender says. */
  assignTo: (locationId: string) => void;
}

export async function sendersInTurn(db: Db, at: Date): Promise<SendersInTurn> {
  const { positions, shipping, taken: takenBefore } = await sendingAt(db, at, {});
  const more = new Map<string, number>();
  const taken: Taken = (locationId, day) =>
    takenBefore(locationId, day) + (more.get(`${locationId} ${day}`) ?? 0);
  const byId = new Map(shipping.map((location) => [location.id, location]));
  const senders = new Map(shipping.map((location) => [location.id, senderOf(location, at, taken)]));
  return {
    positions,
    senderAt: (locationId) => senders.get(locationId),
    assignTo: (locationId) => {
      const location = byId.get(locationId);
      const leavesOn = senders.get(locationId)?.leavesOn;
      if (!location || leavesOn === undefined || location.capacityPerDay === null) return;
      const key = `${locationId} ${leavesOn}`;
      more.set(key, 1 + (more.get(key) ?? 0));
      senders.set(locationId, senderOf(location, at, taken));
    },
  };
}

async function sendingAt(db: Db, at: Date, { locationIds = null, withAllStores = false }: Asked) {
  const positions = await positionsOf(db);
  const shipping = await shippingLocations(db, at, { ids: locationIds, withAllStores });
  return { positions, shipping, taken: await takenBy(db, shipping, at) };
}

type Taken = (locationId: string, day: string) => number;

/** How many parcels have been assigned for each day to come; asked only of locations that have a limit. */
async function takenBy(db: Db, locations: readonly ShippingLocation[], at: Date): Promise<Taken> {
  const limited = locations.filter(({ capacityPerDay }) => capacityPerDay !== null);
  if (limited.length === 0) return () => 0;
  const days = limited.map(({ timeZone }) => dayIn(timeZone, at)).sort();
  const rows = await own(db)
    .selectFrom('routing.assignment')
    .select(({ fn }) => ['location_id', 'leaves_on', fn.countAll<number>().as('parcels')])
    .where(
      'location_id',
      'in',
      limited.map(({ id }) => id),
    )
    .where('leaves_on', '>=', days[0] ?? '')
    .groupBy(['location_id', 'leaves_on'])
    .execute();
  const taken = new Map(rows.map((row) => [`${row.location_id} ${row.leaves_on}`, row.parcels]));
  return (locationId, day) => taken.get(`${locationId} ${day}`) ?? 0;
}

/** Undefined for a location that does not open within months: it can promise nothing. */
function senderOf(location: ShippingLocation, at: Date, taken: Taken): Sender | undefined {
  const { id, code, kind, group, capacityPerDay, pickCostMinor, packCostMinor } = location;
  const working = { ...location, closures: new Set(location.closures) };
  const loadOn = (day: string) => (capacityPerDay === null ? 0 : taken(id, day) / capacityPerDay);
  const first = leavingDay(working, at);
  const leavesOn =
    capacityPerDay === null ? first : leavingDay(working, at, (day) => taken(id, day) >= capacityPerDay);
  if (!first || !leavesOn) return undefined;
  return {
    locationId: id,
    code,
    kind,
    group,
    leavesOn,
    leavesInDays: daysBetween(dayIn(location.timeZone, at), leavesOn),
    hasCapacityToday: first === leavesOn,
    load: Math.min(1, loadOn(first)),
    pickCostMinor,
    packCostMinor,
    position: { latitude: location.latitude, longitude: location.longitude },
    working,
    ships: location.ships,
  };
}
