import type { AmountModel, OrderAmounts } from './customer-value.ts';
import type { PurchaseHistory, PurchaseModel } from './purchase-model.ts';

type Random = () => number;

/** A customer who lived the models' story, what was seen of them, and how many orders came afterwards. */
export interface GeneratedCustomer {
  history: PurchaseHistory;
  amounts: OrderAmounts;
  afterwards: number;
}

/** For tests: customers who do exactly what the models suppose, the same ones for the same seed. */
export function generatedCustomers(
  models: { purchases: PurchaseModel; amounts: AmountModel },
  { count, seed, ages, span }: { count: number; seed: number; ages: [number, number]; span: number },
): GeneratedCustomer[] {
  const random = seededRandom(seed);
  const { r, alpha, a, b } = models.purchases;
  const { p, q, gamma } = models.amounts;
  return Array.from({ length: count }, () => {
    const age = ages[0] + (ages[1] - ages[0]) * random();
    const rate = gammaDraw(random, r) / alpha;
    const goes = gammaDraw(random, a);
    const chanceToGo = goes / (goes + gammaDraw(random, b));
    const amountRate = gammaDraw(random, q) / gamma;
    const history = { repeats: 0, lastAt: 0, age };
    let [at, sum, afterwards] = [0, 0, 0];
    for (;;) {
      at += -Math.log1p(-random()) / rate;
      if (!(at <= age + span)) break;
      if (at > age) afterwards += 1;
      else {
        history.repeats += 1;
        history.lastAt = at;
        sum += gammaDraw(random, p) / amountRate;
      }
      if (random() < chanceToGo) break;
    }
    const { repeats } = history;
    return {
      history,
      amounts: { repeats, meanMinor: repeats === 0 ? 0 : sum / repeats },
      afterwards,
    };
  });
}

/** Marsaglia's xorshift. */
function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Marsaglia and Tsang's, for any shape above 0 and the rate 1. */
function gammaDraw(random: Random, shape: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random()) < (normal * normal) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
