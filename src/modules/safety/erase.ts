import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';

/**
 * What a member wrote to the moderators, and what was gathered about them. That they reported, and what was decided about
 * their things, stays as numbers.
 */
export async function eraseSafety(tx: Tx, memberId: string): Promise<void> {
  for (const statement of [
    sql`update safety.report set words = '' where reporter_id = ${memberId}`,
    sql`update safety.appeal set words = '' from safety.act where act.id = act_id and act.about_id = ${memberId}`,
    sql`delete from safety.signal where member_id = ${memberId}`,
    sql`delete from safety.device where member_id = ${memberId}`,
    sql`delete from safety.fingerprint where member_id = ${memberId}`,
  ])
    await statement.execute(tx);
}
