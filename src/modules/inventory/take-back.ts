import type { Tx } from '#platform/db.ts';
import { type Cause, type Moved, openLevels, post } from './movement.ts';

export interface TakenBack {
  variantId: string;
  locationId: string;
  /** Units that came in, and how many of them nobody will buy. */
  quantity: number;
  damaged: number;
  /** What all of them cost when they left. */
  valueMinor: number;
}

/**
 * Books goods that came back, at the cost they left with; those that are damaged go from there to the damaged ones. Answers
 * what the damaged ones took along.
 */
export async function takeBack(tx: Tx, cause: Cause, lines: readonly TakenBack[]): Promise<Moved[]> {
  await openLevels(tx, lines);
  await post(tx, 'return_in', cause, lines);
  const damaged = lines.filter((line) => line.damaged > 0);
  return post(
    tx,
    'damage',
    cause,
    damaged.map(({ variantId, locationId, damaged: quantity }) => ({ variantId, locationId, quantity })),
  );
}
