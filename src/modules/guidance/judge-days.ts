import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { businessDayAt, freshness, ledgerParts, shiftDay } from '../insight/index.ts';
import { writeFindings } from './findings.ts';
import { alarmsOf, judge } from './judge.ts';
import { marketsBetween } from './markets.ts';

/** Figures of these days may still change: they are judged anew each time. */
const REVISED_DAYS = 14;
/** After a longer pause no more days than that are judged later. */
const CAUGHT_UP_DAYS = 60;

/** Job. Judges the days that are over: those that were not judged before, and the last ones anew. */
export async function judgeDays(
  deps: Pick<Deps, 'db' | 'clickhouse' | 'now' | 'config'>,
): Promise<{ from: string; to: string } | undefined> {
  const { db, clickhouse, config, now } = deps;
  // Of a day whose last sales still wait to be counted nothing can be said.
  const { asOf } = await freshness(db);
  const to = shiftDay(businessDayAt(asOf, config.timeZone), -1);
  const clock = { now: now(), timeZone: config.timeZone };
  const currencies = (await ledgerParts(clickhouse)).map(({ currency }) => currency);
  const { version, judged_to: judgedTo } = await progress(db);
  const from = firstOf(judgedTo ?? undefined, to);
  const perCurrency: Awaited<ReturnType<typeof marketsBetween>>[] = [];
  for (const currency of currencies)
    perCurrency.push(await marketsBetween(clickhouse, { from, to, currency }, clock));
  const judged = daysOf(from, to).map((day) => ({
    day,
    alarms: alarmsOf(
      perCurrency.flatMap(({ first, markets }) =>
        markets.map(({ key, series }) => ({ key, judgements: judge(series, daysOf(first, day).length - 1) })),
      ),
    ),
  }));
  return inTransaction(db, async (tx) => {
    const { numAffectedRows } = await sql`
      update guidance.progress set version = version + 1, judged_to = greatest(judged_to, ${to}::date)
      where version = ${version}`.execute(tx);
    // Somebody else has written since the figures were read: theirs may be newer.
    if (numAffectedRows === 0n) return undefined;
    await writeFindings(tx, judged, now());
    return { from, to };
  });
}

async function progress(db: Db): Promise<{ version: number; judged_to: string | null }> {
  const { rows } = await sql<{ version: number; judged_to: string | null }>`
    select version, judged_to from guidance.progress`.execute(db);
  const [found] = rows;
  assert(found, 'guidance.progress has no row: the database is not migrated');
  return found;
}

function firstOf(judgedTo: string | undefined, to: string): string {
  const revised = shiftDay(to, 1 - REVISED_DAYS);
  if (judgedTo === undefined) return revised;
  const missed = shiftDay(judgedTo, 1);
  const earliest = shiftDay(to, 1 - CAUGHT_UP_DAYS);
  const first = missed < revised ? missed : revised;
  return first < earliest ? earliest : first;
}

function daysOf(from: string, to: string): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => shiftDay(from, index));
}
