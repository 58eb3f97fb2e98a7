import { sql } from 'kysely';
import { type Actor, record } from '#modules/identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { qualityErrors } from './errors.ts';
import { feeds } from './feeds.ts';
import type { Fault } from './judge.ts';
import { own } from './own.ts';

export const FAULTS = [
  'arrival',
  'volume',
  'freshness',
  'duplicates',
  'unmatched',
  'failures',
  'new_property',
  'new_type',
  'vanished_property',
] as const satisfies Fault[];
export const MUTE_DAYS_MAX = 365;
const FINDINGS_MAX = 500;
const DAY_MS = 86_400_000;

export interface Found {
  feed: string;
  fault: Fault;
  subject: string;
  value: number;
  expected: number;
}

export interface Finding extends Found {
  id: string;
  openedAt: Date;
  seenAt: Date;
  closedAt: Date | null;
  isMuted: boolean;
}

/**
 * What is wrong with an hour is a finding, opened once; one that is open and not among them is closed. An hour that was
 * judged before changes nothing.
 */
export async function keepFindings(tx: Tx, found: readonly Found[], hour: Date): Promise<void> {
  for (const each of found) {
    await own(tx)
      .insertInto('quality.finding')
      .values({ id: newId(), ...each, subject: each.subject.slice(0, 1000), opened_at: hour, seen_at: hour })
      .onConflict((conflict) =>
        conflict
          .columns(['feed', 'fault', 'subject'])
          .where('closed_at', 'is', null)
          .doUpdateSet((eb) => ({
            seen_at: eb.ref('excluded.seen_at'),
            value: eb.ref('excluded.value'),
            expected: eb.ref('excluded.expected'),
          })),
      )
      .execute();
  }
  await own(tx)
    .updateTable('quality.finding')
    .set({ closed_at: hour })
    .where('closed_at', 'is', null)
    .where('seen_at', '<', hour)
    .execute();
}

/** Those that are open, or were closed last; the newest first. */
export async function findings(
  db: Db,
  state: 'open' | 'closed',
  at: Date,
  limit = FINDINGS_MAX,
): Promise<Finding[]> {
  const { rows } = await sql<Finding>`
    select id, feed, fault, subject, value, expected, opened_at as "openedAt", seen_at as "seenAt",
      closed_at as "closedAt", ${muted(at)} as "isMuted"
    from quality.finding where (closed_at is null) = ${state === 'open'}
    order by opened_at desc, id desc limit ${limit}`.execute(db);
  return rows;
}

export const muted = (at: Date) => sql<boolean>`exists (select from quality.mute
  where mute.feed = finding.feed and mute.fault = finding.fault and mute.until > ${at})`;

/** How many there are that nobody muted: for the desk's first page. */
export async function openFindingCount(db: Db, at: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from quality.finding where closed_at is null and not ${muted(at)}`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** For so many days nobody is told of such faults of a feed; 0 ends that. They are found and shown as before. */
export async function muteFault(
  tx: Tx,
  actor: Actor,
  { feed, fault, days }: { feed: string; fault: Fault; days: number },
  now: Date,
): Promise<void> {
  if (!(await feeds(tx)).some(({ id }) => id === feed)) throw qualityErrors.feed_not_found({});
  const until = new Date(now.getTime() + days * DAY_MS);
  await own(tx)
    .insertInto('quality.mute')
    .values({ feed, fault, until })
    .onConflict((conflict) => conflict.columns(['feed', 'fault']).doUpdateSet({ until }))
    .execute();
  await record(tx, actor, 'quality_muted', feed, { fault, days });
}
