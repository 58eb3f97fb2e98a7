import { expect, test } from 'vitest';
import { filled, halfOf, lay, premultiplied } from './paint.ts';
import { packed, unpacked } from './sprites.ts';

const RED = [200, 0, 0, 255];
const sprite = (width: number, height: number, pixel: readonly number[]) =>
  premultiplied({
    data: Uint8Array.from({ length: 4 * width * height }, (_, n) => pixel[n % 4] ?? 0),
    width,
    height,
  });
const colourAt = ({ data, width }: ReturnType<typeof filled>, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

test('a picture lies where it was put, at its size and turn, and nothing else is touched', () => {
  const canvas = filled(100, 100, '#102030');
  lay(canvas, sprite(40, 20, RED), { x: 50, y: 50, width: 80, turn: 90 });
  // Twice as large and turned upright: 40 wide and 80 high around the middle.
  expect(colourAt(canvas, 50, 50)).toEqual([200, 0, 0]);
  expect(colourAt(canvas, 32, 12)).toEqual([200, 0, 0]);
  expect(colourAt(canvas, 68, 88)).toEqual([200, 0, 0]);
  expect(colourAt(canvas, 27, 50)).toEqual([16, 32, 48]);
  expect(colourAt(canvas, 50, 7)).toEqual([16, 32, 48]);
});

test('half of alpha shows half of what lies below, and what reaches over the edge is cut', () => {
  const canvas = filled(10, 10, '#000000');
  lay(canvas, sprite(8, 8, [100, 200, 40, 128]), { x: 0, y: 0, width: 8, turn: 0 });
  expect(colourAt(canvas, 1, 1)).toEqual([50, 100, 20]);
  expect(colourAt(canvas, 6, 6)).toEqual([0, 0, 0]);
});

test('what is shown much smaller keeps the mean of all its pixels', () => {
  const data = Uint8Array.from({ length: 4 * 64 * 64 }, (_, n) =>
    n % 4 === 3 ? 255 : (n >> 2) % 2 ? 240 : 0,
  );
  const canvas = filled(20, 20, '#ffffff');
  lay(canvas, premultiplied({ data, width: 64, height: 64 }), { x: 10, y: 10, width: 8, turn: 0 });
  expect(colourAt(canvas, 10, 10)).toEqual([120, 120, 120]);
});

test('a kept picture comes back as it was, or half of it where no more is seen', async () => {
  const data = Uint8Array.from({ length: 4 * 31 * 22 }, (_, n) => (n * 7) % 256);
  const whole = premultiplied({ data, width: 31, height: 22 });
  const bytes = packed(whole);
  const plain = ({ data: pixels, ...more }: typeof whole) => ({ ...more, pixels: [...pixels] });
  expect(plain(await unpacked(bytes, 16))).toEqual(plain(whole));
  expect(plain(await unpacked(bytes, 15))).toEqual(plain(halfOf(whole)));
});
