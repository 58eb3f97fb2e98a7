import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
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
  readdressPhotos,
  type StateChange,
  wordsChanged,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { boardFor } from './board.ts';
import { boardErrors } from './errors.ts';
import { addLink, endLinks, type KnownPage, readWaitingLinks } from './links.ts';
import { putAt, type Spot } from './place.ts';

export const NOTE_MAX = 1000;
const PINS_MAX = 5000;

type MemberEye = Eye & { memberId: string };

/** What a pin shows. */
export type PinnedThing =
  | { kind: 'product'; productId: string }
  | { kind: 'piece'; pieceId: string }
  | { kind: 'photo'; photoId: string }
  | { kind: 'link'; url: string; page?: KnownPage };

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
  if (thing.kind !== 'product') await refuseUnknown(tx, eye, thing);
  await refuseOtherSection(tx, boardId, sectionId);
  const source = savedFrom === null ? undefined : await open(tx, eye, savedFrom);
  const piece = { id, kind: 'pin' as const, ownerId: eye.memberId, withinId: boardId };
  const beside = {
    changes: pinChanges({ ...wish, note: noteFrom(wish.note) }, now),
    unless: {
      holds: sql<boolean>`exists (select from boards_pin)`,
      refusal: () => boardErrors.pins_too_many({ max: PINS_MAX }),
    },
  };
  try {
    if (!(await makePiece(tx, piece, now, beside))) return;
  } catch (error) {
    if (isOfNoProduct(error)) throw boardErrors.thing_not_found({});
    throw error;
  }
  if (thing.kind === 'link') await addLink(tx, id, thing, now);
  if (source?.ownerId)
    await notify(tx, { memberId: source.ownerId, kind: 'saved', actorId: eye.memberId, pieceId: id }, now);
}

/** What a new pin is, for the statement that enters the piece. On a full board there is none. */
const pinChanges = (
  { boardId, thing, sectionId, savedFrom, note }: PinWish,
  now: Date,
): RawBuilder<unknown>[] => [
  sql`boards_board as (
    update boards.board set pin_count = pin_count + 1, changed_at = ${now}
    where id = ${boardId} and pin_count < ${PINS_MAX} and exists (select from social_piece) returning id)`,
  sql`boards_pin as (
    insert into boards.pin (id, board_id, section_id, kind, product_id, piece_id, photo_id, note, position, saved_from, added_at)
    select social_piece.id, boards_board.id, ${sectionId ?? null}::uuid, ${thing.kind}::boards.pin_kind,
      ${thing.kind === 'product' ? thing.productId : null}::uuid, ${thing.kind === 'piece' ? thing.pieceId : null}::uuid,
      ${thing.kind === 'photo' ? thing.photoId : null}::uuid, ${note},
      coalesce((select min(position) from boards.pin where board_id = ${boardId}), 0) - 1, ${savedFrom ?? null}::uuid,
      ${now}::timestamptz
    from social_piece cross join boards_board returning id)`,
];

/** The key that a pin's product is known by says whether there is one: nobody need ask before. */
const isOfNoProduct = (error: unknown) =>
  error instanceof pg.DatabaseError && error.constraint === 'pin_product_id_fkey';

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
      when 'piece' then json_build_object('kind', kind, 'pieceId', piece_id)
      when 'link' then json_build_object('kind', kind, 'url', url) end as thing
    from boards.pin left join boards.link on pin_id = pin.id where pin.id = ${wish.savedFrom}`.execute(tx);
  const thing = rows[0]?.thing;
  // A photo is its owner's: it is not put on others' boards, where they could no longer take it back.
  if (!thing) throw boardErrors.thing_not_found({});
  await addPin(tx, eye, { ...wish, thing }, now);
}

/** Refuses what is not there for who would pin it. An address is looked at later, by a job. */
export async function refuseUnknown(tx: Tx, eye: MemberEye, thing: PinnedThing): Promise<void> {
  if (thing.kind === 'product') {
    if ((await slugsOfIds(tx, 'product', [thing.productId])).size === 0)
      throw boardErrors.thing_not_found({});
  } else if (thing.kind === 'photo') {
    if ((await photosOf(tx, eye.memberId, [thing.photoId])).size === 0) throw boardErrors.thing_not_found({});
  } else if (thing.kind === 'piece') {
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

/** What is not given stays. */
export interface PinChange {
  note?: string;
  sectionId?: string | null;
  /** What the note was when it was read: another that came meanwhile is not written over. */
  wasNote?: string | undefined;
}

/** The note and the section of a pin: who put it there, the board's owner, or an editor. */
export async function changePin(tx: Tx, eye: MemberEye, id: string, wish: PinChange): Promise<void> {
  const { boardId } = await pinFor(tx, eye, id);
  const { sectionId } = wish;
  const wasNote = wish.wasNote === undefined ? null : noteFrom(wish.wasNote);
  const note = wish.note === undefined ? null : noteFrom(wish.note);
  await refuseOtherSection(tx, boardId, sectionId ?? null);
  const { numAffectedRows } = await sql`
    update boards.pin set note = coalesce(${note}, note),
      section_id = case when ${sectionId === undefined} then section_id else ${sectionId ?? null}::uuid end
    where id = ${id} and (${note}::text is null or ${wasNote}::text is null or note in (${note}, ${wasNote}))`.execute(
    tx,
  );
  if (numAffectedRows !== 1n) throw boardErrors.changed_meanwhile({});
  if (note !== null) await wordsChanged(tx, id);
}

const noteFrom = (typed: string) => (typed.trim() === '' ? '' : cleanWords(typed, NOTE_MAX));

/** Beside another pin of the board, or to its end. */
export async function movePin(tx: Tx, eye: MemberEye, id: string, spot: Spot): Promise<void> {
  const { boardId } = await pinFor(tx, eye, id);
  if (!(await putAt(tx, 'pin', { id, boardId }, spot))) throw boardErrors.pin_not_found({});
}

export type Step = 'first' | 'earlier' | 'later' | 'last';

/** One step within its board as the mover sees it. At the end already it stays. */
export async function stepPin(tx: Tx, eye: MemberEye, id: string, step: Step): Promise<{ boardId: string }> {
  const { boardId } = await pinFor(tx, eye, id);
  const spot = await spotOf(tx, id, boardId, step);
  if (spot) await putAt(tx, 'pin', { id, boardId }, spot);
  return { boardId };
}

const BESIDE = {
  first: sql`true order by pin.position, pin.id desc`,
  earlier: sql`(pin.position < own.position or (pin.position = own.position and pin.id > own.id))
    order by pin.position desc, pin.id`,
  later: sql`(pin.position > own.position or (pin.position = own.position and pin.id < own.id))
    order by pin.position, pin.id desc`,
};

/** Undefined where it stands there already. */
async function spotOf(tx: Tx, id: string, boardId: string, step: Step): Promise<Spot | undefined> {
  if (step === 'last') return { before: null };
  const { rows } = await sql<{ id: string }>`
    select pin.id from boards.pin as own join boards.pin on pin.board_id = own.board_id
    join social.piece on piece.id = pin.id and piece.state = 'live'
    where own.id = ${id} and own.board_id = ${boardId} and ${BESIDE[step]} limit 1`.execute(tx);
  const beside = rows[0]?.id;
  if (beside === undefined || beside === id) return undefined;
  return step === 'later' ? { after: beside } : { before: beside };
}

/** Takes pins off a board: who put it there, the board's owner, or an editor. Gone already is gone. */
export async function deletePin(tx: Tx, eye: MemberEye, id: string, now: Date): Promise<void> {
  await pinFor(tx, eye, id);
  await endPins(tx, [id], now);
}

export async function endPins(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  const ended = await changeState(tx, ids, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  const gone = ended.flatMap(({ id, was }) => (was === 'live' ? [id] : []));
  await countPins(tx, gone, -1, now);
  await sql`update boards.pin set note = '' where id = any(${[...ids]}::uuid[])`.execute(tx);
  await endLinks(tx, ids);
  await sql`update boards.board set cover_pin_id = null where cover_pin_id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
}

/** The boards of these pins have so many more, or fewer. */
async function countPins(tx: Tx, ids: readonly string[], by: 1 | -1, now: Date): Promise<void> {
  await sql`
    with others as (
      select board_id, count(*)::integer as count from boards.pin where id = any(${[...ids]}::uuid[]) group by board_id
    ), locked as (
      select id, count from boards.board join others on others.board_id = id order by id for update of board
    )
    update boards.board set pin_count = pin_count + ${by} * count, changed_at = ${now}
    from locked where board.id = locked.id`.execute(tx);
}

/** Takes pins out of sight, or puts them back; the boards' counts follow. Answers those that were moved. */
export async function changePinStates(
  tx: Tx,
  ids: readonly string[],
  change: StateChange,
  now: Date,
): Promise<string[]> {
  const moved = await changeState(tx, ids, change);
  const wentFrom = (isLive: boolean) =>
    moved.flatMap(({ id, was }) => ((was === 'live') === isLive ? [id] : []));
  if (change.to !== 'live') await countPins(tx, wentFrom(true), -1, now);
  else {
    await countPins(tx, wentFrom(false), 1, now);
    await readWaitingLinks(tx, wentFrom(false));
  }
  return moved.map(({ id }) => id);
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

/** The photos on a board, and those of the pages that it leads to, stand elsewhere once fewer may see it. */
export async function readdressPinned(tx: Tx, { rootId }: { rootId: string }): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select coalesce(pin.photo_id, link.photo_id) as id from boards.pin left join boards.link on link.pin_id = pin.id
    where board_id = ${rootId} and coalesce(pin.photo_id, link.photo_id) is not null`.execute(tx);
  await readdressPhotos(
    tx,
    rows.map(({ id }) => id),
  );
}
