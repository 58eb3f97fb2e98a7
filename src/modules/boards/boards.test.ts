import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aVariant } from '#modules/inventory/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { setVisibility } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { deleteBoard } from './delete-board.ts';
import { boardsOf } from './boards-of.ts';
import { aBoard, aPin } from './factory.ts';
import type { Spot } from './place.ts';
import { changePin, deletePin, movePin, savePin } from './pins.ts';
import { deleteSection, moveSection, putSection } from './sections.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

async function aProduct(db: Db): Promise<string> {
  const variantId = await aVariant(db);
  const { rows } = await sql<{ id: string }>`
    select product_id as id from catalog.variant where id = ${variantId}`.execute(db);
  return rows[0]?.id ?? '';
}

const orderOf = async (db: Db, boardId: string) => {
  const { rows } = await sql<{ id: string }>`
    select pin.id from boards.pin join social.piece on piece.id = pin.id
    where board_id = ${boardId} and state = 'live' order by position, pin.id desc`.execute(db);
  return rows.map(({ id }) => id);
};

test('pins stand where they were put, and two who move at once lose nothing', async ({ deps, db }) => {
  const ada = await aPerson(deps);
  const boardId = await aBoard(deps, ada.memberId);
  const productId = await aProduct(db);
  const pins: string[] = [];
  for (let n = 0; n < 5; n++)
    pins.unshift(await aPin(deps, ada.memberId, boardId, { kind: 'product', productId }));
  const [a, b, c, d, e] = pins as [string, string, string, string, string];
  expect(await orderOf(db, boardId)).toEqual([a, b, c, d, e]);
  const move = (id: string, before: string | null) => put(id, { before });
  const put = (id: string, spot: Spot) =>
    inTransaction(db, (tx) => movePin(tx, { memberId: ada.memberId }, id, spot));
  await move(e, b);
  expect(await orderOf(db, boardId)).toEqual([a, e, b, c, d]);
  await move(a, null);
  expect(await orderOf(db, boardId)).toEqual([e, b, c, d, a]);
  await move(d, e);
  expect(await orderOf(db, boardId)).toEqual([d, e, b, c, a]);
  await put(d, { after: e });
  await put(b, { after: a });
  expect(await orderOf(db, boardId)).toEqual([e, d, c, a, b]);
  await put(c, { after: e });
  await Promise.all([move(a, b), move(c, e), move(d, null)]);
  const after = await orderOf(db, boardId);
  expect(after.toSorted()).toEqual(pins.toSorted());
  expect([after.indexOf(a) < after.indexOf(b), after.indexOf(c) < after.indexOf(e), after.at(-1)]).toEqual([
    true,
    true,
    d,
  ]);
  await expect(put(a, { after: randomUUID() })).rejects.toMatchObject({ code: 'boards.pin_not_found' });
  await expect(move(a, randomUUID())).rejects.toMatchObject({ code: 'boards.pin_not_found' });
});

test('a pin that was saved keeps its trail, tells its owner, and shows nothing of a board that is secret', async ({
  deps,
  db,
}) => {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const productId = await aProduct(db);
  const kitchen = await aBoard(deps, ada.memberId);
  const pin = await aPin(deps, ada.memberId, kitchen, { kind: 'product', productId }, 'For Sunday');
  const mine = await aBoard(deps, ben.memberId, { name: 'Wishes' });
  const save = (id: string, savedFrom: string) =>
    inTransaction(db, (tx) =>
      savePin(tx, { memberId: ben.memberId }, { id, boardId: mine, note: '', savedFrom }, NOW),
    );
  const saved = randomUUID();
  await save(saved, pin);
  await save(saved, pin); // a retry
  const { rows } = await sql`
    select saved_from, note, product_id, (select pin_count from boards.board where id = ${mine}) as count
    from boards.pin where id = ${saved}`.execute(db);
  expect(rows).toEqual([{ saved_from: pin, note: '', product_id: productId, count: 1 }]);
  const { rows: told } = await sql`
    select kind, actor_id from social.notice where member_id = ${ada.memberId}`.execute(db);
  expect(told).toEqual([{ kind: 'saved', actor_id: ben.memberId }]);
  await inTransaction(db, (tx) => setVisibility(tx, kitchen, 'secret'));
  await expect(save(randomUUID(), pin)).rejects.toMatchObject({ code: 'social.piece_not_found' });
});

test('whoever does not make a board changes nothing of it; a deleted one leaves no words', async ({
  deps,
  db,
}) => {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const productId = await aProduct(db);
  const boardId = await aBoard(deps, ada.memberId, { name: 'A secret wish', visibility: 'secret' });
  const pin = await aPin(deps, ada.memberId, boardId, { kind: 'product', productId }, 'words of mine');
  const sectionId = randomUUID();
  const section = { id: sectionId, boardId, name: 'Pots' };
  await inTransaction(db, (tx) => putSection(tx, { memberId: ada.memberId }, section, NOW));
  const eye = { memberId: ben.memberId };
  const acts = {
    deletePin: inTransaction(db, (tx) => deletePin(tx, eye, pin, NOW)),
    movePin: inTransaction(db, (tx) => movePin(tx, eye, pin, { before: null })),
    changePin: inTransaction(db, (tx) => changePin(tx, eye, pin, { note: 'x', sectionId: null })),
    putSection: inTransaction(db, (tx) => putSection(tx, eye, section, NOW)),
    deleteSection: inTransaction(db, (tx) => deleteSection(tx, eye, { id: sectionId, boardId }, NOW)),
    deleteBoard: inTransaction(db, (tx) => deleteBoard(tx, ben.memberId, boardId)),
    addPin: aPin(deps, ben.memberId, boardId, { kind: 'product', productId }),
  };
  const codes = await Promise.all(
    Object.entries(acts).map(async ([name, done]) => [name, await done.then(String, (error) => error.code)]),
  );
  // A secret board is not there for others; of a public one they learn that it is not theirs.
  expect(codes).toEqual(Object.keys(acts).map((name) => [name, 'social.piece_not_found']));
  await inTransaction(db, (tx) => setVisibility(tx, boardId, 'public'));
  await expect(aPin(deps, ben.memberId, boardId, { kind: 'product', productId })).rejects.toMatchObject({
    code: 'boards.board_not_yours',
  });

  await inTransaction(db, (tx) => deleteBoard(tx, ada.memberId, boardId));
  const { rows } = await sql`
    select name, description, pin_count, (select string_agg(note, '') from boards.pin where board_id = board.id) as notes,
      (select string_agg(name, '') from boards.section where board_id = board.id) as sections
    from boards.board where id = ${boardId}`.execute(db);
  expect(rows).toEqual([{ name: '', description: '', pin_count: 0, notes: '', sections: '-' }]);
  expect(await boardsOf(db, ada.memberId, ada.memberId)).toEqual([]);
});

test('sections stand in order, and pins of a deleted one stay on the board', async ({ deps, db }) => {
  const ada = await aPerson(deps);
  const eye = { memberId: ada.memberId };
  const boardId = await aBoard(deps, ada.memberId);
  const productId = await aProduct(db);
  const [x, y, z] = [randomUUID(), randomUUID(), randomUUID()];
  for (const [id, name] of [
    [x, 'Pots'],
    [y, 'Pans'],
    [z, 'Knives'],
  ] as const)
    await inTransaction(db, (tx) => putSection(tx, eye, { id, boardId, name }, NOW));
  await inTransaction(db, (tx) => moveSection(tx, eye, { id: z, boardId }, { before: x }));
  await inTransaction(db, (tx) => moveSection(tx, eye, { id: x, boardId }, { before: null }));
  // Again and again between the same two: there is always a place left.
  for (let n = 0; n < 60; n++)
    await inTransaction(db, (tx) =>
      moveSection(tx, eye, { id: n % 2 ? y : z, boardId }, { after: n % 2 ? z : y }),
    );
  const { rows } = await sql<{ name: string }>`
    select name from boards.section where board_id = ${boardId} order by position, id`.execute(db);
  expect(rows.map(({ name }) => name)).toEqual(['Knives', 'Pans', 'Pots']);
  const { rows: sizes } = await sql<{ length: number }>`
    select max(length(position::text))::integer as length from boards.section where board_id = ${boardId}`.execute(
    db,
  );
  expect(sizes[0]?.length).toBeLessThan(30);
  const pin = await aPin(deps, ada.memberId, boardId, { kind: 'product', productId });
  await inTransaction(db, (tx) => changePin(tx, eye, pin, { note: '', sectionId: y }));
  await inTransaction(db, (tx) => deleteSection(tx, eye, { id: y, boardId }, NOW));
  expect(await orderOf(db, boardId)).toEqual([pin]);
});
