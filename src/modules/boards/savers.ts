import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** Products that somebody has on a board, in the order of their ids, after one of them. */
export async function savedProducts(db: Db, after: string | null, max: number): Promise<string[]> {
  // From one product to the next in the index: a product that ten thousand saved is looked at once.
  const { rows } = await sql<{ id: string }>`
    with recursive each (id, nth) as (
      select (select product_id from boards.pin where product_id is not null
        and (${after}::uuid is null or product_id > ${after}::uuid) order by product_id limit 1), 1
      union all
      select (select product_id from boards.pin where product_id > each.id order by product_id limit 1), nth + 1
      from each where each.id is not null and nth < ${max}
    )
    select id from each where id is not null`.execute(db);
  return rows.map(({ id }) => id);
}

/** Who has a product on a board, with the pin by which they have; a page of them, by their pins. */
export async function saversOf(
  db: Db,
  productId: string,
  after: string | null,
  max: number,
): Promise<{ memberId: string; pinId: string }[]> {
  const { rows } = await sql<{ memberId: string; pinId: string }>`
    select piece.owner_id as "memberId", pin.id as "pinId" from boards.pin join social.piece on piece.id = pin.id
    where product_id = ${productId} and state = 'live' and (${after}::uuid is null or pin.id < ${after}::uuid)
    order by pin.id desc limit ${max}`.execute(db);
  return rows;
}
