import { sql } from 'kysely';
import { countUnder } from '#modules/identity/index.ts';
import type { Db } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
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

export async function trustOf(db: Db, memberId: string): Promise<TrustLevel> {
  const { rows } = await sql<{ level: TrustLevel }>`
    select level from social.trust where member_id = ${memberId}`.execute(db);
  return rows[0]?.level ?? 0;
}

/** Refuses what a member is not trusted with yet, and what they do too often. Every attempt counts. */
export async function mayDo(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  memberId: string,
  name: AbilityName,
): Promise<void> {
  const level = await trustOf(deps.db, memberId);
  const ability: Ability = ABILITIES[name];
  if (level < ability.from) throw socialErrors.not_trusted_yet({ ability: name, levelNeeded: ability.from });
  await countUnder(deps, `social_${name}`, memberId, { max: ability.perHour[level], windowSeconds: HOUR });
}
