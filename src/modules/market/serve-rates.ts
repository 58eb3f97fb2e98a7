import type { Static } from 'typebox';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import { servingCosted } from '#events/market.ts';
import type { returnInspected } from '#events/orders.ts';
import { dayIn } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { roundHalfEven, splitByWeight } from '#platform/money.ts';
import { own } from './own.ts';
import { type Entry, enter } from './settle-credits.ts';

/** What a shipment costs a location that sends it, and a return one that looks at it. */
export interface ServeRate {
  locationId: string;
  /** The first business day of the shipments that it is for. */
  startsOn: string;
  currency: string;
  minutesFixed: number;
  minutesPerLine: number;
  /** A minute of work, in minor units, which may have decimals. */
  minuteMinor: number;
  labelMinor: number;
  packagingMinor: number;
  returnMinutesFixed: number;
  returnMinutesPerLine: number;
  returnLabelMinor: number;
}

type OfReturns = 'returnMinutesFixed' | 'returnMinutesPerLine' | 'returnLabelMinor';
/** A return costs nothing where nobody says what. */
type NewServeRate = Omit<ServeRate, OfReturns> & Partial<Pick<ServeRate, OfReturns>>;

/**
 * Sets what serving costs at a location from a day on, until the day of a later rate. What was credited already stays: the
 * ledger keeps what was known when a shipment left.
 */
export async function setServeRate(tx: Tx, rate: NewServeRate, now: Date): Promise<void> {
  const values = {
    currency: rate.currency,
    minutes_fixed: rate.minutesFixed,
    minutes_per_line: rate.minutesPerLine,
    minute_minor: rate.minuteMinor,
    label_minor: rate.labelMinor,
    packaging_minor: rate.packagingMinor,
    return_minutes_fixed: rate.returnMinutesFixed ?? 0,
    return_minutes_per_line: rate.returnMinutesPerLine ?? 0,
    return_label_minor: rate.returnLabelMinor ?? 0,
    set_at: now,
  };
  await own(tx)
    .insertInto('market.serve_rate')
    .values({ location_id: rate.locationId, starts_on: rate.startsOn, ...values })
    .onConflict((conflict) => conflict.columns(['location_id', 'starts_on']).doUpdateSet(values))
    .execute();
}

/** All rates, each location's in the order of their days. */
export async function serveRates(db: Db): Promise<ServeRate[]> {
  return own(db)
    .selectFrom('market.serve_rate')
    .select([
      'location_id as locationId',
      'starts_on as startsOn',
      'currency',
      'minutes_fixed as minutesFixed',
      'minutes_per_line as minutesPerLine',
      'minute_minor as minuteMinor',
      'label_minor as labelMinor',
      'packaging_minor as packagingMinor',
      'return_minutes_fixed as returnMinutesFixed',
      'return_minutes_per_line as returnMinutesPerLine',
      'return_label_minor as returnLabelMinor',
    ])
    .orderBy('location_id')
    .orderBy('starts_on')
    .execute();
}

/** What leaves a location, or comes back to one: how many lines, and whether a parcel carries them or their buyer does. */
interface Served {
  lines: number;
  byParcel: boolean;
}

export type CostPart = Static<typeof servingCosted.schema>['parts'][number];

/** What each part of a shipment costs, to the minor unit, half to even. What its buyer carries away needs no label. */
export const partsOfShipment = (rate: ServeRate, { lines, byParcel }: Served): CostPart[] => [
  { kind: 'work', amountMinor: workMinor(rate, rate.minutesFixed + rate.minutesPerLine * lines) },
  { kind: 'label', amountMinor: byParcel ? rate.labelMinor : 0 },
  { kind: 'packaging', amountMinor: rate.packagingMinor },
];

/** What each part of a return costs that was looked at. What its buyer brought needs no label. */
export const partsOfReturn = (rate: ServeRate, { lines, byParcel }: Served): CostPart[] => [
  {
    kind: 'return_work',
    amountMinor: workMinor(rate, rate.returnMinutesFixed + rate.returnMinutesPerLine * lines),
  },
  { kind: 'return_label', amountMinor: byParcel ? rate.returnLabelMinor : 0 },
];

export const costToServe = (rate: ServeRate, served: Served): number => sumOf(partsOfShipment(rate, served));

const sumOf = (parts: readonly CostPart[]): number =>
  parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const workMinor = ({ minuteMinor }: ServeRate, minutes: number): number =>
  roundHalfEven(minutes * minuteMinor);

/** A location served an order: it sent goods, or looked at what came back. */
export type ServedEvent =
  | { id: string; name: typeof fulfilmentShipped.name; payload: Static<typeof fulfilmentShipped.schema> }
  | { id: string; name: typeof returnInspected.name; payload: Static<typeof returnInspected.schema> };

/** Credits locations with what serving cost them, an equal part for each line, and tells of it part by part. */
export async function enterServed(tx: Tx, events: readonly ServedEvent[], timeZone: string): Promise<void> {
  if (events.length === 0) return;
  const rates = await serveRates(tx);
  const rows: Entry[] = [];
  for (const { id: eventId, name, payload } of events) {
    const { orderId: saleId, locationId, lines, byParcel = true, occurredAt } = payload;
    const businessDay = dayIn(timeZone, new Date(occurredAt));
    const rate = rates.findLast((each) => each.locationId === locationId && each.startsOn <= businessDay);
    if (!rate) continue;
    const served = { lines: lines.length, byParcel };
    const parts =
      name === fulfilmentShipped.name ? partsOfShipment(rate, served) : partsOfReturn(rate, served);
    const { currency } = rate;
    const shares = splitByWeight(
      sumOf(parts),
      lines.map(() => 1),
    );
    for (const [index, { lineId }] of lines.entries()) {
      const amountMinor = shares[index] ?? 0;
      const facts = { saleId, lineId, eventId, locationId, amountMinor, currency, businessDay };
      rows.push({ kind: 'fulfilment', associateId: null, regionCode: null, ...facts });
    }
    const costing = parts.filter(({ amountMinor }) => amountMinor > 0);
    if (costing.length > 0)
      await emit(tx, servingCosted, {
        orderId: saleId,
        locationId,
        causeId: eventId,
        currency,
        parts: costing,
        occurredAt,
      });
  }
  await enter(tx, rows, null);
}
