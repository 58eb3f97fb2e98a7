import { addDays, daysBetween } from '#platform/days.ts';
import type { Db } from '#platform/db.ts';
import {
  type Availability,
  availabilityOf,
  comesTo,
  type Later,
  type StockLine,
} from '../inventory/index.ts';
import type { GivenLine, WantedLine } from './broker.ts';
import { leavingDayBy, openDay } from './calendar.ts';
import { freeOf, idsOf, type Route, type RoutedPart, routeOver, triedOn } from './route.ts';
import { type Sender, type Senders, sendersAt } from './senders.ts';

/** What may be promised now, by variant and place, and what later, by variant. */
export interface Supply {
  free: readonly StockLine[];
  later: ReadonlyMap<string, Later>;
}

/**
 * The route of an order that may wait for goods: what is free now, and the rest when it comes. `known` is the stock,
 * where it was asked for already; `unitId` is the order's cart, by which an experiment knows it.
 */
export async function routeEvenLater(
  db: Db,
  lines: readonly WantedLine[],
  regionCode: string,
  at: Date,
  {
    known,
    unitId,
  }: { known?: ReadonlyMap<string, Availability> | undefined; unitId?: string | undefined } = {},
): Promise<Route> {
  const availability = known ?? (await availabilityOf(db, idsOf(lines), at));
  const free = freeOf(availability);
  const later = new Map([...availability].flatMap(([id, each]) => (each.later ? [[id, each.later]] : [])));
  const locationIds = later.size > 0 ? null : [...new Set(free.map(({ locationId }) => locationId))];
  const senders = await sendersAt(db, at, { locationIds, tried: triedOn(unitId, regionCode) });
  return routeLater(lines, senders, { free, later }, regionCode);
}

/**
 * The route of lines that may wait. What is free goes as the rules say, and each line that is not is a part of its own,
 * which leaves when its goods have come. Where the rules don't split so far, the whole order waits at one location.
 */
export function routeLater(
  lines: readonly WantedLine[],
  senders: Senders,
  supply: Supply,
  regionCode: string,
): Route {
  const now = routeOver(lines, senders, supply.free, regionCode);
  if (now.unfilled.length === 0 || supply.later.size === 0) return now;
  const maySplit = senders.rules.split !== 'never' && senders.rules.locationsMax > 1;
  const parts = (maySplit && inParts(lines, now, senders, supply, regionCode)) || undefined;
  const found = parts ?? waitingPart(lines, senders, supply, regionCode);
  return found ? { ...now, ...found, unfilled: [] } : now;
}

/** All of these lines at one location, from what lies there and what is on its way to it; undefined where that is not enough. */
export function waitingAt(
  lines: readonly WantedLine[],
  sender: Sender,
  { free, later }: Supply,
): RoutedPart | undefined {
  const given = lines.map((line) => givenAt(line, sender.locationId, free, later, comesTo));
  const [goodsOn] = given
    .flatMap((each) => each?.on ?? [])
    .sort()
    .slice(-1);
  if (goodsOn === undefined || given.includes(undefined)) return undefined;
  const place = leavingFrom(sender, goodsOn);
  if (!place) return undefined;
  const { locationId, leavesOn } = place;
  return { locationId, leavesOn, goodsOn, lines: given.flatMap((each) => (each ? [each.line] : [])) };
}

type Found = Pick<Route, 'parts' | 'reasons'>;

function inParts(
  lines: readonly WantedLine[],
  { unfilled, reasons }: Route,
  senders: Senders,
  { free, later }: Supply,
  regionCode: string,
): Found | undefined {
  const missing = new Map(unfilled.map(({ variantId, quantity }) => [variantId, quantity]));
  const rest = lines.flatMap(({ variantId, quantity }) => {
    const units = quantity - (missing.get(variantId) ?? 0);
    return units > 0 ? [{ variantId, quantity: units }] : [];
  });
  const first = rest.length > 0 ? routeOver(rest, senders, free, regionCode) : undefined;
  if (first && first.unfilled.length > 0) return undefined;
  const waiting: RoutedPart[] = [];
  for (const line of unfilled) {
    const found = waitingPart([line], senders, { free: [], later }, regionCode);
    if (!found) return undefined;
    for (const part of found.parts) addPart(waiting, part);
  }
  const parts = [...(first?.parts ?? []), ...waiting];
  return parts.length <= senders.rules.locationsMax
    ? { parts, reasons: first?.reasons ?? reasons }
    : undefined;
}

/** What leaves a location on the same day is one parcel. */
function addPart(parts: RoutedPart[], part: RoutedPart): void {
  const same = parts.find(
    ({ locationId, leavesOn }) => locationId === part.locationId && leavesOn === part.leavesOn,
  );
  if (!same) return void parts.push(part);
  same.lines.push(...part.lines);
  same.goodsOn = [same.goodsOn ?? '', part.goodsOn ?? ''].sort().at(-1) ?? '';
}

/** A part of all these lines that leaves one location when the last goods have come: to where they are on their way, else to any. */
function waitingPart(
  lines: readonly WantedLine[],
  senders: Senders,
  supply: Supply,
  regionCode: string,
): Found | undefined {
  return (
    partAt(lines, senders, supply, regionCode, comesTo) ??
    partAt(
      lines,
      senders,
      supply,
      regionCode,
      (later, locationId, units) => comesTo(later, locationId, units) ?? later.otherwiseOn,
    )
  );
}

/** What a location would give, and when. */
interface Standing {
  place: Sender;
  goodsOn: string;
  lines: GivenLine[];
}

function partAt(
  lines: readonly WantedLine[],
  senders: Senders,
  { free, later }: Supply,
  regionCode: string,
  dayFor: typeof comesTo,
): Found | undefined {
  const standing = new Map<string, Standing>();
  for (const sender of senders.locations) {
    const given = lines.map((line) => givenAt(line, sender.locationId, free, later, dayFor));
    const days = given.flatMap((each) => each?.on ?? []).sort();
    const [goodsOn] = days.slice(-1);
    if (goodsOn === undefined || given.includes(undefined)) continue;
    const place = leavingFrom(sender, goodsOn);
    if (place)
      standing.set(sender.locationId, {
        place,
        goodsOn,
        lines: given.flatMap((each) => (each ? [each.line] : [])),
      });
  }
  const places = [...standing.values()];
  const route = routeOver(
    lines,
    { ...senders, rules: patient(senders.rules), locations: places.map(({ place }) => place) },
    places.flatMap(({ place: { locationId }, lines: given }) =>
      given.map((line) => ({ ...line, locationId })),
    ),
    regionCode,
  );
  const [part] = route.parts;
  const at = part && standing.get(part.locationId);
  if (!at || route.unfilled.length > 0) return undefined;
  return { parts: [{ ...part, lines: at.lines, goodsOn: at.goodsOn }], reasons: route.reasons };
}

/** From what lies there and what comes; undefined where that is not enough. */
function givenAt(
  { variantId, quantity }: WantedLine,
  locationId: string,
  free: readonly StockLine[],
  later: ReadonlyMap<string, Later>,
  dayFor: typeof comesTo,
): { line: GivenLine; on?: string } | undefined {
  const here = free.find((line) => line.variantId === variantId && line.locationId === locationId);
  const waits = quantity - Math.min(quantity, here?.quantity ?? 0);
  if (waits === 0) return { line: { variantId, quantity } };
  const comes = later.get(variantId);
  const on = comes && comes.units >= waits ? dayFor(comes, locationId, waits) : undefined;
  return on === undefined ? undefined : { line: { variantId, quantity, waits }, on };
}

/** The location as it stands on the morning of a day to come: its capacity of then is nobody's yet. */
function leavingFrom(sender: Sender, day: string): Sender | undefined {
  const leavesOn = leavingDayBy(sender.working, { day, time: '00:00' });
  if (leavesOn === undefined) return undefined;
  const later = leavesOn > sender.leavesOn ? leavesOn : sender.leavesOn;
  const leavesInDays = sender.leavesInDays + daysBetween(sender.leavesOn, later);
  return { ...sender, leavesOn: later, leavesInDays, hasCapacityToday: true, load: 0 };
}

/**
 * When a part leaves whose goods come to a location on another day than was thought, and when it lies ready at the store
 * where it is collected.
 */
export async function leavesWithGoods(
  db: Db,
  part: { locationId: string; goodsOn: string; pickupLocationId: string | null; transitDaysMax: number },
  at: Date,
): Promise<Pick<RoutedPart, 'leavesOn' | 'readyOn'>> {
  const { locationId, goodsOn, pickupLocationId, transitDaysMax } = part;
  const locationIds = [locationId, ...(pickupLocationId === null ? [] : [pickupLocationId])];
  const { locations } = await sendersAt(db, at, { locationIds, withAllStores: true });
  const senderOf = (id: string | null) => locations.find((each) => each.locationId === id);
  const giver = senderOf(locationId);
  const leavesOn = (giver && leavingFrom(giver, goodsOn)?.leavesOn) ?? goodsOn;
  if (pickupLocationId === null) return { leavesOn };
  if (pickupLocationId === locationId) return { leavesOn, readyOn: leavesOn };
  const arrives = addDays(leavesOn, transitDaysMax);
  const store = senderOf(pickupLocationId);
  return { leavesOn, readyOn: (store && openDay(store.working, arrives)) ?? arrives };
}

/** Rules about haste and about what must stay on a shelf have nothing to say of goods that are still to come. */
const patient = ({ filters, ...rules }: Senders['rules']): Senders['rules'] => ({
  ...rules,
  split: 'never',
  filters: filters.filter(({ keep }) => !IMPATIENT.has(keep)),
});

const IMPATIENT: ReadonlySet<string> = new Set([
  'with_capacity_today',
  'leaving_within_days',
  'leaving_units',
]);
