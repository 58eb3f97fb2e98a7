import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import { levelsOf, receive } from '#modules/inventory/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const test = base.extend('keeper', { scope: 'file' }, ({ app, deps }) =>
  aSignedInBrowser(app, deps, ['operations']),
);

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Two places; the first has ten units at 1.00 of each of two variants, which are their own SKUs. */
async function twoPlaces(db: Db) {
  const [from, to] = [`from-${randomUUID()}`, `to-${randomUUID()}`];
  const [fromId, toId] = [
    await aLocation(db, { code: from, name: from }),
    await aLocation(db, { code: to, name: to }),
  ];
  const [one = '', two = ''] = [await aVariant(db), await aVariant(db)].toSorted();
  const lines = [one, two].map((variantId) => ({ variantId, quantity: 10, unitCostMinor: 100 }));
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId: fromId, lines }, new Date()));
  return { from, to, fromId, toId, one, two };
}

const onHandAt = async (db: Db, locationId: string) =>
  (await levelsOf(db, { locationId })).levels.map(({ onHand, valueMinor }) => [onHand, valueMinor]);

test('goods are sent once, and what is missing of them is lost', async ({ db, keeper }) => {
  const { from, to, fromId, toId, one, two } = await twoPlaces(db);
  const id = fieldOf((await keeper.open('/desk/stock/transfers')).body, 'id') ?? '';
  const form = { id, from, to, expected: '2026-12-01', note: 'by van', lines: `${one}\t4\n${two}\t3` };
  const twice = await Promise.all([
    keeper.send('/desk/stock/transfers', form),
    keeper.send('/desk/stock/transfers', form),
  ]);
  expect(twice.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
  expect(await onHandAt(db, fromId)).toEqual([
    [6, 600],
    [7, 700],
  ]);
  const listed = textOf((await keeper.open('/desk/stock/transfers')).body);
  expect(listed).toContain(`${to} ${from}`);
  expect(listed).toContain('Tue, Dec 1, 2026 7 €7.00 by van');

  const address = `/desk/stock/transfers/${id}`;
  const arrival = { variant: [one, two], quantity: ['4', '1'] };
  const more = await keeper.send(address, { ...arrival, quantity: ['5', '1'] });
  expect(more.statusCode).toBe(409);
  expect(more.body).toContain('More arrived than was sent');
  expect(fieldOf(more.body, 'quantity')).toBe('5');
  expect((await keeper.send(address, { ...arrival, quantity: ['4', 'some'] })).statusCode).toBe(422);
  expect(await onHandAt(db, toId)).toEqual([
    [0, 0],
    [0, 0],
  ]);

  for (let n = 0; n < 2; n++) expect((await keeper.send(address, arrival)).statusCode).toBe(303);
  expect(await onHandAt(db, toId)).toEqual([
    [4, 400],
    [1, 100],
  ]);
  const { body } = await keeper.open(address);
  expect(body).not.toContain('name="quantity"');
  expect(textOf(body)).toContain(`A thing ${two} 3 €3.00 1 2`);
  expect((await keeper.send(address, { ...arrival, quantity: ['3', '1'] })).statusCode).toBe(409);
});

test('a transfer that makes no sense is refused, and what was typed is kept', async ({ db, keeper }) => {
  const { from, to, fromId, one } = await twoPlaces(db);
  const form = { id: randomUUID(), from, to, expected: '2026-12-01', note: '', lines: `${one},4` };
  const wrong: [object, number, string][] = [
    [{ from: '' }, 422, 'Choose a location'],
    [{ to: from }, 422, 'Choose another location'],
    [{ expected: '2026-13-01' }, 422, 'Choose the day'],
    [{ lines: ' ' }, 422, 'There is no line with a SKU'],
    [{ lines: 'none,4' }, 422, 'Line 1: No product has the SKU “none”.'],
    [{ lines: `${one},11` }, 409, `There are not 11 of ${one} to take`],
  ];
  for (const [change, status, text] of wrong) {
    const answer = await keeper.send('/desk/stock/transfers', { ...form, ...change });
    expect([answer.statusCode, answer.body.includes(text)], text).toEqual([status, true]);
    expect(answer.body).toContain({ ...form, ...change }.lines);
  }
  expect(await onHandAt(db, fromId)).toEqual([
    [10, 1000],
    [10, 1000],
  ]);
});

test('a purchase is ordered once, received in parts and closed', async ({ db, keeper }) => {
  const { to, toId, one, two } = await twoPlaces(db);
  const [id, number] = [randomUUID(), `PO-${randomUUID()}`];
  const lines = `${one},10,2.00\n${two},5,4.00`;
  const order = { id, number, supplier: 'Kolonna', location: to, expected: '2026-12-05', lines };
  for (let n = 0; n < 2; n++)
    expect((await keeper.send('/desk/stock/purchases', order)).statusCode).toBe(303);
  const taken = await keeper.send('/desk/stock/purchases', { ...order, id: randomUUID() });
  expect([taken.statusCode, fieldOf(taken.body, 'number')]).toEqual([409, number]);
  expect((await keeper.send('/desk/stock/purchases', { ...order, number: '' })).statusCode).toBe(422);
  expect(textOf((await keeper.open('/desk/stock/purchases')).body)).toContain(
    `${number} Kolonna ${to} Sat, Dec 5, 2026 15 0 €40.00`,
  );
  expect(textOf((await keeper.open(`/desk/stock/${one}`)).body)).toContain('10 on Dec 5');

  const address = `/desk/stock/purchases/${id}`;
  const delivery = fieldOf((await keeper.open(address)).body, 'delivery') ?? '';
  const part = { delivery, freight: '2,00', duty: '', variant: [one, two], quantity: ['4', ''] };
  expect((await keeper.send(address, { ...part, quantity: ['0', '0'] })).statusCode).toBe(422);
  expect((await keeper.send(address, { ...part, freight: 'much' })).statusCode).toBe(422);
  for (let n = 0; n < 2; n++) expect((await keeper.send(address, part)).statusCode).toBe(303);
  expect(await onHandAt(db, toId)).toEqual([
    [4, 1000],
    [0, 0],
  ]);
  const { body } = await keeper.open(address);
  expect(textOf(body)).toContain(`A thing ${one} €2.00 10 4 6`);
  const other = await keeper.send(address, { ...part, quantity: ['5', ''] });
  expect(other.statusCode).toBe(409);
  expect(fieldOf(other.body, 'delivery')).not.toBe(delivery);

  for (let n = 0; n < 2; n++) expect((await keeper.send(`${address}/close`, {})).statusCode).toBe(303);
  const closed = (await keeper.open(address)).body;
  expect(closed).toContain('Nothing more is expected of it');
  expect(closed).not.toContain('name="quantity"');
  expect((await keeper.send(`/desk/stock/purchases/${randomUUID()}/close`, {})).statusCode).toBe(404);
});
