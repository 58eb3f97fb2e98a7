export { collectPast, type PastVisits } from './collect-past.ts';
export { arrivals } from './arrivals.ts';
export { type DeadLetter, deadLetters, letterOf, lettersByReason } from './dead-letters.ts';
export { eraseCollected } from './erase.ts';
export { collectorErrors } from './errors.ts';
export { followCollected } from './follow-collected.ts';
export { streamFreshness } from './freshness.ts';
export { hourOfSources, type Reference, referencesOf, type Shape, shapesOf } from './hours.ts';
export { dismissLetter, replayLetter } from './replay.ts';
export {
  putSource,
  revokeSource,
  shopKey,
  type Source,
  SOURCE_KINDS,
  sourceOf,
  sourceOfKey,
  sources,
  type SourceWish,
} from './sources.ts';
export { waiting } from './waiting.ts';
