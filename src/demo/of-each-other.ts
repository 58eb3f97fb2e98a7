import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { addPin, changeBoard } from '../modules/boards/index.ts';
import { publishLook, saveLook } from '../modules/looks/index.ts';

/** Boards on which somebody put looks and posts of others, and the pin that each shows first. */
const BOARDS: readonly { name: string; notes: readonly string[] }[] = [
  { name: 'Reading corner', notes: ['Exactly this light.', 'The stool, the cup, the quiet.', ''] },
  { name: 'Slow mornings', notes: ['Nine o’clock, as she says.', '', 'For the weekend.'] },
  { name: 'The long table', notes: ['How many are coming?', 'Nothing matches. Good.', ''] },
  { name: 'Rooms with one idea', notes: ['One idea, well kept.', '', ''] },
];
const LOOK = {
  title: 'Where I photographed it',
  words: 'The whole room this time. What stands in it is marked.',
  ground: '#e4dccb',
};
const HOTSPOT_WIDTH = 120;

/** What people make of what others made: a look in a photo of a post, and boards of looks and posts. Repeating it changes nothing. */
export async function demoOfEachOther(deps: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const lookId = idOf('demo:look', 'in a room');
  const now = deps.now();
  await inTransaction(deps.db, async (tx) => {
    if (await isThere(tx, lookId)) return;
    const photo = await aMarkedPhoto(tx);
    if (!photo) return;
    const { ownerId, photoId: sceneId, productId } = photo;
    const place = { x: 500, y: 775, turn: 0, place: 0 };
    const items = [{ ...place, productId, variantId: null, shape: 'hotspot' as const, width: HOTSPOT_WIDTH }];
    await saveLook(tx, ownerId, lookId, { ...LOOK, sceneId, items, wordings: [] }, now);
    await publishLook(tx, ownerId, lookId, 'public', now);
  });
  for (const board of BOARDS) await inTransaction(deps.db, (tx) => fill(tx, board, now));
}

async function isThere(db: Db, id: string): Promise<boolean> {
  return (await sql`select from social.piece where id = ${id}`.execute(db)).rows.length > 0;
}

/** The latest photo of a post in which a product is marked. */
async function aMarkedPhoto(db: Db) {
  const { rows } = await sql<{ ownerId: string; photoId: string; productId: string }>`
    select photo.owner_id as "ownerId", photo.id as "photoId", product_id as "productId"
    from posts.hotspot join social.photo on photo.id = hotspot.photo_id
    order by photo.made_at desc, photo.id limit 1`.execute(db);
  return rows[0];
}

/** Puts a look and two posts on a board, a part of them another than on the board before; the first is its cover. */
async function fill(tx: Tx, { name, notes }: (typeof BOARDS)[number], now: Date): Promise<void> {
  const { rows } = await sql<{ id: string; ownerId: string }>`
    select board.id, owner_id as "ownerId" from boards.board join social.piece on piece.id = board.id
    where name = ${name} and state = 'live' order by made_at limit 1`.execute(tx);
  const [board] = rows;
  if (!board) return;
  const things = await sql<{ id: string }>`
    select id from (
      select id, kind, row_number() over (partition by kind order by md5(${name} || id::text)) as nth
      from social.piece where kind in ('look', 'post') and state = 'live' and visibility = 'public'
        and owner_id <> ${board.ownerId}) as each
    where (kind = 'look' and nth = 1) or (kind = 'post' and nth <= 2) order by kind desc, nth`.execute(tx);
  const pins = things.rows.map(({ id }, nth) => ({
    id: idOf('demo:pin', `${name} ${nth} of others`),
    pieceId: id,
    note: notes[nth] ?? '',
  }));
  const [first] = pins;
  if (!first || (await isThere(tx, first.id))) return;
  const eye = { memberId: board.ownerId };
  for (const { id, pieceId, note } of pins.toReversed())
    await addPin(tx, eye, { id, boardId: board.id, thing: { kind: 'piece', pieceId }, note }, now);
  await changeBoard(tx, eye, board.id, { coverPinId: first.id }, now);
}
