import { sql } from 'kysely';
import { countUnder } from '#modules/identity/index.ts';
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

/** All that `mayDo` asks, in one statement: it goes before every act. */
async function standingOf(db: Db, memberId: string) {
  const { rows } = await sql<{ level: TrustLevel; suspendedUntil: Date | null; missing: string[] }>`
    select coalesce(trust.level, 0) as level, suspended_until as "suspendedUntil", ${missingAgreement(memberId)} as missing
    from social.house_rule left join social.trust on trust.member_id = ${memberId}`.execute(db);
  return rows[0] ?? { level: 0 as const, suspendedUntil: null, missing: [] };
}

/** Refuses what a member is not trusted with yet, and what they do too often. Every attempt counts. */
export async function mayDo(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  memberId: string,
  name: AbilityName,
): Promise<void> {
  const { level, suspendedUntil, missing } = await standingOf(deps.db, memberId);
  if (suspendedUntil !== null && suspendedUntil > deps.now())
    throw socialErrors.suspended({ until: suspendedUntil.toISOString() });
  // Who reports need not agree to anything first.
  if (missing.length > 0 && name !== 'report') throw socialErrors.agreement_missing({ missing });
  const ability: Ability = ABILITIES[name];
  if (level < ability.from) throw socialErrors.not_trusted_yet({ ability: name, levelNeeded: ability.from });
  await countUnder(deps, `social_${name}`, memberId, { max: ability.perHour[level], windowSeconds: HOUR });
}
