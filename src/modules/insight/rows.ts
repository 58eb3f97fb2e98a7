import { insightErrors } from './errors.ts';
import { type Dimension, factOf } from './facts.ts';
import type { Window } from './compile.ts';
import { type Figures, figuresOf, valueFrom } from './figures.ts';
import { bucketOf, bucketsOf, dayCount, daysOf, shiftDay, yearAfter } from './periods.ts';
import { type MeasureAt, othersOf, type Question, timeOf } from './questions.ts';

export const ROWS_MAX = 50_000;

export interface AnswerRow {
  /** By the names of the dimensions that were asked for. Of the rest of a top there are those of time alone. */
  keys: Partial<Record<Dimension, string>>;
  isRest?: true;
  figures: Figures;
  before?: Figures;
}

/** Sums of all measures, in the order of `measuresOf`, by the key of the row. */
export type Cells = Map<string, number[]>;

/** What was read of a period, and how many of its days each span of time has that have begun; of all under ''. */
export interface Read {
  cells: Cells;
  days: ReadonlyMap<string, number>;
}

export function daysOfSpans(question: Question, { from, closes, shift }: Window): Map<string, number> {
  const time = timeOf(question);
  const days = new Map([['', Math.max(0, dayCount({ from, to: closes }))]]);
  if (!time || closes < from) return days;
  for (const day of daysOf({ from, to: closes })) {
    const laid = !shift ? day : shift.by === 'year' ? yearAfter(day) : shiftDay(day, shift.days);
    const label = bucketOf(laid, time);
    days.set(label, (days.get(label) ?? 0) + 1);
  }
  return days;
}

/** A row's key without its time; null of the rest of a top. */
type Place = readonly string[] | null;

interface Reads {
  measures: readonly MeasureAt[];
  today: string;
  now: Read;
  before: Read | undefined;
}

/** The rows of an answer and its total, from what was read. */
export function rowsOf(
  question: Question,
  { measures, today, now, before }: Reads,
): { rows: AnswerRow[]; total: { figures: Figures; before?: Figures } } {
  const { metrics, from } = question;
  const time = timeOf(question);
  const buckets = time ? bucketsOf(question, time) : [''];
  const places = placesOf(question, measures, now, before);
  if (places.length * buckets.length > ROWS_MAX) throw insightErrors.answer_too_large({ most: ROWS_MAX });
  const figures = (sums: number[] | undefined, isBegun: boolean, days: number) =>
    figuresOf(metrics, measures, sums, { isBegun, days });
  const totals: Record<'now' | 'before', number[] | undefined> = { now: undefined, before: undefined };
  const rows = places.flatMap(({ place, members }) => {
    const series = seriesOf(question, measures, members, now.cells);
    const seriesBefore = before && seriesOf(question, measures, members, before.cells);
    totals.now = plus(totals.now, series.whole);
    totals.before = plus(totals.before, seriesBefore?.whole);
    return buckets.map((bucket, index): AnswerRow => {
      const isBegun = (bucket > from ? bucket : from) <= today;
      return {
        keys: keysOf(question, place, bucket),
        ...(place === null && { isRest: true as const }),
        figures: figures(series.sums[index], isBegun, now.days.get(bucket) ?? 0),
        ...(seriesBefore && {
          before: figures(seriesBefore.sums[index], true, before.days.get(bucket) ?? 0),
        }),
      };
    });
  });
  const total = {
    figures: figures(totals.now, from <= today, now.days.get('') ?? 0),
    ...(before && { before: figures(totals.before, true, before.days.get('') ?? 0) }),
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
  now: Read,
  before: Read | undefined,
): PlaceRow[] {
  if (othersOf(question).length === 0) return [{ place: [], members: [[]] }];
  const timeAt = question.by.findIndex((name) => name === timeOf(question));
  const found = new Map<string, string[]>();
  for (const id of [...now.cells.keys(), ...(before?.cells.keys() ?? [])]) {
    const key = JSON.parse(id) as string[];
    const place = key.filter((_, index) => index !== timeAt);
    found.set(JSON.stringify(place), place);
  }
  const all = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
  const { top } = question;
  if (!top) return all.map((place) => ({ place, members: [place] }));
  const metric = top.metric ?? question.metrics[0];
  const ranked = all
    .map((place) => {
      const { whole } = seriesOf(question, measures, [place], now.cells);
      const value = metric && valueFrom(metric, measures, whole, now.days.get('') ?? 0);
      return { place, worth: value ?? Number.NEGATIVE_INFINITY };
    })
    .sort((a, b) => (a.worth === b.worth ? 0 : b.worth - a.worth));
  const rest = ranked.slice(top.count).map(({ place }) => place);
  return [
    ...ranked.slice(0, top.count).map(({ place }) => ({ place, members: [place] })),
    ...(rest.length > 0 ? [{ place: null, members: rest }] : []),
  ];
}

/** The sums of a row for each bucket of time, and of the whole period. */
function seriesOf(
  question: Question,
  measures: readonly MeasureAt[],
  members: PlaceRow['members'],
  cells: Cells,
): { sums: (number[] | undefined)[]; whole: number[] | undefined } {
  const time = timeOf(question);
  const timeAt = question.by.findIndex((name) => name === time);
  const buckets = time ? bucketsOf(question, time) : [''];
  const at = (bucket: string) =>
    members.reduce<number[] | undefined>((sums, member) => {
      const key = timeAt < 0 ? member : member.toSpliced(timeAt, 0, bucket);
      return plus(sums, cells.get(JSON.stringify(key)));
    }, undefined);
  const own = buckets.map(at);
  const added = own.reduce(plus, undefined);
  const whole = time ? withPositions(measures, added, at('')) : added;
  const { rolling } = question;
  if (!rolling) return { sums: own, whole };
  const first = buckets[0] ?? question.from;
  const earlier = Array.from({ length: rolling - 1 }, (_, index) => at(shiftDay(first, index - rolling + 1)));
  const days = [...earlier, ...own];
  const sums = own.map((_, index) => days.slice(index, index + rolling).reduce(plus, undefined));
  return { sums, whole };
}

/** What is there does not add up over time: of the whole period it was asked for by itself. */
function withPositions(
  measures: readonly MeasureAt[],
  added: number[] | undefined,
  asked: number[] | undefined,
): number[] | undefined {
  if (!asked) return added;
  return measures.map(({ fact }, index) => (factOf(fact).positions ? asked : (added ?? []))[index] ?? 0);
}

function plus(a: number[] | undefined, b: number[] | undefined): number[] | undefined {
  if (!a || !b) return a ?? b;
  return a.map((sum, index) => sum + (b[index] ?? 0));
}
