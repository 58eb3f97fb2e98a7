import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { type Aspect, putAspect } from '../modules/reviews/index.ts';

const ROOMS = ['Kitchen', 'Living room', 'Bedroom', 'Hall', 'Office'];
const USES = ['Every day', 'For guests', 'As a gift'];
const ASPECTS: Omit<Aspect, 'id' | 'categoryId' | 'position'>[] = [
  { kind: 'dimension', code: 'quality', name: 'How it is made', options: ['Poor', 'Fine'] },
  { kind: 'dimension', code: 'as_shown', name: 'Like the pictures', options: ['Not at all', 'Exactly'] },
  { kind: 'trait', code: 'room', name: 'Where it stands', options: ROOMS },
  { kind: 'trait', code: 'use', name: 'What for', options: USES },
];

/** What reviews of the demo are asked beside stars and words. */
export async function demoAspects(tx: Tx): Promise<void> {
  for (const [position, aspect] of ASPECTS.entries())
    await putAspect(tx, 'system', {
      ...aspect,
      id: idOf('demo:aspect', aspect.code),
      categoryId: null,
      position,
    });
}

/** What an author answered: two in three say something of themselves. The review's id is chance enough. */
export function demoMarks(reviewId: string, rating: number) {
  const chance = (at: number, of: number) => Number.parseInt(reviewId.slice(at, at + 4), 16) % of;
  const near = (at: number) => Math.max(1, Math.min(5, rating + chance(at, 3) - 1));
  if (chance(0, 3) === 0) return {};
  return {
    dimensions: { quality: near(4), as_shown: near(9) },
    traits: { room: ROOMS[chance(24, ROOMS.length)] ?? '', use: USES[chance(28, USES.length)] ?? '' },
  };
}
