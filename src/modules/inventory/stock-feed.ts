import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { variantIdsOfSkus } from '../catalog/index.ts';
import { inventoryErrors } from './errors.ts';
import { lockLevels, openLevels, post } from './movement.ts';
import { own } from './own.ts';

export const FEED_LINES_MAX = 5_000;

/** A partner's or another system's statement of what a location has. */
export interface StockFeed {
  id: string;
  locationId: string;
  /** When its sender knew it: an older statement never overrules a newer one. */
  toldAt: Date;
  lines: readonly { sku: string; quantity: number }[];
  actorId?: string;
}

/** The reason that its movements carry in the ledger. */
const FEED = 'feed';

export type FeedFault = 'sku_unknown' | 'sku_twice' | 'older_than_known' | 'less_than_left_since';

export interface FeedOutcome {
  taken: number;
  /** By the position of the line, from 1. */
  refused: { line: number; sku: string; fault: FeedFault }[];
}

/**
 * Takes each line that can be taken and tells of each that can't. What is told is what was there at that time: what
 * came and went since counts on top of it.
 * The same feed again gets the same answer and moves nothing.
 */
export async function takeFeed(tx: Tx, feed: StockFeed): Promise<FeedOutcome> {
  const { id, locationId, toldAt, actorId } = feed;
  const variants = await variantIdsOfSkus(
    tx,
    feed.lines.map(({ sku }) => sku),
  );
  await openLevels(
    tx,
    [...variants.values()].map((variantId) => ({ variantId, locationId, quantity: 0 })),
  );
  const known = await noteFeed(tx, feed);
  if (known) return known;
  // What was there then is read before the difference is booked: nothing may be told or counted in between.
  await lockLevels(
    tx,
    [...variants.values()].map((variantId) => ({ variantId, locationId })),
  );
  const { lines, refused } = sortOut(feed.lines, variants, await stateThen(tx, feed, [...variants.values()]));
  const cause = { id, reason: FEED, at: toldAt, ...(actorId !== undefined && { actorId }) };
  await post(
    tx,
    'adjust',
    cause,
    lines.map((line) => ({ ...line, locationId })),
  );
  const outcome: FeedOutcome = { taken: lines.length, refused };
  await own(tx)
    .updateTable('inventory.stock_feed')
    .set({ outcome: JSON.stringify(outcome) })
    .where('id', '=', id)
    .execute();
  return outcome;
}

/** What was answered to the same feed before. Of two that come at once, the second waits here for the first. */
async function noteFeed(
  tx: Tx,
  { id, locationId, toldAt, lines }: StockFeed,
): Promise<FeedOutcome | undefined> {
  const hash = createHash('sha256')
    .update(JSON.stringify([locationId, toldAt, lines]))
    .digest();
  const made = await own(tx)
    .insertInto('inventory.stock_feed')
    .values({ id, location_id: locationId, told_at: toldAt, lines_hash: hash })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return undefined;
  const known = await own(tx)
    .selectFrom('inventory.stock_feed')
    .select(['lines_hash as hash', 'outcome'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (!known.hash.equals(hash)) throw inventoryErrors.feed_differs({ feedId: id });
  return known.outcome as unknown as FeedOutcome; // set before the transaction that made the row could end
}

interface Then {
  variantId: string;
  /** Units on hand when the feed was told, and what came and went since. */
  onHand: number;
  since: number;
  /** Whether something newer was counted or told. */
  isNewer: boolean;
}

async function stateThen(
  tx: Tx,
  { locationId, toldAt }: StockFeed,
  variantIds: readonly string[],
): Promise<Map<string, Then>> {
  const { rows } = await sql<Then>`
    select variant_id as "variantId", coalesce(sum(on_hand_delta) filter (where moved_at <= ${toldAt}), 0)::integer as "onHand",
      coalesce(sum(on_hand_delta) filter (where moved_at > ${toldAt}), 0)::integer as since,
      bool_or(moved_at > ${toldAt} and (kind = 'count' or reason = ${FEED})) as "isNewer"
    from inventory.stock_movement
    where variant_id = any(${variantIds}::uuid[]) and location_id = ${locationId}
    group by variant_id`.execute(tx);
  return new Map(rows.map((row) => [row.variantId, row]));
}

/** The differences to book, and the lines that can't be. */
function sortOut(
  told: StockFeed['lines'],
  variants: ReadonlyMap<string, string>,
  then: ReadonlyMap<string, Then>,
): { lines: { variantId: string; quantity: number }[]; refused: FeedOutcome['refused'] } {
  const lines: { variantId: string; quantity: number }[] = [];
  const refused: FeedOutcome['refused'] = [];
  const seen = new Set<string>();
  for (const [index, { sku, quantity }] of told.entries()) {
    const variantId = variants.get(sku);
    const { onHand = 0, since = 0, isNewer = false } = then.get(variantId ?? '') ?? {};
    const refuse = (fault: FeedFault) => refused.push({ line: index + 1, sku, fault });
    if (variantId === undefined) refuse('sku_unknown');
    else if (seen.has(sku)) refuse('sku_twice');
    else if (isNewer) refuse('older_than_known');
    else if (quantity + since < 0) refuse('less_than_left_since');
    else lines.push({ variantId, quantity: quantity - onHand });
    seen.add(sku);
  }
  return { lines, refused };
}
