import type { Position } from './regions.ts';

export interface Sharing {
  attractivenessExponent: number;
  distanceExponent: number;
  /** Nearer than this counts as this: nobody takes all by standing in the middle. */
  distanceFloorKm: number;
}

/** Weights are whole numbers that add up to about this: shares to a billionth. */
const PARTS = 1_000_000_000;
const EARTH_KM = 6371;

/** The Huff model: how the stores share a region, by what each offers and how far it is. */
export function huffWeights(
  stores: readonly { attractiveness: number; distanceKm: number }[],
  { attractivenessExponent, distanceExponent, distanceFloorKm }: Sharing,
): number[] {
  // By logarithms, so that no power of a large store or a far region is too large for a number.
  const pulls = stores.map(
    ({ attractiveness, distanceKm }) =>
      attractivenessExponent * Math.log(attractiveness) -
      distanceExponent * Math.log(Math.max(distanceKm, distanceFloorKm)),
  );
  const strongest = Math.max(...pulls);
  const relative = pulls.map((pull) => Math.exp(pull - strongest));
  const sum = relative.reduce((total, each) => total + each, 0);
  return relative.map((each) => Math.round((each / sum) * PARTS));
}

/** Along the surface of the earth. */
export function kilometresBetween(a: Position, b: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const dLatitude = radians(b.latitude - a.latitude);
  const dLongitude = radians(b.longitude - a.longitude);
  const h =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
