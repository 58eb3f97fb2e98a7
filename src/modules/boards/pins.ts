import { sql } from 'kysely';
import { slugsOfIds } from '#modules/catalog/index.ts';
import {
  changeState,
  cleanWords,
  type Eye,
  makePiece,
  notify,
  open,
  openAll,
  photosOf,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { boardFor } from './board.ts';
import { boardErrors } from './errors.ts';

export const NOTE_MAX = 1000;
const PINS_MAX = 5000;

type MemberEye = Eye & { memberId: string };

/** What a pin shows. */
export type PinnedThing =
  | { kind: 'product'; productId: string }
  | { kind: 'piece'; pieceId: string }
  | { kind: 'photo'; photoId: string };

export interface PinWish {
  id: string;
  boardId: string;
  sectionId?: string | null;
  note: string;
  thing: PinnedThing;
  /** The pin that it is saved from: the trail is kept, and its owner hears of it. */
  savedFrom?: string;
}

/** Puts a thing on a board, before all others. The same id again is a retry. */
export async function addPin(tx: Tx, eye: MemberEye, wish: PinWish, now: Date): Promise<void> {
  const { id, boardId, thing, sectionId = null, savedFrom = null } = wish;
  await boardFor(tx, eye, boardId, ['owner', 'editor', 'contributor']);
  const note = wish.note.trim() === '' ? '' : cleanWords(wish.note, NOTE_MAX);
  await refuseUnknown(tx, eye, thing);
  const source = savedFrom === null ? undefined : await open(tx, eye, savedFrom);
  if (!(await makePiece(tx, { id, kind: 'pin', ownerId: eye.memberId, withinId: boardId }, now))) return;
  await refuseOtherSection(tx, boardId, sectionId);
  const { numAffectedRows } = await sql`
    with board as (
      update boards.board set pin_count = pin_count + 1, changed_at = ${now}
      where id = ${boardId} and pin_count < ${PINS_MAX} returning id
    )
    insert into boards.pin (id, board_id, section_id, kind, product_id, piece_id, photo_id, note, position, saved_from, added_at)
    select ${id}, board.id, ${sectionId}::uuid, ${thing.kind}, ${thing.kind === 'product' ? thing.productId : null}::uuid,
      ${thing.kind === 'piece' ? thing.pieceId : null}::uuid, ${thing.kind === 'photo' ? thing.photoId : null}::uuid,
      ${note}, coalesce((select min(position) from boards.pin where board_id = ${boardId}), 0) - 1,
      ${savedFrom}::uuid, ${now}
    from board`.execute(tx);
  if (numAffectedRows !== 1n) throw boardErrors.pins_too_many({ max: PINS_MAX });
  if (source?.ownerId)
    await notify(tx, { memberId: source.ownerId, kind: 'saved', actorId: eye.memberId, pieceId: id }, now);
}

/** Saves what another pin shows on a board of one's own; what it says there is the saver's own to say. */
export async function savePin(
  tx: Tx,
  eye: MemberEye,
  wish: Omit<PinWish, 'thing' | 'savedFrom'> & { savedFrom: string },
  now: Date,
): Promise<void> {
  await open(tx, eye, wish.savedFrom);
  const { rows } = await sql<{ thing: PinnedThing | null }>`
    select case kind
      when 'product' then json_build_object('kind', kind, 'productId', product_id)
      when 'piece' then json_build_object('kind', kind, 'pieceId', piece_id) end as thing
    from boards.pin where id = ${wish.savedFrom}`.execute(tx);
  const thing = rows[0]?.thing;
  // A photo is its owner's: it is not put on others' boards, where they could no longer take it back.
  if (!thing) throw boardErrors.thing_not_found({});
  await addPin(tx, eye, { ...wish, thing }, now);
}

async function refuseUnknown(tx: Tx, eye: MemberEye, thing: PinnedThing): Promise<void> {
  if (thing.kind === 'product') {
    if ((await slugsOfIds(tx, 'product', [thing.productId])).size === 0)
      throw boardErrors.thing_not_found({});
  } else if (thing.kind === 'photo') {
    if ((await photosOf(tx, eye.memberId, [thing.photoId])).size === 0) throw boardErrors.thing_not_found({});
  } else {
    const piece = (await openAll(tx, { memberId: eye.memberId }, [thing.pieceId])).get(thing.pieceId);
    if (piece?.kind !== 'look' && piece?.kind !== 'post') throw boardErrors.thing_not_found({});
  }
}

async function refuseOtherSection(tx: Tx, boardId: string, sectionId: string | null): Promise<void> {
  if (sectionId === null) return;
  const { rows } = await sql`
    select from boards.section where id = ${sectionId} and board_id = ${boardId} for share`.execute(tx);
  if (rows.length === 0) throw boardErrors.section_not_found({});
}

/** The note and the section of a pin: who put it there, the board's owner, or an editor. */
export async function changePin(
  tx: Tx,
  eye: MemberEye,
  id: string,
  wish: { note: string; sectionId: string | null },
): Promise<void> {
  const { boardId } = await pinFor(tx, eye, id);
  const note = wish.note.trim() === '' ? '' : cleanWords(wish.note, NOTE_MAX);
  await refuseOtherSection(tx, boardId, wish.sectionId);
  await sql`update boards.pin set note = ${note}, section_id = ${wish.sectionId}::uuid where id = ${id}`.execute(
    tx,
  );
}

/** Before another pin of the board, or to its end. Each move is of one pin: two who move others at once lose nothing. */
export async function movePin(tx: Tx, eye: MemberEye, id: string, before: string | null): Promise<void> {
  const { boardId } = await pinFor(tx, eye, id);
  const { numAffectedRows } = await sql`
    with place as (
      select position, (
        select max(other.position) from boards.pin as other
        where other.board_id = ${boardId} and other.position < target.position and other.id <> ${id}
      ) as previous
      from boards.pin as target where target.board_id = ${boardId} and target.id = ${before}::uuid
    )
    update boards.pin set position = case when ${before}::uuid is null
      then (select max(position) + 1 from boards.pin where board_id = ${boardId})
      else (select (position + coalesce(previous, position - 2)) / 2 from place) end
    where id = ${id} and (${before}::uuid is null or exists (select from place))`.execute(tx);
  if (numAffectedRows !== 1n) throw boardErrors.pin_not_found({});
}

/** Takes pins off a board: who put it there, the board's owner, or an editor. Gone already is gone. */
export async function deletePin(tx: Tx, eye: MemberEye, id: string, now: Date): Promise<void> {
  await pinFor(tx, eye, id);
  await endPins(tx, [id], now);
}

export async function endPins(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  const ended = await changeState(tx, ids, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  const gone = ended.flatMap(({ id, was }) => (was === 'live' ? [id] : []));
  await sql`
    with fewer as (
      select board_id, count(*)::integer as count from boards.pin where id = any(${gone}::uuid[]) group by board_id
    ), locked as (
      select id, count from boards.board join fewer on fewer.board_id = id order by id for update of board
    )
    update boards.board set pin_count = pin_count - count, changed_at = ${now} from locked where board.id = locked.id`.execute(
    tx,
  );
  await sql`update boards.pin set note = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
  await sql`update boards.board set cover_pin_id = null where cover_pin_id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
}

async function pinFor(tx: Tx, eye: MemberEye, id: string): Promise<{ boardId: string }> {
  const pin = await open(tx, eye, id);
  const mayChange = pin.standing === 'owner' || pin.standing === 'editor' || pin.ownerId === eye.memberId;
  if (pin.kind !== 'pin') throw boardErrors.pin_not_found({});
  if (!mayChange) throw boardErrors.board_not_yours({});
  return { boardId: pin.rootId };
}

/** On which of their boards a member has a product already: for the button that saves it. */
export async function boardsWith(db: Db, memberId: string, productId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct board_id as id from boards.pin join social.piece on piece.id = pin.id
    where product_id = ${productId} and owner_id = ${memberId} and state = 'live'`.execute(db);
  return rows.map(({ id }) => id);
}
