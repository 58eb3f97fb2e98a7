import { sql } from 'kysely';
import {
  type Eye,
  makePiece,
  open,
  type Opened,
  setVisibility,
  type Standing,
  wordsChanged,
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
    values (${id}, ${name}, ${linesOf(wish.description)}, ${now})`.execute(tx);
}

/** What is not given stays. */
export interface BoardChange extends Partial<BoardWish> {
  coverPinId?: string | null;
  /** What the words were when they were read: others' that came meanwhile are not written over. */
  was?: { name: string; description: string } | undefined;
}

/** What a board is called and says, by its owner or an editor; who sees it, by its owner alone. */
export async function changeBoard(
  tx: Tx,
  eye: MemberEye,
  id: string,
  wish: BoardChange,
  now: Date,
): Promise<{ linkKey: string | null | undefined }> {
  const board = await boardFor(tx, eye, id, ['owner', 'editor']);
  const name = wish.name === undefined ? null : nameFrom(wish.name);
  const description = wish.description === undefined ? null : linesOf(wish.description);
  const { coverPinId, visibility } = wish;
  const was = wish.was && { name: wish.was.name, description: linesOf(wish.was.description) };
  if (coverPinId) await refuseOtherPin(tx, id, coverPinId);
  const { numAffectedRows } = await sql`
    update boards.board set name = coalesce(${name}, name), description = coalesce(${description}, description),
      cover_pin_id = case when ${coverPinId === undefined} then cover_pin_id else ${coverPinId ?? null}::uuid end,
      changed_at = ${now}
    where id = ${id} and (${name}::text is null or ${was?.name ?? null}::text is null or name in (${name}, ${was?.name ?? null}))
      and (${description}::text is null or ${was?.description ?? null}::text is null
        or description in (${description}, ${was?.description ?? null}))`.execute(tx);
  if (numAffectedRows !== 1n) throw boardErrors.changed_meanwhile({});
  if (name !== null || description !== null) await wordsChanged(tx, id);
  if (visibility === undefined || visibility === board.visibility) return { linkKey: undefined };
  if (board.standing !== 'owner') throw boardErrors.board_not_yours({});
  return setVisibility(tx, id, visibility);
}

/** Forms send other line ends than they were given. */
const linesOf = (typed: string) => typed.replaceAll(/\r\n?/g, '\n').trim();

async function refuseOtherPin(tx: Tx, boardId: string, pinId: string): Promise<void> {
  const { rows } = await sql`
    select from boards.pin join social.piece on piece.id = pin.id
    where pin.id = ${pinId} and board_id = ${boardId} and state = 'live' for share of piece`.execute(tx);
  if (rows.length === 0) throw boardErrors.pin_not_found({});
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
