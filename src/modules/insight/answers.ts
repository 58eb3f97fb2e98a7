import type { ClickHouseClient } from '@clickhouse/client';
import { type Compiled, compile, KEYS_MAX, type Window } from './compile.ts';
import { insightErrors } from './errors.ts';
import type { Dimension, FactName } from './facts.ts';
import { type Figures, figuresOf, valueFrom } from './figures.ts';
import {
  businessDayAt,
  bucketsOf,
  dayCount,
  type Period,
  periodBefore,
  periodYearBefore,
  shiftDay,
} from './periods.ts';
import {
  assertAnswerable,
  type Clock,
  type MeasureAt,
  measuresOf,
  othersOf,
  type Question,
  timeOf,
} from './questions.ts';

export interface AnswerRow {
  /** By the names of the dimensions that were asked for. Of the rest of a top there are those of time alone. */
  keys: Partial<Record<Dimension, string>>;
  isRest?: true;
  figures: Figures;
  before?: Figures;
}

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

const ROWS_MAX = 50_000;
const EXECUTION_SECONDS_MAX = 30;
const DAY_MS = 86_400_000;

/** Sums of all measures, in the order of `measuresOf`, by the key of the row. */
type Cells = Map<string, number[]>;
/** A row's key without its time; null of the rest of a top. */
type Place = readonly string[] | null;

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
  const [now, before] = await Promise.all([
    cellsOf(clickhouse, question, measures, { from: rolledFrom(question, from), to }),
    compare &&
      cellsOf(clickhouse, question, measures, {
        from: rolledFrom(question, earlier.from),
        to: earlier.to,
        shift: { by: compare, days: dayCount(question) },
        until: isRunning ? untilOf(compare, question, clock) : undefined,
      }),
  ]);
  const made = rowsOf(question, measures, today, now.cells, before ? before.cells : undefined);
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
): Promise<{ cells: Cells; sql: Compiled[] }> {
  const facts = [...new Set(measures.map(({ fact }) => fact))];
  const cells: Cells = new Map();
  const sql = await Promise.all(facts.map((fact) => readFact(fact)));
  return { cells, sql };

  async function readFact(fact: FactName): Promise<Compiled> {
    const places = measures.flatMap((each, index) => (each.fact === fact ? [index] : []));
    const names = places.map((index) => measures[index]?.measure ?? '');
    const compiled = compile(fact, names, question, window);
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

function rowsOf(
  question: Question,
  measures: readonly MeasureAt[],
  today: string,
  now: Cells,
  before: Cells | undefined,
): Pick<Answer, 'rows' | 'total'> {
  const { metrics, from } = question;
  const time = timeOf(question);
  const places = placesOf(question, measures, now, before);
  const buckets = time ? bucketsOf(question, time) : [''];
  if (places.length * buckets.length > ROWS_MAX) throw insightErrors.answer_too_large({ most: ROWS_MAX });
  const figures = (sums: number[] | undefined, isBegun: boolean) =>
    figuresOf(metrics, measures, sums, isBegun);
  const totals: Record<'now' | 'before', number[] | undefined> = { now: undefined, before: undefined };
  const rows = places.flatMap(({ place, members }) => {
    const series = seriesOf(question, members, buckets, now);
    const seriesBefore = before && seriesOf(question, members, buckets, before);
    totals.now = plus(totals.now, series.whole);
    totals.before = plus(totals.before, seriesBefore?.whole);
    return buckets.map((bucket, index): AnswerRow => {
      const isBegun = (time ? bucket : from) <= today;
      return {
        keys: keysOf(question, place, bucket),
        ...(place === null && { isRest: true as const }),
        figures: figures(series.sums[index], isBegun),
        ...(seriesBefore && { before: figures(seriesBefore.sums[index], true) }),
      };
    });
  });
  const total = {
    figures: figures(totals.now, from <= today),
    ...(before && { before: figures(totals.before, true) }),
  };
  return { rows: question.by.length === 0 ? [] : inOrderOfTime(rows, time), total };
}

/** By time first, as it is read; a stable sort keeps the places in their order. */
const inOrderOfTime = (rows: AnswerRow[], time: Dimension | undefined) =>
  time
    ? rows.sort((a, b) =>
        (a.keys[time] ?? '') < (b.keys[time] ?? '') ? -1 : Number(a.keys[time] !== b.keys[time]),
      )
    : rows;

function keysOf(question: Question, place: Place, bucket: string): AnswerRow['keys'] {
  const time = timeOf(question);
  const names = place === null ? [] : othersOf(question);
  return Object.fromEntries([
    ...names.map((name, index) => [name, place?.[index] ?? '']),
    ...(time ? [[time, bucket]] : []),
  ]) as AnswerRow['keys'];
}

interface PlaceRow {
  place: Place;
  /** More than one of the rest of a top. */
  members: readonly (readonly string[])[];
}

/** What rows there are beside time: those that either period has, or the most of them and the rest. */
function placesOf(
  question: Question,
  measures: readonly MeasureAt[],
  now: Cells,
  before: Cells | undefined,
): PlaceRow[] {
  if (othersOf(question).length === 0) return [{ place: [], members: [[]] }];
  const timeAt = question.by.findIndex((name) => name === timeOf(question));
  const found = new Map<string, { place: string[]; sums: number[] | undefined }>();
  for (const [cells, isNow] of [
    [now, true],
    [before ?? new Map<string, number[]>(), false],
  ] as const) {
    for (const [id, sums] of cells) {
      const key = JSON.parse(id) as string[];
      const place = key.filter((_, index) => index !== timeAt);
      const at = JSON.stringify(place);
      const known = found.get(at) ?? { place, sums: undefined };
      found.set(at, {
        place,
        sums: isNow && isWithin(question, key[timeAt]) ? plus(known.sums, sums) : known.sums,
      });
    }
  }
  const all = [...found.values()].sort((a, b) =>
    JSON.stringify(a.place) < JSON.stringify(b.place) ? -1 : 1,
  );
  const { top } = question;
  if (!top) return all.map(({ place }) => ({ place, members: [place] }));
  const metric = top.metric ?? question.metrics[0];
  const worth = (sums: number[] | undefined) =>
    (metric && valueFrom(metric, measures, sums)) ?? Number.NEGATIVE_INFINITY;
  const ranked = all
    .map(({ place, sums }) => ({ place, worth: worth(sums) }))
    .sort((a, b) => (a.worth === b.worth ? 0 : b.worth - a.worth));
  const rest = ranked.slice(top.count).map(({ place }) => place);
  return [
    ...ranked.slice(0, top.count).map(({ place }) => ({ place, members: [place] })),
    ...(rest.length > 0 ? [{ place: null, members: rest }] : []),
  ];
}

/** Days before the period are read for what rolls, and count in no total. */
const isWithin = ({ rolling, from }: Question, bucket: string | undefined) =>
  !rolling || (bucket ?? '') >= from;

/** The sums of a row for each bucket of time, and of the whole period. */
function seriesOf(
  question: Question,
  members: PlaceRow['members'],
  buckets: readonly string[],
  cells: Cells,
): { sums: (number[] | undefined)[]; whole: number[] | undefined } {
  const timeAt = question.by.findIndex((name) => name === timeOf(question));
  const at = (bucket: string) =>
    members.reduce<number[] | undefined>((sums, member) => {
      const key = timeAt < 0 ? member : member.toSpliced(timeAt, 0, bucket);
      return plus(sums, cells.get(JSON.stringify(key)));
    }, undefined);
  const own = buckets.map(at);
  const whole = own.reduce(plus, undefined);
  const { rolling } = question;
  if (!rolling) return { sums: own, whole };
  const first = buckets[0] ?? question.from;
  const earlier = Array.from({ length: rolling - 1 }, (_, index) => at(shiftDay(first, index - rolling + 1)));
  const days = [...earlier, ...own];
  const sums = own.map((_, index) => days.slice(index, index + rolling).reduce(plus, undefined));
  return { sums, whole };
}

function plus(a: number[] | undefined, b: number[] | undefined): number[] | undefined {
  if (!a || !b) return a ?? b;
  return a.map((sum, index) => sum + (b[index] ?? 0));
}
