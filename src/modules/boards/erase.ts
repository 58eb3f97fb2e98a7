import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { endBoards } from './board.ts';
import { endPins } from './pins.ts';

/** A member's boards, and what they put on those of others. */
export async function eraseBoards(tx: Tx, memberId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ id: string; kind: 'board' | 'pin' }>`
    select id, kind from social.piece where owner_id = ${memberId} and kind in ('board', 'pin') order by id`.execute(
    tx,
  );
  const of = (kind: 'board' | 'pin') => rows.flatMap((row) => (row.kind === kind ? [row.id] : []));
  await endPins(tx, of('pin'), now);
  await endBoards(tx, of('board'));
}
