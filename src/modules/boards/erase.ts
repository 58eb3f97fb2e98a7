import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { endBoards } from './delete-board.ts';
import { endPins } from './pins.ts';
import { endSuggestions } from './suggestions.ts';

type Kind = 'board' | 'pin' | 'suggestion';

/** A member's boards, and what they put on those of others or suggested for them. */
export async function eraseBoards(tx: Tx, memberId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ id: string; kind: Kind }>`
    select id, kind from social.piece
    where owner_id = ${memberId} and kind in ('board', 'pin', 'suggestion') order by id`.execute(tx);
  const of = (kind: Kind) => rows.flatMap((row) => (row.kind === kind ? [row.id] : []));
  await endPins(tx, of('pin'), now);
  await endSuggestions(tx, of('suggestion'));
  await endBoards(tx, of('board'));
}
