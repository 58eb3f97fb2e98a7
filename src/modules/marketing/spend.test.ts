import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { noteSpend, type SpendLine, spendSeen } from './spend.ts';

const BY = { actor: 'system', today: '2026-06-30', now: new Date('2026-06-30T12:00:00Z') } as const;
const LINE: SpendLine = {
  reference: 'c-1 2026-06-01 NL',
  day: '2026-06-01',
  regionCode: 'NL',
  campaign: 'Spring',
  currency: 'EUR',
  amountMinor: 12_50,
};
const aSource = () => `s-${randomUUID().slice(0, 12)}`;
const note = (db: Db, source: string, ...lines: Partial<SpendLine>[]) =>
  inTransaction(db, (tx) =>
    noteSpend(
      tx,
      source,
      lines.map((line) => ({ ...LINE, ...line })),
      BY,
    ),
  );
const entriesOf = async (db: Db, source: string) => {
  const { rows } = await sql<{ day: string; region: string; amount: number }>`
    select day::text, region_code as region, amount_minor as amount from marketing.spend_entry
    where source = ${source} order by id`.execute(db);
  return rows.map(({ day, region, amount }) => [day.slice(5), region, amount]);
};
const standing = async (db: Db, source: string) => {
  const { lines } = await spendSeen(db, { from: '2026-01-01', to: '2026-12-31', source, limit: 10 });
  return lines.map(({ reference, day, regionCode, amountMinor }) => [
    reference,
    day,
    regionCode,
    amountMinor,
  ]);
};
const outcomes = (told: Awaited<ReturnType<typeof note>>) => told.map(({ outcome }) => outcome);

test('a line told again is the same, told otherwise it is put right, and the past stays to be seen', async ({
  db,
}) => {
  const source = aSource();
  expect(outcomes(await note(db, source, {}))).toEqual(['added']);
  expect(outcomes(await note(db, source, {}))).toEqual(['same']);
  expect(outcomes(await note(db, source, { amountMinor: 2000 }))).toEqual(['changed']);
  expect(
    outcomes(await note(db, source, { amountMinor: 2000, regionCode: 'BE', day: '2026-06-02' })),
  ).toEqual(['changed']);
  expect(await standing(db, source)).toEqual([[LINE.reference, '2026-06-02', 'BE', 2000]]);
  expect(outcomes(await note(db, source, { amountMinor: 0 }))).toEqual(['removed']);
  expect(outcomes(await note(db, source, { amountMinor: 0 }))).toEqual(['same']);
  expect(await entriesOf(db, source)).toEqual([
    ['06-01', 'NL', 1250],
    ['06-01', 'NL', -1250],
    ['06-01', 'NL', 2000],
    ['06-01', 'NL', -2000],
    ['06-02', 'BE', 2000],
    ['06-02', 'BE', -2000],
  ]);
  expect(await standing(db, source)).toEqual([]);
  const change = sql`update marketing.spend_entry set amount_minor = 1 where source = ${source}`;
  await expect(change.execute(db)).rejects.toThrow('append-only');
});

test('what cannot be taken is told with its reason, and the rest is kept', async ({ db }) => {
  const source = aSource();
  const told = await note(
    db,
    source,
    { reference: 'a' },
    { reference: 'a', amountMinor: 1 },
    { reference: 'b', regionCode: 'XX' },
    { reference: 'c', regionCode: 'atlantis' },
    { reference: 'd', currency: 'QQQ' },
    { reference: 'e', day: '2026-07-01' },
    { reference: 'f', day: '1999-12-31' },
    { reference: 'g', amountMinor: 3 },
  );
  expect(told.map(({ outcome, refusal = '' }) => `${outcome} ${refusal}`.trim())).toEqual([
    'added',
    'refused reference_twice',
    'refused region_unknown',
    'refused region_unknown',
    'refused currency_unknown',
    'refused day_unfit',
    'refused day_unfit',
    'added',
  ]);
  expect((await standing(db, source)).map(([reference, , , amount]) => [reference, amount])).toEqual([
    ['a', 1250],
    ['g', 3],
  ]);
});

test('of many who tell the same at once one is heard, and the last word stands', async ({ db }) => {
  const source = aSource();
  await Promise.all(Array.from({ length: 8 }, () => note(db, source, {}, { reference: 'other' })));
  expect(await entriesOf(db, source)).toHaveLength(2);
  await Promise.all([500, 600, 700].map((amountMinor) => note(db, source, { amountMinor })));
  const [[, , , amount] = []] = (await standing(db, source)).filter(
    ([reference]) => reference === LINE.reference,
  );
  const { rows } = await sql<{ last: number }>`
    select amount_minor as last from marketing.spend_entry where source = ${source} order by id desc limit 1`.execute(
    db,
  );
  expect(amount).toBe(rows[0]?.last);
});

test('over HTTP: pages without gap or repeat, bad input by name, and who may', async ({ app, deps }) => {
  const source = aSource();
  const { authorization } = await aMachine(deps, ['insight:write', 'insight:read']);
  const url = `/v1/marketing/spend/${source}`;
  const lines = ['a', 'b', 'c'].map((reference) => ({ ...LINE, day: '2026-06-01', reference }));
  const put = (payload: object, headers: Record<string, string> = { authorization }) =>
    app.inject({ method: 'PUT', url, headers, payload });
  expect(
    (await put({ lines: [...lines, { ...LINE, reference: 'd', regionCode: 'nowhere' }] })).json(),
  ).toEqual({
    added: 3,
    changed: 0,
    removed: 0,
    same: 0,
    refused: [{ line: 4, reference: 'd', reason: 'region_unknown' }],
  });
  const seen: string[] = [];
  for (let after: string | undefined, more = true; more;) {
    const query = new URLSearchParams({
      from: '2026-06-01',
      to: '2026-06-02',
      source,
      limit: '2',
      ...(after && { after }),
    });
    const answer = await app.inject({
      url: `/v1/marketing/spend?${query.toString()}`,
      headers: { authorization },
    });
    const found = answer.json<{ lines: { reference: string }[]; next?: string }>();
    seen.push(...found.lines.map(({ reference }) => reference));
    after = found.next;
    more = after !== undefined;
  }
  expect(seen).toEqual(['a', 'b', 'c']);
  for (const bad of [
    { amountMinor: -1 },
    { amountMinor: 1.5 },
    { reference: '' },
    { day: 'x' },
    { currency: 'eur' },
    { more: 1 },
  ])
    expect((await put({ lines: [{ ...LINE, ...bad }] })).statusCode).toBe(400);
  expect((await put({ lines: [] })).statusCode).toBe(400);
  expect((await put({ lines }, {})).statusCode).toBe(401);
  const member = await aSignedInMember(deps);
  expect((await put({ lines }, { cookie: member.cookie })).statusCode).toBe(403);
  const merchant = await aSignedInMember(deps, ['merchant']);
  expect((await put({ lines }, { cookie: merchant.cookie })).json()).toMatchObject({ same: 3 });
});
