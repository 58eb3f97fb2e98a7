import { sql } from 'kysely';
import type { Content } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** What looks and swaps say and show, by id: for those who judge them. */
export async function lookContents(db: Db, ids: readonly string[]): Promise<Map<string, Content>> {
  const asked = [...ids];
  const { rows } = await sql<Content & { id: string }>`
    select id, array[title, look.words] || array(
        select wording.words from looks.wording where look_id = look.id order by place) as words,
      '{}'::text[] as links, array_remove(array[scene_id], null) as "photoIds", media_id as "mediaId", null as "productId"
    from looks.look where id = any(${asked}::uuid[])
    union all
    select id, array[reason], '{}', '{}', null, in_id from looks.swap where id = any(${asked}::uuid[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, ...content }) => [id, content]));
}
