import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { test } from '#test/harness.ts';
import { anOpenRegister, aSale } from './factory.ts';

test('a till sells, quotes, parks and counts by the API; rubbish is refused and changes nothing', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const associate = await aSignedInMember(deps, ['associate']);
  const colleague = await aSignedInMember(deps, ['associate']);
  const till = await anOpenRegister(db, databaseUrl, { units: 5, memberId: associate.memberId });
  const { registerId, variantId, shiftId, locationId } = till;
  const ask = async (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    payload?: object,
    who: { cookie: string } = associate,
  ) => {
    const headers = { cookie: who.cookie, origin: 'http://localhost:80' };
    const answer = await app.inject({
      method,
      url: `/v1/till/${path}`,
      headers,
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const { saleId, ...sale } = aSale(till);

  const lines = [{ variantId, quantity: 2 }];
  expect((await ask('POST', 'quotes', { registerId, lines })).body).toMatchObject({
    totalMinor: 2420,
    currency: 'EUR',
  });
  expect((await ask('GET', `lookup?registerId=${registerId}&code=${variantId}`)).body).toMatchObject({
    items: [{ variantId, unitPriceMinor: 1210 }],
  });
  expect((await ask('GET', `facts?registerId=${registerId}`)).body).toMatchObject({
    currency: 'EUR',
    places: expect.arrayContaining(['NL']) as unknown,
    facts: { isMember: false },
  });
  const page = await ask('GET', `catalog?registerId=${registerId}`);
  expect(JSON.stringify(page.body)).toContain(variantId);
  expect((await ask('PUT', `sales/${saleId}`, sale)).status).toBe(200);
  expect((await ask('GET', `stock/${variantId}?registerId=${registerId}`)).body).toMatchObject({
    here: { onHand: 4, available: 4 },
    everywhere: [{ locationId, available: 4 }],
    incoming: [],
  });

  const bad = [
    { ...sale, lines: [{ variantId, quantity: 0 }] },
    { ...sale, lines: [{ variantId, quantity: -1 }] },
    { ...sale, lines: [{ variantId, quantity: 1_000_000 }] },
    { ...sale, lines: [{ variantId, quantity: 1, unitPriceMinor: 1 }] },
    { ...sale, lines: [{ code: 'x'.repeat(10_000), quantity: 1 }] },
    { ...sale, lines: [] },
    { ...sale, totalMinor: -1 },
    { ...sale, priceMinor: 1 },
  ];
  for (const body of bad) expect((await ask('PUT', `sales/${randomUUID()}`, body)).status).toBe(400);
  const scan = await ask('GET', `lookup?registerId=${registerId}&code=${'9'.repeat(10_000)}`);
  expect(scan.status).toBeGreaterThanOrEqual(400);
  expect(scan.status).toBeLessThan(500);

  const parkedId = randomUUID();
  const parked = { registerId, note: 'comes back at four', lines };
  expect((await ask('PUT', `parked/${parkedId}`, parked)).status).toBe(200);
  expect((await ask('PUT', `parked/${parkedId}`, parked)).status).toBe(200);
  expect((await ask('PUT', `parked/${parkedId}`, { ...parked, note: 'at five' })).status).toBe(409);
  expect((await ask('GET', `parked?registerId=${registerId}`)).body).toMatchObject({
    parked: [{ id: parkedId, lines }],
  });

  const entry = { kind: 'paid_out', amountMinor: 11_211, reason: 'window cleaner' };
  const entryId = randomUUID();
  expect((await ask('PUT', `shifts/${shiftId}/entries/${entryId}`, entry)).body).toMatchObject({
    type: '/problems/till.drawer_too_small',
    data: { expectedMinor: 11_210 },
  });
  expect((await ask('PUT', `shifts/${shiftId}/entries/${entryId}`, entry, colleague)).status).toBe(403);
  expect((await ask('PUT', `shifts/${shiftId}/close`, { countedMinor: 0 }, colleague)).status).toBe(403);
  expect(
    (await ask('PUT', `shifts/${shiftId}/entries/${entryId}`, { ...entry, amountMinor: 1000 })).status,
  ).toBe(200);
  expect((await ask('PUT', `shifts/${randomUUID()}`, { registerId, floatMinor: 1 })).body).toMatchObject({
    type: '/problems/till.shift_open',
    data: { shiftId },
  });
  const uneven = { countedMinor: 10_200, counts: { 5000: 2, 100: 1 } };
  expect((await ask('PUT', `shifts/${shiftId}/close`, uneven)).status).toBe(422);
  const close = { countedMinor: 10_200, counts: { 5000: 2, 100: 2 } };
  for (const attempt of ['first', 'retry']) {
    const closed = await ask('PUT', `shifts/${shiftId}/close`, close);
    expect(closed.body, attempt).toMatchObject({ expectedMinor: 10_210, differenceMinor: -10 });
  }
});
