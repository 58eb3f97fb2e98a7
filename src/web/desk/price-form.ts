import type { Static } from 'typebox';
import { Type } from 'typebox';
import { catalogErrors, type PriceList, type PriceListInput, WORLD } from '#modules/catalog/index.ts';
import { AppError } from '#platform/errors.ts';
import { isCurrency } from '#platform/money.ts';
import { exactly } from '#platform/schema.ts';
import { say, t } from '../messages.ts';
import { momentIn } from './local-moment.ts';
import { localOf, wholeIn, wordsIn } from './typed.ts';

/** Text as it goes to the database, which has no zero byte. */
export const Plain = (maxLength: number) =>
  Type.String({ maxLength, default: '', pattern: String.raw`^[^\u0000]*$` });

export const ListBody = exactly({
  name: Plain(200),
  currency: Plain(10),
  market: Plain(60),
  priority: Plain(10),
  from: Plain(30),
  to: Plain(30),
});
export type TypedList = Static<typeof ListBody>;
export type ListErrors = Partial<Record<keyof TypedList, string>>;

export const blankList: TypedList = {
  name: '',
  currency: '',
  market: WORLD,
  priority: '0',
  from: '',
  to: '',
};

export const typedOfList = (list: PriceList, timeZone: string): TypedList => ({
  name: list.name,
  currency: list.currency,
  market: list.marketCode,
  priority: String(list.priority),
  from: localOf(list.validFrom, timeZone),
  to: list.validTo === null ? '' : localOf(list.validTo, timeZone),
});

interface Around {
  timeZone: string;
  now: Date;
  known: PriceList | undefined;
}

/** A list as it was typed. What a field shows only to the minute stays as it is while nobody changes it. */
export function listOf(
  typed: TypedList,
  { timeZone, now, known }: Around,
): { list: PriceListInput; errors?: never } | { list?: never; errors: ListErrors } {
  const errors: ListErrors = {};
  const shown = known && typedOfList(known, timeZone);
  const name = typed.name.trim();
  const currency = known?.currency ?? typed.currency.trim().toUpperCase();
  const priority = wholeIn(typed.priority, 0, 100);
  const validFrom = momentOr(typed.from, shown?.from, known?.validFrom ?? now, timeZone);
  const validTo = typed.to === '' ? null : momentOr(typed.to, shown?.to, known?.validTo ?? now, timeZone);
  if (name === '' || name.length > 80) errors.name = say('desk.prices.error.name');
  if (!isCurrency(currency)) errors.currency = say('desk.prices.error.currency');
  if (priority === undefined) errors.priority = say('desk.prices.error.priority');
  if (!validFrom) errors.from = say('desk.prices.error.from');
  if (validTo === undefined || (validTo && validFrom && validTo <= validFrom))
    errors.to = say('desk.prices.error.to');
  if (!validFrom || validTo === undefined || priority === undefined || Object.keys(errors).length > 0)
    return { errors };
  return { list: { name, currency, marketCode: typed.market.trim() || WORLD, priority, validFrom, validTo } };
}

function momentOr(typed: string, shown: string | undefined, stays: Date, timeZone: string): Date | undefined {
  return typed === '' || typed === shown ? stays : momentIn(typed, timeZone);
}

/** What the catalogue has against a list, beside its field; undefined for what is no refusal of it. */
export function listErrorsOf(error: unknown): ListErrors | undefined {
  if (!(error instanceof AppError)) return undefined;
  switch (error.code) {
    case catalogErrors.price_list_overlaps.code:
      return { priority: say('desk.prices.error.overlaps') };
    case catalogErrors.price_list_currency.code:
      return { currency: say('desk.prices.error.currency.fixed') };
    case catalogErrors.region_unknown.code:
      return { market: say('desk.prices.error.market') };
    default:
      return undefined;
  }
}

export const CurrencyBody = exactly({ currency: Plain(10), countries: Plain(1200) });
export type TypedCurrency = Static<typeof CurrencyBody>;
export type CurrencyErrors = Partial<Record<keyof TypedCurrency, string>>;

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** A currency and the countries whose visitors begin in it; or what is wrong with one of them. */
export function soldOf(
  typed: TypedCurrency,
  own: string,
): { currency: string; countryCodes: string[]; errors: CurrencyErrors } {
  const currency = typed.currency.trim().toUpperCase();
  const countryCodes = [...new Set(wordsIn(typed.countries).map((word) => word.toUpperCase()))];
  const wrong = countryCodes.find((code) => !/^[A-Z]{2}$/.test(code) || !COUNTRIES.of(code));
  const errors: CurrencyErrors = {};
  if (!isCurrency(currency)) errors.currency = say('desk.prices.error.currency');
  else if (currency === own) errors.currency = say('desk.prices.error.currency.own');
  if (wrong !== undefined) errors.countries = t('desk.prices.error.country', { country: wrong.slice(0, 20) });
  return { currency, countryCodes, errors };
}

export function currencyErrorsOf(error: unknown): CurrencyErrors | undefined {
  if (!(error instanceof AppError) || error.code !== catalogErrors.country_taken.code) return undefined;
  const { countryCode: country, currency } = error.data as { countryCode: string; currency: string };
  return { countries: t('desk.prices.error.country.taken', { country, currency }) };
}
