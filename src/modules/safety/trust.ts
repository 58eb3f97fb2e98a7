import { sql } from 'kysely';
import { actorOf, record } from '#modules/identity/index.ts';
import { helpfulVotes } from '#modules/reviews/index.ts';
import { type Activity, activityOf, changeEarnedTrust, type TrustLevel } from '#modules/social/index.ts';
import type { Viewer } from '#platform/access.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';

const DAY_MS = 86_400_000;
const BATCH = 500;
const BATCHES_MAX = 40;
/** From this value on a signal keeps a member from rising until it fades. */
const SIGNAL_STOPS_AT = 0.7;

/** What a level is earned by. */
export interface TrustRule {
  level: Exclude<TrustLevel, 0>;
  knownDays: number;
  activeDays: number;
  pieces: number;
  welcomed: number;
  cleanDays: number;
}

/** What counts for a member's level. */
export interface Merits {
  knownDays: number;
  activeDays: number;
  pieces: number;
  /** Reactions and helpful votes of others. */
  welcomed: number;
  /** Since the last removal that stands; null where there was none. */
  cleanDays: number | null;
  /** Removals that stand, since a moderator set the level. */
  removedSinceSet: number;
  isSignalled: boolean;
}

export async function trustRules(db: Db): Promise<TrustRule[]> {
  const { rows } = await sql<TrustRule>`
    select level, known_days as "knownDays", active_days as "activeDays", pieces, welcomed, clean_days as "cleanDays"
    from safety.trust_rule order by level`.execute(db);
  return rows;
}

export async function setTrustRule(tx: Tx, viewer: Viewer, rule: TrustRule): Promise<void> {
  await record(tx, actorOf(viewer), 'moderated', undefined, { act: 'trust_rule', ...rule });
  await sql`update safety.trust_rule set known_days = ${rule.knownDays}, active_days = ${rule.activeDays},
    pieces = ${rule.pieces}, welcomed = ${rule.welcomed}, clean_days = ${rule.cleanDays}
    where level = ${rule.level}`.execute(tx);
}

const COUNTED = ['knownDays', 'activeDays', 'pieces', 'welcomed'] as const;

/** Whether a level is earned, all below it being so. */
const isEarned = (rule: TrustRule, merits: Merits): boolean =>
  COUNTED.every((name) => merits[name] >= rule[name]) && isClean(rule, merits);

const isClean = (rule: TrustRule, { cleanDays }: Merits): boolean =>
  cleanDays === null || cleanDays >= rule.cleanDays;

/**
 * The level that somebody has from now on. It falls by removals alone: who deletes what they made, or stays away, keeps it.
 * What a moderator set is left, but for the removals that came after; a strong signal keeps from rising.
 */
export function levelFrom(
  rules: readonly TrustRule[],
  { level, setSince }: Pick<Activity, 'level' | 'setSince'>,
  merits: Merits,
): TrustLevel {
  if (setSince !== null) return Math.max(0, level - merits.removedSinceSet) as TrustLevel;
  let earned: TrustLevel = 0;
  for (const rule of rules) {
    if (!isEarned(rule, merits)) break;
    earned = rule.level;
  }
  if (earned > level) return merits.isSignalled ? level : earned;
  let kept: TrustLevel = 0;
  for (const rule of rules) {
    if (rule.level > level || !isClean(rule, merits)) break;
    kept = rule.level;
  }
  return kept;
}

/** Job, nightly: members by their ids, and the rest by another job where there are many. */
export async function earnTrust(deps: Pick<Deps, 'db' | 'now'>, payload: unknown): Promise<void> {
  const { db } = deps;
  const rules = await trustRules(db);
  let after = afterIn(payload);
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const members = await activityOf(db, { after, limit: BATCH });
    const last = members.at(-1);
    if (!last) return;
    await earnOf(deps, rules, members);
    if (members.length < BATCH) return;
    after = last.memberId;
  }
  await inTransaction(db, (tx) => addJob(tx, EARN_TRUST, { after }, 'rest', { isSlow: true }));
}

export const EARN_TRUST = 'safety.earn_trust';

const afterIn = (payload: unknown): string | null =>
  typeof payload === 'object' && payload !== null && 'after' in payload && typeof payload.after === 'string'
    ? payload.after
    : null;

async function earnOf(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  rules: readonly TrustRule[],
  members: readonly Activity[],
): Promise<void> {
  const merits = await meritsOf(db, members, now());
  const changes = members.flatMap((member) => {
    const own = merits.get(member.memberId);
    const level = own ? levelFrom(rules, member, own) : member.level;
    const why = level > member.level ? 'earned' : 'removals';
    return level === member.level ? [] : [{ memberId: member.memberId, was: member.level, level, why }];
  });
  if (changes.length > 0) await inTransaction(db, (tx) => changeEarnedTrust(tx, changes, now()));
}

async function meritsOf(db: Db, members: readonly Activity[], now: Date): Promise<Map<string, Merits>> {
  const ids = members.map(({ memberId }) => memberId);
  const [votes, { rows }] = await Promise.all([
    helpfulVotes(db, ids),
    sql<{ memberId: string; removedAt: Date | null; sinceSet: number; isSignalled: boolean }>`
      select who.id as "memberId", max(act.at) as "removedAt",
        count(*) filter (where act.at > who.set_since)::integer as "sinceSet",
        exists (select from safety.signal where signal.member_id = who.id and value >= ${SIGNAL_STOPS_AT}) as "isSignalled"
      from unnest(${ids}::uuid[], ${members.map(({ setSince }) => setSince)}::timestamptz[]) as who (id, set_since)
      left join safety.act on act.about_id = who.id and act.kind in ('remove', 'clear')
        and not exists (select from safety.act as undone where undone.decides = act.id and undone.kind = 'restore')
      group by who.id, who.set_since`.execute(db),
  ]);
  const judged = new Map(rows.map((row) => [row.memberId, row]));
  const daysSince = (at: Date) => Math.floor((now.getTime() - at.getTime()) / DAY_MS);
  return new Map(
    members.map((member) => {
      const { removedAt = null, sinceSet = 0, isSignalled = false } = judged.get(member.memberId) ?? {};
      const { activeDays, pieces, reactions } = member;
      return [
        member.memberId,
        {
          knownDays: daysSince(member.knownSince),
          activeDays,
          pieces,
          welcomed: reactions + (votes.get(member.memberId) ?? 0),
          cleanDays: removedAt && daysSince(removedAt),
          removedSinceSet: sinceSet,
          isSignalled,
        },
      ];
    }),
  );
}

/** A member's level, what it rests on, and what the next one asks for; for themselves to read. */
export interface OwnTrust {
  level: TrustLevel;
  isSet: boolean;
  merits: Merits;
  next: TrustRule | null;
}

export async function ownTrust(db: Db, memberId: string, now: Date): Promise<OwnTrust | undefined> {
  const [member] = await activityOf(db, { memberId });
  if (!member) return undefined;
  const [merits, rules] = await Promise.all([meritsOf(db, [member], now), trustRules(db)]);
  const own = merits.get(memberId);
  if (!own) return undefined;
  const next = rules.find(({ level }) => level === member.level + 1) ?? null;
  return { level: member.level, isSet: member.setSince !== null, merits: own, next };
}
