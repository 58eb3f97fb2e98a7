import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '#platform/db.ts';

/** A credit as the numbers keep it: a row of theirs. */
export interface ToldCredit {
  credit_id: string;
  kind: string;
  sale_id: string;
  line_id: string;
  location_id: string;
  currency: string;
  business_day: string;
  region: string;
  amount_minor: string;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The credits after one number up to another. One process writes them, so none appears later among those that are there. */
export async function creditsBetween(
  connection: pg.ClientBase,
  after: string,
  to: string,
): Promise<ToldCredit[]> {
  const { rows } = await connection.query<ToldCredit>(
    `select id::text as credit_id, kind::text, sale_id::text, line_id::text,
       coalesce(location_id, $3)::text as location_id, currency, business_day::text,
       coalesce(region_code, '') as region, amount_minor::text
     from market.sale_credit where id > $1::bigint and id <= $2::bigint order by id`,
    [after, to, NOBODY],
  );
  return rows;
}

/** The number that so many credits after this one reach to; undefined when there is none. */
export async function lastCreditId(
  connection: pg.ClientBase,
  after: string,
  count: number,
): Promise<string | undefined> {
  const { rows } = await connection.query<{ id: string | null }>(
    `select max(id)::text as id from (
       select id from market.sale_credit where id > $1::bigint order by id limit $2) as next`,
    [after, count],
  );
  return rows[0]?.id ?? undefined;
}

/**
 * Since when something waits: an event to be credited, a territory's change, or credits after this number to be told.
 * Undefined when nothing does.
 */
export async function creditsWaitingSince(db: Db, after: string): Promise<Date | undefined> {
  const { rows } = await sql<{ since: Date | null }>`
    select least(
      (select event.occurred_at from market.follower
        join platform.event on (event.committed_by, event.id) > (follower.position, follower.event_id)
        where follower.name = 'sale_credit' order by event.committed_by, event.id limit 1),
      (select min(asked_at) from market.recrediting where finished_at is null),
      (select event.occurred_at from market.sale_credit as credit join platform.event on event.id = credit.event_id
        where credit.id > ${after}::bigint order by credit.id limit 1)
    ) as since`.execute(db);
  return rows[0]?.since ?? undefined;
}
