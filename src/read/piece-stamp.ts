import { sql } from 'kysely';
import { type Eye, socialErrors } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/**
 * A text that is another after each change of a piece itself, of how often people said or felt something about it, and of
 * whether the viewer may open it: they are refused here as everywhere. What a page shows beside it has no part in it.
 */
export async function pieceStamp(
  reads: Db,
  eye: Eye,
  id: string,
  kind: 'board' | 'look' | 'post',
): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    select concat_ws(' ', piece.xmin, tally.xmin, coalesce(
      (select xmin from boards.board where id = piece.id),
      (select xmin from looks.look where id = piece.id),
      (select xmin from posts.post where id = piece.id))) as stamp
    from social.opened(${eye.memberId ?? null}::uuid, ${eye.key ?? null}) as seen
    join social.piece as piece on piece.id = seen.id
    left join social.tally on tally.piece_id = piece.id
    where seen.id = ${id}::uuid and piece.kind = ${kind}::social.piece_kind`.execute(reads);
  const [found] = rows;
  if (!found) throw socialErrors.piece_not_found({});
  return found.stamp;
}
