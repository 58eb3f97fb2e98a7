import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODE_CHARS_MAX, type Heard, makeWedge, readScan, type Scanned } from './wedge.ts';

const typed = (text: string, betweenMs: number, wedge = makeWedge(), fromMs = 0): Heard[] =>
  Array.from(text, (key, index) =>
    wedge({ key: key === '\n' ? 'Enter' : key, ctrlKey: false, atMs: fromMs + index * betweenMs }),
  );
const scansOf = (heard: Heard[]): Scanned[] =>
  heard.flatMap((each) => (each.part === 'end' ? [each.scanned] : []));

test('takes what comes faster than fingers and ends with Enter for a scan', () => {
  expect(scansOf(typed('4006381333931\n', 4))).toEqual([{ code: '4006381333931' }]);
  expect(scansOf(typed('AB-12 c\nXY-34\n', 0))).toEqual([{ code: 'AB-12 c' }, { code: 'XY-34' }]);
});

test('takes no typing for a scan, however it ends', () => {
  expect(scansOf(typed('4006381333931\n', 90))).toEqual([]);
  expect(scansOf(typed('ok\n', 5))).toEqual([]);
  expect(scansOf(typed('4006381333931', 4))).toEqual([]);
});

test('begins anew after a pause, so that a letter pressed before is no part of the code', () => {
  const wedge = makeWedge();
  typed('x', 0, wedge, 0);
  expect(scansOf(typed('SKU-1234\n', 3, wedge, 400))).toEqual([{ code: 'SKU-1234' }]);
});

test('tells rubbish once, by its name, and swallows the Enter that would press a button', () => {
  const long = typed(`${'7'.repeat(10_000)}\n`, 1);
  expect(scansOf(long)).toEqual([{ rubbish: 'too_long' }]);
  expect(long.at(-1)).toEqual({ part: 'middle' });
  const wedge = makeWedge();
  for (const key of ['0', '1', '9', '5']) wedge({ key, ctrlKey: false, atMs: 0 });
  wedge({ key: ']', ctrlKey: true, atMs: 1 });
  expect(wedge({ key: 'Enter', ctrlKey: false, atMs: 2 })).toEqual({
    part: 'end',
    scanned: { rubbish: 'control' },
  });
});

test('gives a code of any letters back as it was sent, and the next one after it', () => {
  const code = fc.string({
    unit: fc.constantFrom(...Array.from('abcXYZ0189-./+ %$')),
    minLength: 4,
    maxLength: CODE_CHARS_MAX,
  });
  fc.assert(
    fc.property(
      fc.array(code, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 50 }),
      (codes, ms) => {
        expect(scansOf(typed(codes.map((each) => `${each}\n`).join(''), ms))).toEqual(
          codes.map((each) => ({ code: each })),
        );
      },
    ),
  );
});

test('reads a field by the same limits', () => {
  expect(readScan('  4006381333931 ')).toEqual({ code: '4006381333931' });
  expect(readScan('a\u001Db')).toEqual({ rubbish: 'control' });
  expect(readScan('9'.repeat(10_000))).toEqual({ rubbish: 'too_long' });
});
