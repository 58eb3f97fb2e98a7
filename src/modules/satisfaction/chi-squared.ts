/** The continued fraction and the series below are as exact as numbers are after so many steps. */
const STEPS = 400;
const TINY = 1e-300;

/** The complementary error function: by its series below 2, by its continued fraction above (Abramowitz & Stegun 7.1.6, 7.1.14). */
function erfc(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; n < STEPS && Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = TINY;
  for (let n = STEPS; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/**
 * How likely χ² is as large by chance alone, for whole degrees of freedom: from one or two upwards, each two more add a
 * term (Abramowitz & Stegun 26.4.4, 26.4.5).
 */
export function chiSquaredTail(value: number, degrees: number): number {
  if (value <= 0) return 1;
  const half = value / 2;
  const isOdd = degrees % 2 === 1;
  let [tail, k] = isOdd ? [erfc(Math.sqrt(half)), 1] : [Math.exp(-half), 2];
  let term = isOdd ? 2 * Math.sqrt(half / Math.PI) * Math.exp(-half) : half * Math.exp(-half);
  while (k < degrees) {
    tail += term;
    k += 2;
    term *= half / (k / 2);
  }
  return Math.min(1, tail);
}
