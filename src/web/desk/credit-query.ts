import { type Static, Type } from 'typebox';
import { businessDayAt, shiftDay } from '#modules/insight/index.ts';
import type { Location } from '#modules/inventory/index.ts';
import type { CreditPeriod } from '#modules/market/index.ts';
import type { Deps } from '#platform/module.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { t } from '../messages.ts';
import { isDay } from './stock-shell.tsx';

// A form sends its empty fields too.
const Day = Type.Optional(Type.String({ maxLength: 10 }));
export const PERIOD = {
  from: Day,
  to: Day,
  currency: Type.Optional(Type.String({ pattern: '^([A-Z]{3})?$' })),
};
const PeriodQuery = Type.Object(PERIOD);

const USUAL_DAYS = 28;

/** The period that is asked for, the earlier day first; the last four weeks where none is. */
export async function creditPeriodOf(
  query: Static<typeof PeriodQuery>,
  { reads, config, now }: Deps,
): Promise<CreditPeriod> {
  const today = businessDayAt(now(), config.timeZone);
  const currency = query.currency || (await marketplaceCurrency(reads));
  const { from = '', to = '' } = query;
  if (!isDay(from) || !isDay(to)) return { from: shiftDay(today, 1 - USUAL_DAYS), to: today, currency };
  return from <= to ? { from, to, currency } : { from: to, to: from, currency };
}

export const periodSearch = ({ from, to, currency }: CreditPeriod, more: Record<string, string> = {}) =>
  new URLSearchParams({ from, to, currency, ...more }).toString();

export const storeName = (places: readonly Location[], id: string | null): string => {
  if (id === null) return t('desk.credits.unassigned');
  return places.find((place) => place.id === id)?.name ?? t('desk.credits.unknown', { id: id.slice(0, 8) });
};
