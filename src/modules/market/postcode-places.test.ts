import { latLngToCell } from 'h3-js';
import { expect } from 'vitest';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { addArea, type AreaPlan } from './areas.ts';
import {
  countPostcodePlaces,
  middlesOf,
  type PostcodePlace,
  postcodesWithin,
  putPostcodePlaces,
} from './postcode-places.ts';
import { regionOfAddress, regionsOfAddress, regionsWithoutAddresses } from './whereabouts.ts';

const add = (db: Db, code: string, parentCode: string, plan: AreaPlan) =>
  inTransaction(db, (tx) => addArea(tx, { code, parentCode, name: code, plan }));
const cells = (...list: string[]): AreaPlan => ({ by: 'cells', cells: list });
const put = (db: Db, ...places: PostcodePlace[]) => inTransaction(db, (tx) => putPostcodePlaces(tx, places));
const at = (countryCode: string, postcode: string, latitude: number, longitude: number): PostcodePlace => ({
  countryCode,
  postcode,
  latitude,
  longitude,
});

test('an address lies in the cells that its postcode lies in, and where an area has its postcode, in that one', async ({
  db,
}) => {
  const turin = latLngToCell(45.07, 7.69, 5);
  await add(db, 'IT-drawn', 'IT', cells(turin));
  await add(db, 'IT-drawn-centre', 'IT-drawn', cells(latLngToCell(45.07, 7.69, 8)));
  await add(db, 'IT-post', 'IT', { by: 'postcodes', postcodes: ['101'] });
  await add(db, 'IT-post-hill', 'IT-post', cells(latLngToCell(45.06, 7.75, 8)));
  const all = ['IT', 'IT-drawn', 'IT-drawn-centre', 'IT-post', 'IT-post-hill'];
  expect(await regionsWithoutAddresses(db, all)).toEqual(['IT-drawn', 'IT-drawn-centre', 'IT-post-hill']);
  expect(await regionsOfAddress(db, 'IT', '10024')).toEqual(['IT']);

  expect(
    await put(
      db,
      at('IT', '10024', 45.07, 7.69),
      at('IT', '100-25', 45.09, 7.66),
      at('IT', '10131', 45.06, 7.75),
      at('IT', '10132', 45.07, 7.69),
      at('IT', '20121', 45.47, 9.19),
    ),
  ).toBe(5);
  const found = await Promise.all(
    ['10024', '100 25', '10131', '10132', '20121', '10026', ''].map((each) =>
      regionOfAddress(db, 'IT', each),
    ),
  );
  expect(found).toEqual(['IT-drawn-centre', 'IT-drawn', 'IT-post-hill', 'IT-post', 'IT', 'IT', 'IT']);
  expect(await regionsOfAddress(db, 'IT', '10024')).toEqual(['IT-drawn-centre', 'IT-drawn', 'IT']);
  expect(await regionsWithoutAddresses(db, all)).toEqual([]);
  expect(await postcodesWithin(db, 'IT', [turin])).toEqual(['10024', '10025', '10131', '10132']);
});

test('of a postcode that is known by its beginning alone, the longest one says where it lies', async ({
  db,
}) => {
  await add(db, 'GB-drawn', 'GB', cells(latLngToCell(51.5, -0.12, 7)));
  await put(db, at('GB', 'SW', 50, -4), at('GB', 'SW1A', 51.5, -0.12), at('GB', 'SW1A 2AA', 50, -4));
  const found = await Promise.all(
    ['sw1a 1aa', 'SW1A2AA', 'SW2 1AA', 'SW1A'].map((each) => regionOfAddress(db, 'GB', each)),
  );
  expect(found).toEqual(['GB-drawn', 'GB', 'GB', 'GB-drawn']);
});

test('places are put in place of those before; the same again changes none; a postcode of several lies in their mean', async ({
  db,
}) => {
  const places = [
    at('PT', '1000-001', 38.72, -9.14),
    at('PT', '1000 001', 38.74, -9.12),
    at('PT', '2', 1, 2),
  ];
  expect(middlesOf(places)).toEqual([
    {
      countryCode: 'PT',
      postcode: '1000001',
      latitude: expect.closeTo(38.73, 9) as number,
      longitude: expect.closeTo(-9.13, 9) as number,
    },
    at('PT', '2', 1, 2),
  ]);
  expect([await put(db, ...places), await put(db, ...places)]).toEqual([2, 0]);
  expect(await put(db, at('PT', '2', 1, 3))).toBe(1);
  expect(await countPostcodePlaces(db)).toContainEqual({ countryCode: 'PT', count: 2 });
});

test('two calls at once, each in the other’s order, wait for each other and not each for the other', async ({
  db,
}) => {
  const places = Array.from({ length: 500 }, (_, nth) => at('ES', String(10_000 + nth), 40, -3));
  const moved = places.map((place) => ({ ...place, latitude: 41 })).reverse();
  await put(db, ...places);
  // Not as `inTransaction`, which begins anew where two stand in each other's way.
  const once = (some: readonly PostcodePlace[]) =>
    db.transaction().execute((tx) => putPostcodePlaces(tx as Tx, some));
  for (let round = 0; round < 10; round++) {
    const changed = await Promise.all([once(places), once(moved), once(places), once(moved)]);
    expect(changed.every((count) => count === 0 || count === 500)).toBe(true);
  }
  expect(await countPostcodePlaces(db)).toContainEqual({ countryCode: 'ES', count: 500 });
});

test('what is no country or no postcode is refused by name, and nothing of the call is kept', async ({
  db,
}) => {
  const good = at('GR', '10431', 37.98, 23.73);
  await expect(put(db, good, at('QQ', '1', 0, 0))).rejects.toMatchObject({
    code: 'market.country_unknown',
    data: { countryCode: 'QQ' },
  });
  for (const typed of ['', '—', '1'.repeat(17), "1' or 1=1"]) {
    await expect(put(db, good, at('GR', typed, 0, 0))).rejects.toMatchObject({
      code: 'market.postcode_unfit',
      data: { typed },
    });
  }
  await expect(put(db, ...Array<PostcodePlace>(5_001).fill(good))).rejects.toMatchObject({
    code: 'market.too_much',
    data: { what: 'postcodes', max: 5_000 },
  });
  expect((await countPostcodePlaces(db)).some(({ countryCode }) => countryCode === 'GR')).toBe(false);
});
