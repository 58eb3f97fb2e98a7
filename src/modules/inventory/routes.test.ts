import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test as base } from '#test/harness.ts';
import { aMachine, aSignedInMember } from '../identity/factory.ts';
import { aLocation, aVariant, stocked } from './factory.ts';

/** `send` as somebody in operations: the answer's status and body. */
const test = base.extend('send', { scope: 'file' }, async ({ app, deps }) => {
  const { cookie } = await aSignedInMember(deps, ['operations']);
  return async (method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) => {
    const url = `/v1/inventory/${path}`;
    const answer = await app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
});

test('GET /v1/inventory/availability answers for each variant asked', async ({ app, db }) => {
  const { variantId, locationId } = await stocked(db, 2);
  const unknown = randomUUID();

  const answer = await app.inject(`/v1/inventory/availability?variantId=${variantId}&variantId=${unknown}`);

  expect(answer.json()).toEqual({
    variants: [
      { variantId, available: 2, locations: [{ locationId, available: 2 }], orderable: null },
      { variantId: unknown, available: 0, locations: [], orderable: null },
    ],
  });
});

test('GET /v1/inventory/locations shows where and when', async ({ app, db }) => {
  const { locationId } = await stocked(db, 1);
  const { locations } = (await app.inject('/v1/inventory/locations')).json<{ locations: { id: string }[] }>();
  expect(locations.find(({ id }) => id === locationId)).toMatchObject({
    city: 'Amsterdam',
    openingHours: [...Array.from({ length: 6 }, () => ({ opens: '09:00', closes: '18:00' })), null],
  });
});

test('PUT /v1/inventory/reservations/:id is for operations and machines only', async ({ app, db }) => {
  const place = await stocked(db, 1);
  const answer = await app.inject({
    method: 'PUT',
    url: `/v1/inventory/reservations/${randomUUID()}`,
    payload: { lines: [{ ...place, quantity: 1 }] },
  });
  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toMatchObject({ type: '/problems/platform.sign_in_required' });
});

test('who may write and read stock', async ({ app, db, deps }) => {
  const place = await stocked(db, 5);
  const callers = {
    guest: {},
    member: { cookie: (await aSignedInMember(deps)).cookie },
    merchant: { cookie: (await aSignedInMember(deps, ['merchant'])).cookie },
    operations: { cookie: (await aSignedInMember(deps, ['operations'])).cookie },
    reader: { authorization: (await aMachine(deps, ['inventory:read'])).authorization },
    writer: { authorization: (await aMachine(deps, ['inventory:write'])).authorization },
  };
  const lines = [{ ...place, quantity: 5 }];
  const one = [{ variantId: place.variantId, quantity: 1 }];
  const writes = {
    [`corrections/${randomUUID()}`]: { kind: 'count', lines },
    [`feeds/${randomUUID()}`]: {
      locationId: place.locationId,
      toldAt: '2026-01-01T00:00:00Z',
      lines: [{ sku: 'x', quantity: 1 }],
    },
    [`deliveries/${randomUUID()}`]: { locationId: place.locationId, lines: one },
    [`levels/${place.variantId}/${place.locationId}/safety`]: { units: 0 },
    [`purchases/${randomUUID()}`]: {
      number: randomUUID(),
      supplier: 'Kolonna',
      locationId: place.locationId,
      expectedOn: '2026-12-01',
      lines: [{ ...one[0], unitCostMinor: 1 }],
    },
    [`transfers/${randomUUID()}`]: {
      fromLocationId: place.locationId,
      toLocationId: await aLocation(db),
      expectedOn: '2026-12-01',
      lines: one,
    },
  };
  const reads = [
    `levels?variantId=${place.variantId}`,
    `movements?variantId=${place.variantId}&locationId=${place.locationId}`,
    `positions?locationId=${place.locationId}&at=2026-06-01T00:00:00Z`,
    'transfers?state=sent',
    'purchases?state=open',
  ];
  const matrix: Record<string, [number[], number[]]> = {};
  for (const [who, headers] of Object.entries(callers)) {
    const written = new Set<number>();
    for (const [path, payload] of Object.entries(writes)) {
      const answer = await app.inject({ method: 'PUT', url: `/v1/inventory/${path}`, headers, payload });
      written.add(answer.statusCode);
    }
    const read = new Set<number>();
    for (const path of reads)
      read.add((await app.inject({ url: `/v1/inventory/${path}`, headers })).statusCode);
    matrix[who] = [[...written], [...read]];
  }
  expect(matrix).toEqual({
    guest: [[401], [401]],
    member: [[403], [403]],
    merchant: [[403], [200]],
    operations: [[200], [200]],
    reader: [[403], [200]],
    writer: [[200], [403]],
  });
});

test('what is on its way is told with its lines, by its id', async ({ db, send }) => {
  const { variantId, locationId } = await stocked(db, 5);
  const [transfer, purchase] = [randomUUID(), randomUUID()];
  const to = await aLocation(db);
  const ends = { fromLocationId: locationId, toLocationId: to, expectedOn: '2026-12-01' };
  await send('PUT', `transfers/${transfer}`, { ...ends, lines: [{ variantId, quantity: 2 }] });
  const order = { number: purchase, supplier: 'Kolonna', locationId, expectedOn: '2026-12-01' };
  await send('PUT', `purchases/${purchase}`, {
    ...order,
    lines: [{ variantId, quantity: 3, unitCostMinor: 7 }],
  });
  expect((await send('GET', `transfers/${transfer}`)).body).toMatchObject({
    ...ends,
    units: 2,
    receivedAt: null,
    lines: [{ variantId, quantity: 2, valueMinor: 0, receivedQuantity: null }],
  });
  expect((await send('GET', `purchases/${purchase}`)).body).toEqual({
    id: purchase,
    ...order,
    closedAt: null,
    dates: [],
    units: 3,
    receivedUnits: 0,
    costMinor: 21,
    lines: [{ variantId, quantity: 3, unitCostMinor: 7, receivedQuantity: 0 }],
  });
  expect((await send('GET', `transfers/${purchase}`)).status).toBe(404);
  expect((await send('GET', `purchases/${transfer}`)).status).toBe(404);
});

test('a purchase arrives, is counted, damaged and sent on, and its ledger tells it all', async ({
  db,
  send,
}) => {
  const [from, to, variantId] = [await aLocation(db), await aLocation(db), await aVariant(db)];
  const [purchase, transfer] = [randomUUID(), randomUUID()];
  const line = { variantId, quantity: 10 };
  await send('PUT', `purchases/${purchase}`, {
    number: purchase,
    supplier: 'Kolonna',
    locationId: from,
    expectedOn: '2026-12-01',
    lines: [{ ...line, unitCostMinor: 200 }],
  });
  await send('PUT', `deliveries/${randomUUID()}`, {
    purchaseId: purchase,
    locationId: from,
    lines: [line],
    freightMinor: 50,
  });
  await send('PUT', `corrections/${randomUUID()}`, {
    kind: 'count',
    lines: [{ variantId, locationId: from, quantity: 9 }],
  });
  await send('PUT', `corrections/${randomUUID()}`, {
    kind: 'damage',
    lines: [{ variantId, locationId: from, quantity: 2 }],
  });
  await send('PUT', `transfers/${transfer}`, {
    fromLocationId: from,
    toLocationId: to,
    expectedOn: '2026-12-01',
    lines: [{ variantId, quantity: 3 }],
  });
  const arrived = await send('PUT', `transfers/${transfer}/arrival`, { lines: [{ variantId, quantity: 3 }] });
  expect(arrived).toEqual({ status: 200, body: { id: transfer } });

  expect((await send('GET', `levels?variantId=${variantId}&locationId=${from}`)).body).toEqual({
    levels: [
      {
        variantId,
        locationId: from,
        onHand: 4,
        reserved: 0,
        allocated: 0,
        damaged: 2,
        valueMinor: 820,
        safety: 0,
        short: 0,
        available: 4,
      },
    ],
    cursor: null,
  });
  const page = await send('GET', `movements?variantId=${variantId}&locationId=${from}&limit=2`);
  const rest = await send(
    'GET',
    `movements?variantId=${variantId}&locationId=${from}&before=${String(page.body['cursor'])}`,
  );
  const told = [...(page.body['movements'] as Movement[]), ...(rest.body['movements'] as Movement[])];
  expect(told.map(({ kind, onHandDelta, valueDeltaMinor }) => [kind, onHandDelta, valueDeltaMinor])).toEqual([
    ['transfer_out', -3, -615],
    ['damage', -2, -410],
    ['count', -1, -205],
    ['receive', 10, 2050],
  ]);
});

interface Movement {
  kind: string;
  onHandDelta: number;
  valueDeltaMinor: number;
}

test('bad stock is refused by name, and changes nothing', async ({ db, send }) => {
  const place = await stocked(db, 2);
  const refusal = async (path: string, payload: object) => {
    const { status, body } = await send('PUT', `${path}/${randomUUID()}`, payload);
    return [status, body['type']];
  };
  const lineOf = (quantity: unknown) => [{ ...place, quantity }];
  for (const quantity of [0, -1, 1.5, '1', 1_000_001, null]) {
    expect(
      (await refusal('corrections', { kind: 'damage', lines: lineOf(quantity) }))[0],
      String(quantity),
    ).toBe(400);
  }
  expect(await refusal('corrections', { kind: 'damage', lines: lineOf(3) })).toEqual([
    409,
    '/problems/inventory.insufficient_stock',
  ]);
  const nowhere = [{ variantId: place.variantId, locationId: randomUUID(), quantity: 1 }];
  expect(await refusal('corrections', { kind: 'count', lines: nowhere })).toEqual([
    404,
    '/problems/inventory.place_unknown',
  ]);
  const here = { fromLocationId: place.locationId, toLocationId: place.locationId, expectedOn: '2026-12-01' };
  expect(
    await refusal('transfers', { ...here, lines: [{ variantId: place.variantId, quantity: 1 }] }),
  ).toEqual([422, '/problems/inventory.same_place']);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const feed = { locationId: place.locationId, toldAt: tomorrow, lines: [{ sku: 'x', quantity: 1 }] };
  expect(await refusal('feeds', feed)).toEqual([422, '/problems/inventory.told_in_the_future']);
  const many = Array.from({ length: 5_001 }, (_, n) => ({ sku: `s${n}`, quantity: 1 }));
  expect((await refusal('feeds', { ...feed, toldAt: '2026-01-01T00:00:00Z', lines: many }))[0]).toBe(400);
  expect((await send('GET', 'levels?after=nonsense')).status).toBe(400);
  expect((await send('GET', `levels?variantId=${place.variantId}`)).body).toMatchObject({
    levels: [{ onHand: 2 }],
  });
});
