import { LRUCache } from 'lru-cache';
import type { Db } from '#platform/db.ts';
import type { Candidate } from './feed-candidates.ts';

/** Members whose lists are kept; each takes some tens of kB. */
const MEMBERS_MAX = 500;
/** A feed is chosen from the same things for longer than a page is shown: what is new comes in minutes. */
const TIMES_LONGER = 6;

interface Kept {
  seed: number;
  stamp: string;
  until: number;
  list: Candidate[];
}

const keptBy = new WeakMap<Db, LRUCache<string, Kept>>();

/**
 * What a member's feed is chosen from, walked once for all its pages, as it was kept. It holds as long as `stampOf` says
 * the same, which whoever shows a page of it asks along with what may be seen: whatever they follow, save or feel walks
 * anew at once; what others make comes some minutes later. Who may see which is asked of each page, so nothing here is
 * shown for having been kept.
 */
export function keptCandidates(reads: Db, viewer: string, seed: number): Omit<Kept, 'until'> | undefined {
  const kept = keptBy.get(reads)?.get(viewer);
  return kept && kept.seed === seed && kept.until > performance.now() ? kept : undefined;
}

/** `stamp` is from before the list was made. */
export function keepCandidates(
  reads: Db,
  viewer: string,
  list: Omit<Kept, 'until'>,
  keepSeconds: number,
): void {
  if (keepSeconds === 0) return;
  let kept = keptBy.get(reads);
  if (!kept) {
    kept = new LRUCache({ max: MEMBERS_MAX });
    keptBy.set(reads, kept);
  }
  kept.set(viewer, { ...list, until: performance.now() + keepSeconds * TIMES_LONGER * 1000 });
}
