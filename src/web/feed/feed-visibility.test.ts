import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { aLook } from '#modules/looks/factory.ts';
import { aPost } from '#modules/posts/factory.ts';
import { aReview } from '#modules/reviews/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, follow, mute, setVisibility, unblock, unmute } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import type { FeedCard } from '#read/feed-cards.ts';
import { friendsFeed, homeFeed } from '#read/feed.ts';
import { test } from '#test/harness.ts';

/** Four people who follow each other, made one of each kind, and saved what the others saved. */
async function aCircle(deps: Deps) {
  const people = await Promise.all([1, 2, 3, 4].map(() => aPerson(deps)));
  const products = await Promise.all([1, 2, 3].map((nth) => aPublishedProduct(deps.db, `Thing ${nth}`)));
  const roots: string[] = [];
  for (const [nth, { memberId }] of people.entries()) {
    const board = await aBoard(deps, memberId);
    for (const { id: productId } of products.slice(0, 1 + (nth % 3)))
      await aPin(deps, memberId, board, { kind: 'product', productId });
    const { id: post } = await aPost(deps, memberId);
    roots.push(board, await aLook(deps, memberId, [products[nth % 3]?.id ?? '']), post);
    await aReview(deps, { memberId }, { productId: products[nth % 3]?.id ?? '' });
    for (const { memberId: targetId } of people)
      if (targetId !== memberId)
        await inTransaction(deps.db, (tx) => follow(tx, memberId, { kind: 'member', targetId }, deps.now()));
  }
  return { ids: people.map(({ memberId }) => memberId), roots };
}

async function allCards(db: Db, viewer: string | undefined): Promise<FeedCard[]> {
  const cards: FeedCard[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor; isFirst = false) {
    const page = await homeFeed(db, viewer, { seed: 7, keepSeconds: 0, cursor });
    cards.push(...page.cards);
    cursor = page.cursor ?? undefined;
  }
  return viewer === undefined ? cards : [...cards, ...(await friendsFeed(db, viewer, {})).cards];
}

const one = fc.nat(3);
const act = fc.oneof(
  fc.record({ kind: fc.constantFrom('block', 'unblock', 'mute', 'unmute'), who: one, whom: one }),
  fc.record({ kind: fc.constantFrom('public', 'unlisted', 'secret'), root: fc.nat(11) }),
);

type Act = typeof act extends fc.Arbitrary<infer Made> ? Made : never;

const NAMED = { block, unblock, mute, unmute } as const;

test('whatever is hidden, blocked and muted, no feed shows what its viewer could not find, nor whom they muted', async ({
  deps,
  db,
}) => {
  const { ids, roots } = await aCircle(deps);
  const idAt = (nth: number) => ids[nth] ?? '';
  const perform = (tx: Tx, each: Act) =>
    'root' in each
      ? setVisibility(tx, roots[each.root] ?? '', each.kind as 'public' | 'unlisted' | 'secret')
      : NAMED[each.kind as keyof typeof NAMED](tx, idAt(each.who), idAt(each.whom), deps.now());
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
      for (const each of acts) {
        if ('who' in each && each.who === each.whom) continue;
        await inTransaction(db, async (tx) => void (await perform(tx, each))).catch(() => {}); // who is blocked can't be muted
      }
      for (const viewer of [...ids, undefined]) {
        const cards = await allCards(deps.reads, viewer);
        const shown = cards.flatMap(({ pieceId }) => pieceId ?? []);
        const { rows: listed } = await sql<{ id: string }>`
          select id from social.listed(${viewer ?? null}::uuid) where id = any(${shown}::uuid[])`.execute(db);
        const { rows: muted } = await sql<{ id: string }>`
          select muted_id as id from social.mute where member_id = ${viewer ?? null}::uuid`.execute(db);
        expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(shown));
        const makers = new Set(cards.map(({ by }) => by?.memberId));
        expect(muted.filter(({ id }) => makers.has(id))).toEqual([]);
        seen += shown.length;
      }
    }),
    { numRuns: 6 },
  );
  expect(seen).toBeGreaterThan(50);
});
