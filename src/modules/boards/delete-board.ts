import { sql } from 'kysely';
import { changeState } from '#modules/social/index.ts';
import type { Tx } from '#platform/db.ts';
import { boardFor } from './board.ts';
import { endLinks } from './links.ts';
import { endSuggestions } from './suggestions.ts';

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
  await endLinks(
    tx,
    pins.map((pin) => pin.id),
  );
  const { rows: suggestions } = await sql<{ id: string }>`
    select id from boards.suggestion where board_id = any(${all}::uuid[]) order by id`.execute(tx);
  await endSuggestions(
    tx,
    suggestions.map(({ id }) => id),
  );
  await sql`update boards.pin set note = '' where board_id = any(${all}::uuid[])`.execute(tx);
  await sql`update boards.section set name = '-' where board_id = any(${all}::uuid[])`.execute(tx);
  await sql`update boards.board set name = '', description = '', cover_pin_id = null, pin_count = 0
    where id = any(${all}::uuid[])`.execute(tx);
}
