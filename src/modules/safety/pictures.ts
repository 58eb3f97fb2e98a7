import { sql } from 'kysely';
import { photoLooks } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { CHECK_URGENCY, raise } from './concerns.ts';
import { contentsOf } from './contents.ts';
import { noteSignal } from './signals.ts';

const DAY_MS = 86_400_000;
/** Of 64 bits so many may be others: the same picture scaled and coded anew, and hardly ever another one. */
const APART_MAX = 5;
const FOUND_MAX = 200;
const PIECES_MAX = 200;

/** Keeps what the pictures of a removed piece look like. */
export async function rememberPictures(
  tx: Tx,
  actId: string,
  piece: { id: string; kind: string },
): Promise<void> {
  const content = (await contentsOf(tx, [piece])).get(piece.id);
  const looks = await photoLooks(tx, content?.photoIds ?? []);
  await sql`insert into safety.removed_picture (act_id, looks)
    select ${actId}, unnest(${looks}::bigint[])`.execute(tx);
}

/** Job. Photos of the last day that look like one that was removed put what shows them into the queue; nothing is hidden. */
export async function findPictures(deps: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const { db, now } = deps;
  const since = new Date(now().getTime() - DAY_MS);
  const { rows } = await sql<{ photoId: string; ownerId: string; actId: string; apart: number }>`
    select distinct on (photo.id) photo.id as "photoId", photo.owner_id as "ownerId", act_id as "actId",
      bit_count((photo.looks # removed_picture.looks)::bit(64))::integer as apart
    from social.recent_photos(${since}) as photo
    join safety.removed_picture on bit_count((photo.looks # removed_picture.looks)::bit(64)) <= ${APART_MAX}
    where not exists (select from safety.act as undone where undone.decides = act_id and undone.kind = 'restore')
    order by photo.id, apart limit ${FOUND_MAX}`.execute(db);
  for (const { photoId, ownerId, actId, apart } of rows) {
    const pieces = await piecesShowing(db, ownerId, photoId, since);
    for (const pieceId of pieces)
      await inTransaction(db, async (tx) => {
        const signal = { kind: 'picture', memberId: ownerId, pieceId, value: 1 - apart / 64 } as const;
        await noteSignal(tx, { ...signal, evidence: { photoId, actId, apart } }, now());
        await raise(tx, { pieceId }, { cause: 'check', urgency: CHECK_URGENCY }, now());
      });
  }
}

/** What a member made with a photo since a moment, as far as nobody was told of it yet. */
async function piecesShowing(db: Db, ownerId: string, photoId: string, since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string; kind: string }>`
    select id, kind from social.piece
    where owner_id = ${ownerId} and made_at > ${since} and state in ('live', 'held') and not exists (
      select from safety.signal where signal.kind = 'picture' and signal.member_id = ${ownerId} and piece_id = piece.id)
    order by made_at desc limit ${PIECES_MAX}`.execute(db);
  const contents = await contentsOf(db, rows);
  return rows.flatMap(({ id }) => (contents.get(id)?.photoIds.includes(photoId) ? [id] : []));
}
