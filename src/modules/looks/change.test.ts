import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPublishedProduct } from '#modules/catalog/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { changeOf, dropChange, keepChange } from './change.ts';
import { aLook } from './factory.ts';
import { deleteLook, saveLook } from './look.ts';
import { partsOf } from './parts.ts';
import { laidOut } from './template.ts';

const NOW = new Date('2026-11-30T10:00:00Z');

test('a change of a look is its maker’s alone until it is shown, and what comes late is refused', async ({
  deps,
  db,
}) => {
  const [ada, ben] = [await aPerson(deps), await aPerson(deps)];
  const { id: productId } = await aPublishedProduct(db, 'Vase');
  const look = await aLook(deps, ada.memberId, [productId], { title: 'As shown' });
  const wish = {
    title: 'Not shown',
    words: '',
    ground: '#ffffff',
    sceneId: null,
    items: laidOut([productId]),
    wordings: [],
    visibility: 'secret' as const,
  };
  const keep = (memberId: string, version: number, id = look) =>
    inTransaction(db, (tx) => keepChange(tx, memberId, id, { ...wish, version }, NOW));

  await keep(ada.memberId, 1);
  await keep(ada.memberId, 1);
  expect(await changeOf(db, ada.memberId, look)).toEqual({ ...wish, keptAt: NOW });
  expect(await partsOf(db, look)).toMatchObject({ title: 'As shown', version: 1 });
  for (const act of [() => keep(ben.memberId, 1), () => changeOf(db, ben.memberId, look)])
    await expect(act()).rejects.toMatchObject({ code: 'looks.look_not_yours' });

  const { visibility: _shown, ...saved } = wish;
  await inTransaction(db, (tx) => saveLook(tx, ada.memberId, look, saved, NOW));
  expect(await changeOf(db, ada.memberId, look)).toBeUndefined();
  await expect(keep(ada.memberId, 1)).rejects.toMatchObject({ code: 'looks.look_changed' });
  expect(await changeOf(db, ada.memberId, look)).toBeUndefined();

  await keep(ada.memberId, 2);
  await inTransaction(db, (tx) => dropChange(tx, ada.memberId, look));
  expect(await changeOf(db, ada.memberId, look)).toBeUndefined();
  await keep(ada.memberId, 2);
  await inTransaction(db, (tx) => deleteLook(tx, ada.memberId, look));
  expect((await sql`select from looks.change where look_id = ${look}`.execute(db)).rows).toEqual([]);

  const draft = await aLook(deps, ada.memberId, [productId], { visibility: 'draft' });
  await expect(keep(ada.memberId, 1, draft)).rejects.toMatchObject({ code: 'looks.look_changed' });
});
