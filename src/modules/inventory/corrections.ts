import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '#platform/db.ts';
import { inventoryErrors } from './errors.ts';
import { openLevels, post, type StockLine } from './movement.ts';
import { own } from './own.ts';

/** Why stock was adjusted without a count. The list is fixed, so that a report can add it up. */
export const ADJUSTMENT_REASONS = [
  'found',
  'lost',
  'theft',
  'sample',
  'expired',
  'own_use',
  'booking_error',
] as const;

/**
 * What people found to be so, at one place or several:
 * - `count`: what was counted is what is there;
 * - `adjust`: a difference, with its reason;
 * - `damage`: units are there, and nobody will buy them;
 * - `write_off`: damaged units leave the house for good.
 */
export type Correction = { id: string; lines: readonly StockLine[]; actorId?: string } & (
  | { kind: 'count' | 'damage' | 'write_off' }
  | { kind: 'adjust'; reason: (typeof ADJUSTMENT_REASONS)[number] }
);

/**
 * Books a correction. Where less is there than was promised, the level is short and those who promised hear of it:
 * reality is never refused. The same correction again is a retry.
 */
export async function correct(tx: Tx, correction: Correction, now: Date): Promise<void> {
  const { id, kind, lines, actorId = null } = correction;
  const reason = correction.kind === 'adjust' ? correction.reason : '';
  const told = lines.map(({ variantId, locationId, quantity }) => ({ variantId, locationId, quantity }));
  await openLevels(tx, lines);
  const made = await own(tx)
    .insertInto('inventory.correction')
    .values({ id, kind, reason, actor_id: actorId, corrected_at: now, lines: JSON.stringify(told) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) {
    await post(tx, kind, { id, reason, at: now, ...(actorId !== null && { actorId }) }, lines);
    return;
  }
  const known = await own(tx)
    .selectFrom('inventory.correction')
    .select(['kind', 'reason', 'lines'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (!isDeepStrictEqual(known, { kind, reason, lines: told }))
    throw inventoryErrors.correction_differs({ correctionId: id });
}
