import type { Static } from 'typebox';
import type { Location } from '#modules/inventory/index.ts';
import type { ServeRate } from '#modules/market/index.ts';
import { isCurrency } from '#modules/pricing/index.ts';
import { decimalsOf } from '#platform/money.ts';
import { exactly } from '#platform/schema.ts';
import { say } from '../messages.ts';
import { Text } from '../page.ts';
import { isDay, minorIn } from './stock-shell.tsx';

export const RateBody = exactly({
  location: Text(120),
  from: Text(10),
  currency: Text(3),
  fixed: Text(20),
  per_line: Text(20),
  minute: Text(20),
  label: Text(20),
  packaging: Text(20),
  return_fixed: Text(20),
  return_per_line: Text(20),
  return_label: Text(20),
});
export type TypedRate = Static<typeof RateBody>;
export type RateErrors = Partial<Record<keyof TypedRate, string>>;

const MINUTES_MAX = 10_000;
const MINUTE_MINOR_MAX = 1_000_000;
const PAPER_MINOR_MAX = 100_000_000;
/** Of a minor unit: a minute at €31.25 an hour is 52.0833 cents. */
export const MINUTE_DECIMALS = 4;

export const blankRate = (currency: string, from: string): TypedRate => ({
  location: '',
  from,
  currency,
  fixed: '',
  per_line: '',
  minute: '',
  label: '',
  packaging: '',
  return_fixed: '0',
  return_per_line: '0',
  return_label: '0',
});

export const numberIn = (text: string, max: number): number | undefined => {
  const value = /^\d{1,9}([.,]\d{1,6})?$/.test(text.trim()) ? Number(text.replace(',', '.')) : Number.NaN;
  return value <= max ? value : undefined;
};

/** A rate as it was typed: money in the currency's own unit, minutes with decimals. */
export function rateIn(
  typed: TypedRate,
  places: readonly Location[],
  today: string,
): { rate: ServeRate; errors?: never } | { rate?: never; errors: RateErrors } {
  const errors: RateErrors = {};
  const need = <Value>(field: keyof TypedRate, key: Parameters<typeof say>[0], value: Value | undefined) => {
    if (value === undefined) errors[field] = say(key);
    return value;
  };
  const currency = typed.currency.trim().toUpperCase();
  const knows = isCurrency(currency);
  if (!knows) errors.currency = say('desk.promotions.error.currency');
  const money = (field: 'label' | 'packaging' | 'return_label') => {
    const minor = knows ? minorIn(typed[field], currency) : 0;
    return need(
      field,
      'desk.serve_rates.fault.money',
      minor !== undefined && minor <= PAPER_MINOR_MAX ? minor : undefined,
    );
  };
  const minutes = (field: 'fixed' | 'per_line' | 'return_fixed' | 'return_per_line') =>
    need(field, 'desk.serve_rates.fault.minutes', numberIn(typed[field], MINUTES_MAX));
  const minute = numberIn(typed.minute, MINUTE_MINOR_MAX);
  const minuteMinor =
    minute === undefined || !knows
      ? minute
      : Number((minute * 10 ** decimalsOf(currency)).toFixed(MINUTE_DECIMALS));
  const found = {
    locationId: need(
      'location',
      'desk.serve_rates.fault.place',
      places.find(({ code }) => code === typed.location)?.id,
    ),
    // What was shipped before is credited already.
    startsOn: need(
      'from',
      'desk.serve_rates.fault.day',
      isDay(typed.from) && typed.from >= today ? typed.from : undefined,
    ),
    minutesFixed: minutes('fixed'),
    minutesPerLine: minutes('per_line'),
    returnMinutesFixed: minutes('return_fixed'),
    returnMinutesPerLine: minutes('return_per_line'),
    returnLabelMinor: money('return_label'),
    minuteMinor: need(
      'minute',
      'desk.serve_rates.fault.money',
      minuteMinor !== undefined && minuteMinor <= MINUTE_MINOR_MAX ? minuteMinor : undefined,
    ),
    labelMinor: money('label'),
    packagingMinor: money('packaging'),
  };
  return Object.keys(errors).length > 0
    ? { errors }
    : { rate: { ...(found as Required<typeof found> & ServeRate), currency } };
}
