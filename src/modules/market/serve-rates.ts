import type { Static } from 'typebox';
import type { fulfilmentShipped } from '#events/fulfilment.ts';
import { dayIn } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { splitByWeight } from '#platform/money.ts';
import { own } from './own.ts';
import { type Entry, enter } from './settle-credits.ts';

/** What a shipment costs a location that sends it. */
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
}

/**
 * Sets what serving costs at a location from a day on, until the day of a later rate. What was credited already stays: the
 * ledger keeps what was known when a shipment left.
 */
export async function setServeRate(tx: Tx, rate: ServeRate, now: Date): Promise<void> {
  const values = {
    currency: rate.currency,
    minutes_fixed: rate.minutesFixed,
    minutes_per_line: rate.minutesPerLine,
    minute_minor: rate.minuteMinor,
    label_minor: rate.labelMinor,
    packaging_minor: rate.packagingMinor,
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
    ])
    .orderBy('location_id')
    .orderBy('starts_on')
    .execute();
}

/** What leaves a location: how many lines, and whether a parcel carries them or their buyer does. */
interface Served {
  lines: number;
  byParcel: boolean;
}

/** To the minor unit, half to even. What its buyer carries away needs no label. */
export function costToServe(rate: ServeRate, { lines, byParcel }: Served): number {
  const minutes = rate.minutesFixed + rate.minutesPerLine * lines;
  const work = minutes * rate.minuteMinor;
  const whole = Math.floor(work);
  const isHalf = work - whole === 0.5;
  const rounded = isHalf ? whole + (whole % 2) : Math.round(work);
  return rounded + (byParcel ? rate.labelMinor : 0) + rate.packagingMinor;
}

export interface ServedEvent {
  id: string;
  payload: Static<typeof fulfilmentShipped.schema>;
}

/** Credits locations with what their shipments cost them, an equal part for each line. */
export async function enterServed(tx: Tx, events: readonly ServedEvent[], timeZone: string): Promise<void> {
  if (events.length === 0) return;
  const rates = await serveRates(tx);
  const rows: Entry[] = [];
  for (const { id: eventId, payload } of events) {
    const { orderId: saleId, locationId, lines, byParcel = true } = payload;
    const businessDay = dayIn(timeZone, new Date(payload.occurredAt));
    const rate = rates.findLast((each) => each.locationId === locationId && each.startsOn <= businessDay);
    if (!rate) continue;
    const parts = splitByWeight(
      costToServe(rate, { lines: lines.length, byParcel }),
      lines.map(() => 1),
    );
    for (const [index, { lineId }] of lines.entries()) {
      const amountMinor = parts[index] ?? 0;
      const facts = {
        saleId,
        lineId,
        eventId,
        locationId,
        amountMinor,
        currency: rate.currency,
        businessDay,
      };
      rows.push({ kind: 'fulfilment', associateId: null, regionCode: null, ...facts });
    }
  }
  await enter(tx, rows, null);
}
