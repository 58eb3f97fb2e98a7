import {
  type Compiled,
  isRolledUp,
  KEYS_MAX,
  narrowedBy,
  paramsOf,
  shiftedDay,
  type Window,
} from './compile.ts';
import { type FactName, factOf, sumSql, timeSql } from './facts.ts';
import { dayCount } from './periods.ts';
import { type Question, timeOf } from './questions.ts';

/**
 * The sums of a ledger whose sums are what is there. What came before the period is one sum for each place; each day of
 * the period adds to it. Every span of time is asked for by itself, and the whole period under an empty name: what is
 * there at the end of two weeks is not what was there at the end of each.
 */
export function compilePositions(
  name: FactName,
  measures: readonly string[],
  question: Question,
  window: Window,
): Compiled {
  const { filters = {}, by } = question;
  const fact = factOf(name);
  const of = isRolledUp(name, question) ? 'rollup' : 'ledger';
  const columns = [...new Set(measures.map((measure) => fact.positions?.[measure]?.of ?? measure))];
  const time = timeOf(question);
  const places = by.filter((dimension) => dimension !== time);
  const key = by.map((dimension) =>
    dimension === time ? 'span.label' : `place_${places.indexOf(dimension)}`,
  );
  const text = `SELECT ${key.length > 0 ? `[${key.join(', ')}]` : `CAST([], 'Array(String)')`} AS key,
  [${measures.map((measure) => overSpan(fact.positions?.[measure], measure)).join(', ')}] AS sums
FROM (
  SELECT ${places.map((dimension, index) => `toString(${fact.dimensions[dimension]?.sql}) AS place_${index}, `).join('')}greatest(business_day, addDays({from:Date32}, -1)) AS day,
    ${columns.map((column) => `${sumSql(fact, column, of)} AS ${column}_sum`).join(', ')}
  FROM ${fact.source ? `(${fact.source})` : `${of === 'rollup' ? fact.rollup : fact.ledger} FINAL`}
  WHERE ${['currency = {currency:String}', 'business_day <= {closes:Date32}', ...narrowedBy(name, filters)].join('\n    AND ')}
  GROUP BY ${[...places.map((_, index) => `place_${index}`), 'day'].join(', ')}
) AS moved
CROSS JOIN (${spansSql(time, window)}) AS span
WHERE moved.day <= span.ends
GROUP BY key ORDER BY key LIMIT ${KEYS_MAX + 1}`;
  const { closes } = window;
  const days = Math.max(0, dayCount({ from: window.from, to: closes }));
  return { fact: name, text, params: { ...paramsOf(question, window), closes, days } };
}

function overSpan(position: { of: string; at: string } | undefined, measure: string): string {
  const column = `${position?.of ?? measure}_sum`;
  if (!position) return `sumIf(${column}, moved.day >= span.starts)`;
  if (position.at === 'closing') return `sum(${column})`;
  if (position.at === 'opening') return `sumIf(${column}, moved.day < span.starts)`;
  return `sum(${column} * (dateDiff('day', greatest(moved.day, span.starts), span.ends) + 1))`;
}

/** The days, weeks or months that have begun, and all of them. */
function spansSql(time: ReturnType<typeof timeOf>, { shift }: Window): string {
  const whole = `SELECT '' AS label, {from:Date32} AS starts, {closes:Date32} AS ends WHERE {days:UInt32} > 0`;
  if (!time) return whole;
  const day = shift ? shiftedDay(shift, 'on_day') : 'on_day';
  return `
  SELECT ${timeSql(time, day)} AS label, min(on_day) AS starts, max(on_day) AS ends
  FROM (SELECT addDays({from:Date32}, number) AS on_day FROM numbers({days:UInt32})) GROUP BY label
  UNION ALL ${whole}
`;
}
