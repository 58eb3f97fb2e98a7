import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPerson, aPiece } from '#modules/social/factory.ts';
import { suspend } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { aReview, aReviewedProduct } from './factory.ts';
import { castVote } from './votes.ts';

const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

/** What is kept of a review's votes, and how many rows there are. */
async function kept(db: Db, id: string) {
  const { rows } = await sql<{ helpful: number; unhelpful: number; votes: number }>`
    select helpful, unhelpful, (select count(*)::integer from reviews.vote where piece_id = review.id) as votes
    from reviews.review where id = ${id}`.execute(db);
  return rows[0];
}

const counted = async (db: Db) => {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(count), 0)::integer as count from identity.rate_limit where key like 'social_vote:%'`.execute(
    db,
  );
  return rows[0]?.count;
};

test('a vote counts once however often it is cast, and a refusal writes nothing but the attempt', async ({
  deps,
  db,
}) => {
  const [ada, ben] = [await aPerson(deps), await aPerson(deps)];
  const review = await aReview(deps, ada, { productId: await aReviewedProduct(db) });
  const board = await aPiece(deps, ada.memberId);
  const cast = (by: { memberId: string }, id: string, isHelpful: boolean | null) =>
    refusal(castVote(deps, { memberId: by.memberId }, id, isHelpful));

  expect(
    await Promise.all([cast(ben, review, true), cast(ben, review, true), cast(ben, review, true)]),
  ).toEqual(['done', 'done', 'done']);
  expect([await kept(db, review), await counted(db)]).toEqual([{ helpful: 1, unhelpful: 0, votes: 1 }, 3]);
  expect(await cast(ben, review, false)).toBe('done');
  expect(await kept(db, review)).toEqual({ helpful: 0, unhelpful: 1, votes: 1 });
  expect([await cast(ben, review, null), await cast(ben, review, null)]).toEqual(['done', 'done']);
  expect([await kept(db, review), await counted(db)]).toEqual([{ helpful: 0, unhelpful: 0, votes: 0 }, 6]);

  expect([
    await cast(ada, review, true),
    await cast(ben, board, true),
    await cast(ben, randomUUID(), true),
  ]).toEqual(['reviews.own_words', 'reviews.not_votable', 'social.piece_not_found']);
  expect([await kept(db, review), await counted(db)]).toEqual([{ helpful: 0, unhelpful: 0, votes: 0 }, 9]);

  await sql`update identity.rate_limit set count = 59 where key like 'social_vote:%'`.execute(db);
  expect([await cast(ben, review, true), await cast(ben, review, false)]).toEqual([
    'done',
    'identity.too_many_attempts',
  ]);
  expect([await kept(db, review), await counted(db)]).toEqual([
    { helpful: 1, unhelpful: 0, votes: 1 },
    61 + 59, // ben's and ada's
  ]);

  const until = new Date(deps.now().getTime() + 60_000);
  await inTransaction(db, (tx) => suspend(tx, ben.memberId, until, deps.now()));
  expect(await cast(ben, review, null)).toBe('social.suspended');
  expect([await kept(db, review), await counted(db)]).toEqual([{ helpful: 1, unhelpful: 0, votes: 1 }, 120]);
});
