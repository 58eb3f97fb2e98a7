import type { ClickHouseClient } from '@clickhouse/client';
import { type Answer, answer } from './answers.ts';
import { insightErrors } from './errors.ts';
import { type Figures, figuresOf } from './figures.ts';
import { bucketsOf, dayCount, type Period } from './periods.ts';
import { type Clock, type Comparison, measuresOf, type Question, timeOf } from './questions.ts';
import type { AnswerRow } from './rows.ts';

/** What a period is compared with: the one before, the same days a year earlier, or any other. */
export type Against = Comparison | Period;

/** Rows of a top, or of rolling days, have no counterpart in another period. */
export type PlainQuestion = Omit<Question, 'compare' | 'rolling' | 'top'>;

/**
 * Answers a question beside any other period. One that was chosen freely counts whole, also while this one still runs,
 * and may be of another length: its first day lies under the first of this one, and so on while both have days.
 */
export async function answerAgainst(
  clickhouse: ClickHouseClient,
  question: Question,
  against: Against | undefined,
  clock: Clock,
): Promise<Answer> {
  if (against === undefined) return answer(clickhouse, question, clock);
  const { compare, rolling, top } = question;
  if (compare !== undefined || rolling !== undefined || top !== undefined)
    throw insightErrors.question_unfit({ reason: 'against_is_of_whole_rows' });
  if (typeof against === 'string') return answer(clickhouse, { ...question, compare: against }, clock);
  const then = { ...question, from: against.from, to: against.to };
  const [now, before] = await Promise.all([
    answer(clickhouse, question, clock),
    answer(clickhouse, then, clock),
  ]);
  return {
    ...now,
    periodBefore: { from: against.from, to: against.to },
    rows: laidOver(question, now.rows, rowsAsOf(question, then, before.rows)),
    total: { figures: now.total.figures, before: before.total.figures },
    sql: [...now.sql, ...before.sql],
  };
}

/** The rows of the other period under the days, weeks or months of this one, the first under the first. */
function rowsAsOf(question: PlainQuestion, then: PlainQuestion, rows: readonly AnswerRow[]): AnswerRow[] {
  const time = timeOf(question);
  if (!time) return [...rows];
  const [here, there] = [bucketsOf(question, time), bucketsOf(then, time)];
  const at = new Map(there.map((bucket, index) => [bucket, here[index]]));
  return rows.flatMap((row) => {
    const bucket = at.get(row.keys[time] ?? '');
    return bucket === undefined ? [] : [{ ...row, keys: { ...row.keys, [time]: bucket } }];
  });
}

function laidOver(
  question: PlainQuestion,
  now: readonly AnswerRow[],
  before: readonly AnswerRow[],
): AnswerRow[] {
  const keyOf = ({ keys }: AnswerRow) => JSON.stringify(question.by.map((name) => keys[name] ?? ''));
  const nothing = figuresOf(question.metrics, measuresOf(question.metrics), undefined, {
    isBegun: true,
    days: dayCount(question),
  });
  const earlier = new Map(before.map((row) => [keyOf(row), row]));
  const known = new Set(now.map(keyOf));
  const withBefore = (row: AnswerRow, figures: Figures | undefined): AnswerRow => ({
    ...row,
    before: figures ?? nothing,
  });
  const gone = [...earlier].filter(([key]) => !known.has(key)).map(([, row]) => row);
  return [
    ...now.map((row) => withBefore(row, earlier.get(keyOf(row))?.figures)),
    ...gone.map((row) => withBefore({ ...row, figures: nothing }, row.figures)),
  ];
}
