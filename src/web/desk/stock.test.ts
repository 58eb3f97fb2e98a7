import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import { correct, post, receive, sendTransfer } from '#modules/inventory/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

/** Somebody in operations, and a merchant, who may look. */
const test = base
  .extend('keeper', { scope: 'file' }, ({ app, deps }) => aSignedInBrowser(app, deps, ['operations']))
  .extend('merchant', { scope: 'file' }, ({ app, deps }) => aSignedInBrowser(app, deps, ['merchant']));

/** The rows of all tables, without their tags; the sums last. */
const rowsOf = (html: string) =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .map(([, row = '']) => row)
    .filter((row) => !row.includes('scope="col"'))
    .map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => textOf(cell)));

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** A place of its own with ten units at 2.50, of which two are damaged and three are shipped to nobody yet. */
async function aShelf(db: Db) {
  const code = `shelf-${randomUUID()}`;
  const locationId = await aLocation(db, { code, name: `Shelf ${code.slice(-6)}` });
  const variantId = await aVariant(db);
  const line = { variantId, locationId };
  await inTransaction(db, async (tx) => {
    const lines = [{ variantId, quantity: 10, unitCostMinor: 250 }];
    await receive(tx, { id: randomUUID(), locationId, lines }, new Date('2026-03-01T10:00:00Z'));
    const damage = { id: randomUUID(), kind: 'damage' as const, lines: [{ ...line, quantity: 2 }] };
    await correct(tx, damage, new Date('2026-03-02T10:00:00Z'));
    await post(tx, 'reserve', { id: randomUUID(), at: new Date('2026-03-03T10:00:00Z') }, [
      { ...line, quantity: 3 },
    ]);
  });
  return { code, name: `Shelf ${code.slice(-6)}`, locationId, variantId, line };
}

test('who sees stock, and who may book it', async ({ app, db, deps, keeper, merchant }) => {
  const { variantId, code } = await aShelf(db);
  const transfer = await aTransfer(db);
  const member = await aSignedInBrowser(app, deps);
  const readable = [
    '/desk/stock',
    `/desk/stock/${variantId}`,
    '/desk/stock/transfers',
    '/desk/stock/purchases',
  ];
  const pages = [...readable, `/desk/stock/transfers/${transfer.id}`];
  const forms = ['/desk/stock/count', '/desk/stock/delivery'];
  const count = { id: randomUUID(), kind: 'count', location: code, quantity: '8', reason: '' };
  const statuses = async ({ open, send }: typeof member) => [
    await Promise.all(pages.map(async (path) => (await open(path)).statusCode)),
    await Promise.all(forms.map(async (path) => (await open(path)).statusCode)),
    (await send(`/desk/stock/${variantId}`, count)).statusCode,
  ];
  const all = (status: number) => pages.map(() => status);
  expect(await statuses(member)).toEqual([all(403), [403, 403], 403]);
  expect(await statuses(merchant)).toEqual([all(200), [403, 403], 403]);
  expect(await statuses(keeper)).toEqual([all(200), [200, 200], 303]);
  const guest = await app.inject({ url: '/desk/stock', headers: { accept: 'text/html' } });
  expect(guest.headers.location).toBe('/sign-in?next=%2Fdesk%2Fstock');

  // Who may not book is shown no form but the one that says how a variant is sold.
  for (const path of pages)
    expect((await merchant.open(path)).body, path).not.toMatch(
      /action="\/desk[^"]*(?<!#selling)" class="form"/,
    );
  expect((await merchant.open('/desk')).body).toContain('href="/desk/stock"');
  expect((await keeper.open(`/desk/stock/${randomUUID()}`)).statusCode).toBe(404);
  expect((await keeper.open('/desk/stock/nonsense')).statusCode).toBe(404);
});

test('levels are listed with their balances, what is coming and what they cost', async ({ db, merchant }) => {
  const { code, name, variantId, locationId } = await aShelf(db);
  const from = await aLocation(db);
  await inTransaction(db, async (tx) => {
    await receive(
      tx,
      { id: randomUUID(), locationId: from, lines: [{ variantId, quantity: 4 }] },
      new Date(),
    );
    const ends = { fromLocationId: from, toLocationId: locationId, expectedOn: '2026-12-01' };
    await sendTransfer(tx, { id: randomUUID(), ...ends, lines: [{ variantId, quantity: 4 }] }, new Date());
  });
  const { body } = await merchant.open(`/desk/stock?location=${code}`);
  const thing = `A thing ${variantId}`;
  expect(rowsOf(body)).toEqual([
    [thing, name, '8', '3', '0', '0', '5', '0', '2', '4 on Dec 1', '€2.50', '€20.00'],
    ['One level', '', '8', '3', '0', '0', '5', '0', '2', '', '', '€20.00'],
  ]);

  const found = async (query: string) => rowsOf((await merchant.open(`/desk/stock?${query}`)).body).length;
  const [half = ''] = variantId.split('-', 1);
  expect(await found(`words=${half}`)).toBe(3); // here, where the transfer came from, and the sums
  expect(await found(`words=${half}&location=${code}&state=low`)).toBe(2);
  expect(await found(`words=${half}&location=${code}&state=sold_out`)).toBe(0);
  expect(await found(`words=${half}&state=sold_out`)).toBe(2);
  expect(await found(`words=${half}&state=nonsense&after=nonsense`)).toBe(3);
  expect((await merchant.open('/desk/stock?words=%25')).body).toContain('Nothing like that in stock');
});

test('what is promised and not there is found as short', async ({ db, keeper }) => {
  const { code, variantId } = await aShelf(db);
  const count = { id: randomUUID(), kind: 'count', location: code, quantity: '1', reason: '' };
  expect((await keeper.send(`/desk/stock/${variantId}`, count)).statusCode).toBe(303);
  const { body } = await keeper.open(`/desk/stock?location=${code}&state=short`);
  expect(rowsOf(body)[0]?.slice(2, 9)).toEqual(['1', '3', '0', '0', '0', '2', '2']);
});

test('the pages of a long list have every level once', async ({ db, merchant }) => {
  const code = `long-${randomUUID()}`;
  const locationId = await aLocation(db, { code });
  const variants: string[] = [];
  for (let n = 0; n < 60; n++) variants.push(await aVariant(db));
  const lines = variants.map((variantId) => ({ variantId, quantity: 1 }));
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  const first = (await merchant.open(`/desk/stock?location=${code}`)).body;
  const next = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = (await merchant.open(next)).body;
  const skus = [first, second].flatMap((html) =>
    rowsOf(html)
      .slice(0, -1)
      .map(([thing = '']) => thing.slice(8)),
  );
  expect(skus).toEqual(variants.toSorted());
  expect(rowsOf(second).at(-1)?.slice(0, 3)).toEqual(['60 levels', '', '60']);
  expect(second).not.toContain('rel="next"');
});

test('a variant shows where it is, each movement, and what it was at a past moment', async ({
  db,
  keeper,
}) => {
  const { name, code, variantId } = await aShelf(db);
  const address = `/desk/stock/${variantId}`;
  const adjust = { id: randomUUID(), kind: 'adjust', location: code, quantity: '-1', reason: 'theft' };
  await keeper.send(address, adjust);
  const { body } = await keeper.open(`${address}?at=2026-03-01T23:00`);
  const rows = rowsOf(body);
  expect(rows.slice(0, 4)).toEqual([
    [name, '7', '3', '0', '0', '4', '0', '2', '', '€2.50', '€17.50'],
    ['All', '7', '3', '0', '0', '4', '0', '2', '', '', '€17.50'],
    [name, '10', '0', '0', '0', '€25.00'],
    ['All', '10', '0', '0', '0', '€25.00'],
  ]);
  const moved = rows.slice(4).map(([, ...cells]) => cells.slice(0, -1));
  expect(moved).toEqual([
    ['Adjusted', name, '−1', '', '', '', '−€2.50', 'Stolen', 'Ada Example'],
    ['Reserved', name, '', '+3', '', '', '', '', 'The system'],
    ['Damaged', name, '−2', '', '', '+2', '−€5.00', '', 'The system'],
    ['Received', name, '+10', '', '', '', '+€25.00', '', 'The system'],
  ]);
  expect(rowsOf((await keeper.open(`${address}?place=${code}`)).body)).toHaveLength(6);
  const other = `other-${randomUUID()}`;
  await aLocation(db, { code: other });
  expect((await keeper.open(`${address}?place=${other}`)).body).toContain('Nothing has moved here yet');
  expect((await keeper.open(`${address}?at=2020-01-01T00:00`)).body).toContain('Nothing had been booked by');
  expect((await keeper.open(`${address}?at=yesterday`)).body).toContain('Choose a date and a time');
});

test('a correction that is sent twice is booked once; with other figures it is told', async ({
  db,
  keeper,
}) => {
  const { code, variantId } = await aShelf(db);
  const address = `/desk/stock/${variantId}`;
  const id = fieldOf((await keeper.open(address)).body, 'id') ?? '';
  const damage = { id, kind: 'damage', location: code, quantity: '1', reason: '' };
  const twice = await Promise.all([keeper.send(address, damage), keeper.send(address, damage)]);
  expect(twice.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
  expect(await onHandAt(db, variantId)).toEqual([{ on_hand: 7, damaged: 3 }]);
  const changed = await keeper.send(address, { ...damage, quantity: '2' });
  expect(changed.statusCode).toBe(409);
  expect(changed.body).toContain('This form was sent before with other figures');
  expect(fieldOf(changed.body, 'quantity')).toBe('2');
  expect(fieldOf(changed.body, 'id')).not.toBe(id);
  expect(await onHandAt(db, variantId)).toEqual([{ on_hand: 7, damaged: 3 }]);
});

test('a correction that makes no sense is refused beside what was typed', async ({ db, keeper }) => {
  const { code, variantId } = await aShelf(db);
  const told = { id: randomUUID(), kind: 'count', location: code, quantity: '5', reason: '' };
  const wrong: [object, number, string][] = [
    [{ quantity: '' }, 422, 'Say how many are there'],
    [{ quantity: '-1' }, 422, 'Say how many are there'],
    [{ quantity: '1.5' }, 422, 'Say how many are there'],
    [{ quantity: '9999999' }, 422, 'Say how many are there'],
    [{ quantity: 'a dozen' }, 422, 'Say how many are there'],
    [{ location: 'nowhere' }, 422, 'Choose a location'],
    [{ kind: 'adjust', quantity: '0' }, 422, 'not zero'],
    [{ kind: 'adjust', quantity: '1' }, 422, 'Choose why'],
    [{ kind: 'adjust', quantity: '-9', reason: 'lost' }, 409, `There are not 9 of ${variantId} to take`],
    [{ kind: 'damage', quantity: '0' }, 422, 'Say how many are damaged'],
    [{ kind: 'damage', quantity: '9' }, 409, `There are not 9 of ${variantId} to take`],
    [{ kind: 'write_off', quantity: '3' }, 409, `There are not 3 of ${variantId} to take`],
  ];
  for (const [change, status, text] of wrong) {
    const fields = { ...told, ...change };
    const answer = await keeper.send(`/desk/stock/${variantId}`, fields);
    expect([answer.statusCode, fieldOf(answer.body, 'quantity') ?? ''], text).toEqual([
      status,
      fields.quantity,
    ]);
    expect(answer.body).toContain(text);
  }
  expect((await keeper.send(`/desk/stock/${variantId}`, { ...told, kind: 'gift' })).statusCode).toBe(400);
  expect(await onHandAt(db, variantId)).toEqual([{ on_hand: 8, damaged: 2 }]);
});

test('safety stock is set, and kept from what may be promised', async ({ db, keeper, merchant }) => {
  const { code, name, variantId } = await aShelf(db);
  const address = `/desk/stock/${variantId}/safety`;
  expect((await merchant.send(address, { shelf: code, safety: '2' })).statusCode).toBe(403);
  for (let n = 0; n < 2; n++)
    expect((await keeper.send(address, { shelf: code, safety: '2' })).statusCode).toBe(303);
  const { body } = await keeper.open(`/desk/stock/${variantId}`);
  expect(rowsOf(body)[0]?.slice(0, 8)).toEqual([name, '8', '3', '0', '2', '3', '0', '2']);
  const wrong = await keeper.send(address, { shelf: code, safety: 'two' });
  expect([wrong.statusCode, fieldOf(wrong.body, 'safety')]).toEqual([422, 'two']);
  expect(wrong.body).toContain('Say how many stay');
});

const onHandAt = (db: Db, variantId: string) =>
  db
    .withTables<{ 'inventory.stock_level': { variant_id: string; on_hand: number; damaged: number } }>()
    .selectFrom('inventory.stock_level')
    .select(['on_hand', 'damaged'])
    .where('variant_id', '=', variantId)
    .execute();

/** Four units on their way to a place that has none. */
async function aTransfer(db: Db) {
  const { locationId: from, variantId } = await aShelf(db);
  const to = await aLocation(db);
  const transfer = { id: randomUUID(), fromLocationId: from, toLocationId: to, expectedOn: '2026-12-01' };
  const lines = [{ variantId, quantity: 4 }];
  await inTransaction(db, (tx) => sendTransfer(tx, { ...transfer, lines }, new Date()));
  return { ...transfer, variantId };
}
