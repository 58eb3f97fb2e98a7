import assert from 'node:assert/strict';
import { type RawBuilder, sql } from 'kysely';
import { type Counted, counted, refuseBeyond } from '#modules/identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { missingAgreement } from './agreements.ts';
import { socialErrors } from './errors.ts';

/** How far a member is trusted: new, known, regular, trusted. */
export type TrustLevel = 0 | 1 | 2 | 3;

const HOUR = 3600;

interface Ability {
  /** The level that opens it. */
  from: TrustLevel;
  /** How often within an hour, by level. */
  perHour: readonly [number, number, number, number];
}

/** What a member may do, from which level on, and how often. */
export const ABILITIES = {
  comment: { from: 0, perHour: [20, 60, 200, 400] },
  react: { from: 0, perHour: [120, 400, 1000, 2000] },
  follow: { from: 0, perHour: [60, 200, 400, 400] },
  photo: { from: 0, perHour: [30, 100, 200, 400] },
  profile: { from: 0, perHour: [20, 20, 40, 40] },
  board: { from: 0, perHour: [10, 30, 60, 120] },
  pin: { from: 0, perHour: [120, 400, 1000, 2000] },
  link: { from: 0, perHour: [10, 60, 200, 400] },
  suggest: { from: 0, perHour: [20, 60, 200, 400] },
  invite: { from: 0, perHour: [10, 30, 100, 200] },
  look: { from: 0, perHour: [60, 200, 400, 800] },
  post: { from: 0, perHour: [6, 20, 40, 80] },
  review: { from: 0, perHour: [10, 20, 40, 80] },
  ask: { from: 0, perHour: [6, 20, 40, 80] },
  answer: { from: 0, perHour: [20, 60, 200, 400] },
  vote: { from: 0, perHour: [60, 200, 400, 800] },
  report: { from: 0, perHour: [10, 30, 60, 120] },
} as const satisfies Record<string, Ability>;
export type AbilityName = keyof typeof ABILITIES;

/** How far a member is trusted, and until when they may do nothing. */
export interface Trust {
  level: TrustLevel;
  suspendedUntil: Date | null;
  /** Whether a moderator said so, and why. */
  isSet: boolean;
  why: string;
}

export async function trustOf(db: Db, memberId: string): Promise<Trust> {
  const { rows } = await sql<Trust>`
    select level, suspended_until as "suspendedUntil", set_by is not null as "isSet", why
    from social.trust where member_id = ${memberId}`.execute(db);
  return rows[0] ?? { level: 0, suspendedUntil: null, isSet: false, why: '' };
}

/** A moderator says how far a member is trusted, and why. */
export async function setTrust(
  tx: Tx,
  memberId: string,
  { level, why, by }: { level: TrustLevel; why: string; by: string },
  now: Date,
): Promise<void> {
  await sql`
    insert into social.trust (member_id, level, why, set_by, since) values (${memberId}, ${level}, ${why}, ${by}, ${now})
    on conflict (member_id) do update set level = excluded.level, why = excluded.why, set_by = excluded.set_by,
      since = excluded.since`.execute(tx);
}

/** What members earned, or lost by removals, where no moderator says otherwise in the meantime. */
export async function changeEarnedTrust(
  tx: Tx,
  changes: readonly { memberId: string; was: number; level: number; why: string }[],
  now: Date,
): Promise<void> {
  const sorted = changes.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  await sql`
    insert into social.trust as known (member_id, level, why, since)
    select id, level, why, ${now} from unnest(${sorted.map(({ memberId }) => memberId)}::uuid[],
      ${sorted.map(({ level }) => level)}::integer[], ${sorted.map(({ why }) => why)}::text[],
      ${sorted.map(({ was }) => was)}::integer[]) as t (id, level, why, was)
    on conflict (member_id) do update set level = excluded.level, since = excluded.since,
      why = case when known.set_by is null then excluded.why else known.why end
    where known.level = (select was from unnest(${sorted.map(({ memberId }) => memberId)}::uuid[],
      ${sorted.map(({ was }) => was)}::integer[]) as before (id, was) where before.id = known.member_id)`.execute(
    tx,
  );
}

/** From now on and until a moment a member reads and deletes, and does nothing else. A moment past ends it. */
export async function suspend(tx: Tx, memberId: string, until: Date, now: Date): Promise<void> {
  await sql`
    insert into social.trust (member_id, level, since, suspended_until) values (${memberId}, 0, ${now}, ${until})
    on conflict (member_id) do update set suspended_until = excluded.suspended_until`.execute(tx);
}

function refuseWhile(until: Date | null, now: Date): void {
  if (until !== null && until > now) throw socialErrors.suspended({ until: until.toISOString() });
}

/** Refuses a paused member, also where what is done needs no ability: changing what stands. */
export async function refusePaused({ db, now }: Pick<Deps, 'db' | 'now'>, memberId: string): Promise<void> {
  refuseWhile((await trustOf(db, memberId)).suspendedUntil, now());
}

/** Whether fewer people, or as many, may see all these things of a member's after it. */
export async function isNotMoreOpen(
  db: Db,
  memberId: string,
  ids: readonly string[],
  visibility: string,
): Promise<boolean> {
  const { rows } = await sql<{ isMore: boolean }>`
    select exists (select from social.piece where id = any(${[...ids]}::uuid[]) and owner_id = ${memberId}
      and array_position(array['secret', 'unlisted', 'public'], visibility::text)
        < array_position(array['secret', 'unlisted', 'public'], ${visibility})) as "isMore"`.execute(db);
  return rows[0]?.isMore === false;
}

/** What a member's standing is, and how often they did it within the hour; `isGiven` where nothing speaks against it. */
export interface Leave extends Counted {
  level: TrustLevel;
  suspendedUntil: Date | null;
  missing: string[];
  isGiven: boolean;
}

type Asking = Pick<Deps, 'config' | 'now'>;

/**
 * Refuses what a member is not trusted with yet, and what they do too often. Every attempt counts that nothing else
 * refuses. It is one statement, for it goes before every act. What a job does for a member takes a `share` of the hour, so
 * that the rest is left to their own hand.
 */
export async function mayDo(
  deps: Asking & Pick<Deps, 'db'>,
  memberId: string,
  name: AbilityName,
  share = 1,
): Promise<void> {
  const at = deps.now();
  const { rows } = await sql<Leave>`
    with ${leaveOf(deps, memberId, name, share)} select * from social_leave`.execute(deps.db);
  const [leave] = rows;
  assert(leave);
  refuseWithout(leave, name, at, share);
}

/**
 * The same as a part of a statement that does it too, where `social_leave` has a row that "isGiven". Whoever sends it asks
 * `refuseWithout` of that row afterwards: the statement refuses nothing itself, so that the attempt stays counted.
 */
export function leaveOf(deps: Asking, memberId: string, name: AbilityName, share = 1): RawBuilder<unknown> {
  const at = deps.now();
  const ability: Ability = ABILITIES[name];
  // Who reports need not agree to anything first; a picture is seen by others once it stands in something, which asks.
  const missing = name === 'report' || name === 'photo' ? sql`'{}'::text[]` : missingAgreement(memberId);
  const perHour = ability.perHour.map((most) => Math.ceil(most * share));
  return sql`
    social_standing as (
      select coalesce(trust.level, 0) as level, suspended_until, ${missing} as missing
      from (select) as one left join social.house_rule on true left join social.trust on trust.member_id = ${memberId}
    ), ${counted(deps, `social_${name}`, memberId, {
      windowSeconds: HOUR,
      from: sql`social_standing where coalesce(suspended_until <= ${at}, true) and missing = '{}' and level >= ${ability.from}`,
    })}, social_leave as (
      select level, suspended_until as "suspendedUntil", missing, count, "windowEndsAt",
        coalesce(count <= (${perHour}::integer[])[level + 1], false) as "isGiven"
      from social_standing left join identity_rate_limit on true
    )`;
}

/** Refuses what leave was not given for, and says why. */
export function refuseWithout(leave: Leave, name: AbilityName, at: Date, share = 1): void {
  const ability: Ability = ABILITIES[name];
  const { level, suspendedUntil, missing } = leave;
  refuseWhile(suspendedUntil, at);
  if (missing.length > 0) throw socialErrors.agreement_missing({ missing });
  if (level < ability.from) throw socialErrors.not_trusted_yet({ ability: name, levelNeeded: ability.from });
  refuseBeyond(Math.ceil(ability.perHour[level] * share), leave, at);
  assert(leave.isGiven);
}
