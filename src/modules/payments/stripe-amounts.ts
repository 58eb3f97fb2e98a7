import assert from 'node:assert/strict';
import { decimalsOf } from '#platform/money.ts';

// What Stripe publishes of currencies (docs.stripe.com/currencies): amounts have two decimals unless it says otherwise.
/** Asked for in whole units. */
const WHOLE: ReadonlySet<string> = new Set(
  'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '),
);
/** Asked for in thousandths whose last digit is 0: so they tell no more than hundredths. */
const THOUSANDTHS: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '));

/** In how many decimals an amount can be told; the shillings of Uganda and the krónur of Iceland in two, which are 0. */
const toldDecimals = (currency: string): number => (WHOLE.has(currency) ? 0 : 2);

/** Whether every amount of the currency can be asked for, taken in parts and given back in parts, to the last unit. */
export const isExactAtStripe = (currency: string): boolean => decimalsOf(currency) <= toldDecimals(currency);

/** Our minor units as Stripe counts them. */
export function stripeAmount(amountMinor: number, currency: string): number {
  assert(isExactAtStripe(currency), `Stripe can’t be asked for every amount in ${currency}`);
  return amountMinor * 10 ** (countedDecimals(currency) - decimalsOf(currency));
}

/** What Stripe counts as our minor units, to the next one. */
export const fromStripe = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** (decimalsOf(currency) - countedDecimals(currency)));

const countedDecimals = (currency: string): number =>
  THOUSANDTHS.has(currency) ? 3 : toldDecimals(currency);
