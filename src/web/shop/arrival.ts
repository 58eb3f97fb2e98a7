import type { PromisedOption } from '#modules/orders/index.ts';
import type { DeliveryWindow } from '#modules/routing/index.ts';
import { countryName, type Format } from '../format.ts';
import { t } from '../messages.ts';

/** "At your door between Tue 24 November and Thu 26 November" */
export function arrivalText({ promisedFrom, promisedTo }: DeliveryWindow, format: Format): string {
  if (promisedFrom === promisedTo) return t('order.when.day', { day: format.day(promisedFrom) });
  return t('order.when', { from: format.day(promisedFrom), to: format.day(promisedTo) });
}

/** When a way of getting it does. */
export function promiseText(kind: PromisedOption['kind'], promise: DeliveryWindow, format: Format): string {
  if (kind === 'same_day') return t('checkout.today');
  if (kind === 'pickup') return t('checkout.collect.from', { day: format.day(promise.promisedFrom) });
  return arrivalText(promise, format);
}

/** Where a visitor is taken to be until they say: the region of their browser's language. */
export const countryOf = ({ locale }: Format): string | undefined => new Intl.Locale(locale).region;

/** For a choice of countries: each by its name, in the order of names. */
export const countriesNamed = (codes: readonly string[], format: Format) =>
  codes
    .map((code) => ({ value: code, label: countryName(code, format) }))
    .sort((a, b) => a.label.localeCompare(b.label, format.locale));
