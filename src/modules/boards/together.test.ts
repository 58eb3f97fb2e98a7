import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aVariant } from '#modules/inventory/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, follow, invite, join, leave, open, removeCollaborator } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { changeBoard } from './board.ts';
import { aBoard, aPin } from './factory.ts';
import { invitationsOf, makersOf } from './invitations.ts';
import { changePin, movePin, stepPin } from './pins.ts';
import { suggestionsOf } from './suggestions-of.ts';
import {
  answerSuggestion,
  suggest,
  type SuggestedThing,
  takeSuggestions,
  withdrawSuggestion,
} from './suggestions.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

async function aProduct(db: Db): Promise<string> {
  const variantId = await aVariant(db);
  const { rows } = await sql<{ id: string }>`
    select product_id as id from catalog.variant where id = ${variantId}`.execute(db);
  return rows[0]?.id ?? '';
}

const noticesOf = async (db: Db, memberId: string) => {
  const { rows } = await sql<{ kind: string }>`
    select kind from social.notice where member_id = ${memberId} order by at, id`.execute(db);
  return rows.map(({ kind }) => kind).toSorted();
};

const codeOf = (error: unknown) => (error as { code?: string }).code;

test('who is asked sees the name of a secret board and nothing else of it, until they join', async ({
  deps,
  db,
}) => {
  const [ada, bea, cleo] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const boardId = await aBoard(deps, ada.memberId, { name: 'Attic', visibility: 'secret' });
  const act = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(db, work);
  const wish = { pieceId: boardId, handle: `@${bea.handle.toUpperCase()}`, role: 'contributor' } as const;
  await act((tx) => invite(tx, ada.memberId, wish, NOW));
  await act((tx) => invite(tx, ada.memberId, wish, NOW)); // the button pressed twice

  expect(await invitationsOf(db, bea.memberId)).toEqual([
    { boardId, name: 'Attic', role: 'contributor', by: { handle: ada.handle, name: ada.name }, at: NOW },
  ]);
  expect(await noticesOf(db, bea.memberId)).toEqual(['invited']);
  await expect(open(db, { memberId: bea.memberId }, boardId)).rejects.toMatchObject({
    code: 'social.piece_not_found',
  });
  await expect(act((tx) => join(tx, cleo.memberId, boardId, NOW))).rejects.toMatchObject({
    code: 'social.piece_not_found',
  });
  expect(await makersOf(db, boardId, cleo.memberId, false)).toEqual([]);

  await act((tx) => join(tx, bea.memberId, boardId, NOW));
  await act((tx) => join(tx, bea.memberId, boardId, new Date()));
  expect(await open(db, { memberId: bea.memberId }, boardId)).toMatchObject({ standing: 'contributor' });
  expect(await invitationsOf(db, bea.memberId)).toEqual([]);
  await expect(
    act((tx) => invite(tx, bea.memberId, { pieceId: boardId, handle: cleo.handle, role: 'editor' }, NOW)),
  ).rejects.toMatchObject({ code: 'social.not_yours' });

  await act((tx) => invite(tx, ada.memberId, { ...wish, role: 'editor' }, NOW));
  expect(await makersOf(db, boardId, ada.memberId, true)).toEqual([
    { handle: bea.handle, name: bea.name, role: 'editor', hasJoined: true },
  ]);
  await act((tx) => leave(tx, bea.memberId, boardId));
  await expect(open(db, { memberId: bea.memberId }, boardId)).rejects.toMatchObject({
    code: 'social.piece_not_found',
  });

  await act((tx) => invite(tx, ada.memberId, { ...wish, handle: cleo.handle }, NOW));
  await act((tx) => join(tx, cleo.memberId, boardId, NOW));
  await act((tx) => removeCollaborator(tx, ada.memberId, { pieceId: boardId, handle: cleo.handle }));
  expect(await makersOf(db, boardId, ada.memberId, true)).toEqual([]);

  await act((tx) => block(tx, bea.memberId, ada.memberId, NOW));
  await expect(act((tx) => invite(tx, ada.memberId, wish, NOW))).rejects.toMatchObject({
    code: 'social.person_not_found',
  });
});

test('two who change a board at once lose nothing: other words both stay, the same words are not written over', async ({
  deps,
  db,
}) => {
  const [ada, bea] = [await aPerson(deps), await aPerson(deps)];
  const boardId = await aBoard(deps, ada.memberId, { name: 'Hall', description: 'Dark' });
  await inTransaction(db, (tx) =>
    invite(tx, ada.memberId, { pieceId: boardId, handle: bea.handle, role: 'editor' }, NOW),
  );
  await inTransaction(db, (tx) => join(tx, bea.memberId, boardId, NOW));
  const productId = await aProduct(db);
  const pinId = await aPin(deps, bea.memberId, boardId, { kind: 'product', productId }, 'Low?');
  const was = { name: 'Hall', description: 'Dark' };
  const change = (memberId: string, wish: object) =>
    inTransaction(db, (tx) => changeBoard(tx, { memberId }, boardId, { was, ...wish }, NOW));
  await Promise.all([
    change(ada.memberId, { name: 'Hallway' }),
    change(bea.memberId, { description: 'Dark, with a bench' }),
    aPin(deps, ada.memberId, boardId, { kind: 'product', productId }),
    aPin(deps, bea.memberId, boardId, { kind: 'product', productId }),
    inTransaction(db, (tx) =>
      changePin(tx, { memberId: ada.memberId }, pinId, { note: 'Low enough', wasNote: 'Low?' }),
    ),
  ]);
  const read = async () => {
    const { rows } = await sql`
      select name, description, pin_count, (select note from boards.pin where id = ${pinId}) as note
      from boards.board where id = ${boardId}`.execute(db);
    return rows[0];
  };
  const kept = { name: 'Hallway', description: 'Dark, with a bench', pin_count: 3, note: 'Low enough' };
  expect(await read()).toEqual(kept);
  await expect(change(bea.memberId, { name: 'Corridor' })).rejects.toMatchObject({
    code: 'boards.changed_meanwhile',
  });
  await expect(
    inTransaction(db, (tx) =>
      changePin(tx, { memberId: bea.memberId }, pinId, { note: 'High', wasNote: 'Low?' }),
    ),
  ).rejects.toMatchObject({ code: 'boards.changed_meanwhile' });
  await change(ada.memberId, { name: 'Hallway' }); // a retry
  expect(await read()).toEqual(kept);
});

test('a suggestion is seen by who makes it and who it is made to, and becomes one pin however many accept it', async ({
  deps,
  db,
}) => {
  const [ada, bea, cleo] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const boardId = await aBoard(deps, ada.memberId);
  const thing: SuggestedThing = { kind: 'product', productId: await aProduct(db) };
  const propose = (memberId: string, id: string, what: SuggestedThing = thing) =>
    inTransaction(db, (tx) =>
      suggest(tx, { memberId }, { id, boardId, reason: 'It is green', thing: what }, NOW),
    );
  const take = (suggesters: 'nobody' | 'followed' | 'anyone') =>
    inTransaction(db, (tx) => takeSuggestions(tx, ada.memberId, boardId, suggesters));
  const id = randomUUID();
  await expect(propose(bea.memberId, id)).rejects.toMatchObject({ code: 'boards.suggestions_closed' });
  await take('followed');
  await expect(propose(bea.memberId, id)).rejects.toMatchObject({ code: 'boards.suggestions_closed' });
  await inTransaction(db, (tx) => follow(tx, ada.memberId, { kind: 'member', targetId: bea.memberId }, NOW));
  await propose(bea.memberId, id);
  await propose(bea.memberId, id);
  await expect(propose(cleo.memberId, randomUUID())).rejects.toMatchObject({
    code: 'boards.suggestions_closed',
  });
  await take('anyone');
  await expect(propose(ada.memberId, randomUUID())).rejects.toMatchObject({
    code: 'boards.suggestions_closed',
  });
  const [other, third] = [randomUUID(), randomUUID()];
  await propose(cleo.memberId, other, { kind: 'link', url: 'https://example.com/bench' });
  await propose(cleo.memberId, third);

  const seenBy = async (memberId: string) =>
    (await suggestionsOf(db, { memberId }, boardId, { isOpen: true })).suggestions
      .map((each) => [each.id, each.by?.handle, each.reason].join(' '))
      .toSorted();
  const line = (suggestionId: string, handle: string) => [suggestionId, handle, 'It is green'].join(' ');
  expect(await seenBy(ada.memberId)).toEqual(
    [line(id, bea.handle), line(other, cleo.handle), line(third, cleo.handle)].toSorted(),
  );
  expect(await seenBy(bea.memberId)).toEqual([line(id, bea.handle)]);
  const { rows: listed } =
    await sql`select from social.listed(null) as seen where seen.id = any(${[id, other]}::uuid[])`.execute(
      db,
    );
  expect(listed).toEqual([]);
  await expect(open(db, { memberId: cleo.memberId }, id)).rejects.toMatchObject({
    code: 'social.piece_not_found',
  });

  const answer = (memberId: string, suggestionId: string, how: 'accepted' | 'declined' | 'thanked') =>
    inTransaction(db, (tx) =>
      answerSuggestion(tx, memberId, suggestionId, { answer: how, pinId: randomUUID() }, NOW),
    );
  await expect(answer(bea.memberId, id, 'accepted')).rejects.toMatchObject({
    code: 'boards.board_not_yours',
  });
  const accepted = await Promise.all(Array.from({ length: 6 }, () => answer(ada.memberId, id, 'accepted')));
  expect(new Set(accepted.map(({ pinId }) => pinId)).size).toBe(1);
  const late = await Promise.allSettled(
    (['declined', 'thanked', 'accepted'] as const).map((how) => answer(ada.memberId, other, how)),
  );
  expect(late.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(late.flatMap((each) => (each.status === 'rejected' ? [codeOf(each.reason)] : []))).toEqual([
    'boards.suggestion_answered',
    'boards.suggestion_answered',
  ]);
  const { rows: board } = await sql<{ pins: number }>`
    select pin_count as pins from boards.board where id = ${boardId}`.execute(db);
  const { rows: pins } = await sql`select from boards.pin where board_id = ${boardId}`.execute(db);
  expect([board[0]?.pins, pins.length]).toEqual([late[2]?.status === 'fulfilled' ? 2 : 1, board[0]?.pins]);
  expect(await noticesOf(db, bea.memberId)).toEqual(['followed', 'suggestion_accepted']);
  expect((await noticesOf(db, ada.memberId)).filter((kind) => kind === 'suggested')).toHaveLength(3);

  await expect(
    inTransaction(db, (tx) => withdrawSuggestion(tx, { memberId: bea.memberId }, third)),
  ).rejects.toMatchObject({ code: 'social.piece_not_found' });
  await inTransaction(db, (tx) => withdrawSuggestion(tx, { memberId: cleo.memberId }, third));
  const { rows: words } = await sql<{ reason: string }>`
    select reason from boards.suggestion where id = ${third}`.execute(db);
  expect([words, await seenBy(ada.memberId)]).toEqual([[{ reason: '' }], []]);
});

test('pins go step by step, and two between which nothing more fits are spread', async ({ deps, db }) => {
  const ada = await aPerson(deps);
  const boardId = await aBoard(deps, ada.memberId);
  const productId = await aProduct(db);
  const pins: string[] = [];
  for (let n = 0; n < 4; n++)
    pins.unshift(await aPin(deps, ada.memberId, boardId, { kind: 'product', productId }));
  const [a, b, c, d] = pins as [string, string, string, string];
  const order = async () => {
    const { rows } = await sql<{ id: string }>`
      select id from boards.pin where board_id = ${boardId} order by position, id desc`.execute(db);
    return rows.map(({ id }) => id);
  };
  const eye = { memberId: ada.memberId };
  const step = (id: string, how: Parameters<typeof stepPin>[3]) =>
    inTransaction(db, (tx) => stepPin(tx, eye, id, how));
  await step(c, 'earlier');
  expect(await order()).toEqual([a, c, b, d]);
  await step(a, 'later');
  expect(await order()).toEqual([c, a, b, d]);
  await step(c, 'last');
  await step(c, 'later');
  expect(await order()).toEqual([a, b, d, c]);
  await step(d, 'first');
  await step(d, 'earlier');
  expect(await order()).toEqual([d, a, b, c]);
  for (let n = 0; n < 80; n++)
    await inTransaction(db, (tx) => movePin(tx, eye, n % 2 ? b : c, { before: n % 2 ? c : b }));
  expect(await order()).toEqual([d, a, b, c]);
  const { rows } = await sql<{ length: number }>`
    select max(length(position::text))::integer as length from boards.pin where board_id = ${boardId}`.execute(
    db,
  );
  expect(rows[0]?.length).toBeLessThan(30);
});
