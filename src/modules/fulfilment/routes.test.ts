import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test as base } from '#test/harness.ts';
import { aMachine, aSignedInMember } from '../identity/factory.ts';
import { aPlacedOrder, aSpreadVariant, partsOf } from './factory.ts';

/** `send` as somebody in operations: the answer's status and body. */
const test = base.extend('send', { scope: 'file' }, async ({ app, deps }) => {
  const { cookie } = await aSignedInMember(deps, ['operations']);
  return async (method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) => {
    const url = `/v1/fulfilment/${path}`;
    const answer = await app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) });
    const isJson = answer.headers['content-type']?.toString().includes('json') ?? false;
    const body = isJson ? answer.json<Record<string, unknown>>() : { head: answer.body.slice(0, 5) };
    return { status: answer.statusCode, body };
  };
});

test('an order goes from its location to its buyer by the API', async ({ db, databaseUrl, send }) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [5]);
  const locationId = locationIds[0] ?? '';
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  const listed = await send('GET', `fulfilment-orders?locationId=${locationId}&state=assigned`);
  const [part] = await partsOf(db, orderId);
  const id = part?.id ?? '';
  expect(listed.body).toMatchObject({ fulfilmentOrders: [{ id, orderId, state: 'assigned' }], cursor: null });

  const stepId = randomUUID();
  const accept = `fulfilment-orders/${id}/steps/${stepId}`;
  expect(await send('PUT', accept, { state: 'accepted' })).toEqual({ status: 200, body: { id: stepId } });
  expect(await send('PUT', accept, { state: 'accepted' })).toEqual({ status: 200, body: { id: stepId } });
  expect(await send('PUT', accept, { state: 'picked' })).toMatchObject({
    status: 409,
    body: { type: '/problems/fulfilment.step_differs' },
  });
  expect(
    await send('PUT', `fulfilment-orders/${id}/steps/${randomUUID()}`, { state: 'packed' }),
  ).toMatchObject({
    status: 409,
    body: { type: '/problems/fulfilment.step_not_open', data: { state: 'accepted', wanted: 'packed' } },
  });
  for (const state of ['picked', 'packed'])
    expect((await send('PUT', `fulfilment-orders/${id}/steps/${randomUUID()}`, { state })).status).toBe(200);
  expect(await send('GET', `fulfilment-orders/${id}/packing-slip`)).toEqual({
    status: 200,
    body: { head: '%PDF-' },
  });

  const shipment = `shipments/${randomUUID()}`;
  const parcels = [{ weightGrams: 500, trackingNumber: '3SSTOA9' }];
  const wish = { fulfilmentOrderId: id, carrier: 'manual', parcels };
  expect((await send('PUT', shipment, { ...wish, carrier: 'pigeon' })).status).toBe(422);
  expect(await send('PUT', shipment, wish)).toMatchObject({
    status: 200,
    body: { state: 'shipped', parcels: [{ trackingNumber: '3SSTOA9' }] },
  });
  expect(await send('GET', `${shipment}/label`)).toEqual({ status: 200, body: { head: '%PDF-' } });
  const event = { carrier: 'manual', trackingNumber: '3SSTOA9', kind: 'delivered' };
  const told = { ...event, occurredAt: new Date().toISOString() };
  expect((await send('PUT', `delivery-events/${randomUUID()}`, told)).status).toBe(200);
  expect((await send('GET', `fulfilment-orders/${id}`)).body).toMatchObject({ state: 'delivered' });
});

test('rejects by the API, with what was counted', async ({ db, databaseUrl, send }) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [5]);
  const [part] = await partsOf(db, await aPlacedOrder(db, { [variantId]: 2 }));
  const path = `fulfilment-orders/${part?.id}/rejections/${randomUUID()}`;
  const line = { orderLineId: part?.lines[0]?.orderLineId, quantity: 3, reason: 'mismatch', counted: 0 };
  expect(await send('PUT', path, { lines: [line] })).toMatchObject({
    body: { type: '/problems/fulfilment.more_than_is_left' },
  });
  expect(await send('PUT', path, { lines: [{ ...line, quantity: 2, reason: 'damaged' }] })).toMatchObject({
    body: { type: '/problems/fulfilment.reason_and_count' },
  });
  expect((await send('PUT', path, { lines: [{ ...line, quantity: 2 }] })).status).toBe(200);
  const { body } = await send('GET', 'unfillables');
  const [waiting] = (body['unfillables'] as { id: string; variantId: string }[]).filter(
    (each) => each.variantId === variantId,
  );
  expect(await send('POST', `unfillables/${waiting?.id}/search`)).toEqual({
    status: 200,
    body: { found: 0 },
  });
});

test('looks for all that wait by the API, in the background', async ({ db, databaseUrl, send, work }) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [2]);
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  const [part] = await partsOf(db, orderId);
  const lines = [{ orderLineId: part?.lines[0]?.orderLineId, quantity: 2, reason: 'other' }];
  await send('PUT', `fulfilment-orders/${part?.id}/rejections/${randomUUID()}`, { lines });
  const { status, body } = await send('POST', 'unfillables/search');
  expect([status, Number(body['waiting']) > 0]).toEqual([202, true]);
  const { rows } = await sql`
    select queue_name as queue from graphile_worker.jobs where key like 'fulfilment.broker_waiting:all%'`.execute(
    db,
  );
  expect(rows).toEqual([{ queue: null }]); // behind no pictures: its people look at the list
  await work();
  const parts = await partsOf(db, orderId);
  expect(parts.map((each) => [each.state, each.locationId, each.lines[0]?.remaining])).toEqual([
    ['rejected', locationIds[0], 0],
    ['assigned', locationIds[0], 2], // who has said no is asked, too
  ]);
});

test('who may see and work', async ({ app, deps }) => {
  const callers = {
    guest: {},
    member: { cookie: (await aSignedInMember(deps)).cookie },
    merchant: { cookie: (await aSignedInMember(deps, ['merchant'])).cookie },
    reader: { authorization: (await aMachine(deps, ['fulfilment:read'])).authorization },
    writer: { authorization: (await aMachine(deps, ['fulfilment:write'])).authorization },
  };
  const statuses: Record<string, number[]> = {};
  for (const [who, headers] of Object.entries(callers)) {
    const list = await app.inject({ url: '/v1/fulfilment/fulfilment-orders', headers });
    const step = await app.inject({
      method: 'PUT',
      url: `/v1/fulfilment/fulfilment-orders/${randomUUID()}/steps/${randomUUID()}`,
      headers,
      payload: { state: 'accepted' },
    });
    statuses[who] = [list.statusCode, step.statusCode];
  }
  expect(statuses).toEqual({
    guest: [401, 401],
    member: [403, 403],
    merchant: [200, 403],
    reader: [200, 403],
    writer: [403, 404],
  });
  const unsigned = await app.inject({
    method: 'POST',
    url: '/v1/fulfilment/carriers/easypost/events',
    payload: {},
  });
  expect(unsigned.statusCode).toBe(401);
});
