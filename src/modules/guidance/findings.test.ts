import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { catchUp, recordSale } from '#modules/insight/factory.ts';
import { businessDayAt, freshness, shiftDay } from '#modules/insight/index.ts';
import { test } from '#test/harness.ts';
import { aJudgement, aMarket, judgedDays } from './factory.ts';
import { findings, writeFindings } from './findings.ts';
import { judgeDays } from './judge-days.ts';

const NOW = new Date('2026-06-30T06:00:00Z');
const LATER = new Date('2026-06-30T07:00:00Z');

test('days near each other are one finding, which is over after a week within its band', async ({ db }) => {
  const key = aMarket({ currency: 'AAA' });
  const of = async () =>
    (await findings(db, { limit: 100 }))
      .filter(({ currency }) => currency === 'AAA')
      .map(({ state, fromDay, lastDay, days }) => [state, fromDay, lastDay, days.length]);
  await inTransaction(db, (tx) => writeFindings(tx, judgedDays('2026-06-01', 10, [2, 3, 8], key), NOW));
  expect(await of()).toEqual([['open', '2026-06-03', '2026-06-09', 3]]);
  await inTransaction(db, (tx) => writeFindings(tx, judgedDays('2026-06-03', 14, [0, 1, 6], key), NOW));
  expect(await of()).toEqual([['over', '2026-06-03', '2026-06-09', 3]]);
  // Eight days after the last one it is another.
  await inTransaction(db, (tx) => writeFindings(tx, judgedDays('2026-06-10', 8, [7], key), NOW));
  expect(await of()).toEqual([
    ['open', '2026-06-17', '2026-06-17', 1],
    ['over', '2026-06-03', '2026-06-09', 3],
  ]);
});

test('judging again changes nothing, and tells nobody twice; what came late moves a finding or takes it back', async ({
  db,
}) => {
  const key = aMarket({ currency: 'BBB' });
  const judge = (struck: number[], now: Date, observed = 10) =>
    inTransaction(db, (tx) =>
      writeFindings(tx, judgedDays('2026-06-01', 14, struck, key, aJudgement({ observed })), now),
    );
  const told = async () => {
    const { rows } = await sql<{ payload: unknown }>`
      select payload from platform.event where name = 'guidance.finding_opened.v1' and payload ->> 'currency' = 'BBB'`.execute(
      db,
    );
    return rows.map(({ payload }) => payload);
  };
  const found = async () => (await findings(db, { limit: 100 })).filter(({ currency }) => currency === 'BBB');
  await judge([8, 9], NOW);
  const [first] = await found();
  await judge([8, 9], LATER);
  expect(await found()).toEqual([first]);
  expect(await told()).toEqual([
    {
      findingId: first?.id,
      metric: 'orders',
      region: 'NL',
      currency: 'BBB',
      direction: 'down',
      day: '2026-06-09',
      days: 1,
      observed: 10,
      expected: 40,
    },
  ]);
  await judge([9], LATER, 12);
  const [moved] = await found();
  expect([moved?.id, moved?.fromDay, moved?.days.map(({ observed }) => observed), moved?.changedAt]).toEqual([
    first?.id,
    '2026-06-10',
    [12],
    LATER,
  ]);
  await judge([], LATER);
  expect((await found()).map(({ id, state, days }) => [id, state, days])).toEqual([
    [first?.id, 'withdrawn', []],
  ]);
  await judge([9], LATER);
  expect((await found()).map(({ id, state }) => [id, state])).toEqual([[first?.id, 'open']]);
  expect(await told()).toHaveLength(1);
});

test('what is up and what is down, and each figure, region and currency, is a finding of its own', async ({
  db,
}) => {
  const key = aMarket({ currency: 'CCC' });
  const [day] = judgedDays('2026-06-01', 1, [], key);
  const alarms = [
    { key, judgement: aJudgement() },
    { key, judgement: aJudgement({ direction: 'up' }) },
    { key: { ...key, region: '' }, judgement: aJudgement() },
    { key: { ...key, metric: 'units' as const }, judgement: aJudgement() },
  ];
  await inTransaction(db, (tx) => writeFindings(tx, [{ day: day?.day ?? '', alarms }], NOW));
  expect((await findings(db, { limit: 100 })).filter(({ currency }) => currency === 'CCC')).toHaveLength(4);
});

test('the job finds that a region stopped selling, takes it back when its orders come late, and two at once write once', async ({
  deps,
  db,
  databaseUrl,
  clickhouse,
}) => {
  const currency = 'EUR';
  const today = businessDayAt(new Date(), deps.config.timeZone);
  const sell = async (days: readonly number[], regionCode: string, count: number) => {
    await inTransaction(db, async (tx) => {
      for (const day of days)
        for (let order = 0; order < count; order++)
          await recordSale(tx, {
            currency,
            regionCode,
            businessDay: shiftDay(today, -day),
            lines: [{ grossMinor: 1_000 }],
          });
    });
    do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
    while ((await freshness(db)).behind);
  };
  const past = Array.from({ length: 70 }, (_, index) => index + 2);
  await sell(past, 'NL', 9);
  await sell([1, ...past], 'DE', 9);
  const found = async () =>
    (await findings(db, { region: 'NL', limit: 100 }))
      .filter((finding) => finding.currency === currency)
      .map(({ metric, state, fromDay, direction, days }) => ({ metric, state, fromDay, direction, days }));

  const runs = await Promise.all([judgeDays(deps), judgeDays(deps)]);
  expect(runs.filter((run) => run !== undefined)).toHaveLength(1);
  expect(runs.find((run) => run !== undefined)).toEqual({
    from: shiftDay(today, -14),
    to: shiftDay(today, -1),
  });
  const open = await found();
  expect(
    open
      .map(({ metric, state, fromDay, direction }) => [metric, state, fromDay, direction])
      .sort((a, b) => (String(a) < String(b) ? -1 : 1)),
  ).toEqual(['net_sales', 'orders', 'units'].map((metric) => [metric, 'open', shiftDay(today, -1), 'down']));
  // Nine of each of the days before: 9 + 1/4 by the root and back.
  expect(open.find(({ metric }) => metric === 'orders')?.days).toMatchObject([
    { day: shiftDay(today, -1), span: 1, observed: 0, expected: 9.25 },
  ]);
  expect((await findings(db, { region: 'DE', limit: 10 })).length).toBe(0);

  await sell([1], 'NL', 9);
  await judgeDays(deps);
  expect((await found()).map(({ state, days }) => [state, days])).toEqual(Array(3).fill(['withdrawn', []]));
});
