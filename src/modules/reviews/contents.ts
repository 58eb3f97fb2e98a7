import { sql } from 'kysely';
import type { Content } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** What reviews, questions and answers say and show, by id: for those who judge them. The stars are none of it. */
export async function reviewContents(db: Db, ids: readonly string[]): Promise<Map<string, Content>> {
  const asked = [...ids];
  const { rows } = await sql<Content & { id: string }>`
    select id, array[title, body] as words, '{}'::text[] as links, photo_ids as "photoIds", null as "mediaId",
      product_id as "productId"
    from reviews.review where id = any(${asked}::uuid[])
    union all
    select id, array[body], '{}', '{}', null, product_id from reviews.question where id = any(${asked}::uuid[])
    union all
    select answer.id, array[answer.body], '{}', '{}', null, coalesce(question.product_id, review.product_id)
    from reviews.answer left join reviews.question on question.id = subject_id
    left join reviews.review on review.id = subject_id where answer.id = any(${asked}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, ...content }) => [id, content]));
}
