import { sql } from 'kysely';
import type { Content } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** What boards, pins and suggestions say and show, by id: for those who judge them. */
export async function boardContents(db: Db, ids: readonly string[]): Promise<Map<string, Content>> {
  const asked = [...ids];
  const { rows } = await sql<Content & { id: string }>`
    select id, array[name, description] || array(
        select section.name from boards.section where board_id = board.id order by position, section.id limit 100) as words,
      '{}'::text[] as links, '{}'::uuid[] as "photoIds", null as "mediaId", null as "productId"
    from boards.board where id = any(${asked}::uuid[])
    union all
    select pin.id, array[note] || case when link.pin_id is null then '{}' else array[title, excerpt] end,
      array_remove(array[url], null), array_remove(array[coalesce(pin.photo_id, link.photo_id)], null), null, product_id
    from boards.pin left join boards.link on link.pin_id = pin.id where pin.id = any(${asked}::uuid[])
    union all
    select id, array[reason], array_remove(array[url], null), '{}', null, product_id
    from boards.suggestion where id = any(${asked}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, ...content }) => [id, content]));
}
