import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { deletePin } from '#modules/boards/index.ts';
import { aLook } from '#modules/looks/factory.ts';
import { aPost } from '#modules/posts/factory.ts';
import { aReview, aReviewedProduct } from '#modules/reviews/factory.ts';
import { answer, ask, deleteReview, deleteSaid } from '#modules/reviews/index.ts';
import { aPerson } from '#modules/social/factory.ts';
import { deleteComment, say } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aReport, anAct } from './factory.ts';
import { moveOne } from './states.ts';

/** More of them by hand: `STOA_RUNS=100 npx vitest run src/modules/safety/states.test.ts`. */
const RUNS = Number(process.env['STOA_RUNS'] ?? 3);

const MOVES = {
  hold: { from: ['live'], to: 'held' },
  show: { from: ['held'], to: 'live' },
  remove: { from: ['live', 'held'], to: 'removed' },
  restore: { from: ['removed'], to: 'live' },
} as const;

/** Two of each kind that others are counted by, and one of each that is not. */
async function aWorld(deps: Deps) {
  const { db } = deps;
  const [{ memberId }, other, productId] = [
    await aPerson(deps),
    await aPerson(deps),
    await aReviewedProduct(db),
  ];
  const board = await aBoard(deps, memberId);
  const pins = [
    await aPin(deps, memberId, board, { kind: 'product', productId }),
    await aPin(deps, memberId, board, { kind: 'link', url: 'https://example.com/a' }),
  ];
  const reviews = [
    await aReview(deps, { memberId }, { productId, rating: 2 }),
    await aReview(deps, other, { productId, rating: 5 }),
  ];
  const [question, answers, comments] = [
    randomUUID(),
    [randomUUID(), randomUUID()],
    [randomUUID(), randomUUID()],
  ];
  await inTransaction(db, async (tx) => {
    await ask(tx, memberId, { id: question, productId, body: 'Drips?' }, deps.now());
    for (const id of answers)
      await answer(tx, { memberId }, { id, subjectId: question, body: 'No.', speaksFor: 'self' }, deps.now());
    for (const id of comments) await say(tx, { memberId }, { id, subjectId: board, body: 'Hm.' }, deps.now());
  });
  const { id: post } = await aPost(deps, memberId);
  const look = await aLook(deps, memberId, [productId]);
  const things = [
    ...pins.map((id) => ({ id, kind: 'pin' })),
    ...reviews.map((id) => ({ id, kind: 'review' })),
    ...answers.map((id) => ({ id, kind: 'answer' })),
    ...comments.map((id) => ({ id, kind: 'comment' })),
    { id: question, kind: 'question' },
    { id: post, kind: 'post' },
    { id: look, kind: 'look' },
  ];
  return { memberId, otherId: other.memberId, board, productId, question, things };
}
type World = Awaited<ReturnType<typeof aWorld>>;

async function bothCounts(db: Db, { board, productId, question }: World) {
  const live = (table: string, column: string, id: string) => sql`(
    select count(*)::integer from ${sql.table(table)} as row join social.piece on piece.id = row.id
    where ${sql.ref(`row.${column}`)} = ${id} and piece.state = 'live')`;
  const { rows } = await sql<{ kept: number[]; counted: number[] }>`
    select array[
        (select pin_count from boards.board where id = ${board}),
        (select comments from social.tally where piece_id = ${board}),
        (select review_count from reviews.rating where product_id = ${productId}),
        (select answer_count from reviews.question where id = ${question})] as kept,
      array[${live('boards.pin', 'board_id', board)}, ${live('social.comment', 'subject_id', board)},
        ${live('reviews.review', 'product_id', productId)}, ${live('reviews.answer', 'subject_id', question)}] as counted`.execute(
    db,
  );
  return rows[0];
}

async function end(
  tx: Tx,
  { memberId, otherId }: World,
  { id, kind }: { id: string; kind: string },
  now: Date,
) {
  if (kind === 'comment') await deleteComment(tx, memberId, id);
  if (kind === 'pin') await deletePin(tx, { memberId }, id, now);
  if (kind === 'answer') await deleteSaid(tx, memberId, id, false);
  if (kind === 'review') await deleteReview(tx, { memberId: otherId, customerId: undefined }, id);
}

test('counts are the rows of every kind, after any history of what moderators and authors do at once', async ({
  deps,
  db,
}) => {
  const act = fc.record({
    what: fc.nat(10),
    how: fc.constantFrom<(keyof typeof MOVES | 'delete')[]>(
      'hold',
      'show',
      'remove',
      'remove',
      'restore',
      'delete',
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      const world = await aWorld(deps);
      const each = ({ what, how }: (typeof acts)[number]) =>
        inTransaction(db, async (tx) => {
          const thing = world.things[what] ?? { id: '', kind: '' };
          if (how === 'delete') await end(tx, world, thing, deps.now());
          else await moveOne(tx, thing, MOVES[how], deps.now());
        }).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
      for (let n = 0; n < acts.length; n += 4) await Promise.all(acts.slice(n, n + 4).map(each));
      const both = await bothCounts(db, world);
      expect(both?.kept).toEqual(both?.counted);
    }),
    { numRuns: RUNS },
  );
});

test('a thing of every kind is reported, removed and restored, and a link’s page is read once it is back', async ({
  deps,
  db,
}) => {
  const world = await aWorld(deps);
  const [reader, clerk] = [await aPerson(deps), await aPerson(deps)];
  const stateOf = async (id: string) =>
    (await sql<{ state: string }>`select state from social.piece where id = ${id}`.execute(db)).rows[0]
      ?.state;
  const before = await bothCounts(db, world);
  const things = [...world.things, { id: world.board, kind: 'board' }];
  const done: [string, string | undefined][] = [];
  for (const { id, kind } of things) {
    const { concernId } = await aReport(deps, reader.memberId, { pieceId: id });
    if ((await stateOf(id)) !== 'live') throw new Error(kind);
    await anAct(deps, clerk.memberId, { concernId, kind: 'remove', reason: 'spam' });
    done.push([kind, await stateOf(id)]);
    await anAct(deps, clerk.memberId, { concernId, kind: 'restore' });
    done.push([kind, await stateOf(id)]);
  }
  expect(done).toEqual(
    things.flatMap(({ kind }) => [
      [kind, 'removed'],
      [kind, 'live'],
    ]),
  );
  expect(await bothCounts(db, world)).toEqual(before);
  const { rows } = await sql`
    select from graphile_worker.jobs where key = ${`boards.read_link:${world.things[1]?.id}`}`.execute(db);
  expect(rows).toHaveLength(1);
});
