import { hash } from 'node:crypto';

const SHINGLE_WORDS = 3;
/** Shorter words are alike by chance. */
const WORDS_MIN = 8;
const BANDS = 8;
const ROWS = 3;

/**
 * What words are like: pieces of which three quarters are the same share a number almost always, those of which a quarter
 * is once in nine times (MinHash over runs of three words, in bands). Digits and signs are left out: copies differ by them.
 */
export function bandsOf(text: string): bigint[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  if (words.length < WORDS_MIN) return [];
  const least = Array.from({ length: BANDS * ROWS }, () => 0xffffffff);
  for (let place = 0; place + SHINGLE_WORDS <= words.length; place++) {
    const digest = hash('sha256', words.slice(place, place + SHINGLE_WORDS).join(' '), 'buffer');
    const [one, two] = [digest.readUInt32LE(0), digest.readUInt32LE(4) | 1];
    for (const [row, known] of least.entries())
      least[row] = Math.min(known, (one + Math.imul(row, two)) >>> 0);
  }
  return Array.from({ length: BANDS }, (_, band) => {
    const rows = least.slice(band * ROWS, (band + 1) * ROWS);
    return hash('sha256', `${band} ${rows.join(' ')}`, 'buffer').readBigInt64LE(0);
  });
}
