import { sql } from 'kysely';
import {
  changeState,
  type Eye,
  makePiece,
  open,
  type Opened,
  setVisibility,
  type Standing,
} from '#modules/social/index.ts';
import type { Tx } from '#platform/db.ts';
import { boardErrors } from './errors.ts';

export type Visibility = Opened['visibility'];

export const BOARD_NAME_MAX = 100;
export const DESCRIPTION_MAX = 1000;

export interface BoardWish {
  name: string;
  description: string;
  visibility: Visibility;
}

type MemberEye = Eye & { memberId: string };

/** A new board. The same id again is a retry. */
export async function makeBoard(
  tx: Tx,
  memberId: string,
  id: string,
  wish: BoardWish,
  now: Date,
): Promise<void> {
  const name = nameFrom(wish.name);
  const piece = { id, kind: 'board' as const, ownerId: memberId, visibility: wish.visibility };
  if (!(await makePiece(tx, piece, now))) return;
  await sql`insert into boards.board (id, name, description, changed_at)
    values (${id}, ${name}, ${wish.description.trim()}, ${now})`.execute(tx);
}

/** What a board is called and says, by its owner or an editor; who sees it, by its owner alone. */
export async function changeBoard(
  tx: Tx,
  eye: MemberEye,
  id: string,
  wish: BoardWish & { coverPinId: string | null },
  now: Date,
): Promise<{ linkKey: string | null | undefined }> {
  const board = await boardFor(tx, eye, id, ['owner', 'editor']);
  const name = nameFrom(wish.name);
  const { numAffectedRows } = await sql`
    update boards.board set name = ${name}, description = ${wish.description.trim()},
      cover_pin_id = ${wish.coverPinId}::uuid, changed_at = ${now}
    where id = ${id} and (${wish.coverPinId}::uuid is null
      or exists (select from boards.pin where id = ${wish.coverPinId}::uuid and board_id = ${id}))`.execute(
    tx,
  );
  if (numAffectedRows !== 1n) throw boardErrors.pin_not_found({});
  if (wish.visibility === board.visibility) return { linkKey: undefined };
  if (board.standing !== 'owner') throw boardErrors.board_not_yours({});
  return setVisibility(tx, id, wish.visibility);
}

/** Takes a board away with its words and what its owner put on it. What others saved from it stays theirs. */
export async function deleteBoard(tx: Tx, memberId: string, id: string): Promise<void> {
  await boardFor(tx, { memberId }, id, ['owner']);
  await endBoards(tx, [id]);
}

export async function endBoards(tx: Tx, ids: readonly string[]): Promise<void> {
  const all = [...ids];
  const { rows: pins } = await sql<{ id: string }>`
    select id from boards.pin where board_id = any(${all}::uuid[]) order by id`.execute(tx);
  const ended = { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' } as const;
  await changeState(tx, all, ended);
  await changeState(
    tx,
    pins.map((pin) => pin.id),
    ended,
  );
  await sql`update boards.pin set note = '' where board_id = any(${all}::uuid[])`.execute(tx);
  await sql`update boards.section set name = '-' where board_id = any(${all}::uuid[])`.execute(tx);
  await sql`update boards.board set name = '', description = '', cover_pin_id = null, pin_count = 0
    where id = any(${all}::uuid[])`.execute(tx);
}

/** A board that the viewer may change so; whoever may not even see it learns nothing. */
export async function boardFor(
  tx: Tx,
  eye: MemberEye,
  id: string,
  standings: readonly Standing[],
): Promise<Opened> {
  const board = await open(tx, eye, id);
  if (board.kind !== 'board' || !standings.includes(board.standing)) throw boardErrors.board_not_yours({});
  return board;
}

export function nameFrom(typed: string): string {
  const name = typed.replaceAll(/\s+/g, ' ').trim();
  if (name === '') throw boardErrors.name_missing({});
  return name;
}
