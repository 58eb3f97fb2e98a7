import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { type AtTouchpoint, type Consistency, consistencyOf, SMALL_N } from './consistency.ts';
import type { Occasion } from './scales.ts';

export const FIGURE_KEYS = ['none', 'region', 'day', 'occasion', 'store', 'touchpoint'] as const;
export type FigureKey = (typeof FIGURE_KEYS)[number];

/** What occasions are looked at. Days are the retailer's, those on which the occasion was. */
export interface FigureQuestion {
  from: string;
  to: string;
  occasion?: Occasion | undefined;
  region?: string | undefined;
  store?: string | undefined;
}

interface Csat {
  n: number;
  content: number;
  /** Share of 4 and 5 of 5; null where nobody answered. */
  value: number | null;
  standardError: number | null;
  isSmall: boolean;
}

interface Nps {
  n: number;
  promoters: number;
  detractors: number;
  /** 100 (p − d). */
  value: number | null;
  standardError: number | null;
  isSmall: boolean;
}

export interface SatisfactionRow {
  key: string;
  /** Questions that were owed, mails that asked one, questions that were answered. */
  owed: number;
  mailed: number;
  answered: number;
  csat: Csat;
  nps: Nps;
}

interface Counts {
  key: string;
  owed: number;
  mailed: number;
  answered: number;
  csat: number;
  content: number;
  nps: number;
  promoters: number;
  detractors: number;
}

const ROWS_MAX = 1000;

export function csatOf(n: number, content: number): Csat {
  const share = n === 0 ? null : content / n;
  const standardError = share === null ? null : Math.sqrt((share * (1 - share)) / n);
  return { n, content, value: share, standardError, isSmall: n < SMALL_N };
}

/** SE = 100 √((p + d − (p − d)²) / n). */
export function npsOf(n: number, promoters: number, detractors: number): Nps {
  const facts = { n, promoters, detractors, isSmall: n < SMALL_N };
  if (n === 0) return { ...facts, value: null, standardError: null };
  const [p, d] = [promoters / n, detractors / n];
  return { ...facts, value: 100 * (p - d), standardError: 100 * Math.sqrt((p + d - (p - d) ** 2) / n) };
}

/** Rows by a key, and the whole that they add up to. Of an answer that was changed the last one counts. */
export async function satisfactionBy(
  db: Db,
  question: FigureQuestion,
  by: FigureKey,
  timeZone: string,
): Promise<{ rows: SatisfactionRow[]; total: SatisfactionRow }> {
  const [rows, [total]] = await Promise.all([
    by === 'none' ? [] : counts(db, question, by, timeZone),
    counts(db, question, 'none', timeZone),
  ]);
  return { rows: rows.map(rowOf), total: rowOf(total ?? NOTHING) };
}

/** Over the touch points, for each scale on its own: what is asked in five steps and in eleven is not mixed. */
export async function satisfactionConsistency(
  db: Db,
  question: FigureQuestion,
  timeZone: string,
): Promise<{ csat: Consistency; nps: Consistency }> {
  const rows = await counts(db, question, 'touchpoint', timeZone);
  const of = (classes: (row: Counts) => number[]): AtTouchpoint[] =>
    rows.map((row) => ({ touchpoint: row.key, classes: classes(row) }));
  return {
    csat: consistencyOf(of(({ csat, content }) => [content, csat - content])),
    nps: consistencyOf(
      of(({ nps, promoters, detractors }) => [promoters, nps - promoters - detractors, detractors]),
    ),
  };
}

const rowOf = ({ key, owed, mailed, answered, csat, content, nps, promoters, detractors }: Counts) => ({
  key,
  owed,
  mailed,
  answered,
  csat: csatOf(csat, content),
  nps: npsOf(nps, promoters, detractors),
});

const NOTHING: Counts = {
  key: '',
  owed: 0,
  mailed: 0,
  answered: 0,
  csat: 0,
  content: 0,
  nps: 0,
  promoters: 0,
  detractors: 0,
};

const DAY = sql`to_char(occurred_at at time zone zone.name, 'YYYY-MM-DD')`;
const KEYS: Record<FigureKey, RawBuilder<unknown>> = {
  none: sql`''`,
  region: sql`region_code`,
  day: DAY,
  occasion: sql`occasion::text`,
  store: sql`coalesce(location_id::text, '')`,
  touchpoint: sql`touchpoint`,
};

async function counts(
  db: Db,
  { from, to, occasion, region, store }: FigureQuestion,
  by: FigureKey,
  timeZone: string,
): Promise<Counts[]> {
  const { rows } = await sql<Counts>`
    select ${KEYS[by]} as key, count(*)::integer as owed,
      count(*) filter (where outcome = 'mailed')::integer as mailed, count(score)::integer as answered,
      count(score) filter (where scale = 'csat')::integer as csat,
      count(*) filter (where scale = 'csat' and score >= 4)::integer as content,
      count(score) filter (where scale = 'nps')::integer as nps,
      count(*) filter (where scale = 'nps' and score >= 9)::integer as promoters,
      count(*) filter (where scale = 'nps' and score <= 6)::integer as detractors
    from (select ${timeZone}::text as name) as zone cross join satisfaction.question
    left join satisfaction.asked on asked.question_id = question.id
    left join lateral (select score from satisfaction.answer
      where answer.question_id = question.id order by version desc limit 1) as last on true
    where occurred_at >= ${from}::date::timestamp at time zone zone.name
      and occurred_at < (${to}::date + 1)::timestamp at time zone zone.name
      and (${occasion ?? null}::text is null or occasion::text = ${occasion ?? null})
      and (${region ?? null}::text is null or region_code = ${region ?? null})
      and (${store ?? null}::uuid is null or location_id = ${store ?? null}::uuid)
    group by 1 order by 1 limit ${ROWS_MAX}`.execute(db);
  return rows;
}
