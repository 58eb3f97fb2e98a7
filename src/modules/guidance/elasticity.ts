/** A week of one thing in one market: what was sold, what a piece brought on average, and what all else sold. */
export interface PriceWeek {
  /** So many weeks after the first one looked at. */
  at: number;
  units: number;
  /** Null in a week without a sale: nobody knows whether it was there to be bought. */
  priceMinor: number | null;
  othersUnits: number;
}

/** By how many per cent more is sold where the price is one per cent higher, and its standard error. */
export interface Elasticity {
  value: number;
  error: number;
}

/** Prices closer than that are one price, and its weeks are counted together. */
const STEP_LEAST = 0.03;
const PRICES_LEAST = 2;
const WEEKS_AT_PRICE_LEAST = 3;
const WEEKS_LEAST = 26;
export const UNITS_A_WEEK_LEAST = 3;
const ROUNDS = 25;
const MISSED_MOST = 1e-8;
/** What stays of a shock from one week to the next is not taken for more than that. */
const STAYS_MOST = 0.8;

interface Used extends PriceWeek {
  priceMinor: number;
}

const isUsed = (week: PriceWeek): week is Used =>
  week.priceMinor !== null && week.priceMinor > 0 && week.units > 0 && week.othersUnits > 0;

/** In how many steps apart prices were asked that held for three weeks or more. */
export function priceLevels(weeks: readonly PriceWeek[]): number {
  const prices = weeks
    .filter(isUsed)
    .map(({ priceMinor }) => priceMinor)
    .sort((a, b) => a - b);
  const levels: { first: number; weeks: number }[] = [];
  for (const price of prices) {
    const level = levels.at(-1);
    if (level && price < level.first * (1 + STEP_LEAST)) level.weeks += 1;
    else levels.push({ first: price, weeks: 1 });
  }
  return levels.filter((level) => level.weeks >= WEEKS_AT_PRICE_LEAST).length;
}

/**
 * What a thing's own weeks say of its elasticity: a Poisson regression of units on the logarithm of the price and on time, beside what all
 * else sold in the same weeks. Its error allows for shocks that are larger than chance and that stay. Undefined where the price hardly
 * changed, or too few weeks are known.
 */
export function ownElasticity(weeks: readonly PriceWeek[]): Elasticity | undefined {
  const used = weeks.filter(isUsed);
  const units = used.reduce((sum, week) => sum + week.units, 0);
  if (used.length < WEEKS_LEAST || units < UNITS_A_WEEK_LEAST * used.length) return undefined;
  if (priceLevels(weeks) < PRICES_LEAST) return undefined;
  const rows = used.map(({ at, priceMinor, othersUnits, units: sold }) => ({
    x: [1, Math.log(priceMinor), at],
    offset: Math.log(othersUnits),
    sold,
  }));
  centre(rows, 1);
  centre(rows, 2);
  const fitted = fit(rows);
  if (!fitted) return undefined;
  const [, value] = fitted.at;
  const error = Math.sqrt(fitted.variance * spreadOf(rows, fitted.expected));
  return value !== undefined && Number.isFinite(value) && Number.isFinite(error) && error > 0
    ? { value, error }
    : undefined;
}

interface Row {
  x: number[];
  offset: number;
  sold: number;
}

function centre(rows: readonly Row[], column: number): void {
  const mean = rows.reduce((sum, { x }) => sum + (x[column] ?? 0), 0) / rows.length;
  for (const { x } of rows) x[column] = (x[column] ?? 0) - mean;
}

/** Weighted least squares over again until nothing moves (McCullagh & Nelder). */
function fit(rows: readonly Row[]): { at: number[]; variance: number; expected: number[] } | undefined {
  const sold = rows.reduce((sum, row) => sum + row.sold, 0);
  const scale = rows.reduce((sum, { offset }) => sum + Math.exp(offset), 0);
  let at = [Math.log(sold / scale), 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const expected = rows.map((row) => expectedOf(row, at));
    const steps = expected.map((mean, index) => ((rows[index]?.sold ?? 0) - mean) / mean);
    const moved = solve(normalOf(rows, expected), againstOf(rows, expected, steps));
    if (!moved || moved.some((step) => !Number.isFinite(step))) return undefined;
    at = at.map((value, index) => value + (moved[index] ?? 0));
    if (Math.max(...moved.map(Math.abs)) > MISSED_MOST) continue;
    const variance = solve(normalOf(rows, expected), [0, 1, 0])?.[1];
    return variance === undefined ? undefined : { at, variance, expected };
  }
  return undefined;
}

const expectedOf = ({ x, offset }: Row, at: readonly number[]) =>
  Math.exp(x.reduce((sum, each, index) => sum + each * (at[index] ?? 0), offset));

const normalOf = (rows: readonly Row[], weights: readonly number[]) =>
  [0, 1, 2].map((a) =>
    [0, 1, 2].map((b) =>
      rows.reduce((sum, { x }, index) => sum + (x[a] ?? 0) * (x[b] ?? 0) * (weights[index] ?? 0), 0),
    ),
  );

const againstOf = (rows: readonly Row[], weights: readonly number[], steps: readonly number[]) =>
  [0, 1, 2].map((a) =>
    rows.reduce((sum, { x }, index) => sum + (x[a] ?? 0) * (weights[index] ?? 0) * (steps[index] ?? 0), 0),
  );

/** Gauss's elimination with the largest of each column first; undefined where the columns depend on each other. */
function solve(matrix: readonly (readonly number[])[], against: readonly number[]): number[] | undefined {
  const rows = matrix.map((row, index) => [...row, against[index] ?? 0]);
  const size = rows.length;
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let column = 0; column < size; column++) {
    const order = Array.from({ length: size - column }, (_, index) => column + index);
    const pivot = order.reduce((best, row) =>
      Math.abs(cell(row, column)) > Math.abs(cell(best, column)) ? row : best,
    );
    if (Math.abs(cell(pivot, column)) < 1e-9) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const times = cell(row, column) / cell(column, column);
      rows[row] = (rows[row] ?? []).map((value, index) => value - times * cell(column, index));
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

/** How much more than chance weeks vary (Pearson), times what it does that neighbouring weeks are alike in price and in what is left over. */
function spreadOf(rows: readonly Row[], expected: readonly number[]): number {
  const rest = rows.map(
    ({ sold }, index) => (sold - (expected[index] ?? 1)) / Math.sqrt(expected[index] ?? 1),
  );
  const pearson = rest.reduce((sum, each) => sum + each ** 2, 0) / (rows.length - 3);
  const alike = stays(rest) * stays(rows.map(({ x }) => x[1] ?? 0));
  return Math.max(1, pearson) * ((1 + alike) / (1 - alike));
}

/** How much of a week's value is there in the next one: a bit more than is seen, since a short row shows too little of it. */
function stays(values: readonly number[]): number {
  const all = values.reduce((sum, value) => sum + value ** 2, 0);
  const next = values.slice(1).reduce((sum, value, index) => sum + value * (values[index] ?? 0), 0);
  const seen = all > 0 ? next / all : 0;
  return Math.min(STAYS_MOST, Math.max(0, seen + (1 + 3 * seen) / values.length));
}

export interface Estimated {
  key: string;
  /** Its category: what is alike is expected to answer to prices alike. */
  group: string;
  own: Elasticity | undefined;
}

export interface Shrunken extends Elasticity {
  /** So many others it leans on; none where there are too few. */
  others: number;
}

/** Of fewer nothing is said about those whose own weeks say nothing. */
const GROUP_LEAST = 5;
/** Things of a group are never taken for more alike than that: few estimates that agree may agree by chance. */
const APART_LEAST = 0.25;

/**
 * Each own estimate drawn towards the mean of its category as far as it is unsure and the category is of one mind (DerSimonian & Laird);
 * towards that of all where its category has too few. What has no own estimate is expected to be like the others, and as unsure as they
 * are apart.
 */
export function shrunken(all: readonly Estimated[]): Map<string, Shrunken> {
  const estimates = all.flatMap(({ group, own }) => (own ? [{ group, own }] : []));
  const everywhere = meanOf(estimates.map(({ own }) => own));
  const byGroup = new Map(
    [...Map.groupBy(estimates, ({ group }) => group)].map(([group, found]) => [
      group,
      meanOf(found.map(({ own }) => own)),
    ]),
  );
  return new Map(
    all.flatMap(({ key, group, own }): [string, Shrunken][] => {
      const like = byGroup.get(group) ?? everywhere;
      if (!like) return own ? [[key, { ...own, others: 0 }]] : [];
      const others = like.count - (own ? 1 : 0);
      const wide = like.apart ** 2 + like.error ** 2;
      if (!own) return [[key, { value: like.value, error: Math.sqrt(wide), others }]];
      const share = wide / (wide + own.error ** 2);
      return [
        [
          key,
          {
            value: share * own.value + (1 - share) * like.value,
            error: Math.sqrt(share) * own.error,
            others,
          },
        ],
      ];
    }),
  );
}

interface Mean extends Elasticity {
  /** By how much things differ in truth. */
  apart: number;
  count: number;
}

function meanOf(estimates: readonly Elasticity[]): Mean | undefined {
  if (estimates.length < GROUP_LEAST) return undefined;
  const weighed = (apart: number) => {
    const weights = estimates.map(({ error }) => 1 / (error ** 2 + apart ** 2));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const value =
      estimates.reduce((total, each, index) => total + each.value * (weights[index] ?? 0), 0) / sum;
    return { weights, sum, value };
  };
  const fixed = weighed(0);
  const off = estimates.reduce(
    (total, { value }, index) => total + (fixed.weights[index] ?? 0) * (value - fixed.value) ** 2,
    0,
  );
  const squares = fixed.weights.reduce((total, weight) => total + weight ** 2, 0);
  const between = (off - (estimates.length - 1)) / (fixed.sum - squares / fixed.sum);
  const apart = Math.max(APART_LEAST, Math.sqrt(Math.max(0, between)));
  const { value, sum } = weighed(apart);
  return { value, error: Math.sqrt(1 / sum), apart, count: estimates.length };
}
