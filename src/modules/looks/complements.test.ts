import { sql } from 'kysely';
import { expect } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { setVisibility } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { complementsOf, findComplements } from './complements.ts';
import { aLook } from './factory.ts';

const aShelf = async (db: Db, slug: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into catalog.category (id, slug, name) values (gen_random_uuid(), ${slug}, ${slug}) returning id`.execute(
    db,
  );
  return rows[0]?.id ?? '';
};

test('what is put together goes together, across categories; what everybody has anyway, and secret boards, say nothing', async ({
  deps,
  db,
}) => {
  const ada = await aPerson(deps);
  const [vases, lamps] = [await aShelf(db, 'vases'), await aShelf(db, 'lamps')];
  const thing = async (title: string, categoryId: string) =>
    (await aPublishedProduct(db, title, { categoryId })).id;
  const vase = await thing('Vase', vases);
  const others = await Promise.all([1, 2, 3, 4, 5].map((n) => thing(`Other vase ${n}`, vases)));
  const [lamp, everywhere, hidden] = await Promise.all(
    ['Lamp', 'Lamp of all', 'Lamp of a secret'].map((title) => thing(title, lamps)),
  );
  const ids = { lamp: lamp ?? '', everywhere: everywhere ?? '', hidden: hidden ?? '' };
  for (let n = 0; n < 3; n++)
    await aLook(deps, ada.memberId, [vase, ids.lamp, ids.everywhere, others[0] ?? '']);
  for (const other of others) await aLook(deps, ada.memberId, [other, ids.everywhere]);
  const board = await aBoard(deps, ada.memberId);
  for (const productId of [vase, ids.hidden])
    await aPin(deps, ada.memberId, board, { kind: 'product', productId });
  await findComplements(deps);
  // Beside the lamp that only goes with the vase, the one that is everywhere comes later; another vase not at all.
  const best = await complementsOf(db, [vase]);
  expect([best[0], best.toSorted()]).toEqual([ids.lamp, [ids.lamp, ids.everywhere, ids.hidden].toSorted()]);
  await inTransaction(db, (tx) => setVisibility(tx, board, 'secret'));
  await findComplements(deps);
  expect(await complementsOf(db, [vase])).toEqual([ids.lamp, ids.everywhere]);
});
