import { type Elasticity, type PriceWeek, type Shrunken } from './elasticity.ts';
import { PRICE_WEEKS_AHEAD, type PricedThing, type Why } from './reprice.ts';

/** No proposal goes further from the price that holds, nor further beyond the prices that were asked before. */
const STEP_MOST = 0.2;
const BEYOND_MOST = 0.1;
/** Of what goods bring above cost now; less is not worth a change. */
const BETTER_LEAST = 0.02;
/** Four of five: the ends of the intervals, in standard errors. */
const FOUR_OF_FIVE = 1.2816;
/** What of all prices ends so is an ending of the shop. */
const ENDING_LEAST = 0.1;
const HUNDRED = 100;

/** What is expected, and between what it lies in four of five cases. */
export interface Range {
  low: number;
  value: number;
  high: number;
}

export interface NewPrice {
  amountMinor: number;
  elasticity: Range;
  /** So many others the estimate leans on. */
  others: number;
  /** Of four weeks, beside the price that holds. */
  units: Range;
  netMinor: Range;
  marginMinor: Range;
}

export type NoPrice = 'unsure' | 'uncosted' | 'no_better';

/** The last two digits that the shop's prices have; where none is usual, each full ten. */
export function endingsOf(amounts: readonly number[]): number[] {
  const counted = new Map<number, number>();
  for (const amount of amounts) counted.set(amount % HUNDRED, (counted.get(amount % HUNDRED) ?? 0) + 1);
  const usual = [...counted]
    .filter(([, count]) => count >= Math.max(2, ENDING_LEAST * amounts.length))
    .map(([ending]) => ending)
    .sort((a, b) => a - b);
  return usual.length > 0 ? usual : Array.from({ length: 10 }, (_, tens) => tens * 10);
}

/** Prices as the shop writes them, from the lowest that may be proposed to the highest; without the one that holds. */
export function pricesToTry(
  thing: PricedThing,
  seen: Seen,
  endings: readonly number[],
  down: boolean,
): number[] {
  const { amountMinor, compareAtMinor } = thing;
  const times = (paid: number) => (paid / seen.now) * amountMinor;
  const least = Math.max(amountMinor * (1 - STEP_MOST), times(seen.least) * (1 - BEYOND_MOST));
  const most = Math.min(
    amountMinor * (1 + STEP_MOST),
    times(seen.most) * (1 + BEYOND_MOST),
    compareAtMinor === null ? Infinity : compareAtMinor - 1,
  );
  const [from, to] = down ? [least, amountMinor - 1] : [amountMinor + 1, most];
  const prices: number[] = [];
  for (let hundred = Math.floor(from / HUNDRED); hundred * HUNDRED <= to; hundred++)
    for (const ending of endings) {
      const price = hundred * HUNDRED + ending;
      if (price >= from && price <= to && price > 0) prices.push(price);
    }
  return prices;
}

interface Seen {
  /** What a piece brought in the last four weeks, and in the cheapest and the dearest week. */
  now: number;
  least: number;
  most: number;
}

export function pricesSeen(weeks: readonly PriceWeek[]): Seen | undefined {
  const priced = weeks.flatMap(({ priceMinor, units }) =>
    priceMinor === null ? [] : [{ priceMinor, units }],
  );
  const last = weeks.slice(-PRICE_WEEKS_AHEAD);
  const units = last.reduce((sum, week) => sum + week.units, 0);
  if (units === 0) return undefined;
  const prices = priced.map(({ priceMinor }) => priceMinor);
  return {
    now: last.reduce((sum, week) => sum + week.units * (week.priceMinor ?? 0), 0) / units,
    least: Math.min(...prices),
    most: Math.max(...prices),
  };
}

/**
 * The price that is expected to bring the most above cost in four weeks: lower where sales fell or stock lasts too long, higher where it
 * will not last. Only where it brings more in nine of ten cases; otherwise why not.
 */
export function bestPrice(
  thing: PricedThing,
  { reason, unitsNow }: Why,
  estimate: Shrunken | undefined,
  endings: readonly number[],
): NewPrice | NoPrice {
  const { costMinor, weeks } = thing;
  if (costMinor === null) return 'uncosted';
  const seen = pricesSeen(weeks);
  if (!estimate || !seen) return 'unsure';
  // Only what is there can be sold. Where stock does not run short it is more than four weeks' need.
  const most = reason === 'cover_short' ? (thing.stock?.available ?? Infinity) : Infinity;
  const base = { unitsNow, paidMinor: seen.now, costMinor, most };
  const now = outcomeOf(base, 1, 0);
  const tried = pricesToTry(thing, seen, endings, reason !== 'cover_short')
    .map((amountMinor) => ({ amountMinor, times: amountMinor / thing.amountMinor }))
    .filter(({ times }) => seen.now * times > costMinor)
    .map(({ amountMinor, times }): NewPrice => {
      const at = (value: number) => {
        const then = outcomeOf(base, times, value);
        return { units: then.units - now.units, net: then.net - now.net, margin: then.margin - now.margin };
      };
      const { low, value, high } = rangeOf(estimate);
      const ends = [at(low), at(value), at(high)];
      const range = (of: (each: ReturnType<typeof at>) => number): Range => {
        const values = ends.map((each) => Math.round(of(each)));
        return { low: Math.min(...values), value: values[1] ?? 0, high: Math.max(...values) };
      };
      return {
        amountMinor,
        elasticity: { low, value, high },
        others: estimate.others,
        units: range(({ units }) => units),
        netMinor: range(({ net }) => net),
        marginMinor: range(({ margin }) => margin),
      };
    });
  const worth = tried.filter(({ marginMinor }) => marginMinor.value > Math.max(0, BETTER_LEAST * now.margin));
  if (worth.length === 0) return 'no_better';
  const sure = worth.filter(({ marginMinor }) => marginMinor.low > 0);
  return sure.toSorted((a, b) => b.marginMinor.value - a.marginMinor.value)[0] ?? 'unsure';
}

/** Nobody buys more of a thing because it costs more: what an estimate has above nought is chance. */
const rangeOf = ({ value, error }: Elasticity): Range => ({
  low: Math.min(0, value - FOUR_OF_FIVE * error),
  value: Math.min(0, value),
  high: Math.min(0, value + FOUR_OF_FIVE * error),
});

interface Base {
  unitsNow: number;
  paidMinor: number;
  costMinor: number;
  most: number;
}

function outcomeOf({ unitsNow, paidMinor, costMinor, most }: Base, times: number, elasticity: number) {
  const units = Math.min(most, unitsNow * times ** elasticity);
  const net = units * paidMinor * times;
  return { units, net, margin: net - units * costMinor };
}
