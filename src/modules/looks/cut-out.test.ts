import { expect, test } from 'vitest';
import { cutOut } from './cut-out.ts';

const [WIDTH, HEIGHT] = [80, 100];

/** A picture of which each pixel says its colour. */
function picture(colourAt: (x: number, y: number) => [number, number, number]) {
  const data = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) data.set(colourAt(x, y), 3 * (y * WIDTH + x));
  return { data, width: WIDTH, height: HEIGHT };
}

const pixel = (cut: Uint8Array | undefined, x: number, y: number) => [
  ...(cut ?? new Uint8Array()).subarray(4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 4),
];
const isThing = (x: number, y: number) => x >= 20 && x < 60 && y >= 30 && y < 80;
/** A studio: lighter above, darker to the right. */
const studio = (x: number, y: number): [number, number, number] => {
  const light = 240 - y / 5 - x / 8;
  return [light, light * 0.96, light * 0.9];
};

test('a thing before a plain ground is cut out, and its shadow stays one', () => {
  const shadow = (x: number, y: number) => Math.max(0, 1 - Math.hypot((x - 40) / 30, (y - 84) / 12));
  const cut = cutOut(
    picture((x, y) => {
      if (isThing(x, y)) return [40, 90, 160];
      const [r, g, b] = studio(x, y);
      const share = 1 - 0.4 * shadow(x, y);
      return [r * share, g * share, b * share];
    }),
  );
  expect(pixel(cut, 40, 50)).toEqual([40, 90, 160, 255]);
  expect(pixel(cut, 3, 3)).toEqual([0, 0, 0, 0]);
  expect(pixel(cut, 75, 20)).toEqual([0, 0, 0, 0]);
  const [r, g, b, dark = 0] = pixel(cut, 40, 84);
  expect([r, g, b]).toEqual([0, 0, 0]);
  expect(dark).toBeGreaterThan(70);
  expect(dark).toBeLessThan(110);
});

test('what has no plain ground, or nothing before it, is not cut', () => {
  expect(
    cutOut(picture((x, y) => (((x >> 3) + (y >> 3)) % 2 ? [200, 40, 40] : [30, 120, 60]))),
  ).toBeUndefined();
  expect(cutOut(picture(studio))).toBeUndefined();
});
