import { expect } from 'vitest';
import { aReview, aReviewedProduct } from '#modules/reviews/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, follow, mute } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { reviewCards } from './review-cards.ts';

test('reviews of people whom one follows come latest first, page by page; none of who is muted, blocked or not followed', async ({
  deps,
  db,
}) => {
  const [ada, ben, cleo, dirk, eve] = await Promise.all(Array.from({ length: 5 }, () => aPerson(deps)));
  if (!ada || !ben || !cleo || !dirk || !eve) throw new Error('five people');
  const now = deps.now();
  await inTransaction(db, async (tx) => {
    for (const { memberId: targetId } of [ben, cleo, dirk])
      await follow(tx, ada.memberId, { kind: 'member', targetId }, now);
    await mute(tx, ada.memberId, cleo.memberId, now);
    await block(tx, dirk.memberId, ada.memberId, now);
  });
  const written: string[] = [];
  for (const rating of [1, 5, 3]) {
    const productId = await aReviewedProduct(db);
    written.push(await aReview(deps, ben, { productId, rating }));
    for (const other of [cleo, dirk, eve]) await aReview(deps, other, { productId, rating });
  }

  const first = await reviewCards(db, ada.memberId, { limit: 2 });
  const second = await reviewCards(db, ada.memberId, { limit: 2, cursor: first.cursor ?? '' });
  expect(first.cards.map(({ rating, authorId }) => [rating, authorId])).toEqual([
    [3, ben.memberId],
    [5, ben.memberId],
  ]);
  expect([...first.cards, ...second.cards].map(({ id }) => id)).toEqual(written.toReversed());
  expect(second.cursor).toBeNull();
  expect(await reviewCards(db, eve.memberId, { limit: 2 })).toEqual({ cards: [], cursor: null });
});
