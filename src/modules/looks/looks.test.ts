import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { openStorage } from '#modules/catalog/index.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { block, setVisibility } from '#modules/social/index.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aLook } from './factory.ts';
import { deleteLook, saveLook } from './look.ts';
import { looksOf, looksWith } from './looks-of.ts';
import { partsOf } from './parts.ts';
import { renderLook } from './render.ts';
import { creditsOf, remix } from './remix.ts';
import { answerSwap, suggestSwap, swapsOf } from './swaps.ts';
import { laidOut } from './template.ts';

const NOW = new Date('2026-11-28T10:00:00Z');

const inTx = <T>(db: Db, act: (tx: Tx) => Promise<T>) => inTransaction(db, act);
const someProducts = async (db: Db, count: number) => {
  const made = await Promise.all(
    Array.from({ length: count }, (_, n) => aPublishedProduct(db, `Thing ${n}`)),
  );
  return made.map(({ id }) => id) as [string, string, string];
};
const wishOf = (productIds: readonly string[]) => ({
  title: 'Mine',
  words: '',
  ground: '#ffffff',
  sceneId: null,
  items: laidOut(productIds),
  wordings: [],
});

test('a look is drawn once it is shown, anew when it changes, and its files go with it', async ({
  deps,
  db,
  work,
}) => {
  const ada = await aPerson(deps);
  const [vase] = await someProducts(db, 1);
  const storage = openStorage(deps.config);
  const draft = await aLook(deps, ada.memberId, [vase], { visibility: 'draft' });
  const look = await aLook(deps, ada.memberId, [vase], {
    wordings: [{ words: 'Tea & <b>', x: 500, y: 90, size: 60, turn: -8, colour: '#1f1a14', place: 1 }],
  });
  const drawn = async (id: string) => {
    await renderLook(deps, { lookId: id });
    const { rows } = await sql<{ sha256: string; files: string[] }>`
      select sha256, files from catalog.media join looks.look on media_id = media.id where look.id = ${id}`.execute(
      db,
    );
    return rows[0];
  };
  expect(await drawn(draft)).toBeUndefined();
  const before = await drawn(look);
  expect(before?.files).toEqual(['960.webp', 'shared.jpg', '480.webp', '480.avif', '960.avif']);
  expect(await storage.get(`${before?.sha256}/shared.jpg`)).toBeDefined();
  await inTx(db, (tx) => saveLook(tx, ada.memberId, look, { ...wishOf([vase]), ground: '#aabbcc' }, NOW));
  const after = await drawn(look);
  expect(after?.sha256).not.toBe(before?.sha256);
  await inTx(db, (tx) => deleteLook(tx, ada.memberId, look));
  expect(await drawn(look)).toBeUndefined();
  await work();
  for (const sha256 of [before?.sha256, after?.sha256])
    expect(await storage.get(`${sha256}/960.webp`)).toBeUndefined();
  const { rows } = await sql`
    select title, words, (select count(*)::integer from looks.wording where look_id = look.id) as wordings
    from looks.look where id = ${look}`.execute(db);
  expect(rows).toEqual([{ title: '', words: '', wordings: 0 }]);
});

test('a draft is its maker’s alone; what is shown is found by its products, and never once it is secret', async ({
  deps,
  db,
}) => {
  const [ada, ben] = await Promise.all([aPerson(deps), aPerson(deps)]);
  const [vase, mug] = await someProducts(db, 2);
  const draft = await aLook(deps, ada.memberId, [vase], { visibility: 'draft' });
  const shown = await aLook(deps, ada.memberId, [vase, mug], {
    wordings: [{ words: ' Good\nmorning ', x: 500, y: 90, size: 60, turn: 0, colour: '#1f1a14', place: 9 }],
  });
  const seenBy = async (viewer: string | undefined) =>
    (await looksOf(db, viewer, ada.memberId)).map(({ id }) => id);
  expect(await seenBy(ada.memberId)).toEqual([draft, shown]);
  expect(await seenBy(ben.memberId)).toEqual([shown]);
  expect((await looksWith(db, undefined, vase)).map(({ id }) => id)).toEqual([shown]);
  const { items, wordings, version } = await partsOf(db, shown);
  expect(items.map(({ productId, place }) => [productId, place])).toEqual([
    [vase, 0],
    [mug, 1],
  ]);
  expect([wordings.map(({ place }) => place), version]).toEqual([[2], 1]);
  await expect(
    inTx(db, (tx) => saveLook(tx, ben.memberId, shown, wishOf([vase]), NOW)),
  ).rejects.toMatchObject({ code: 'social.piece_differs' });
  await expect(
    inTx(db, (tx) => saveLook(tx, ada.memberId, shown, { ...wishOf([]), title: 'x' }, NOW)),
  ).rejects.toMatchObject({ code: 'looks.look_empty' });
  await inTx(db, (tx) => setVisibility(tx, shown, 'secret'));
  expect(await looksWith(db, ben.memberId, vase)).toEqual([]);
  expect(await seenBy(ben.memberId)).toEqual([]);
});

test('a remix credits the whole chain as far as the reader may see it, and tells whose look it was', async ({
  deps,
  db,
}) => {
  const [ada, ben, eve] = await Promise.all([aPerson(deps), aPerson(deps), aPerson(deps)]);
  const products = await someProducts(db, 3);
  const first = await aLook(deps, ada.memberId, products, { title: 'First', words: 'Words of Ada' });
  const [second, third] = [randomUUID(), randomUUID()];
  const publish = (memberId: string, id: string, sourceId: string) =>
    inTx(db, async (tx) => {
      await remix(tx, { memberId }, { id, sourceId }, NOW);
      await remix(tx, { memberId }, { id, sourceId }, NOW); // the button pressed twice
    }).then(() => aLook(deps, memberId, products, { id, title: `By ${memberId}` }));
  await publish(ben.memberId, second, first);
  await publish(eve.memberId, third, second);
  expect((await partsOf(db, second)).words).toBe('');
  const chain = async (viewer: string | undefined) =>
    (await creditsOf(db, viewer, third)).map(({ lookId }) => lookId);
  expect(await chain(undefined)).toEqual([second, first]);
  const { rows: told } = await sql`
    select member_id, actor_id, piece_id from social.notice where kind = 'remixed' order by at, id`.execute(
    db,
  );
  expect(told).toEqual([
    { member_id: ada.memberId, actor_id: ben.memberId, piece_id: second },
    { member_id: ben.memberId, actor_id: eve.memberId, piece_id: third },
  ]);
  await inTx(db, (tx) => block(tx, ada.memberId, eve.memberId, NOW));
  expect(await chain(eve.memberId)).toEqual([second]);
  await inTx(db, (tx) => setVisibility(tx, second, 'secret'));
  expect(await chain(undefined)).toEqual([first]);
  await inTx(db, (tx) => deleteLook(tx, ada.memberId, first));
  expect(await chain(undefined)).toEqual([]);
});

test('a swap is proposed to the maker, who alone answers it, once; accepted it is in the look', async ({
  deps,
  db,
}) => {
  const [ada, ben, eve] = await Promise.all([aPerson(deps), aPerson(deps), aPerson(deps)]);
  const [vase, mug, bowl] = await someProducts(db, 3);
  const lookId = await aLook(deps, ada.memberId, [vase, mug]);
  const id = randomUUID();
  const wish = { id, lookId, outId: mug, inId: bowl, reason: 'It holds more' };
  const suggest = (memberId: string, more: Partial<typeof wish> = {}) =>
    inTx(db, (tx) => suggestSwap(tx, { memberId }, { ...wish, ...more }, NOW));
  await suggest(ben.memberId);
  await suggest(ben.memberId); // a retry
  await expect(suggest(ben.memberId, { id: randomUUID(), outId: bowl, inId: vase })).rejects.toMatchObject({
    code: 'looks.product_not_found',
  });
  expect(await swapsOf(db, eve.memberId, lookId)).toEqual([]);
  const answer = (memberId: string, as: 'accepted' | 'declined') =>
    inTx(db, (tx) => answerSwap(tx, memberId, id, as, NOW));
  await expect(answer(ben.memberId, 'accepted')).rejects.toMatchObject({ code: 'looks.look_not_yours' });
  await answer(ada.memberId, 'accepted');
  await answer(ada.memberId, 'accepted');
  await expect(answer(ada.memberId, 'declined')).rejects.toMatchObject({ code: 'looks.swap_answered' });
  expect((await partsOf(db, lookId)).items.map(({ productId }) => productId)).toEqual([vase, bowl]);
  const { rows: told } = await sql`
    select member_id, kind from social.notice where piece_id = ${id} order by kind`.execute(db);
  expect(told).toEqual([
    { member_id: ada.memberId, kind: 'suggested' },
    { member_id: ben.memberId, kind: 'suggestion_accepted' },
  ]);
});
