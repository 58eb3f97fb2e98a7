import { sql } from 'kysely';
import { selfOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import { type BoardCard, boardCards } from './board-page.ts';

/** How many pins of one product are looked at: what many saved is "more than" a number. */
const PINS_MAX = 120;
export const BOARDS_SHOWN = 6;

export interface BoardsWith {
  boards: BoardCard[];
  /** Of those that the viewer may find. */
  count: number;
  /** False where there are more than were looked at. */
  isExact: boolean;
}

/** The boards that a product is on, as the viewer may find them: each once, the one pinned to last first. */
export async function boardsWithProduct(
  reads: Db,
  viewer: string | undefined,
  productId: string,
): Promise<BoardsWith> {
  const { rows } = await sql<{ id: string; count: number; seen: number }>`
    with pinned as (
      select id, board_id from boards.pin where product_id = ${productId} order by id desc limit ${sql.lit(PINS_MAX + 1)}
    ), found as (
      select pinned.board_id as id, max(pinned.id::text) as last
      from pinned join social.listed(${selfOf(viewer)}) as pin_seen on pin_seen.id = pinned.id
      group by pinned.board_id
    )
    select id, count(*) over ()::integer as count, (select count(*)::integer from pinned) as seen
    from found order by last desc limit ${sql.lit(BOARDS_SHOWN)}`.execute(reads);
  const boards = await boardCards(
    reads,
    viewer,
    rows.map(({ id }) => id),
  );
  return { boards, count: rows[0]?.count ?? 0, isExact: (rows[0]?.seen ?? 0) <= PINS_MAX };
}
