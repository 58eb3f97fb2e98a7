import { cellToChildren, cellToLatLng, cellToParent, latLngToCell } from 'h3-js';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { addArea, type AreaPlan, regionDetail } from './areas.ts';
import { cellRange, cellsWithin, smallestCellAt } from './cells.ts';
import { positionsOf } from './regions.ts';
import { regionOfAddress, regionOfPosition } from './whereabouts.ts';

const add = (db: Db, code: string, parentCode: string, plan: AreaPlan) =>
  inTransaction(db, (tx) => addArea(tx, { code, parentCode, name: code, plan }));
const postcodes = (...list: string[]): AreaPlan => ({ by: 'postcodes', postcodes: list });
const refusal = (code: string, data: object) => expect.objectContaining({ code, data });

test('an address is in the deepest area of its postcode, and in its country where there is none', async ({
  db,
}) => {
  await add(db, 'NL-west', 'NL', postcodes('1000-2999', '3'));
  await add(db, 'NL-west-ring', 'NL-west', postcodes('1012', '1099 - 1101'));
  const found = await Promise.all(
    ['1012 JS', '1011 ab', '1101ZZ', '1102 AA', '3511', '2999 XX', '3000', '4000', ''].map((postcode) =>
      regionOfAddress(db, 'NL', postcode),
    ),
  );
  const [west, ring] = ['NL-west', 'NL-west-ring'];
  expect(found).toEqual([ring, west, ring, west, west, west, west, 'NL', 'NL']);
  expect(await regionOfAddress(db, 'DE', '1012')).toBe('DE');
  expect(await regionOfAddress(db, 'ZZ', '1012')).toBe('x-unspecified');
});

test('areas beside each other share no postcode; the refusal names the other, and nothing is written', async ({
  db,
}) => {
  await add(db, 'DE-rhein', 'DE', postcodes('50', '51'));
  await add(db, 'DE-rhein', 'DE', postcodes('51', '50')); // a retry
  await expect(add(db, 'DE-koeln', 'DE', postcodes('40', '50667'))).rejects.toEqual(
    refusal('market.areas_overlap', { regionCode: 'DE-koeln', otherCode: 'DE-rhein', part: '50667' }),
  );
  expect(await regionDetail(db, 'DE-koeln')).toBeUndefined();
  await expect(add(db, 'DE-rhein', 'DE', postcodes('50'))).rejects.toEqual(
    refusal('market.region_differs', { regionCode: 'DE-rhein' }),
  );
  await expect(add(db, 'DE-rhein-neuss', 'DE-rhein', postcodes('41'))).rejects.toEqual(
    refusal('market.outside_parent', { parentCode: 'DE-rhein', part: '41' }),
  );
});

test.for([
  ['FR-x', 'DE', 'market.region_code_unfit'],
  ['DE-X', 'DE', 'market.region_code_unfit'],
  ['DE', 'DE', 'market.region_code_unfit'],
  ['wo-x', 'world', 'market.region_code_unfit'],
  ['DE-y-z', 'DE-y', 'market.region_unknown'],
] as const)('%s within %s is refused: %s', async ([code, parent, refused], { db }) => {
  await expect(add(db, code, parent, postcodes('1'))).rejects.toMatchObject({ code: refused });
});

test.for(['', '10-2', '20-10', '1_', '1-2-3'])('%o is no range of postcodes', async (typed, { db }) => {
  await expect(add(db, 'DE-bad', 'DE', postcodes(typed))).rejects.toEqual(
    refusal('market.postcodes_unfit', { typed }),
  );
});

test('a position is in the area whose cells have it; cells of different sizes exclude each other', async ({
  db,
}) => {
  const lyon = latLngToCell(45.76, 4.83, 6);
  const [small = '', other = ''] = cellToChildren(lyon, 8);
  await add(db, 'FR-lyon', 'FR', { by: 'cells', cells: [lyon] });
  await add(db, 'FR-lyon-centre', 'FR-lyon', { by: 'cells', cells: [small] });
  const at = (cell: string) => {
    const [latitude, longitude] = cellToLatLng(cell);
    return { latitude, longitude };
  };
  expect(await regionOfPosition(db, 'FR', at(small))).toBe('FR-lyon-centre');
  expect(await regionOfPosition(db, 'FR', at(other))).toBe('FR-lyon');
  expect(await regionOfPosition(db, 'FR', { latitude: 48.85, longitude: 2.35 })).toBe('FR');
  for (const cell of [small, cellToParent(lyon, 4)]) {
    await expect(add(db, 'FR-too', 'FR', { by: 'cells', cells: [cell] })).rejects.toEqual(
      refusal('market.areas_overlap', { regionCode: 'FR-too', otherCode: 'FR-lyon', part: cell }),
    );
  }
  await expect(add(db, 'FR-in', 'FR', { by: 'cells', cells: [lyon, small] })).rejects.toEqual(
    refusal('market.cells_unfit', { cell: small }),
  );
});

test('every cell of every size lies in the range of each cell above it, and in no other', () => {
  const deepest = latLngToCell(52.37, 4.89, 15);
  const position = { latitude: 52.37, longitude: 4.89 };
  for (let size = 0; size <= 15; size++) {
    const { from, to } = cellRange(cellToParent(deepest, size));
    const index = BigInt(smallestCellAt(position));
    expect(index >= BigInt(from) && index <= BigInt(to), String(size)).toBe(true);
    const elsewhere = BigInt(smallestCellAt({ latitude: -52.37, longitude: 4.89 }));
    expect(elsewhere >= BigInt(from) && elsewhere <= BigInt(to), String(size)).toBe(false);
  }
});

const square = (west: number, south: number, side: number) => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
];

test('what is drawn on a map becomes cells, and the area lies in their middle', async ({ db }) => {
  const outline = { type: 'Polygon' as const, coordinates: [square(4, 51, 0.5)] };
  await add(db, 'BE-drawn', 'BE', { by: 'outline', outline });
  expect(await regionOfPosition(db, 'BE', { latitude: 51.25, longitude: 4.25 })).toBe('BE-drawn');
  expect(await regionOfPosition(db, 'BE', { latitude: 51.6, longitude: 4.25 })).toBe('BE');
  const middle = (await positionsOf(db)).get('BE-drawn');
  expect(middle?.latitude).toBeCloseTo(51.25, 1);
  expect(middle?.longitude).toBeCloseTo(4.25, 1);
  await add(db, 'BE-post', 'BE', postcodes('9'));
  await add(db, 'BE-post-gent', 'BE-post', postcodes('90'));
  const found = await positionsOf(db);
  expect(found.get('BE-post-gent')).toEqual(found.get('BE'));
  expect([found.has('BE'), found.has('world')]).toEqual([true, false]);
});

test('an outline that is too large is filled with larger cells; what is none is refused', () => {
  const europe = cellsWithin({ type: 'MultiPolygon', coordinates: [[square(0, 40, 15)]] });
  expect(europe.length).toBeLessThanOrEqual(10_000);
  expect(europe.length).toBeGreaterThan(100);
  const bad = (ring: number[][]) => () => cellsWithin({ type: 'Polygon', coordinates: [ring] });
  expect(bad([[0, 0]])).toThrow(
    refusal('market.outline_unfit', { reason: 'a ring has fewer than four points' }),
  );
  expect(bad([...square(0, 0, 1), [5, 5]])).toThrow(
    refusal('market.outline_unfit', { reason: 'a ring does not end where it begins' }),
  );
  expect(bad(square(179, 89, 2))).toThrow(
    refusal('market.outline_unfit', { reason: 'a point is no longitude and latitude' }),
  );
  expect(bad(square(4, 51, 0.0001))).toThrow(
    refusal('market.outline_unfit', { reason: 'it is smaller than a cell' }),
  );
  const round = Array.from({ length: 2_001 }, () => [0, 0]);
  expect(bad(round)).toThrow(refusal('market.too_much', { what: 'vertices', max: 2_000 }));
});
