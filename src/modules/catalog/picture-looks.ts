import { sharp } from './sharp.ts';

const COLUMNS = 9;
const ROWS = 8;

/**
 * What a picture looks like, in 64 bits: whether each of eight by eight places is lighter than the one to its right (dHash).
 * Undefined of one without light and dark, which would be like every other such.
 */
export async function looksOf(bytes: Uint8Array): Promise<bigint | undefined> {
  const { data } = await sharp(bytes)
    .flatten({ background: '#ffffff' })
    .greyscale()
    .resize(COLUMNS, ROWS, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  let looks = 0n;
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS - 1; column++) {
      const place = row * COLUMNS + column;
      looks = (looks << 1n) | BigInt((data[place] ?? 0) > (data[place + 1] ?? 0));
    }
  return looks === 0n || looks === 2n ** 64n - 1n ? undefined : BigInt.asIntN(64, looks);
}
