import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { endComments } from './comments.ts';
import { changeState } from './pieces.ts';
import { removePhotos } from './photos.ts';
import { endReactions } from './reactions.ts';

/** Everything of a member that this module keeps. The modules of what they made are asked by themselves. */
export async function eraseSocial(tx: Tx, memberId: string): Promise<void> {
  const { rows: said } = await sql<{ id: string }>`
    select id from social.piece where owner_id = ${memberId} and kind = 'comment' and state <> 'deleted'`.execute(
    tx,
  );
  await endComments(
    tx,
    said.map(({ id }) => id),
  );
  await endReactions(tx, memberId);
  await removePhotos(tx, memberId);
  await sql`
    with gone as (
      delete from social.follow where follower_id = ${memberId} or (kind = 'member' and target_id = ${memberId})
      returning kind, target_id
    ), fewer as (select kind, target_id, count(*)::integer as count from gone group by kind, target_id)
    update social.followed set followers = followers - count from fewer
    where followed.kind = fewer.kind and followed.target_id = fewer.target_id`.execute(tx);
  for (const statement of [
    sql`delete from social.notice where member_id = ${memberId} or actor_id = ${memberId}`,
    sql`delete from social.notice_choice where member_id = ${memberId}`,
    sql`delete from social.block where blocker_id = ${memberId} or blocked_id = ${memberId}`,
    sql`delete from social.mute where member_id = ${memberId} or muted_id = ${memberId}`,
    sql`delete from social.collaborator where member_id = ${memberId}`,
    sql`delete from social.agreement where member_id = ${memberId}`,
    sql`delete from social.trust where member_id = ${memberId}`,
    sql`delete from social.profile where member_id = ${memberId}`,
  ])
    await statement.execute(tx);
  const { rows: rest } = await sql<{ id: string }>`
    select id from social.piece where owner_id = ${memberId} and state <> 'deleted'`.execute(tx);
  await changeState(
    tx,
    rest.map(({ id }) => id),
    { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' },
  );
}
