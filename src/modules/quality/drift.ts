import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Fault } from './judge.ts';

/** So far a day's events are compared with those before it. */
const DAYS = 28;
/** An event is known when it came on so many of those days. */
const KNOWN_DAYS = 7;
/** What came once or twice is a slip of one page. */
const TIMES_MIN = 3;
/** A property is usual that so many in a hundred have; it has vanished when so many events in a row lack it. */
const USUAL_SHARE = 0.9;
const EVENTS_MIN = 50;

export interface Drift {
  feed: string;
  fault: Extract<Fault, 'new_property' | 'new_type' | 'vanished_property'>;
  subject: string;
  value: number;
  expected: number;
}

/** Properties of known events that are new, of another type, or gone, on a day (UTC) against the days before it. */
export async function driftOn(db: Db, day: string): Promise<Drift[]> {
  const { rows } = await sql<Drift>`
    with past as (
      select feed, name, property, type, sum(times)::float8 as times, count(*) as days
      from quality.shape_day where day >= ${day}::date - ${DAYS}::integer and day < ${day}::date group by 1, 2, 3, 4
    ), events as (
      select past.feed, past.name, past.times as before, today.times as now
      from past join quality.shape_day as today
        on today.feed = past.feed and today.name = past.name and today.property = '' and today.day = ${day}::date
      where past.property = '' and past.days >= ${KNOWN_DAYS}
    ), properties as (
      select feed, name, property, sum(times) as times from past where property <> '' group by 1, 2, 3
    )
    select events.feed, (case when known.property is null then 'new_property' else 'new_type' end) as fault,
      events.name || ' · ' || seen.property || ' · ' || seen.type as subject,
      seen.times::float8 as value, 0::float8 as expected
    from events
    join quality.shape_day as seen on seen.feed = events.feed and seen.name = events.name
      and seen.property <> '' and seen.day = ${day}::date and seen.times >= ${TIMES_MIN}
    left join past on past.feed = seen.feed and past.name = seen.name and past.property = seen.property and past.type = seen.type
    left join properties as known
      on known.feed = seen.feed and known.name = seen.name and known.property = seen.property
    where past.feed is null
    union all
    select events.feed, 'vanished_property', events.name || ' · ' || usual.property,
      0, round((usual.times / events.before)::numeric, 3)::float8
    from events join properties as usual on usual.feed = events.feed and usual.name = events.name
    where usual.times >= ${USUAL_SHARE} * events.before and events.now >= ${EVENTS_MIN}
      and not exists (select from quality.shape_day as seen
        where seen.feed = events.feed and seen.name = events.name and seen.property = usual.property
          and seen.day = ${day}::date)
    order by 1, 2, 3 limit 500`.execute(db);
  return rows;
}
