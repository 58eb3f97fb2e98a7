import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { qualityErrors } from './errors.ts';
import { feeds } from './feeds.ts';
import { type Band, bandOf, WEEKS } from './judge.ts';

export const ARRIVALS_BY = ['hour', 'day'] as const;
export type ArrivalsBy = (typeof ARRIVALS_BY)[number];

/** Three days of hours, four weeks of days. */
const HOURS = 72;
const DAYS = 28;

export interface Arrivals {
  /** Where the hour begins, RFC 3339 in UTC, or the day by the retailer's clock. */
  at: string;
  /** Null where it was not measured, or not the whole of the day. */
  value: number | null;
  /** Undefined while there are too few weeks to say. */
  usual: Band | undefined;
}

interface Row {
  at: string;
  value: number | null;
  history: number[];
}

/**
 * What came of a feed, the oldest first, up to the last hour that was judged or the last day that is over. Beside it what is
 * usual: the same hours, or weekdays, of eight weeks before. No rows before the first hour was judged.
 */
export async function arrivalsOf(
  db: Db,
  { feed, by }: { feed: string; by: ArrivalsBy },
  timeZone: string,
): Promise<Arrivals[]> {
  const watched = await feeds(db);
  if (!watched.some(({ id, kind }) => id === feed && kind !== 'follower'))
    throw qualityErrors.feed_not_found({});
  const { rows } = await (by === 'hour' ? hoursOf(feed, timeZone) : daysOf(feed, timeZone)).execute(db);
  return rows.map(({ at, value, history }) => ({ at, value, usual: bandOf('arrivals', history, 0) }));
}

const hoursOf = (feed: string, timeZone: string) => sql<Row>`
  with asked as (
    select judged_hour - back * interval '1 hour' as hour from quality.run, generate_series(0, ${HOURS - 1}::integer) as back
    where judged_hour is not null
  )
  select to_char(asked.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, seen.value, array(
    select past.value from generate_series(1, ${WEEKS}::integer) as week
    join quality.hour as past on past.feed = ${feed} and past.measure = 'arrivals'
      and past.hour = (asked.hour at time zone ${timeZone} - week * interval '7 days') at time zone ${timeZone}
    order by week) as history
  from asked left join quality.hour as seen
    on seen.feed = ${feed} and seen.measure = 'arrivals' and seen.hour = asked.hour
  order by asked.hour`;

/** A day counts when each of its hours was measured: 23 of them when the clock goes forward, 25 when it goes back. */
const daysOf = (feed: string, timeZone: string) => sql<Row>`
  with local as (
    select (hour at time zone ${timeZone})::date as day, sum(value) as value, count(*) as hours
    from quality.hour where feed = ${feed} and measure = 'arrivals' group by 1
  ), whole as (
    select day, value from local where hours * 3600 = extract(epoch from
      (day + 1)::timestamp at time zone ${timeZone} - day::timestamp at time zone ${timeZone})
  ), last as (
    select ((judged_hour + interval '1 hour') at time zone ${timeZone})::date - 1 as day
    from quality.run where judged_hour is not null
  ), asked as (select last.day - back as day from last, generate_series(0, ${DAYS - 1}::integer) as back)
  select asked.day::text as at, whole.value, array(
    select past.value from generate_series(1, ${WEEKS}::integer) as week
    join whole as past on past.day = asked.day - week * 7 order by week) as history
  from asked left join whole on whole.day = asked.day order by asked.day`;
