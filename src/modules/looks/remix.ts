import { sql } from 'kysely';
import { open, type Eye } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { lookErrors } from './errors.ts';
import { saveLook } from './look.ts';
import { partsOf } from './parts.ts';
import { laidOut } from './template.ts';

/**
 * A draft of one's own from somebody's look. Products and their places are taken over; the words are their maker's, and so
 * is the photo of a scene: without it the products are laid out anew.
 */
export async function remix(
  tx: Tx,
  eye: Eye & { memberId: string },
  { id, sourceId }: { id: string; sourceId: string },
  now: Date,
): Promise<void> {
  const source = await open(tx, eye, sourceId);
  if (source.kind !== 'look' || source.state !== 'live') throw lookErrors.look_not_yours({});
  const { rows: known } = await sql`select from looks.look where id = ${id}`.execute(tx);
  if (known.length > 0) return; // a retry; changes made since stay
  const { ground, sceneId, items } = await partsOf(tx, sourceId);
  const taken = sceneId === null ? items : laidOut(items.map(({ productId }) => productId));
  const wish = { title: '', words: '', ground, sceneId: null, items: taken, wordings: [] };
  await saveLook(tx, eye.memberId, id, wish, now, sourceId);
}

/** Whose looks this one was made of, the nearest first: those that the viewer may find. */
export interface Credit {
  lookId: string;
  title: string;
  name: string;
  handle: string;
}

const CHAIN_MAX = 20;

export async function creditsOf(db: Db, viewer: string | undefined, lookId: string): Promise<Credit[]> {
  const { rows } = await sql<Credit>`
    with recursive chain (id, depth) as (
      select remixed_from, 1 from looks.look where id = ${lookId} and remixed_from is not null
      union all
      select look.remixed_from, depth + 1 from chain join looks.look on look.id = chain.id
      where look.remixed_from is not null and depth < ${CHAIN_MAX}
    )
    select look.id as "lookId", look.title, profile.name, profile.handle
    from chain join looks.look on look.id = chain.id
    join social.listed(${viewer ?? null}::uuid) as seen on seen.id = look.id
    join social.piece on piece.id = look.id
    join social.profile on profile.member_id = piece.owner_id
    order by depth`.execute(db);
  return rows;
}
