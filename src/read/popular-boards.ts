import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

const LATELY = 6000;
const SHOWN = 48;

/** The boards on which most was made and felt lately, of those that the viewer may find. */
export async function popularBoards(reads: Db, viewer: string | undefined): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select root_id as id from (
      select root_id, sum(1 + coalesce(heart + clap + wow + idea, 0)) as happened from (
        select piece.id, root_id from social.piece order by id desc limit ${LATELY}
      ) as lately left join social.tally on piece_id = lately.id
      group by root_id
    ) as root join boards.board on board.id = root_id
    join social.listed(${viewer ?? null}::uuid) as seen on seen.id = root_id
    where pin_count > 0 order by happened desc, root_id desc limit ${SHOWN}`.execute(reads);
  return rows.map(({ id }) => id);
}
