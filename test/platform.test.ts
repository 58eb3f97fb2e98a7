import { sql } from 'kysely';
import { expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { idOf, newId } from '#platform/ids.ts';
import { decimalsOf, divideHalfEven, parseDecimal } from '#platform/money.ts';
import { mayEnter, TILL } from '#platform/access.ts';
import { test } from './harness.ts';

test('halves are rounded to the even neighbour, on both sides of zero', () => {
  const rounded = [25n, 35n, -25n, -35n, 26n, 24n].map((tenths) => divideHalfEven(tenths, 10n));
  expect(rounded).toEqual([2n, 4n, -2n, -4n, 3n, 2n]);
});

test('a decimal is read exactly or not at all', () => {
  expect(parseDecimal('2.55', 3)).toBe(2550n);
  expect(parseDecimal('-0.001', 3)).toBe(-1n);
  for (const text of ['', '1,5', '1e3', '0x10', '1.2345', 'NaN'])
    expect(parseDecimal(text, 3)).toBeUndefined();
  expect([decimalsOf('EUR'), decimalsOf('JPY')]).toEqual([2, 0]);
});

test('an id of a name is always the same, and its namespace counts', () => {
  expect(idOf('demo:order', '1')).toBe(idOf('demo:order', '1'));
  expect(idOf('demo:order', '1')).not.toBe(idOf('demo:return', '1'));
  expect(idOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId(1) < newId(2)).toBe(true);
});

test('ids of names at times are in the order of the times, however the names are', () => {
  const ids = [3, 1, 2].map((at) => idOf('demo:order', `order ${at}`, at * 86_400_000));
  expect(ids.toSorted()).toEqual([ids[1], ids[2], ids[0]]);
  expect(idOf('demo:order', '1', 5)).toBe(idOf('demo:order', '1', 5));
  expect(idOf('demo:order', '1', 5)).not.toBe(idOf('demo:order', '2', 5));
  expect(idOf('demo:order', '1', -1)).toMatch(/^00000000-0000-8/); // before 1970
});

test('access: a role opens its own doors, an admin opens all, a key opens its scopes', () => {
  const member = { kind: 'member', staffRoles: [], scopes: [] } as const;
  const merchant = { ...member, staffRoles: ['merchant'] } as const;
  const admin = { ...member, staffRoles: ['admin'] } as const;
  const operations = { ...member, staffRoles: ['operations'] } as const;
  const associate = { ...member, staffRoles: ['associate'] } as const;
  const machine = { kind: 'machine', staffRoles: [], scopes: ['catalog:write'] } as const;
  const rules = [
    'public',
    'member',
    'staff',
    'staff:merchant',
    'staff:service',
    'scope:catalog:write',
  ] as const;
  const open = (viewer: Parameters<typeof mayEnter>[0]) => rules.filter((rule) => mayEnter(viewer, rule));
  expect(open(member)).toEqual(['public', 'member']);
  expect(open(merchant)).toEqual(['public', 'member', 'staff', 'staff:merchant']);
  expect(open(admin)).toEqual(['public', 'member', 'staff', 'staff:merchant', 'staff:service']);
  expect(open(machine)).toEqual(['public', 'scope:catalog:write']);
  expect(open(associate)).toEqual(['public', 'member']);
  const sellers = [member, merchant, operations, associate, admin, machine];
  expect(sellers.map((viewer) => mayEnter(viewer, TILL))).toEqual([false, false, true, true, true, false]);
});

test('COPY takes any text, array and null, and shares its transaction', async ({ db, databaseUrl }) => {
  await using bulk = await openBulk(databaseUrl);
  const rows = [
    ['tab\t newline\n backslash\\ return\r', ['a"b', 'c\\d', 'e,f', ''], null],
    [String.raw`\N`, [], 'x'],
  ] as const;
  await bulk.run(async ({ tx, copy }) => {
    await sql`create table copied (plain text, list text[], maybe text)`.execute(tx);
    expect(await copy('copied', ['plain', 'list', 'maybe'], rows)).toBe(2);
  });
  const { rows: read } = await sql`select plain, list, maybe from copied order by maybe nulls first`.execute(
    db,
  );
  expect(read).toEqual(rows.map(([plain, list, maybe]) => ({ plain, list: [...list], maybe })));

  const failed = bulk.run(async ({ copy }) => {
    await copy('copied', ['plain', 'list', 'maybe'], [['lost', [], null]]);
    throw new Error('stop');
  });
  await expect(failed).rejects.toThrow('stop');
  const { rows: after } = await sql<{ n: number }>`select count(*) as n from copied`.execute(db);
  expect(after).toEqual([{ n: 2 }]);
});

test('the database of the reads refuses to write', async ({ deps }) => {
  await expect(sql`create table never (id int)`.execute(deps.reads)).rejects.toThrow('read-only transaction');
});
