import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { Visibility } from './board.ts';

/** A board as lists know it. */
export interface BoardLine {
  id: string;
  name: string;
  ownerId: string;
  visibility: Visibility;
  /** Of an unlisted one, for who makes it. */
  linkKey: string | null;
  pinCount: number;
  changedAt: Date;
}

/** The last board of the page before. */
type BoardsCursor = Pick<BoardLine, 'id' | 'changedAt'>;

/** A member's boards as `viewer` may find them, and those that they make with others; the last changed first. */
export async function boardsOf(
  db: Db,
  viewer: string | undefined,
  memberId: string,
  max = 200,
  after?: BoardsCursor,
): Promise<BoardLine[]> {
  const self = viewer ?? null;
  const beyond = after
    ? sql`and (date_trunc('milliseconds', changed_at), board.id) < (${after.changedAt}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<BoardLine>`
    select board.id, name, piece.owner_id as "ownerId", visibility, pin_count as "pinCount", changed_at as "changedAt",
      case when ${self}::uuid = ${memberId}::uuid then link_key end as "linkKey"
    from boards.board join social.piece on piece.id = board.id
    join social.listed(${self}::uuid) as seen on seen.id = board.id
    where piece.kind = 'board' and (piece.owner_id = ${memberId} or exists (
      select from social.collaborator c where c.piece_id = board.id and c.member_id = ${memberId} and c.joined_at is not null))
      ${beyond}
    order by date_trunc('milliseconds', changed_at) desc, board.id desc limit ${max}`.execute(db);
  return rows;
}
