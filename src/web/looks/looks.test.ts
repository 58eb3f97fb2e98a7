import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aLook } from '#modules/looks/factory.ts';
import { ownProfile } from '#modules/social/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aProduct, aSignedInBrowser, fieldOf } from '../factory.ts';

const idOf = async (db: Db, slug: string) => {
  const { rows } = await sql<{ id: string }>`select id from catalog.product where slug = ${slug}`.execute(db);
  return rows[0]?.id ?? '';
};

test('without script a look is made of ticked products, shown, bought in one step and remixed with credit', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const [vase, mug] = await Promise.all([
    aProduct(db, databaseUrl, { colours: ['Sage'], amountMinor: 4900, stock: 3 }),
    aProduct(db, databaseUrl, { colours: ['Sand'], amountMinor: 1200, stock: 3 }),
  ]);
  const ids = await Promise.all([idOf(db, vase.slug), idOf(db, mug.slug)]);
  const [ada, ben] = await Promise.all([aSignedInBrowser(app, deps), aSignedInBrowser(app, deps)]);
  const guest = aBrowser(app);
  const form = (await ada.open(`/looks/new?product=${ids[0]}`)).body;
  const id = /action="\/looks\/([\da-f-]{36})\/compose"/.exec(form)?.[1] ?? '';
  expect(form).toContain(`value="${ids[0]}"`);
  const typed = { title: 'Sunday <table>', words: 'See @nobody', ground: '#efe8db', visibility: 'public' };
  const send = (action: string, more: Record<string, string | string[]> = {}) =>
    ada.send(`/looks/${id}/compose`, { ...typed, layout: '', product: ids, action, ...more });
  expect((await send('draft')).headers.location).toBe(`/looks/${id}/compose`);
  expect((await guest.open(`/looks/${id}`)).statusCode).toBe(404);
  expect((await send('publish')).headers.location).toBe(`/looks/${id}`);

  const shown = (await guest.open(`/looks/${id}`)).body;
  expect(shown).toContain('Sunday &lt;table>');
  expect(shown).toMatch(/look-total.*€61/s);
  expect(shown).toContain('"@type":"Collage"');
  const variants = Object.fromEntries(
    [...shown.matchAll(/<select id="(variant-\d+)".*?<option[^>]*value="([\da-f-]{36})"/gs)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
  expect(Object.keys(variants)).toEqual(['variant-0', 'variant-1']);
  expect((await guest.send(`/looks/${id}/buy`, variants)).headers.location).toBe('/cart');
  const { rows: lines } = await sql`
    select quantity from orders.cart_line where variant_id = any(${Object.values(variants)}::uuid[])`.execute(
    db,
  );
  expect(lines).toEqual([{ quantity: 1 }, { quantity: 1 }]);

  const remixId = fieldOf((await ben.open(`/looks/${id}`)).body, 'newId') ?? '';
  expect((await ben.send(`/looks/${id}/remix`, { newId: remixId })).headers.location).toBe(
    `/looks/${remixId}/compose`,
  );
  const layout = JSON.stringify({
    sceneId: null,
    items: [
      { productId: ids[1], variantId: null, shape: 'whole', x: 500, y: 600, width: 400, turn: 5, place: 0 },
    ],
    wordings: [],
  });
  await ben.send(`/looks/${remixId}/compose`, { ...typed, title: 'Mine', layout, action: 'publish' });
  expect((await guest.open(`/looks/${remixId}`)).body).toContain(`href="/looks/${id}"`);
  const refused = await ben.send(`/looks/${remixId}/compose`, {
    ...typed,
    layout: '{"items":1}',
    action: 'draft',
  });
  expect(refused.statusCode).toBe(422);
});

test('of what is not in stock the nearest of its category is offered; the composer keeps drafts and finds products', async ({
  app,
  deps,
  db,
  databaseUrl,
}) => {
  const gone = await aProduct(db, databaseUrl, { colours: ['Sage'], stock: 0 });
  const { rows } = await sql<{ id: string }>`
    select category_id as id from catalog.product where slug = ${gone.slug}`.execute(db);
  const categoryId = rows[0]?.id ?? '';
  const other = await aProduct(db, databaseUrl, { categoryId, title: 'Near thing', stock: 4 });
  const ada = await aSignedInBrowser(app, deps);
  await inTransaction(db, (tx) => ownProfile(tx, ada.memberId, 'Ada', deps.now()));
  const look = await aLook(deps, ada.memberId, [await idOf(db, gone.slug)]);
  const body = (await aBrowser(app).open(`/looks/${look}`)).body;
  expect(body).toContain(`label="In its place: Near thing`);
  expect((await ada.open(`/p/${gone.slug}`)).body).toContain(`/looks/${look}`);

  const id = randomUUID();
  const typed = { title: '', words: '', ground: '#ffffff', visibility: 'public', action: 'draft' };
  const productId = await idOf(db, other.slug);
  const item = { productId, variantId: null, shape: 'cut_out', x: 5, y: 6, width: 300, turn: -9, place: 0 };
  const layout = JSON.stringify({ sceneId: null, items: [item], wordings: [] });
  const kept = await ada.send(`/looks/${id}/compose`, { ...typed, layout }, { accept: 'application/json' });
  expect(kept.json().items.map(({ place }: { place: number }) => place)).toEqual([0]);
  expect((await ada.open(`/looks/${id}/compose`)).body).toContain('&quot;turn&quot;:-9');
  const found = await ada.open('/looks/things?q=Near');
  expect(found.json().things.map((thing: { id: string }) => thing.id)).toEqual([productId]);
});
