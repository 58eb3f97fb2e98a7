import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { levelsOf, receive } from '#modules/inventory/index.ts';
import { aMember, aShippedOrder, aVariant } from '#modules/orders/factory.ts';
import { orderInExchange, readOrder, requestReturn, returnsOf } from '#modules/orders/index.ts';
import { anOpenRegister, aSoldOrder } from '#modules/till/factory.ts';
import { openShiftOf } from '#modules/till/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

type App = Parameters<typeof aSignedInBrowser>[0];
const PATH = '/till/take-back';
const textOf = (body: string) => body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

let known: ReturnType<typeof aSignedInBrowser> | undefined;

/** Hashing a password is slow on purpose: one associate for all tests. */
async function atTill(app: App, deps: Deps, registerId: string) {
  known ??= aSignedInBrowser(app, deps, ['associate']);
  const associate = await known;
  associate.jar.set('stoa_register', registerId);
  return associate;
}

async function shelved(db: Db, locationId: string, variantId: string, quantity: number) {
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity }] };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
}

const onHand = async (db: Db, locationId: string, variantId: string) =>
  (await levelsOf(db, { locationId, variantId })).levels.map((level) => level.onHand);

const drawerOf = async (db: Db, registerId: string) => (await openShiftOf(db, registerId))?.expectedMinor;

test('goods are exchanged over the counter for dearer ones, the rest paid in cash, in one step and once', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 5 });
  const { registerId, locationId, variantId } = till;
  const dearer = await aVariant(databaseUrl, 2000);
  await shelved(db, locationId, dearer, 1);
  const { saleId: orderId, number } = await aSoldOrder(db, till);
  const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
  const associate = await atTill(app, deps, registerId);
  const path = `${PATH}/orders/${orderId}/exchange`;
  const { body } = await associate.open(`${PATH}?q=${number}`);
  const form = {
    id: fieldOf(body, 'id') ?? '',
    [`units_${lineId}`]: '1',
    [`found_${lineId}`]: 'restock',
    refund_to: 'original',
    wanted: `${dearer}\r\n`,
    act: 'price',
  };
  for (const [wrong, status, text] of [
    [{ wanted: ' ' }, 422, 'Scan what they take instead.'],
    [{ wanted: 'NO-SUCH' }, 422, 'NO-SUCH'],
    [{ [`units_${lineId}`]: '0' }, 422, 'Say how many of at least one thing.'],
    [{ [`found_${lineId}`]: 'refuse' }, 422, 'What goes back to the buyer is not exchanged'],
  ] as const) {
    const refused = await associate.send(path, { ...form, ...wrong });
    expect([refused.statusCode, refused.body.includes(text)], text).toEqual([status, true]);
  }
  const scarce = { ...form, act: 'exchange', wanted: `${dearer} ${dearer}`, to_pay: '2790' };
  const refused = await associate.send(path, scarce);
  expect([refused.statusCode, refused.body.includes('is not on this store’s shelf')]).toEqual([409, true]);

  const priced = await associate.send(path, form);
  expect(priced.statusCode).toBe(200);
  expect(textOf(priced.body)).toContain(
    'What comes back is worth €12.10 What they take costs €20.00 To pay €7.90',
  );
  const paying = { ...form, act: 'exchange', to_pay: '790', means: 'cash', tendered: '10' };
  expect(priced.body.match(/<input[^>]*autofocus[^>]*>/g)?.join(' ')).toMatch(
    /^<input[^>]*name="tendered"[^>]*>$/,
  );
  // Enter sends the first button of a form: of an exchange never the one that only gives money back.
  const buttons = [...priced.body.matchAll(/<button[^>]*name="act" value="(\w+)"/g)].map(([, act]) => act);
  expect([buttons, priced.body.includes('Take back and refund')]).toEqual([['exchange', 'price'], false]);
  const unsaid = await associate.send(`${PATH}/orders/${orderId}`, form);
  expect([unsaid.statusCode, unsaid.body.includes('or empty this.')]).toEqual([422, true]);
  const little = await associate.send(path, { ...paying, tendered: '5' });
  expect([little.statusCode, little.body.includes('Less was handed over than is to pay.')]).toEqual([
    422,
    true,
  ]);
  // Another price than the one that was seen is shown first.
  expect((await associate.send(path, { ...paying, to_pay: '700' })).statusCode).toBe(200);
  expect(await returnsOf(db, orderId)).toEqual([]);
  expect(await drawerOf(db, registerId)).toBe(11_210);

  const [first, twin] = await Promise.all([1, 2].map(() => associate.send(path, paying)));
  expect([first?.statusCode, first?.headers['location']]).toEqual([303, `${PATH}/${form.id}`]);
  expect([303, 409]).toContain(twin?.statusCode);
  expect((await associate.send(path, paying)).headers['location']).toBe(`${PATH}/${form.id}`);
  await work();
  expect(await drawerOf(db, registerId)).toBe(12_000);
  expect([await onHand(db, locationId, variantId), await onHand(db, locationId, dearer)]).toEqual([[5], [0]]);
  const placed = await readOrder(db, orderInExchange(form.id));
  expect(placed).toMatchObject({ totalMinor: 2000, outstandingMinor: 0, touchpoint: 'till' });
  expect(await readOrder(db, orderId)).toMatchObject({ outstandingMinor: 0, refundedMinor: 0 });
  expect(await returnsOf(db, orderId)).toMatchObject([
    { id: form.id, state: 'closed', exchange: { valueMinor: 1210, paidMinor: 1210, owedMinor: 0 } },
  ]);
  const done = textOf((await associate.open(`${PATH}/${form.id}`)).body);
  expect(done).toContain(`Taken instead: order ${placed.number} Change to give: €2.10`);
  expect(done).toContain('For what is taken in its place €12.10');
});

test('what is exchanged for cheaper goods gives the rest back: out of the drawer, or onto the card', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 5 });
  const { registerId, locationId } = till;
  const cheaper = await aVariant(databaseUrl, 500);
  await shelved(db, locationId, cheaper, 5);
  const associate = await atTill(app, deps, registerId);
  const sold = await aSoldOrder(db, till);
  const sent = await aShippedOrder(db, databaseUrl, { units: 1, viewer: await aMember(db) });
  await work();
  for (const [orderId, back, refundedMinor] of [
    [sold.saleId, '€7.10', 710],
    [sent.orderId, '€5.01', 501],
  ] as const) {
    const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
    const { body } = await associate.open(`${PATH}?q=${orderId}`);
    const path = `${PATH}/orders/${orderId}/exchange`;
    const form = {
      id: fieldOf(body, 'id') ?? '',
      [`units_${lineId}`]: '1',
      wanted: cheaper,
      act: 'exchange',
    };
    const priced = await associate.send(path, form);
    expect(textOf(priced.body)).toContain(`To give back ${back}`);
    expect((await associate.send(path, { ...form, to_pay: '0' })).statusCode).toBe(303);
    await work();
    expect(await readOrder(db, orderId)).toMatchObject({ refundedMinor, outstandingMinor: 0 });
    const done = textOf((await associate.open(`${PATH}/${form.id}`)).body);
    expect(done).toContain(
      orderId === sold.saleId ? `Give out of the drawer ${back}` : `Onto the card, by itself ${back}`,
    );
  }
  expect(await drawerOf(db, registerId)).toBe(10_000 + 1210 - 710);
  expect(await onHand(db, locationId, cheaper)).toEqual([3]);
});

test('an exchange is paid by card with the terminal’s reference, and what was paid by card goes back there', async ({
  app,
  db,
  deps,
  databaseUrl,
  work,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 5 });
  const { registerId, locationId } = till;
  const [dearer, cheaper] = [await aVariant(databaseUrl, 2000), await aVariant(databaseUrl, 500)];
  for (const variantId of [dearer, cheaper]) await shelved(db, locationId, variantId, 2);
  const associate = await atTill(app, deps, registerId);
  const byCard = { payments: [{ kind: 'card' as const, amountMinor: 1210, reference: 'T-1' }] };
  const asked = async (wanted: string) => {
    const { saleId: orderId } = await aSoldOrder(db, till, byCard);
    const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
    const id = fieldOf((await associate.open(`${PATH}?q=${orderId}`)).body, 'id') ?? '';
    const form = { id, [`units_${lineId}`]: '1', wanted, act: 'exchange' };
    return { orderId, form, path: `${PATH}/orders/${orderId}/exchange` };
  };

  const more = await asked(dearer);
  const priced = await associate.send(more.path, more.form);
  const field = (body: string, name: string) => new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(body)?.[0];
  // Neither stands in the other’s way: a form that is sent by its keyboard asks for no field that is hidden.
  for (const name of ['tendered', 'reference']) expect(field(priced.body, name)).not.toMatch(/required/);
  expect(textOf(priced.body)).toContain('Cash handed over (optional)');
  const card = { ...more.form, to_pay: '790', means: 'card', tendered: '' };
  for (const reference of ['', ' ', 'x'.repeat(61)]) {
    const unsaid = await associate.send(more.path, { ...card, reference });
    expect([unsaid.statusCode, unsaid.body.includes('Enter the reference that the terminal gave.')]).toEqual([
      422,
      true,
    ]);
    expect(field(unsaid.body, 'reference')).toMatch(/aria-invalid="true"/);
    expect(unsaid.body).toMatch(
      /<option[^>]*value="card"[^>]*selected|<option[^>]*selected[^>]*value="card"/,
    );
  }
  expect(await returnsOf(db, more.orderId)).toEqual([]);
  for (const attempt of ['first', 'retry']) {
    const done = await associate.send(more.path, { ...card, reference: 'T-2' });
    expect([done.statusCode, done.headers['location']], attempt).toEqual([303, `${PATH}/${more.form.id}`]);
  }
  const placed = await readOrder(db, orderInExchange(more.form.id));
  expect(placed).toMatchObject({ totalMinor: 2000, outstandingMinor: 0 });
  expect(placed.payments.map(({ provider, capturedMinor }) => [provider, capturedMinor])).toContainEqual([
    'external',
    790,
  ]);

  const less = await asked(cheaper);
  const quoted = await associate.send(less.path, less.form);
  expect(textOf(quoted.body)).toContain('To give back €7.10');
  expect([field(quoted.body, 'tendered'), field(quoted.body, 'reference')]).toEqual([undefined, undefined]);
  expect((await associate.send(less.path, { ...less.form, to_pay: '0' })).statusCode).toBe(303);
  await work();
  expect(await readOrder(db, less.orderId)).toMatchObject({ refundedMinor: 710, outstandingMinor: 0 });
  const done = textOf((await associate.open(`${PATH}/${less.form.id}`)).body);
  expect(done).toContain('Give back on the card terminal, or where else it was paid €7.10');
  // Of a card nothing goes through the drawer.
  expect(await drawerOf(db, registerId)).toBe(10_000);
});

test('what is paid exactly in cash needs no sum and gives no change', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });
  const dearer = await aVariant(databaseUrl, 2000);
  await shelved(db, till.locationId, dearer, 1);
  const { saleId: orderId } = await aSoldOrder(db, till);
  const associate = await atTill(app, deps, till.registerId);
  const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
  const id = fieldOf((await associate.open(`${PATH}?q=${orderId}`)).body, 'id') ?? '';
  const form = { id, [`units_${lineId}`]: '1', wanted: dearer, act: 'exchange', to_pay: '790' };
  const paid = await associate.send(`${PATH}/orders/${orderId}/exchange`, {
    ...form,
    means: 'cash',
    tendered: '',
    reference: '',
  });
  expect(paid.statusCode).toBe(303);
  expect(await drawerOf(db, till.registerId)).toBe(10_000 + 1210 + 790);
  expect(textOf((await associate.open(`${PATH}/${id}`)).body)).not.toContain('Change to give');
});

test('what a buyer announced is found by number or address and taken in by its own return', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });
  const associate = await atTill(app, deps, till.registerId);
  const { orderId, lineId, variantId } = await aShippedOrder(db, databaseUrl, { viewer: await aMember(db) });
  const { number, address } = await readOrder(db, orderId);
  const requestId = randomUUID();
  const asked = { id: requestId, orderId, kind: 'return' as const, touchpoint: 'web' };
  const lines = [{ lineId, quantity: 2, reason: 'does_not_fit' as const }];
  await inTransaction(db, (tx) =>
    requestReturn(tx, { ...asked, refundTo: 'store_credit', lines }, { actor: 'guest' }, new Date()),
  );

  const open = async (q: string) => {
    const { statusCode, body } = await associate.open(`${PATH}?${new URLSearchParams({ q }).toString()}`);
    return { statusCode, text: textOf(body) };
  };
  const of = await open(address?.email.toUpperCase() ?? '');
  expect([of.statusCode, of.text.includes(`Order ${number} · Return announced`)]).toEqual([200, true]);
  expect(of.text).not.toContain('Ada Example,');
  expect((await open('nobody@example.net')).statusCode).toBe(404);
  for (const q of [number, requestId, `${number}-R1`.toLowerCase()]) {
    const { text } = await open(q);
    expect(text, q).toContain('2 announced. It does not fit');
    expect(text, q).toContain('1 can come back');
  }

  const path = `${PATH}/returns/${requestId}`;
  const end = `${requestId.slice(0, 8)}_${lineId}`;
  for (const units of ['3', 'many', '-1']) {
    const refused = await associate.send(path, { [`in_units_${end}`]: units });
    expect([refused.statusCode, refused.body.includes('Choose a number from 0 to 2.')]).toEqual([422, true]);
  }
  expect((await associate.send(path, { [`in_units_${end}`]: '0' })).statusCode).toBe(422);
  for (const attempt of ['first', 'retry']) {
    const taken = await associate.send(path, { [`in_units_${end}`]: '2', [`in_found_${end}`]: 'restock' });
    expect([taken.statusCode, taken.headers['location']], attempt).toEqual([303, `${PATH}/${requestId}`]);
  }
  expect(await returnsOf(db, orderId)).toMatchObject([
    { id: requestId, state: 'closed', locationId: till.locationId, refundMinor: 2002 },
  ]);
  expect(await readOrder(db, orderId)).toMatchObject({ creditedMinor: 2002, refundedMinor: 0 });
  expect(await onHand(db, till.locationId, variantId)).toEqual([2]);
  expect((await open(number)).text).not.toContain('Take in what was announced');
});
