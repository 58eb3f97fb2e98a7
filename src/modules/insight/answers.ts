import type { ClickHouseClient } from '@clickhouse/client';
import { type Compiled, compile, KEYS_MAX, type Window } from './compile.ts';
import { insightErrors } from './errors.ts';
import { type FactName, factOf } from './facts.ts';
import type { Figures } from './figures.ts';
import { businessDayAt, dayCount, type Period, periodBefore, periodYearBefore, shiftDay } from './periods.ts';
import { compilePositions } from './positions.ts';
import { assertAnswerable, type Clock, type MeasureAt, measuresOf, type Question } from './questions.ts';
import { type AnswerRow, type Cells, daysOfSpans, type Read, ROWS_MAX, rowsOf } from './rows.ts';

export interface Answer {
  currency: string;
  period: Period;
  periodBefore?: Period;
  /** The day that is not over, when the period has it: its figures are so far. */
  today?: string;
  rows: AnswerRow[];
  total: { figures: Figures; before?: Figures };
  /** What was asked of ClickHouse, with the parameters beside it. */
  sql: Compiled[];
}

const EXECUTION_SECONDS_MAX = 30;
const DAY_MS = 86_400_000;

/** Rows by any dimensions, with a total that is the sum of the rows. */
export async function answer(
  clickhouse: ClickHouseClient,
  question: Question,
  clock: Clock,
): Promise<Answer> {
  assertAnswerable(question);
  const { from, to, currency, compare } = question;
  const today = businessDayAt(clock.now, clock.timeZone);
  const isRunning = today >= from && today <= to;
  const earlier = compare === 'year' ? periodYearBefore(question) : periodBefore(question);
  const measures = measuresOf(question.metrics);
  const until = isRunning && compare ? untilOf(compare, question, clock) : undefined;
  const asked = { today: clock.now.toISOString().slice(0, 10) };
  const window = { ...asked, from: rolledFrom(question, from), to, closes: today < to ? today : to };
  const [now, before] = await Promise.all([
    cellsOf(clickhouse, question, measures, window),
    compare &&
      cellsOf(clickhouse, question, measures, {
        ...asked,
        from: rolledFrom(question, earlier.from),
        to: earlier.to,
        shift: { by: compare, days: dayCount(question) },
        until,
        closes: until ? until.day : earlier.to,
      }),
  ]);
  const made = rowsOf(question, { measures, today, now: now.read, before: before ? before.read : undefined });
  return {
    currency,
    period: { from, to },
    ...(before && { periodBefore: earlier }),
    ...(isRunning && { today }),
    ...made,
    sql: [...now.sql, ...(before ? before.sql : [])],
  };
}

const rolledFrom = ({ rolling }: Question, from: string) => (rolling ? shiftDay(from, 1 - rolling) : from);

/** While the period runs, the one before it counts up to the same moment: like is compared with like. */
function untilOf(compare: 'previous' | 'year', period: Period, { now, timeZone }: Clock): Window['until'] {
  const moment = new Date(now);
  if (compare === 'year') moment.setUTCFullYear(moment.getUTCFullYear() - 1);
  else moment.setTime(now.getTime() - dayCount(period) * DAY_MS);
  return { moment, day: businessDayAt(moment, timeZone) };
}

async function cellsOf(
  clickhouse: ClickHouseClient,
  question: Question,
  measures: readonly MeasureAt[],
  window: Window,
): Promise<{ read: Read; sql: Compiled[] }> {
  const facts = [...new Set(measures.map(({ fact }) => fact))];
  const cells: Cells = new Map();
  const sql = await Promise.all(facts.map((fact) => readFact(fact)));
  return { read: { cells, days: daysOfSpans(question, window) }, sql };

  async function readFact(fact: FactName): Promise<Compiled> {
    const places = measures.flatMap((each, index) => (each.fact === fact ? [index] : []));
    const names = places.map((index) => measures[index]?.measure ?? '');
    const compiled = (factOf(fact).positions ? compilePositions : compile)(fact, names, question, window);
    for (const { key, sums } of await rowsFrom(clickhouse, compiled)) {
      const id = JSON.stringify(key);
      const cell = cells.get(id) ?? measures.map(() => 0);
      for (const [index, place] of places.entries()) cell[place] = safeInteger(sums[index] ?? '');
      cells.set(id, cell);
    }
    return compiled;
  }
}

async function rowsFrom(
  clickhouse: ClickHouseClient,
  { text, params }: Compiled,
): Promise<{ key: string[]; sums: string[] }[]> {
  const result = await clickhouse.query({
    query: text,
    query_params: params,
    format: 'JSONEachRow',
    clickhouse_settings: {
      // A key has its year in it, so the copies of a row are in one partition.
      do_not_merge_across_partitions_select_final: 1,
      output_format_json_quote_64bit_integers: 1,
      max_execution_time: EXECUTION_SECONDS_MAX,
    },
  });
  const rows = await result.json<{ key: string[]; sums: string[] }>();
  if (rows.length > KEYS_MAX) throw insightErrors.answer_too_large({ most: ROWS_MAX });
  return rows;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value))
    throw new RangeError(`The sum ${text} is not a safe integer`);
  return value;
}
