import { seeded } from '#platform/seeded.ts';
import { type Series, WEEK } from './baseline.ts';

/** A market whose truth is known, to measure on how often detection is wrong. */
export interface GeneratedRegion {
  name: string;
  ordersADay: number;
  orders: number[];
  units: number[];
  netSales: number[];
  returnedUnits: number[];
}

/** What happened to a region: orders times so much from a day on, for so many days. */
export interface Incident {
  region: number;
  from: number;
  days: number;
  times: number;
}

const WEEKDAYS = [0.9, 0.95, 1, 1, 1.1, 1.25, 0.8];
const UNITS_AN_ORDER = 2.5;
const ORDER_MINOR = 5_000;
const RETURNED = 0.06;
/** What a day's demand varies by beyond chance: shared by all regions, and each for itself; half of it stays overnight. */
const SHARED_SHOCK = 0.03;
const OWN_SHOCK = 0.05;
const STAYS = 0.5;

export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Exact below 30, by the normal distribution above. */
export function poisson(random: () => number, mean: number): number {
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** A year's turn: a quiet summer, a busy end of the year. */
const yearly = (day: number) => {
  const at = (day % 365) / 365;
  return 1 + 0.1 * Math.cos(2 * Math.PI * at) + 0.5 * Math.exp(-(((at - 0.95) / 0.03) ** 2));
};

/** Regions of the given sizes over so many days, growing by a tenth a year, with weekdays, seasons and shocks, and the incidents. */
export function generateMarket(
  seed: number,
  sizes: readonly number[],
  days: number,
  incidents: readonly Incident[] = [],
): GeneratedRegion[] {
  const random = seeded(seed);
  const shared = shocks(random, days, SHARED_SHOCK);
  return sizes.map((ordersADay, region) => {
    const own = shocks(random, days, OWN_SHOCK);
    const made: GeneratedRegion = {
      name: `R${region}`,
      ordersADay,
      orders: [],
      units: [],
      netSales: [],
      returnedUnits: [],
    };
    for (let day = 0; day < days; day++) {
      const struck = incidents
        .filter((each) => each.region === region && day >= each.from && day < each.from + each.days)
        .reduce((times, each) => times * each.times, 1);
      const turn = yearly(day) * 1.1 ** (day / 365) * (WEEKDAYS[day % WEEK] ?? 1);
      const shock = Math.exp((shared[day] ?? 0) + (own[day] ?? 0));
      const orders = poisson(random, ordersADay * turn * shock * struck);
      const units = orders + poisson(random, orders * (UNITS_AN_ORDER - 1));
      made.orders.push(orders);
      made.units.push(units);
      // Amounts of orders vary as much as they are on average.
      made.netSales.push(Math.round(ORDER_MINOR * (orders + Math.sqrt(orders) * normal(random))));
      made.returnedUnits.push(poisson(random, units * RETURNED));
    }
    return made;
  });
}

function shocks(random: () => number, days: number, size: number): number[] {
  let state = 0;
  return Array.from({ length: days }, () => {
    state = STAYS * state + size * Math.sqrt(1 - STAYS ** 2) * normal(random);
    return state;
  });
}

/** The series that are judged of a region. */
export function seriesOfRegion(region: GeneratedRegion): { key: string; series: Series }[] {
  const of = (metric: string, values: number[], piece: number, over?: number[]) => ({
    key: `${region.name} ${metric}`,
    series: { values, piece, weekday: 0, ...(over && { over }) },
  });
  return [
    of('orders', region.orders, 1),
    of('units', region.units, UNITS_AN_ORDER),
    of('net_sales', region.netSales, ORDER_MINOR),
    of('average_order', region.netSales, ORDER_MINOR, region.orders),
    of('return_rate', region.returnedUnits, 1, region.units),
  ];
}
