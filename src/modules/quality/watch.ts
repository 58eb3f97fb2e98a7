import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { driftOn } from './drift.ts';
import { type Feed, feeds } from './feeds.ts';
import { type Found, keepFindings } from './findings.ts';
import { type Compared, judge, type Measure, WEEKS } from './judge.ts';
import { measureHour } from './measure.ts';
import { own } from './own.ts';

export const TELL = 'quality.tell';
const HOUR_MS = 3_600_000;
/** What was missed while nothing ran: older hours are left out, for what was wrong then is over. */
const HOURS_MAX = 24;
const KEPT_DAYS = 100;

type Watching = Pick<Deps, 'db' | 'clickhouse' | 'config' | 'now'>;

/** Job, by the hour: measures every hour that is over and was not judged yet, and judges it. */
export async function watchFeeds(deps: Watching): Promise<void> {
  const { db, config, now } = deps;
  const watched = await feeds(db);
  const last = new Date(Math.floor(now().getTime() / HOUR_MS) * HOUR_MS - HOUR_MS);
  const judged = await judgedHour(db);
  const first = Math.max(
    last.getTime() - (HOURS_MAX - 1) * HOUR_MS,
    judged ? judged.getTime() + HOUR_MS : last.getTime(),
  );
  for (let at = first; at <= last.getTime(); at += HOUR_MS) {
    const hour = new Date(at);
    await measureHour(deps, watched, hour);
    await judgeHour(db, watched, hour, config.timeZone);
  }
  await dropOld(db, now());
}

async function judgedHour(db: Db): Promise<Date | null> {
  const { judged_hour: hour } = await own(db)
    .selectFrom('quality.run')
    .select('judged_hour')
    .executeTakeFirstOrThrow();
  return hour;
}

/** Two processes that judge the same hour write the same: the row of the run is theirs in turn. */
async function judgeHour(db: Db, watched: readonly Feed[], hour: Date, timeZone: string): Promise<void> {
  const ids = new Set(watched.map(({ id }) => id));
  const drift = await driftOn(db, hour.toISOString().slice(0, 10));
  const found = [...(await faultsIn(db, hour, timeZone)), ...drift].filter(({ feed }) => ids.has(feed));
  await inTransaction(db, async (tx) => {
    const turn = await own(tx)
      .updateTable('quality.run')
      .set({ judged_hour: hour })
      .where((eb) => eb.or([eb('judged_hour', 'is', null), eb('judged_hour', '<', hour)]))
      .returning('judged_hour')
      .executeTakeFirst();
    if (!turn) return;
    await keepFindings(tx, found, hour);
    await addJob(tx, TELL, {}, 'findings');
  });
}

interface HourRow extends Compared {
  feed: string;
  measure: Measure;
  isBefore: boolean;
}

/** An hour and the one before it, each beside the same weekday and hour by the retailer's clock in the weeks before. */
async function faultsIn(db: Db, hour: Date, timeZone: string): Promise<Found[]> {
  const { rows } = await sql<HourRow>`
    select seen.feed, seen.measure, seen.value, seen.n, seen.hour < ${hour} as "isBefore", array(
      select past.value from generate_series(1, ${WEEKS}::integer) as week
      join quality.hour as past on past.feed = seen.feed and past.measure = seen.measure
        and past.hour = (seen.hour at time zone ${timeZone} - week * interval '7 days') at time zone ${timeZone}
      order by week) as history
    from quality.hour as seen where seen.hour in (${hour}, ${new Date(hour.getTime() - HOUR_MS)})
    order by seen.feed, seen.measure`.execute(db);
  const before = new Map(rows.flatMap((row) => (row.isBefore ? [[`${row.feed} ${row.measure}`, row]] : [])));
  return rows.flatMap((row): Found[] => {
    if (row.isBefore) return [];
    const verdict = judge(row.measure, row, before.get(`${row.feed} ${row.measure}`));
    return verdict ? [{ feed: row.feed, subject: '', ...verdict }] : [];
  });
}

async function dropOld(db: Db, now: Date): Promise<void> {
  const until = new Date(now.getTime() - KEPT_DAYS * 24 * HOUR_MS);
  await own(db).deleteFrom('quality.hour').where('hour', '<', until).execute();
  await sql`delete from quality.shape_day where day < ${until.toISOString().slice(0, 10)}::date`.execute(db);
}

export interface FeedHour {
  feed: string;
  measure: Measure;
  hour: Date;
  value: number;
  n: number;
  history: number[];
}

/** The last hour that was measured of each feed and measure, beside its history. */
export async function lastHours(db: Db, timeZone: string): Promise<FeedHour[]> {
  const { rows } = await sql<FeedHour>`
    select seen.feed, seen.measure, seen.hour, seen.value, seen.n, array(
      select past.value from generate_series(1, ${WEEKS}::integer) as week
      join quality.hour as past on past.feed = seen.feed and past.measure = seen.measure
        and past.hour = (seen.hour at time zone ${timeZone} - week * interval '7 days') at time zone ${timeZone}
      order by week) as history
    from quality.hour as seen where seen.hour = (select judged_hour from quality.run)
    order by seen.feed, seen.measure`.execute(db);
  return rows;
}
