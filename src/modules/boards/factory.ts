import { randomUUID } from 'node:crypto';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { type BoardWish, makeBoard } from './board.ts';
import { addPin, type PinnedThing } from './pins.ts';

export async function aBoard(
  deps: Pick<Deps, 'db' | 'now'>,
  ownerId: string,
  wish: Partial<BoardWish> = {},
): Promise<string> {
  const id = randomUUID();
  const whole: BoardWish = { name: 'Kitchen', description: '', visibility: 'public', ...wish };
  await inTransaction(deps.db, (tx) => makeBoard(tx, ownerId, id, whole, deps.now()));
  return id;
}

export async function aPin(
  deps: Pick<Deps, 'db' | 'now'>,
  memberId: string,
  boardId: string,
  thing: PinnedThing,
  note = '',
): Promise<string> {
  const id = randomUUID();
  await inTransaction(deps.db, (tx) => addPin(tx, { memberId }, { id, boardId, note, thing }, deps.now()));
  return id;
}
