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

test('a lampshade of the ground’s own colour stays, for its shade ends sharply; a shadow fades away', () => {
  const isLamp = (x: number, y: number) => x >= 15 && x < 65 && y >= 20 && y < 70;
  const cut = cutOut(
    picture((x, y) => {
      const [r, g, b] = studio(x, y);
      // Turned from the light: two thirds of it at its darkest, evenly, as the ground's own colour would be.
      const share = isLamp(x, y) ? 0.9 - 0.25 * ((x - 15) / 50) : 1;
      const foot = x >= 36 && x < 44 && y >= 70 && y < 90;
      return foot ? [60, 50, 40] : [r * share, g * share, b * share];
    }),
  );
  expect(pixel(cut, 60, 45)[3]).toBe(255);
  expect(pixel(cut, 40, 45)[3]).toBe(255);
  expect(pixel(cut, 5, 45)[3]).toBe(0);
});

test('the ground is seen through a handle, and what is only as light as the ground is not taken away', () => {
  const isRing = (x: number, y: number) => Math.abs(Math.hypot(x - 40, y - 50) - 22) < 5;
  const cut = cutOut(picture((x, y) => (isRing(x, y) ? [40, 90, 160] : studio(x, y))));
  expect(pixel(cut, 40, 50)[3]).toBe(0);
  expect(pixel(cut, 40, 28)[3]).toBe(255);
  const jar = cutOut(
    picture((x, y) => {
      if (!isThing(x, y)) return studio(x, y);
      if (x < 22 || x >= 58 || y < 32 || y >= 78) return [60, 50, 40]; // its rim
      const light = 255 - Math.abs(x - 40) * 3; // round: as light as the ground somewhere between middle and edge
      return [light, light * 0.97, light * 0.9];
    }),
  );
  for (let x = 24; x < 56; x += 4) expect(pixel(jar, x, 55)[3]).toBe(255);
});

test('a thing into which its ground runs without an edge stays in its picture: a bite out of it would be worse', () => {
  const isWide = (x: number, y: number) => x >= 12 && x < 68 && y >= 25 && y < 75;
  const cut = (isLit: boolean) =>
    cutOut(
      picture((x, y) => {
        if (!isWide(x, y)) return studio(x, y);
        if (!isLit) return [120, 80, 60];
        // Of the ground's own colour where the light falls on it; from there it turns away, and ends nowhere.
        const [r, g, b] = studio(x, y);
        return [r, g - 1.1 * (x - 12), b - 1.1 * (x - 12)];
      }),
    );
  expect(cut(true) === undefined).toBe(true);
  expect(pixel(cut(false), 40, 50)).toEqual([120, 80, 60, 255]);
});
