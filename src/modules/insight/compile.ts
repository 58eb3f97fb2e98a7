import {
  type Fact,
  type FactName,
  type FilterName,
  factOf,
  SHELF_DIMENSIONS,
  sumSql,
  type TimeDimension,
  timeSql,
} from './facts.ts';
import type { Comparison, Question } from './questions.ts';
import type { Period } from './periods.ts';

/** A statement and its parameters: what comes in from outside is in them, and never in its text. */
export interface Compiled {
  fact: FactName;
  text: string;
  params: Record<string, unknown>;
}

/** The days that are read, and how they are laid over those that were asked for. */
export interface Window extends Period {
  shift?: { by: Comparison; days: number } | undefined;
  /** Of a period that is compared with one that still runs: what is counted of its day that is not over. */
  until?: { moment: Date; day: string } | undefined;
  /** The last day that has begun: what is there later nobody knows. */
  closes: string;
  /** The day of asking, by UTC: promises that end before it are over. */
  today: string;
}

/** More than any answer has: what is cut off here is refused. */
export const KEYS_MAX = 200_000;

/** One statement for one fact: its sums by the key of a row. Facts are never joined, so no row is counted for another's. */
export function compile(
  fact: FactName,
  measures: readonly string[],
  question: Question,
  window: Window,
): Compiled {
  const reads = branchesOf(fact, measures, question, window);
  const text =
    reads.length === 1
      ? `${reads.join('')}\nORDER BY key LIMIT ${KEYS_MAX + 1}`
      : `SELECT key, sumForEach(sums) AS sums FROM (\n${reads.join('\nUNION ALL\n')}\n)\nGROUP BY key ORDER BY key LIMIT ${KEYS_MAX + 1}`;
  const { isJudged } = factOf(fact);
  return { fact, text, params: { ...paramsOf(question, window), ...(isJudged && { today: window.today }) } };
}

function branchesOf(
  fact: FactName,
  measures: readonly string[],
  question: Question,
  { shift, until }: Window,
): string[] {
  const read = (of: 'ledger' | 'rollup', ...conditions: string[]) =>
    branch(fact, of, measures, question, shift, conditions);
  if (question.dated === 'order')
    return [read('ledger', ...(until ? [`occurred_at < {until:DateTime64(3, 'UTC')}`] : []))];
  const whole = isRolledUp(fact, question) ? 'rollup' : 'ledger';
  // Credits have no moment of their own, so the day that is not over is left out of what they are compared with.
  if (!until) return [read(whole)];
  const before = read(whole, 'business_day < {until_day:Date32}');
  if (fact !== 'sales') return [before];
  const part = [`business_day = {until_day:Date32}`, `occurred_at < {until:DateTime64(3, 'UTC')}`];
  return [before, read('ledger', ...part)];
}

/** Whether the sums that are kept can tell. */
export function isRolledUp(fact: FactName, { by, filters = {} }: Question): boolean {
  const { dimensions, rollup } = factOf(fact);
  if (!rollup) return false;
  const asked = [...by, ...filtersOf(filters).map(([name]) => name)];
  return asked.every((name) => dimensions[name]?.isRolledUp);
}

const filtersOf = (filters: NonNullable<Question['filters']>) =>
  (Object.entries(filters) as [FilterName, readonly string[] | undefined][]).filter(
    (entry): entry is [FilterName, readonly string[]] => entry[1] !== undefined,
  );

function branch(
  name: FactName,
  of: 'ledger' | 'rollup',
  measures: readonly string[],
  question: Question,
  shift: Window['shift'],
  more: readonly string[],
): string {
  const fact = factOf(name);
  const key = question.by.map((dimension) => `toString(${dimensionSql(name, dimension, shift)})`);
  const sums = measures.map((measure) => sumSql(fact, measure, of));
  const conditions = [...conditionsOf(name, question), ...more];
  return [
    `SELECT ${key.length > 0 ? `[${key.join(', ')}]` : `CAST([], 'Array(String)')`} AS key,`,
    `  [${sums.join(', ')}] AS sums`,
    `FROM ${of === 'rollup' ? `${fact.rollup} FINAL` : ledgerSql(fact, question)}`,
    `WHERE ${conditions.join('\n  AND ')}`,
    'GROUP BY key',
  ].join('\n');
}

/** What rows and pages are narrowed by, in the text of a statement. */
export function conditionsOf(name: FactName, { filters = {} }: Pick<Question, 'filters'>): string[] {
  return [
    ...(factOf(name).hasNoCurrency ? [] : ['currency = {currency:String}']),
    'business_day BETWEEN {from:Date32} AND {to:Date32}',
    ...narrowedBy(name, filters),
  ];
}

export function narrowedBy(name: FactName, filters: NonNullable<Question['filters']>): string[] {
  const { dimensions } = factOf(name);
  return filtersOf(filters).map(([filter]) =>
    filter === 'region'
      ? `arrayExists(code -> region = code OR startsWith(region, concat(code, '-')), {region:Array(String)})`
      : filter === 'category'
        ? `arrayExists(path -> shelf_path = path OR startsWith(shelf_path, concat(path, '/')), {category:Array(String)})`
        : `has({${filter}:Array(String)}, toString(${dimensions[filter]?.sql}))`,
  );
}

function dimensionSql(name: FactName, dimension: Question['by'][number], shift: Window['shift']): string {
  const sql = factOf(name).dimensions[dimension]?.sql;
  if (sql === undefined) throw new RangeError(`${name} has no dimension ${dimension}`);
  const isTime = dimension === 'day' || dimension === 'week' || dimension === 'month';
  return shift && isTime
    ? timeSql(dimension satisfies TimeDimension, shiftedDay(shift, 'business_day'))
    : sql;
}

/** A day of the period before, as the day it is compared with. */
export const shiftedDay = ({ by, days }: NonNullable<Window['shift']>, day: string): string =>
  by === 'year' ? `addYears(${day}, 1)` : `addDays(${day}, ${days})`;

type Asked = Pick<Question, 'dated' | 'filters'> & Partial<Pick<Question, 'by'>>;

/** The ledger, with where its products stand if that is asked for: of the days asked for alone, before anything is joined. */
export function ledgerSql(fact: Fact, question: Asked): string {
  const { by = [], filters = {} } = question;
  const names = [...by, ...filtersOf(filters).map(([name]) => name)];
  if (!names.some((name) => SHELF_DIMENSIONS.includes(name))) return datedLedgerSql(fact, question);
  return `(
  SELECT line.*, shelf.path AS shelf_path, shelf.brand_id AS shelf_brand
  FROM (SELECT * FROM ${datedLedgerSql(fact, question)} WHERE currency = {currency:String} AND business_day BETWEEN {from:Date32} AND {to:Date32}) AS line
  LEFT JOIN (SELECT product_id, path, brand_id FROM product_shelf FINAL) AS shelf ON shelf.product_id = line.product_id
)`;
}

/** The ledger, or the same with what was taken off an order on that order's day. */
function datedLedgerSql({ ledger, source }: Fact, { dated }: Pick<Question, 'dated'>): string {
  if (source) return `(${source})`;
  if (dated !== 'order') return `${ledger} FINAL`;
  return `(
  SELECT entry.* EXCEPT (business_day),
    if(ordered.is_known AND (entry.is_return OR entry.is_cancellation), ordered.day, entry.business_day) AS business_day
  FROM (SELECT * FROM ${ledger} FINAL WHERE currency = {currency:String}) AS entry
  LEFT JOIN (
    SELECT order_id, min(business_day) AS day, true AS is_known FROM ${ledger}
    WHERE currency = {currency:String} AND NOT is_return AND NOT is_cancellation GROUP BY order_id
  ) AS ordered ON ordered.order_id = entry.order_id
)`;
}

export function paramsOf(
  { currency, filters = {} }: Pick<Question, 'currency' | 'filters'>,
  { from, to, until }: Pick<Window, 'from' | 'to' | 'until'>,
): Record<string, unknown> {
  return {
    currency,
    from,
    to,
    ...Object.fromEntries(filtersOf(filters)),
    ...(until && { until: until.moment, until_day: until.day }),
  };
}
