import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test as base } from '#test/harness.ts';
import { aSignedInMember } from '../identity/factory.ts';

/** Asks as operations unless said otherwise: the answer's status and body. */
const test = base.extend('ask', { scope: 'file' }, async ({ app, deps }) => {
  const cookies = {
    operations: (await aSignedInMember(deps, ['operations'])).cookie,
    merchant: (await aSignedInMember(deps, ['merchant'])).cookie,
    service: (await aSignedInMember(deps, ['service'])).cookie,
  };
  return async (url: string, payload?: object, as: keyof typeof cookies = 'operations') => {
    const method = payload ? 'PUT' : 'GET';
    const answer = await app.inject({
      method,
      url: `/v1/market${url}`,
      headers: { cookie: cookies[as] },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
});

const refused = (status: number, code: string, data: object) => ({
  status,
  body: { type: `/problems/market.${code}`, data },
});

test('an area is added once, read back, and found by postcode; refusals say why', async ({ ask }) => {
  const area = { parentCode: 'IT', name: 'Lombardia', postcodes: ['20-27'] };
  expect(await ask('/regions/IT-lombardia', area)).toEqual({ status: 200, body: { code: 'IT-lombardia' } });
  expect(await ask('/regions/IT-lombardia', area)).toEqual({ status: 200, body: { code: 'IT-lombardia' } });
  expect(await ask('/regions/IT-lombardia', undefined, 'merchant')).toEqual({
    status: 200,
    body: {
      code: 'IT-lombardia',
      kind: 'area',
      parentCode: 'IT',
      name: 'Lombardia',
      postcodes: ['20-27'],
      cells: [],
    },
  });
  expect(await ask('/region-of?country=IT&postcode=20121')).toEqual({
    status: 200,
    body: { code: 'IT-lombardia' },
  });
  expect(await ask('/regions/IT-milano', { ...area, postcodes: ['201'] })).toMatchObject(
    refused(409, 'areas_overlap', { regionCode: 'IT-milano', otherCode: 'IT-lombardia', part: '201' }),
  );
  expect(await ask('/regions/IT-both', { ...area, cells: ['x'] })).toMatchObject(
    refused(422, 'parts_unfit', { given: ['postcodes', 'cells'] }),
  );
  expect(await ask('/regions/IT-none')).toMatchObject(
    refused(404, 'region_unknown', { regionCode: 'IT-none' }),
  );
  expect((await ask('/regions/IT-other', area, 'merchant')).status).toBe(403);
});

test('a territory is set once; stores that share it must be somewhere', async ({ ask }) => {
  const url = `/territories/${randomUUID()}`;
  const [near, far] = [randomUUID(), randomUUID()];
  const wish = {
    regionCode: 'GR',
    startsOn: '2026-01-01',
    stores: [{ locationId: near, attractiveness: 2 }],
  };
  const shares = [{ locationId: near, attractiveness: 2, distanceKm: null, weight: 1 }];
  expect(await ask(url, wish)).toMatchObject({ status: 200, body: { shares } });
  expect(await ask(url, wish)).toMatchObject({ status: 200, body: { shares } });
  expect(await ask(url, { ...wish, startsOn: '2026-01-02' })).toMatchObject({ status: 409 });
  const other = `/territories/${randomUUID()}`;
  const both = [{ locationId: near }, { locationId: far }];
  expect(await ask(other, { ...wish, stores: both })).toMatchObject(
    refused(422, 'store_unplaced', { locationId: near }),
  );
  expect(await ask(other, { ...wish, regionCode: 'world', stores: both })).toMatchObject(
    refused(422, 'region_unplaced', { regionCode: 'world' }),
  );
  expect(await ask(other, { ...wish, stores: [both[0], both[0]] })).toMatchObject(
    refused(422, 'store_twice', { locationId: near }),
  );
  expect(await ask(other, { ...wish, regionCode: 'ZZ' })).toMatchObject(
    refused(404, 'region_unknown', { regionCode: 'ZZ' }),
  );
  expect((await ask(other, wish, 'merchant')).status).toBe(403);
  // From the same day: the one before never held.
  expect((await ask(other, wish)).status).toBe(200);
  const listed = await ask('/territories?on=2026-01-01', undefined, 'merchant');
  expect(listed.body['territories']).toMatchObject([
    { regionCode: 'GR', startsOn: '2026-01-01', endsOn: null },
  ]);
});

test('how stores share regions and what serving costs are settings of operations', async ({ ask }) => {
  const sharing = { attractivenessExponent: 1.5, distanceExponent: 1, distanceFloorKm: 2 };
  expect(await ask('/sharing', sharing)).toEqual({ status: 200, body: sharing });
  expect((await ask('/territories?on=2026-01-01')).body['sharing']).toEqual(sharing);
  expect((await ask('/sharing', { ...sharing, distanceFloorKm: 0 })).status).toBe(400);
  const locationId = randomUUID();
  const rate = {
    currency: 'EUR',
    minutesFixed: 4,
    minutesPerLine: 1.5,
    minuteMinor: 52.5,
    labelMinor: 485,
    packagingMinor: 65,
  };
  expect((await ask(`/serve-rates/${locationId}`, rate)).status).toBe(200);
  await ask(`/serve-rates/${locationId}`, { ...rate, startsOn: '2026-01-01' });
  const listed = (await ask('/serve-rates')).body['rates'];
  expect(listed).toMatchObject([
    { locationId, startsOn: '2026-01-01', ...rate },
    { locationId, ...rate },
  ]);
});

test('credits are for merchants and operations', async ({ ask, app }) => {
  const url = '/credits?from=2026-06-01&to=2026-06-30&currency=XXX';
  const nothing = { locations: [], associates: [], unassignedMinor: 0, regionalMinor: 0 };
  expect(await ask(url, undefined, 'merchant')).toMatchObject({ status: 200, body: nothing });
  expect((await ask(url, undefined, 'service')).status).toBe(403);
  expect((await app.inject(`/v1/market${url}`)).statusCode).toBe(401);
});
