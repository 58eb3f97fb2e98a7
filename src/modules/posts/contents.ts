import { sql } from 'kysely';
import type { Content } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** What posts say and show, by id: for those who judge them. */
export async function postContents(db: Db, ids: readonly string[]): Promise<Map<string, Content>> {
  const { rows } = await sql<Content & { id: string }>`
    select id, array[caption] as words, '{}'::text[] as links, array(
        select photo_id from posts.photo where post_id = post.id order by position) as "photoIds",
      null as "mediaId", null as "productId"
    from posts.post where id = any(${[...ids]}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, ...content }) => [id, content]));
}
