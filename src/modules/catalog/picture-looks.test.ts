import { expect, test } from 'vitest';
import { looksOf } from './picture-looks.ts';
import { sharp } from './sharp.ts';

const picture = (turn: number) =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#ddd"/>
      <g transform="rotate(${turn} 200 150)"><circle cx="120" cy="90" r="60" fill="#822"/>
      <rect x="210" y="110" width="130" height="150" fill="#234"/></g></svg>`),
  );
const apart = (one = 0n, other = 0n) =>
  BigInt.asUintN(64, one ^ other)
    .toString(2)
    .replaceAll('0', '').length;

test('a picture coded anew and scaled looks the same, another one does not, and a blank one like nothing', async () => {
  const known = await looksOf(await picture(0).png().toBuffer());
  const again = await looksOf(await picture(0).resize(180).jpeg({ quality: 40 }).toBuffer());
  const other = await looksOf(await picture(90).png().toBuffer());
  expect(known).toBeDefined();
  expect(apart(known, again)).toBeLessThanOrEqual(5);
  expect(apart(known, other)).toBeGreaterThan(12);
  const blank = sharp({ create: { width: 50, height: 50, channels: 3, background: '#abc' } });
  expect(await looksOf(await blank.png().toBuffer())).toBeUndefined();
});
