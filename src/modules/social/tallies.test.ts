import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { commentsOf, deleteComment, endComments, say } from './comments.ts';
import { eraseSocial } from './erase.ts';
import { aPerson, aPiece } from './factory.ts';
import { block, follow, unfollow } from './follows.ts';
import { react, REACTION_KINDS, unreact } from './reactions.ts';

/** More of them by hand: `STOA_RUNS=100 npx vitest run src/modules/social/tallies.test.ts`. */
const RUNS = Number(process.env['STOA_RUNS'] ?? 4);
const NOW = new Date('2026-11-22T10:00:00Z');

interface Act {
  kind: 'say' | 'unsay' | 'react' | 'unreact' | 'follow' | 'unfollow' | 'block' | 'endAll' | 'erase';
  who: number;
  what: number;
  other: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom<Act['kind'][]>(
    'say',
    'say',
    'say',
    'unsay',
    'react',
    'react',
    'unreact',
    'follow',
    'follow',
    'unfollow',
    'block',
    'endAll',
    'erase',
  ),
  who: fc.nat(3),
  what: fc.nat(1),
  other: fc.nat(3),
});

/** What the rows count, and what the counts say. */
async function counted(db: Db, pieces: readonly string[], people: readonly string[]) {
  const { rows: words } = await sql`
    select piece.id,
      (select count(*)::integer from social.comment join social.piece as c on c.id = comment.id
        where subject_id = piece.id and c.state = 'live') as comments,
      (select coalesce(json_object_agg(kind, count), '{}') from (
        select kind, count(*)::integer as count from social.reaction where piece_id = piece.id group by kind) r) as reactions
    from social.piece where id = any(${pieces}::uuid[]) order by id`.execute(db);
  const { rows: kept } = await sql`
    select piece.id, coalesce(comments, 0) as comments,
      (select coalesce(json_object_agg(kind, count), '{}') from (values ('heart', heart), ('clap', clap), ('wow', wow), ('idea', idea))
        as r (kind, count) where count > 0) as reactions
    from social.piece left join social.tally on piece_id = piece.id where id = any(${pieces}::uuid[]) order by id`.execute(
    db,
  );
  const { rows: follows } = await sql`
    select target_id as id, count(*)::integer as followers from social.follow
    where target_id = any(${[...people, ...pieces]}::uuid[]) group by target_id order by 1`.execute(db);
  const { rows: followers } = await sql`
    select target_id as id, followers from social.followed
    where target_id = any(${[...people, ...pieces]}::uuid[]) and followers > 0 order by 1`.execute(db);
  return { rows: { words, follows }, kept: { words: kept, follows: followers } };
}

test('the counts are the rows, after whatever four do at once', async ({ deps, db }) => {
  const history = fc.array(act, { minLength: 20, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(history, async (acts) => {
      const people = await Promise.all(Array.from({ length: 4 }, async () => (await aPerson(deps)).memberId));
      const [owner = ''] = people;
      const pieces = [await aPiece(deps, owner), await aPiece(deps, owner)];
      const said: string[] = [];
      const work = async (tx: Tx, { kind, who, what, other }: Act) => {
        const memberId = people[who] ?? '';
        const pieceId = pieces[what] ?? '';
        const friend = people[other] ?? '';
        const comment = said[(who * 7 + other * 3 + what) % Math.max(said.length, 1)];
        if (kind === 'say') {
          const id = randomUUID();
          await say(
            tx,
            { memberId },
            { id, subjectId: pieceId, body: 'Well', ...(what && comment && { replyTo: comment }) },
            NOW,
          );
          said.push(id);
        }
        if (kind === 'unsay' && comment) await deleteComment(tx, memberId, comment);
        if (kind === 'endAll') await endComments(tx, said.slice(0, 3));
        if (kind === 'react') await react(tx, { memberId }, pieceId, REACTION_KINDS[other] ?? 'heart', NOW);
        if (kind === 'unreact') await unreact(tx, memberId, pieceId);
        if (kind === 'follow')
          await follow(
            tx,
            memberId,
            what ? { kind: 'board', targetId: pieceId } : { kind: 'member', targetId: friend },
            NOW,
          );
        if (kind === 'unfollow') await unfollow(tx, memberId, { kind: 'member', targetId: friend });
        if (kind === 'block' && what === 1) await block(tx, memberId, friend, NOW);
        if (kind === 'erase' && who === 3 && other === 3) await eraseSocial(tx, memberId);
      };
      const hands = Map.groupBy(acts, ({ who }) => who);
      await Promise.all(
        [...hands.values()].map(async (hand) => {
          for (const each of hand)
            await inTransaction(db, (tx) => work(tx, each)).catch((error: unknown) => {
              if (!(error instanceof AppError)) throw error;
            });
        }),
      );
      const { rows, kept } = await counted(db, pieces, people);
      expect(kept).toEqual(rows);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 120_000);

test('answers stay where the words they answer are gone, and nobody reads whom they do not meet', async ({
  deps,
  db,
}) => {
  const [ada, ben, cleo] = await Promise.all([aPerson(deps), aPerson(deps), aPerson(deps)]);
  const board = await aPiece(deps, ada.memberId);
  const [first, second, answer] = [randomUUID(), randomUUID(), randomUUID()];
  let minute = 0;
  const write = (memberId: string, id: string, body: string, replyTo?: string) =>
    inTransaction(db, (tx) =>
      say(
        tx,
        { memberId },
        { id, subjectId: board, body, replyTo },
        new Date(NOW.getTime() + 60_000 * minute++),
      ),
    );
  await write(ben.memberId, first, 'I have that vase.');
  await write(cleo.memberId, answer, 'Does it leak?', first);
  await write(ada.memberId, second, 'Thank you both.', answer);
  await write(ada.memberId, second, 'Thank you both.', answer); // a retry
  await expect(write(ada.memberId, second, 'Something else', answer)).rejects.toMatchObject({
    code: 'social.piece_differs',
  });
  await inTransaction(db, (tx) => deleteComment(tx, ben.memberId, first));
  const read = async (memberId?: string) =>
    (await commentsOf(db, { memberId }, board)).comments.map(({ body, author }) => [
      author?.handle ?? null,
      body,
    ]);
  expect(await read()).toEqual([
    [null, null],
    [cleo.handle, 'Does it leak?'],
    [ada.handle, 'Thank you both.'],
  ]);
  await inTransaction(db, (tx) => block(tx, ben.memberId, cleo.memberId, NOW));
  expect(await read(ben.memberId)).toEqual([
    [null, null],
    [ada.handle, 'Thank you both.'],
  ]);
  const { rows } = await sql<{ kind: string; member_id: string }>`
    select kind, member_id from social.notice where data ->> 'subjectId' = ${board} order by at, kind, id`.execute(
    db,
  );
  expect(rows.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
    { kind: 'commented', member_id: ada.memberId },
    { kind: 'commented', member_id: ada.memberId },
    { kind: 'replied', member_id: cleo.memberId },
  ]);
});
