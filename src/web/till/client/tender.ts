import { decimalsOf } from '#platform/money.ts';

/** The least that a thief would type; a hundred million of a currency's whole units. */
const WHOLE_UNITS_MAX = 100_000_000;

/** What somebody typed as an amount, in minor units; undefined when it is none. Either mark may set off the decimals. */
export function readAmount(typed: string, currency: string): number | undefined {
  const digits = decimalsOf(currency);
  const match = /^(\d{1,9})(?:[.,](\d{1,3}))?$/.exec(typed.replaceAll(/[\s'’]/g, ''));
  if (!match) return undefined;
  const fraction = match[2] ?? '';
  if (fraction.length > digits || Number(match[1]) > WHOLE_UNITS_MAX) return undefined;
  return Number(match[1]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || 0);
}

/** An amount as it is typed: with a point, and every decimal of its currency. */
export const writeAmount = (amountMinor: number, currency: string): string =>
  (amountMinor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));

const QUICK_MAX = 4;

/** What buyers are likely to hand over: the sum itself, then round sums above it. */
export function quickAmounts(dueMinor: number, currency: string): number[] {
  if (dueMinor <= 0) return [];
  const unit = 10 ** decimalsOf(currency);
  const above = [1, 5, 10, 20, 50, 100].map((step) => Math.ceil(dueMinor / (step * unit)) * step * unit);
  return [...new Set([dueMinor, ...above])].sort((a, b) => a - b).slice(0, QUICK_MAX);
}

export type Means = 'cash' | 'card' | 'gift_card' | 'store_credit';

export interface Tender {
  id: string;
  means: Means;
  amountMinor: number;
  /** What was handed over: more than the amount where change was given. */
  tenderedMinor: number;
  /** The terminal's, or a gift card's code; null for the rest. */
  reference: string | null;
}

export const paidBy = (tenders: readonly Tender[]): number =>
  tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Cash pays what is left and gives the rest back; nothing else gives change. */
export function cashOf(
  tenderedMinor: number,
  leftMinor: number,
): { amountMinor: number; changeMinor: number } {
  const amountMinor = Math.min(tenderedMinor, leftMinor);
  return { amountMinor, changeMinor: tenderedMinor - amountMinor };
}
