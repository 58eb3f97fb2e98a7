import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aShippedOrder } from '#modules/orders/factory.ts';
import { returnsOf } from '#modules/orders/index.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';

test('a guest asks for a return without script, sees it on the order, and keeps it after all', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { orderId, cartId, lineId } = await aShippedOrder(db, databaseUrl);
  const guest = aBrowser(app);
  const path = `/orders/${orderId}`;
  expect((await guest.open(`${path}?cart=${cartId}`)).body).toContain(`${path}/return?cart=${cartId}`);
  const { body } = await guest.open(`${path}/return?cart=${cartId}`);
  const form = {
    requestId: fieldOf(body, 'requestId') ?? '',
    cart: cartId,
    [`units_${lineId}`]: '4',
    [`reason_${lineId}`]: 'does_not_fit',
    kind: 'return',
    note: 'Too tall',
  };
  const wrong = await guest.send(`${path}/return`, form);
  expect([wrong.statusCode, wrong.body.includes('Choose a number from 0 to 3.')]).toEqual([422, true]);
  const asked = { ...form, [`units_${lineId}`]: '2' };
  for (const attempt of ['first', 'again'])
    expect((await guest.send(`${path}/return`, asked)).statusCode, attempt).toBe(303);
  const requests = await returnsOf(db, orderId);
  expect(requests).toMatchObject([{ note: 'Too tall', lines: [{ quantity: 2, reason: 'does_not_fit' }] }]);
  const shown = (await guest.open(`${path}?cart=${cartId}`)).body;
  expect(shown).toContain('We look at it');

  const stranger = aBrowser(app);
  expect((await stranger.open(`${path}/return?cart=${randomUUID()}`)).statusCode).toBe(404);
  expect((await stranger.send(`${path}/return`, { ...asked, cart: randomUUID() })).statusCode).toBe(404);
  const cancel = `${path}/returns/${requests[0]?.id}/cancel`;
  const stepId = fieldOf(shown, 'stepId') ?? '';
  expect((await stranger.send(cancel, { stepId, cart: randomUUID() })).statusCode).toBe(404);
  expect((await guest.send(cancel, { stepId, cart: cartId })).statusCode).toBe(303);
  expect(await returnsOf(db, orderId)).toMatchObject([{ state: 'cancelled' }]);
});

test('by API: its buyer asks, staff for service do the rest, and nobody else', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { orderId, cartId, lineId, locationId } = await aShippedOrder(db, databaseUrl);
  const id = randomUUID();
  const url = `/v1/orders/returns/${id}`;
  const payload = { orderId, lines: [{ lineId, quantity: 1, reason: 'late' }] };
  const put = (path: string, body: object) => app.inject({ method: 'PUT', url: path, payload: body });
  expect((await put(url, payload)).statusCode).toBe(404);
  for (const attempt of ['first', 'retry'])
    expect((await put(`${url}?cart=${cartId}`, payload)).json(), attempt).toMatchObject({
      id,
      state: 'requested',
      refundMinor: null,
    });
  const stepUrl = `${url}/steps/${randomUUID()}?cart=${cartId}`;
  expect((await put(stepUrl, { to: 'received', locationId })).statusCode).toBe(403);
  expect((await put(stepUrl, { to: 'received' })).statusCode).toBe(400);
  const staff = await aSignedInBrowser(app, deps, ['service']);
  const headers = {
    origin: 'http://localhost:80',
    cookie: [...staff.jar].map(([name, value]) => `${name}=${value}`).join('; '),
  };
  const take = (body: object) =>
    app.inject({ method: 'PUT', url: `${url}/steps/${randomUUID()}`, payload: body, headers });
  expect((await take({ to: 'received', locationId })).json()).toMatchObject({ state: 'received' });
  const lines = [{ lineId, restock: 1, damage: 0, refuse: 0 }];
  expect((await take({ to: 'inspected', lines })).json()).toMatchObject({
    state: 'closed',
    refundMinor: 1001,
  });
  const listed = await app.inject({ url: `/v1/orders/orders/${orderId}/returns?cart=${cartId}` });
  expect(listed.json()).toMatchObject({ returnable: [{ lineId, left: 2 }], returns: [{ id }] });
});

test('the desk takes a return from its queue to the shelf', async ({ app, db, databaseUrl, deps }) => {
  const { orderId, cartId, lineId, locationId } = await aShippedOrder(db, databaseUrl);
  const id = randomUUID();
  const payload = { orderId, lines: [{ lineId, quantity: 2, reason: 'does_not_fit' }] };
  await app.inject({ method: 'PUT', url: `/v1/orders/returns/${id}?cart=${cartId}`, payload });
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const path = `/desk/returns/${id}`;
  expect((await desk.open('/desk/returns')).body).toContain(`href="${path}"`);
  const take = (fields: Record<string, string>) =>
    desk.send(`${path}/step`, { stepId: randomUUID(), ...fields });
  expect((await take({ to: 'refused', answer: ' ' })).statusCode).toBe(422);
  expect((await take({ to: 'received', locationId })).statusCode).toBe(303);
  const found = { to: 'inspected', [`restock_${lineId}`]: '1', [`damage_${lineId}`]: '1' };
  const many = await take({ ...found, [`refuse_${lineId}`]: '1' });
  expect([many.statusCode, many.body.includes('That is more than was to come')]).toEqual([409, true]);
  expect((await take(found)).statusCode).toBe(303);
  const { body } = await desk.open(path);
  expect(body).toContain('Ada Example');
  expect(await returnsOf(db, orderId)).toMatchObject([
    { state: 'closed', refundMinor: 2002, lines: [{ restocked: 1, damaged: 1, refused: 0 }] },
  ]);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.send(`${path}/step`, { stepId: randomUUID(), to: 'closed' })).statusCode).toBe(403);
});
