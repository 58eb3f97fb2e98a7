const SERIES_FROM = 10;
const HALF_LN_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * The logarithm of the gamma function for x > 0. Below ten it is taken down from above, where Stirling's series
 * is right to 2e-14.
 */
export function lnGamma(x: number): number {
  let at = x;
  let product = 1;
  for (; at < SERIES_FROM; at += 1) product *= at;
  const square = 1 / (at * at);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + HALF_LN_TWO_PI + series - Math.log(product);
}

export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}
