import { type Static, Type } from 'typebox';
import type { Viewer } from '#platform/access.ts';
import { mayReadPersonal } from '#platform/access.ts';
import { decimalsOf, parseDecimal } from '#platform/money.ts';
import {
  type ListedOrder,
  ORDER_MARKS,
  ORDER_STATES,
  type OrderCursor,
  type OrderQuestion,
} from '#read/order-list.ts';
import { Text } from '../page.ts';

/** The filters as the address has them. What it can't mean is left out, not refused: people type addresses. */
export const OrderFilters = Type.Object({
  words: Text(120),
  state: Text(20),
  touchpoint: Text(60),
  region: Text(60),
  location: Text(120),
  from: Text(10),
  to: Text(10),
  currency: Text(3),
  total_from: Text(20),
  total_to: Text(20),
  late: Text(3),
  unfillable: Text(3),
  outstanding: Text(3),
  after: Text(60),
});
export type OrderFilters = Static<typeof OrderFilters>;

/** Totals are amounts of the currency that is chosen, else of the marketplace's. */
export function questionOf(
  filters: OrderFilters,
  viewer: Viewer,
  marketplaceCurrency: string,
  now: Date,
): OrderQuestion {
  const { words, state, touchpoint, region, location, total_from: least, total_to: most } = filters;
  const hasTotal = minorOf(least, 'EUR') !== undefined || minorOf(most, 'EUR') !== undefined;
  const chosen = /^[A-Z]{3}$/.test(filters.currency) ? filters.currency : undefined;
  const currency = chosen ?? (hasTotal ? marketplaceCurrency : undefined);
  return {
    words,
    state: ORDER_STATES.find((each) => each === state),
    touchpoint: touchpoint || undefined,
    region: region || undefined,
    location: location || undefined,
    from: dayOf(filters.from),
    to: dayOf(filters.to),
    currency,
    totalFromMinor: currency === undefined ? undefined : minorOf(least, currency),
    totalToMinor: currency === undefined ? undefined : minorOf(most, currency),
    marks: ORDER_MARKS.filter((mark) => filters[mark] === 'yes'),
    mayReadPersonal: mayReadPersonal(viewer),
    now,
  };
}

function dayOf(text: string): string | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay && new Date(text).toISOString().startsWith(text) ? text : undefined;
}

function minorOf(text: string, currency: string): number | undefined {
  const minor = parseDecimal(text.replace(',', '.'), decimalsOf(currency));
  return minor === undefined || minor > 10n ** 13n || minor < -(10n ** 13n) ? undefined : Number(minor);
}

export const cursorText = ({ placedAt, id }: ListedOrder) => `${placedAt.getTime()}_${id}`;

export function cursorOf({ after }: OrderFilters): OrderCursor | undefined {
  const [, at, id] = /^(-?\d{1,14})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? [];
  return at !== undefined && id !== undefined ? { at: new Date(Number(at)), id } : undefined;
}
