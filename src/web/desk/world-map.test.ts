import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { marketRegions } from '../../read/market-regions.ts';
import { worldMap } from './world-map.ts';

test('every region with an outline’s number is on the map, but for those drawn as part of another country or not at all', async ({
  db,
}) => {
  const { outlines, width, height } = worldMap();
  const numbered = [...(await marketRegions(db)).values()].filter(({ outlineId }) => outlineId !== null);
  expect(numbered.length).toBeGreaterThan(200);
  const astray = numbered.filter(({ code, outlineId }) => {
    const outline = outlines.get(outlineId ?? '');
    const [x, y] = outline?.centre ?? [-1, -1];
    return code !== 'AQ' && !(outline && x >= 0 && x <= width && y >= 0 && y <= height);
  });
  // The desk lists these beside the map.
  const unplaced = 'BQ BV CC CX GF GI GP MQ RE SJ TK TV UM YT'.split(' ');
  expect(astray.map(({ code }) => code).sort()).toEqual(unplaced);
});

test('draws in whole steps: small enough to send, no line across the date line', () => {
  const { outlines, landSvg } = worldMap();
  expect(landSvg.length).toBeLessThan(140_000);
  for (const [id, { path }] of outlines) {
    const longest = Math.max(
      ...path
        .split(/[Mlz ]|(?=-)/)
        .filter(Boolean)
        .map((part) => Math.abs(Number(part)))
        .filter(Number.isFinite),
    );
    expect(longest, id).toBeLessThan(3_050);
  }
  const steps = (outlines.get('643')?.path ?? '').replaceAll(/M-?\d+ ?-?\d+/g, '').match(/-?\d+/g) ?? [];
  expect(Math.max(...steps.map((step) => Math.abs(Number(step))))).toBeLessThan(200);
});
