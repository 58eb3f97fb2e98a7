import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { anExchangeableOrder, aShippedOrder, aStockedVariant, freeUnits } from '#modules/orders/factory.ts';
import { readOrder, returnsOf } from '#modules/orders/index.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('\u00a0', ' ');
const faultOf = (html: string, field: string) =>
  new RegExp(`id="field-${field}-error">([^<]*)<`).exec(html)?.[1];

test('service starts an exchange: it sees the price first, and the same form twice is one return', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const desk = await aSignedInBrowser(app, deps, ['service']);
  const order = `/desk/orders/${bought.orderId}`;
  const path = `${order}/return`;
  expect((await desk.open(order)).body).toContain(`href="${path}"`);
  const { body } = await desk.open(path);
  expect(plain(body)).toContain('3 can come back.');
  expect(plain(body)).toContain('Colour: Sage 2 · 5 in stock');
  const id = fieldOf(body, 'requestId') ?? '';
  const form = {
    requestId: id,
    [`units_${bought.lineId}`]: '2',
    [`reason_${bought.lineId}`]: 'does_not_fit',
    [`want_${bought.lineId}`]: bought.otherId,
    kind: 'return',
    note: 'She called',
  };
  const quoted = await desk.send(path, form);
  expect(quoted.statusCode).toBe(200);
  expect(plain(quoted.body)).toContain(
    'What the exchange costs Goods that come back €20.02 What you get for them €20.02 Nothing is to pay, and nothing goes back.',
  );
  expect([fieldOf(quoted.body, 'requestId'), fieldOf(quoted.body, 'to_pay')]).toEqual([id, '0']);
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  for (const attempt of ['first', 'again']) {
    const done = await desk.send(path, { ...form, to_pay: '0' });
    expect([done.statusCode, done.headers.location], attempt).toEqual([303, `/desk/returns/${id}`]);
  }
  const [request, ...more] = await returnsOf(db, bought.orderId);
  expect(more).toEqual([]);
  expect(request).toMatchObject({
    id,
    touchpoint: 'service',
    note: 'She called',
    steps: [{ actor: `member:${desk.memberId}` }],
    lines: [{ quantity: 2, reason: 'does_not_fit' }],
    exchange: { valueMinor: 2002, releasedAt: null },
  });
  expect(await freeUnits(db, bought.otherId)).toBe(3);

  const { orderId = '', orderNumber = '' } = request?.exchange ?? {};
  const { number } = await readOrder(db, bought.orderId);
  const old = (await desk.open(order)).body;
  expect(old).toContain(`href="/desk/returns/${id}"`);
  expect(old).toContain(`href="/desk/orders/${orderId}">Order ${orderNumber}<`);
  const young = (await desk.open(`/desk/orders/${orderId}`)).body;
  expect(young).toContain(`href="${order}">In exchange for goods of order ${number}.<`);
  expect(young).toContain('Kept until the goods have come');
  const listed = (await desk.open(`/desk/orders?words=${orderNumber}`)).body;
  expect(plain(listed)).toContain('Waits for goods to come back');
});

test('other goods are found by SKU; what is paid on top needs its name, and the credited sum stands on the order', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const dear = await aStockedVariant(db, databaseUrl, 2, 5000);
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const path = `/desk/orders/${bought.orderId}/return`;
  const id = randomUUID();
  const form = { requestId: id, [`units_${bought.lineId}`]: '1', kind: 'return' };
  const nothing = await desk.send(`${path}/goods`, { ...form, other: 'no-such-thing-here' });
  expect([nothing.statusCode, faultOf(nothing.body, 'other')]).toEqual([
    422,
    'Nothing was found that is sold in the currency of the order.',
  ]);
  const found = await desk.send(`${path}/goods`, { ...form, other: dear.variantId }); // its SKU, too
  expect(found.statusCode).toBe(200);
  const other = `other_${dear.variantId}`;
  expect(fieldOf(found.body, other)).toBe('0');
  expect(plain(found.body)).toContain(`${dear.variantId} · €50.00 · 2 in stock`);
  expect(fieldOf(found.body, `units_${bought.lineId}`)).toBe('1');

  const many = await desk.send(path, { ...form, [other]: '3' });
  expect([many.statusCode, faultOf(many.body, other)]).toEqual([422, 'Choose a number from 0 to 2.']);
  const wish = { ...form, [other]: '1' };
  const quoted = await desk.send(path, wish);
  expect(plain(quoted.body)).toContain('Goods that come back €10.01 What you get for them €50.00');
  expect(plain(quoted.body)).toContain('The buyer pays on top €39.99');
  const unnamed = await desk.send(path, { ...wish, to_pay: '3999', reference: ' ' });
  expect([unnamed.statusCode, faultOf(unnamed.body, 'reference')]).toEqual([
    422,
    'Say what the buyer’s payment is called, in at most 100 letters.',
  ]);
  const cheaper = await desk.send(path, { ...wish, to_pay: '1', reference: 'counter 7' });
  expect([cheaper.statusCode, fieldOf(cheaper.body, 'to_pay')]).toEqual([409, '3999']);
  expect(plain(cheaper.body)).toContain('What it costs has changed.');
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  const done = await desk.send(path, { ...wish, to_pay: '3999', reference: 'counter 7' });
  expect(done.statusCode).toBe(303);
  const [request] = await returnsOf(db, bought.orderId);
  expect(await readOrder(db, request?.exchange?.orderId ?? '')).toMatchObject({
    totalMinor: 5000,
    capturedMinor: 3999,
    outstandingMinor: 1001,
  });

  const take = (fields: Record<string, string>) =>
    desk.send(`/desk/returns/${id}/step`, { stepId: randomUUID(), ...fields });
  expect((await take({ to: 'received', locationId: bought.locationId })).statusCode).toBe(303);
  expect((await take({ to: 'inspected', [`restock_${bought.lineId}`]: '1' })).statusCode).toBe(303);
  const shown = plain((await desk.open(`/desk/orders/${bought.orderId}`)).body);
  expect(shown).toContain('Given back as credit or other goods -€10.01');
});

test('money back and a claim are asked for in one step, and a claim is answered by sending the same again', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const bought = await aShippedOrder(db, databaseUrl);
  const desk = await aSignedInBrowser(app, deps, ['service']);
  const path = `/desk/orders/${bought.orderId}/return`;
  const units = `units_${bought.lineId}`;
  const nothing = await desk.send(path, { requestId: randomUUID(), [units]: '0' });
  expect([nothing.statusCode, plain(nothing.body).includes('Choose at least one thing.')]).toEqual([
    422,
    true,
  ]);
  const many = await desk.send(path, { requestId: randomUUID(), [units]: '4' });
  expect([many.statusCode, faultOf(many.body, units)]).toEqual([422, 'Choose a number from 0 to 3.']);
  const credit = { requestId: randomUUID(), [units]: '1', refund_to: 'store_credit' };
  expect((await desk.send(path, credit)).statusCode).toBe(409); // a guest has none

  const [back, claim] = [randomUUID(), randomUUID()];
  const asked = { [units]: '1', [`reason_${bought.lineId}`]: 'late' };
  expect((await desk.send(path, { requestId: back, ...asked, kind: 'return' })).statusCode).toBe(303);
  expect((await desk.send(path, { requestId: claim, ...asked, kind: 'claim' })).statusCode).toBe(303);
  const answering = (await desk.open(`/desk/returns/${claim}`)).body;
  expect(plain(answering)).toContain('If it is approved The money goes back The same is sent again');
  expect((await desk.open(`/desk/returns/${back}`)).body).not.toContain('name="resend"');
  const approval = {
    stepId: fieldOf(answering, 'stepId') ?? '',
    to: 'approved',
    carrier: 'test',
    resend: 'yes',
  };
  for (const attempt of ['first', 'again'])
    expect((await desk.send(`/desk/returns/${claim}/step`, approval)).statusCode, attempt).toBe(303);
  const [first, second] = await returnsOf(db, bought.orderId);
  expect([first?.id, first?.kind, first?.exchange]).toEqual([back, 'return', null]);
  expect(second).toMatchObject({ id: claim, state: 'closed', exchange: { paidMinor: 1001, owedMinor: 0 } });
  const resent = await readOrder(db, second?.exchange?.orderId ?? '');
  expect(resent.lines[0]).toMatchObject({ variantId: bought.variantId, quantity: 1 });
});

test('merchants and members start none, and an order of which nothing was sent says so', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl, { sent: 0 });
  const path = `/desk/orders/${bought.orderId}/return`;
  for (const roles of [['merchant' as const], undefined]) {
    const visitor = await aSignedInBrowser(app, deps, roles);
    expect((await visitor.open(path)).statusCode).toBe(403);
    const form = { requestId: randomUUID(), [`units_${bought.lineId}`]: '1' };
    expect((await visitor.send(path, form)).statusCode).toBe(403);
    expect((await visitor.send(`${path}/goods`, form)).statusCode).toBe(403);
  }
  const desk = await aSignedInBrowser(app, deps, ['service']);
  expect((await desk.open(`/desk/orders/${bought.orderId}`)).body).not.toContain(`href="${path}"`);
  expect(plain((await desk.open(path)).body)).toContain('Nothing of this order can come back');
  expect((await desk.open(`/desk/orders/${randomUUID()}/return`)).statusCode).toBe(404);
  const { rows } = await sql`select from orders.return_request where order_id = ${bought.orderId}`.execute(
    db,
  );
  expect(rows).toEqual([]);
});
