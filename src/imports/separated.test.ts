import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readRows, type SeparatedFormat } from './separated.ts';

const dir = mkdtempSync(join(tmpdir(), 'stoa-separated-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const CSV: SeparatedFormat = { delimiter: ',', quote: '"', encoding: 'utf-8' };
let made = 0;
function aFile(content: string | Buffer): string {
  const path = join(dir, `${(made += 1)}.csv`);
  writeFileSync(path, content);
  return path;
}

async function rowsOf(content: string | Buffer, format = CSV) {
  const rows: [line: number, ...fields: string[]][] = [];
  await readRows(aFile(content), format, (fields, line) => rows.push([line, ...fields]));
  return rows;
}

/** Why a file is refused: the line and the reason. */
async function refusalOf(path: string, format = CSV): Promise<[line: number | undefined, detail: string]> {
  const refusal = await readRows(path, format, () => {}).then(
    () => undefined,
    (error: { data: { line?: number; detail: string } }) => error.data,
  );
  if (!refusal) throw new Error('it was not refused');
  return [refusal.line, refusal.detail];
}

describe('rows', () => {
  test('are split at delimiters, quotes undone, with the number of their first line', async () => {
    const text = 'a,b\r\n1,"x, ""y""\nz"\r\n\r\n,""\n2,5" plate\n3,last';
    expect(await rowsOf(text)).toEqual([
      [1, 'a', 'b'],
      [2, '1', 'x, "y"\nz'],
      [5, '', ''],
      [6, '2', '5" plate'],
      [7, '3', 'last'],
    ]);
  });

  test('are the same from gzip, with a byte order mark, with tabs, with other quotes and in Windows-1252', async () => {
    const expected = [
      [1, 'a', 'b'],
      [2, 'é', 'x\ty'],
    ];
    expect(await rowsOf(gzipSync("a\tb\né\t'x\ty'\n"), { ...CSV, delimiter: '\t', quote: "'" })).toEqual(
      expected,
    );
    expect(await rowsOf('\uFEFFa,b\né,x\ty\n')).toEqual(expected);
    const latin = Buffer.from('a,b\n\xe9,x\ty\n', 'latin1');
    expect(await rowsOf(latin, { ...CSV, encoding: 'windows-1252' })).toEqual(expected);
  });

  test('of a file that is longer than a chunk come whole, a quoted one over the seam too', async () => {
    const long = Array.from(
      { length: 60_000 },
      (_, n) => `${n},"${n % 7 ? 'é' : 'two\nlines'}",${'x'.repeat(n % 20)}`,
    );
    const rows = await rowsOf(`${long.join('\n')}\n`);
    expect(rows).toHaveLength(60_000);
    expect(rows[59_999]).toEqual([60_000 + Math.floor(59_998 / 7) + 1, '59999', 'é', 'x'.repeat(19)]);
    expect(rows.every(([, number], n) => number === String(n))).toBe(true);
  });
});

describe('a file is refused, with its line', () => {
  test.for([
    ['invalid UTF-8', Buffer.from('a,b\nc,d\ne,\xe9\n', 'latin1'), 3, 'is not valid UTF-8'],
    ['a zero byte', 'a,b\nc,\0\n', 2, 'has a zero byte'],
    ['a quote that stays open', 'a,b\nc,"d\ne,f\n', 2, 'opens a quote that is never closed'],
    ['text after a quote', 'a,b\nc,d\n"e"f,g\n', 3, 'has text after the closing quote of field 1'],
    ['a field without end', `a,b\nc,${'x'.repeat(70_000)}\n`, 2, 'field 2 has more than 65,536 characters'],
    ['a line without end', `a,b\n${'x'.repeat(2_000_000)}`, 2, 'is longer than 1,048,576 characters'],
    ['an Excel file', Buffer.from('504b0304140006', 'hex'), undefined, 'export the sheet as CSV'],
    ['UTF-16', Buffer.from('fffe61002c00', 'hex'), undefined, 'save it as UTF-8'],
    ['an empty file', '', undefined, 'it is empty'],
  ] as const)('%s', async ([, content, line, reason]) => {
    const [at, detail] = await refusalOf(aFile(content));
    expect(at).toBe(line);
    expect(detail).toContain(reason);
  });

  test('a torn gzip, and one with a flipped bit', async () => {
    const random = Array.from({ length: 5000 }, (_, n) => `${n},${(n * 7919) % 10_007}`).join('\n');
    const whole = gzipSync(random);
    const [tornAt, torn] = await refusalOf(aFile(whole.subarray(0, whole.length - 2000)));
    expect(torn).toContain('the gzip file is torn: it ends in the middle of line');
    const lines = random.split('\n').length;
    expect(tornAt).toBeGreaterThan(lines / 2);
    expect(tornAt).toBeLessThan(lines);
    const [, endless] = await refusalOf(aFile(whole.subarray(0, whole.length - 4)));
    expect(endless).toContain('ends in the middle of line 5000');
    whole[whole.length - 6] = (whole[whole.length - 6] ?? 0) ^ 1; // of the checksum
    expect((await refusalOf(aFile(whole)))[1]).toContain('the gzip file is damaged');
  });

  test('no file, and a folder', async () => {
    expect(await refusalOf(join(dir, 'nowhere.csv'))).toEqual([undefined, 'there is no such file']);
    expect(await refusalOf(dir)).toEqual([undefined, 'it is a folder']);
  });
});
