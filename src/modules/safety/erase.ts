import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';

/**
 * What a member wrote to the moderators, what others wrote to them about the member, and what was gathered. That there were
 * reports, and what was decided, stays as numbers.
 */
export async function eraseSafety(tx: Tx, memberId: string): Promise<void> {
  for (const statement of [
    sql`update safety.report set words = '' where reporter_id = ${memberId} or concern_id in (
      select id from safety.concern where profile_id = ${memberId}
      union all select concern.id from social.piece join safety.concern on concern.piece_id = piece.id
      where piece.owner_id = ${memberId})`,
    sql`update safety.appeal set words = '' from safety.act where act.id = act_id and act.about_id = ${memberId}`,
    sql`delete from safety.signal where member_id = ${memberId}`,
    sql`delete from safety.device where member_id = ${memberId}`,
    sql`delete from safety.fingerprint where member_id = ${memberId}`,
    sql`delete from safety.picture_seen where subject_id = ${memberId}`,
    sql`delete from safety.picture_task where subject_id = ${memberId}`,
  ])
    await statement.execute(tx);
}
