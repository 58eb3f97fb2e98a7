import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { endLooks } from './look.ts';
import { endSwaps } from './swaps.ts';

/** A member's looks, and what they suggested for those of others. */
export async function eraseLooks(tx: Tx, memberId: string): Promise<void> {
  const { rows } = await sql<{ id: string; kind: 'look' | 'suggestion' }>`
    select id, kind from social.piece where owner_id = ${memberId} and kind in ('look', 'suggestion') order by id`.execute(
    tx,
  );
  const of = (kind: 'look' | 'suggestion') => rows.flatMap((row) => (row.kind === kind ? [row.id] : []));
  await endSwaps(tx, of('suggestion'));
  await endLooks(tx, of('look'));
}
