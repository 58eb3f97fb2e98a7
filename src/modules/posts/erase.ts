import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { endPosts } from './post.ts';

/** A member's posts, drafts too. */
export async function erasePosts(tx: Tx, memberId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from social.piece where owner_id = ${memberId} and kind = 'post' and state <> 'deleted'
    order by id`.execute(tx);
  await endPosts(
    tx,
    memberId,
    rows.map(({ id }) => id),
  );
}
