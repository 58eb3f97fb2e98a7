import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '#platform/db.ts';

/** A place in the order of committed transactions. */
export interface OpinionPlace {
  position: string;
  number: string;
}

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

/** Where so many rows after a place reach to; undefined when there are none. Only of transactions that nothing can come before. */
export async function opinionsReachTo(
  connection: pg.ClientBase,
  after: OpinionPlace,
  count: number,
): Promise<OpinionPlace | undefined> {
  const next = (table: 'question' | 'asked' | 'answer') => `(
    select committed_by, told_number from satisfaction.${table}
    where (committed_by, told_number) > ($1::xid8, $2::bigint) and committed_by < pg_snapshot_xmin(pg_current_snapshot())
    order by committed_by, told_number limit $3)`;
  const { rows } = await connection.query<OpinionPlace>(
    `select committed_by::text as position, told_number::text as number from (
       select * from (${next('question')} union all ${next('asked')} union all ${next('answer')}) as each
       order by committed_by, told_number limit $3
     ) as next order by committed_by desc, told_number desc limit 1`,
    [after.position, after.number, count],
  );
  return rows[0];
}

/** What happened to questions between two places. A mail that was not sent is none. */
export async function opinionsBetween(
  connection: pg.ClientBase,
  after: OpinionPlace,
  to: OpinionPlace,
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

/** Since when a row waits to be taken; undefined when none does. */
export async function opinionsWaitingSince(db: Db, after: OpinionPlace): Promise<Date | undefined> {
  const place = sql`(${after.position}::xid8, ${after.number}::bigint)`;
  const { rows } = await sql<{ since: Date | null }>`
    select least(
      (select owed_at from satisfaction.question where (committed_by, told_number) > ${place}
        order by committed_by, told_number limit 1),
      (select at from satisfaction.asked where (committed_by, told_number) > ${place}
        order by committed_by, told_number limit 1),
      (select given_at from satisfaction.answer where (committed_by, told_number) > ${place}
        order by committed_by, told_number limit 1)
    ) as since`.execute(db);
  return rows[0]?.since ?? undefined;
}
