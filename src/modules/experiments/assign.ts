import { createHash } from 'node:crypto';

/** Weights of variants add up to it. */
export const WHOLE = 10_000;
const HEX_DIGITS = 13; // 52 bits: as many as a double holds exactly
const HASHES = 16 ** HEX_DIGITS;

/**
 * The variant of a unit, by its place: the first 52 bits of SHA-256 (FIPS 180-4) of "salt:unit" as a share of all there are,
 * laid along the weights. The same unit always gets the same one; units of another salt are dealt anew, so that two
 * experiments know nothing of each other.
 */
export function variantFor(salt: string, unitId: string, weights: readonly number[]): number {
  const hash = createHash('sha256').update(`${salt}:${unitId}`).digest('hex').slice(0, HEX_DIGITS);
  const place = Math.floor((Number.parseInt(hash, 16) / HASHES) * WHOLE);
  let end = 0;
  for (const [index, weight] of weights.entries()) {
    end += weight;
    if (place < end) return index;
  }
  throw new Error(`weights add up to ${end}, not ${WHOLE}`);
}
