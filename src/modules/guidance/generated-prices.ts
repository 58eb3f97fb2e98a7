import { seeded } from '#platform/seeded.ts';
import { type Estimated, ownElasticity, type PriceWeek } from './elasticity.ts';
import { normal, poisson } from './generated-market.ts';

/** A thing whose answer to its price is known. */
export interface GeneratedThing {
  key: string;
  group: string;
  truth: number;
  weeks: PriceWeek[];
}

const WEEKS = 52;
/** A week's demand varies by that much beyond chance, for all together and for each; half of it stays to the next. */
const SHARED_SHOCK = 0.08;
const OWN_SHOCK = 0.12;
const STAYS = 0.5;
/** What things of a group differ by, and how far their demand drifts within the year. */
export const APART = 0.4;
const DRIFT = 0.4;
const OTHERS_A_WEEK = 3_000;
const PRICE_MINOR = 2_000;
const PRICES = [1, 0.9, 1.1, 0.85] as const;

interface Shop {
  things: number;
  /** Of each group. */
  elasticity: number;
  /** How often in the year a price changes; those of odd numbers never do where it says so. */
  changes: number;
  unitsAWeek?: number;
  isHalfFixed?: boolean;
}

/** Things of one group over a year: their prices change on days that have nothing to do with what is sold. */
export function generatedThings(seed: number, group: string, shop: Shop): GeneratedThing[] {
  const random = seeded(seed);
  const shared = shocks(random, SHARED_SHOCK);
  return Array.from({ length: shop.things }, (_, nth): GeneratedThing => {
    const truth = shop.elasticity + APART * normal(random);
    const pace = (shop.unitsAWeek ?? 20) * (0.5 + random());
    const drift = DRIFT * (random() - 0.5);
    const own = shocks(random, OWN_SHOCK);
    const changes = shop.isHalfFixed && nth % 2 === 1 ? 0 : shop.changes;
    const starts = Array.from({ length: changes }, () => 4 + Math.floor(random() * (WEEKS - 8))).sort(
      (a, b) => a - b,
    );
    const weeks = Array.from({ length: WEEKS }, (_week, at): PriceWeek => {
      const times = PRICES[starts.filter((start) => start <= at).length % PRICES.length] ?? 1;
      const season = 1 + 0.3 * Math.sin((2 * Math.PI * at) / WEEKS);
      const shock = Math.exp((shared[at] ?? 0) + (own[at] ?? 0) + drift * (at / WEEKS));
      const units = poisson(random, pace * season * shock * times ** truth);
      const othersUnits = poisson(random, OTHERS_A_WEEK * season * Math.exp(shared[at] ?? 0));
      return { at, units, priceMinor: units > 0 ? Math.round(PRICE_MINOR * times) : null, othersUnits };
    });
    return { key: `${group} ${nth}`, group, truth, weeks };
  });
}

function shocks(random: () => number, size: number): number[] {
  let state = 0;
  return Array.from({ length: WEEKS }, () => {
    state = STAYS * state + size * Math.sqrt(1 - STAYS ** 2) * normal(random);
    return state;
  });
}

export const estimatedOf = (things: readonly GeneratedThing[]): Estimated[] =>
  things.map(({ key, group, weeks }) => ({ key, group, own: ownElasticity(weeks) }));
