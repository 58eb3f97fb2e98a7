import { decimalsOf, parseDecimal } from '#platform/money.ts';

/** The words of a field, parted by commas or spaces, each once. */
export const wordsIn = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

/** A whole number within the bounds; undefined for what is none. */
export function wholeIn(text: string, min: number, max: number): number | undefined {
  const value = /^[+-]?\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** A percentage as people type it, "12.5" or "12,5", in parts of 10^-decimals of a percent; undefined above 100. */
export function percentIn(text: string, decimals: number): number | undefined {
  const parts = parseDecimal(text.replace(',', '.'), decimals);
  return parts !== undefined && parts >= 0n && parts <= 100n * 10n ** BigInt(decimals)
    ? Number(parts)
    : undefined;
}

/** Minor units as they are typed. */
export const majorOf = (minor: number, currency: string): string =>
  (minor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));

/** A moment as a date-time field shows it there. */
export const localOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    .format(at)
    .replace(' ', 'T');
