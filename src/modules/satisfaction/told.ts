import type pg from 'pg';
import { type LedgerPlace, toldLedger } from '#platform/told-ledger.ts';

export const { reachesTo: opinionsReachTo, waitingSince: opinionsWaitingSince } = toldLedger(
  { table: 'satisfaction.question', number: 'told_number', at: 'owed_at' },
  { table: 'satisfaction.asked', number: 'told_number', at: 'at' },
  { table: 'satisfaction.answer', number: 'told_number', at: 'given_at' },
);

/** What happened to a question, as the numbers keep it: without words and without a person. */
export interface ToldOpinion {
  question_id: string;
  kind: 'owed' | 'mailed' | 'answered';
  /** Of an answer; all others happen once. */
  version: number;
  occasion: string;
  scale: string;
  region: string;
  touchpoint: string;
  location_id: string;
  /** On which the occasion was. */
  business_day: string;
  score: number;
}

/** What happened to questions between two places. A mail that was not sent is none. */
export async function opinionsBetween(
  connection: pg.ClientBase,
  after: LedgerPlace,
  to: LedgerPlace,
  timeZone: string,
): Promise<ToldOpinion[]> {
  const between = `(committed_by, told_number) > ($1::xid8, $2::bigint)
    and (committed_by, told_number) <= ($3::xid8, $4::bigint)`;
  const { rows } = await connection.query<ToldOpinion>(
    `select question_id::text, kind, version, occasion::text, scale::text, region_code as region, touchpoint,
       coalesce(location_id, '00000000-0000-0000-0000-000000000000')::text as location_id,
       (occurred_at at time zone $5)::date::text as business_day, score
     from (
       select id as question_id, 'owed' as kind, 1 as version, 0 as score from satisfaction.question where ${between}
       union all
       select question_id, 'mailed', 1, 0 from satisfaction.asked where outcome = 'mailed' and ${between}
       union all
       select question_id, 'answered', version, score from satisfaction.answer where ${between}
     ) as told join satisfaction.question on question.id = question_id
     order by question_id, kind, version`,
    [after.position, after.number, to.position, to.number, timeZone],
  );
  return rows;
}
