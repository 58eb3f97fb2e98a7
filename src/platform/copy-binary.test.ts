import { Buffer } from 'node:buffer';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { type CopyValue, openBulk } from './bulk.ts';
import { binaryRows } from './copy-binary.ts';

const ID = '0198A0b1-c2d3-7e4f-8a5b-6c7d8e9fa0b1';

test('what is copied in binary is what was said, at every end of a type', async ({ db, databaseUrl }) => {
  await sql`create type mood as enum ('calm', 'wild')`.execute(db);
  await sql`create domain code as text check (value ~ '^[A-Z]+$')`.execute(db);
  await sql`
    create table copied (id uuid, name text, mood mood, code code, small integer, large bigint, is_so boolean,
      on_day date, at timestamptz, facts json)`.execute(db);
  const columns = 'id name mood code small large is_so on_day at facts'.split(' ');
  const rows: CopyValue[][] = [
    [
      ID,
      'tab\t, "quote", \\N, é, 漢字, 🏺\n',
      'wild',
      'AB',
      -(2 ** 31),
      Number.MAX_SAFE_INTEGER,
      true,
      '2026-02-28',
      new Date('2026-03-29T01:30:00.123Z'),
      '{"a":[1,2]}',
    ],
    [
      ID.toLowerCase(),
      '',
      'calm',
      'Z',
      2 ** 31 - 1,
      -12345678901n,
      false,
      '1969-12-31',
      '1999-12-31T23:59:59.999Z',
      'null',
    ],
    Array.from({ length: 10 }, () => null),
    [ID, 'x'.repeat(300_000), 'calm', 'A', 0, -1, true, '2000-01-01', new Date('2000-01-01T00:00:00Z'), '""'],
  ];
  await using bulk = await openBulk(databaseUrl);
  expect(await bulk.run((tx) => tx.copy('copied', columns, rows))).toBe(4);
  const { rows: found } = await sql<Record<string, unknown>>`
    select id, name, mood, code, small, large::text, is_so, on_day::text, at, facts::text from copied`.execute(
    db,
  );
  const low = ID.toLowerCase();
  expect(found.map((row) => Object.values(row))).toEqual([
    [
      low,
      rows[0]?.[1],
      'wild',
      'AB',
      -(2 ** 31),
      '9007199254740991',
      true,
      '2026-02-28',
      new Date('2026-03-29T01:30:00.123Z'),
      '{"a":[1,2]}',
    ],
    [
      low,
      '',
      'calm',
      'Z',
      2 ** 31 - 1,
      '-12345678901',
      false,
      '1969-12-31',
      new Date('1999-12-31T23:59:59.999Z'),
      'null',
    ],
    Array.from({ length: 10 }, () => null),
    [
      low,
      'x'.repeat(300_000),
      'calm',
      'A',
      0,
      '-1',
      true,
      '2000-01-01',
      new Date('2000-01-01T00:00:00Z'),
      '""',
    ],
  ]);
  const wrong = bulk.run((tx) => tx.copy('copied', ['code'], [['lower']]));
  await expect(wrong).rejects.toThrow('value for domain code violates check constraint');
});

test('a type that it does not know goes as text', async ({ db, databaseUrl }) => {
  await sql`create table priced (price numeric, tags text[])`.execute(db);
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((tx) => tx.copy('priced', ['price', 'tags'], [['12.50', ['a "b"', 'c\\d']]]));
  const { rows } = await sql`select price::text, tags from priced`.execute(db);
  expect(rows).toEqual([{ price: '12.50', tags: ['a "b"', String.raw`c\d`] }]);
});

test.each([
  ['uuid', 'not-an-id'],
  ['uuid', ID.replace('0198A0b1', '0198A0g1')],
  ['uuid', ID.replace('-', '0')],
  ['integer', 2 ** 31],
  ['integer', 1.5],
  ['bigint', 2n ** 60n],
  ['boolean', 'true'],
  ['date', '2026-02-30x'],
  ['timestamp with time zone', 'yesterday'],
] as const)('a value that is no %s is not written: %s', (type, value) => {
  expect(() => binaryRows([type])?.add([value])).toThrow(String(value));
});

test('each chunk is whole, and the last one says that it is', () => {
  const rows = binaryRows(['integer']);
  rows?.add([7]);
  const first = rows?.take();
  rows?.add([null]);
  expect(Buffer.concat([first as Buffer, rows?.end() as Buffer]).toString('hex')).toBe(
    `5047434f50590aff0d0a00${'00'.repeat(8)}${'0001'}${'00000004'}${'00000007'}${'0001'}${'ffffffff'}ffff`,
  );
});
