import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Db } from '#platform/db.ts';
import type { Candidate } from './feed-candidates.ts';

/** Members whose lists are kept; each takes some tens of kB. */
const MEMBERS_MAX = 500;
/** A feed is chosen from the same things for longer than a page is shown: what is new comes in minutes. */
const TIMES_LONGER = 6;

interface Kept {
  stamp: string;
  until: number;
  list: Candidate[];
}

const keptBy = new WeakMap<Db, LRUCache<string, Kept>>();

/**
 * What a member's feed is chosen from, walked once for all its pages. Whatever they follow, save or feel walks anew at
 * once; what others make comes some minutes later. Who may see which is asked of each page, so nothing here is shown for
 * having been kept.
 */
export async function keptCandidates(
  reads: Db,
  viewer: string,
  { seed, keepSeconds }: { seed: number; keepSeconds: number },
  choose: () => Promise<Candidate[]>,
): Promise<Candidate[]> {
  if (keepSeconds === 0) return choose();
  let kept = keptBy.get(reads);
  if (!kept) {
    kept = new LRUCache({ max: MEMBERS_MAX });
    keptBy.set(reads, kept);
  }
  const stamp = `${seed} ${await stampOf(reads, viewer)}`;
  const known = kept.get(viewer);
  if (known && known.stamp === stamp && known.until > performance.now()) return known.list;
  const until = performance.now() + keepSeconds * TIMES_LONGER * 1000;
  const list = await choose();
  kept.set(viewer, { stamp, until, list });
  return list;
}

/** Another after whatever a member does that a feed is chosen by. */
async function stampOf(reads: Db, viewer: string): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    select concat_ws(' ',
      (select id from social.piece where owner_id = ${viewer} and kind = 'pin' and state = 'live' order by id desc limit 1),
      (select at from social.reaction where member_id = ${viewer} order by at desc limit 1),
      (select count(*) || ' ' || max(since) from social.follow where follower_id = ${viewer})) as stamp`.execute(
    reads,
  );
  return rows[0]?.stamp ?? '';
}
