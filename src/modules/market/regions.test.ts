import countries from 'i18n-iso-countries';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { positionsOf, regionOfCountry, regions } from './regions.ts';

test('every country of ISO 3166-1 is a region below the world, and known by its outline', async ({ db }) => {
  const stored = new Map((await regions(db)).map((region) => [region.code, region]));
  const codes = Object.keys(countries.getAlpha2Codes());

  expect(stored.size).toBe(codes.length + 4);
  for (const code of codes) {
    const outlineId = code === 'XK' ? null : countries.alpha2ToNumeric(code);
    expect(stored.get(regionOfCountry(code))).toMatchObject({
      kind: 'country',
      parentCode: 'world',
      outlineId,
    });
  }
});

test.for(['', 'nl', 'NLD', 'ZZ', '528', 'world'])('%o is no country', (code) => {
  expect(regionOfCountry(code)).toBe('x-unspecified');
});

test('a country lies in the middle of its mainland, and some lie nowhere that we know', async ({ db }) => {
  const found = await positionsOf(db);
  const some = ['NL', 'FR', 'TV', 'world'].flatMap((code) => {
    const position = found.get(code);
    return position ? [[code, position]] : [];
  });
  expect(Object.fromEntries(some)).toEqual({
    FR: { latitude: 46.6, longitude: 2.5 },
    NL: { latitude: 52.3, longitude: 5.6 },
  });
});

test('GET /v1/market/regions lists the tree', async ({ app }) => {
  const answer = await app.inject('/v1/market/regions');
  expect(answer.json().regions).toContainEqual({
    code: 'NL',
    kind: 'country',
    parentCode: 'world',
    name: 'Netherlands',
    outlineId: '528',
  });
});
