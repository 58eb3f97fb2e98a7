// The browser's part of the till counts with this too: nothing of Node's here.

/** An amount in the minor unit of its currency (pence, cents; yen have none), always a safe integer. */
export interface Money {
  amountMinor: number;
  currency: string;
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** True for a currency of ISO 4217 that is in use. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code);

const digitsOf = new Map<string, number>();

/** How many decimals the currency has: 2 for EUR, 0 for JPY (ISO 4217, as Intl knows it). */
export function decimalsOf(currency: string): number {
  let digits = digitsOf.get(currency);
  if (digits === undefined) {
    const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
    digits = options.maximumFractionDigits ?? 2;
    digitsOf.set(currency, digits);
  }
  return digits;
}

/** `numerator / denominator` rounded half to even, in whole numbers only. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError(`a denominator of ${denominator}`);
  const negative = numerator < 0n;
  const absolute = negative ? -numerator : numerator;
  const quotient = absolute / denominator;
  const twice = (absolute % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

/** A number to the nearest whole one, half to even. */
export function roundHalfEven(value: number): number {
  const whole = Math.floor(value);
  return value - whole === 0.5 ? whole + Math.abs(whole % 2) : Math.round(value);
}

/** A decimal as text ("2.55", "-0.001") as an integer of units of 10^-scale, exactly; undefined when it is no decimal. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  if (fraction.length > scale) return undefined;
  const units = BigInt((match[2] ?? '') + fraction.padEnd(scale, '0'));
  return match[1] === '-' ? -units : units;
}

/**
 * An amount in parts by weight, in whole minor units whose sum is the amount: each part is rounded down and what is
 * left goes, a unit each, to the largest remainders (the first of equal ones). Without any weight, to equal parts.
 */
export function splitByWeight(amountMinor: number, weights: readonly number[]): number[] {
  if (amountMinor < 0 || weights.some((weight) => weight < 0)) throw new RangeError('a share below nothing');
  if (weights.length === 0) return [];
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const [shares, whole] =
    total > 0n ? [weights.map(BigInt), total] : [weights.map(() => 1n), BigInt(weights.length)];
  const parts = shares.map((share) => {
    const product = BigInt(amountMinor) * share;
    return { floor: Number(product / whole), remainder: product % whole };
  });
  const left = amountMinor - parts.reduce((sum, { floor }) => sum + floor, 0);
  const lucky = new Set(
    parts
      .map(({ remainder }, index) => ({ remainder, index }))
      .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map(({ index }) => index),
  );
  return parts.map(({ floor }, index) => (lucky.has(index) ? floor + 1 : floor));
}
