import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { catchUp, recordSale } from '#modules/insight/factory.ts';
import { businessDayAt, freshness, monthAfter } from '#modules/insight/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

test('staff see who comes back, month by month, of all regions or of one; nobody else does', async ({
  app,
  deps,
  db,
  databaseUrl,
  clickhouse,
}) => {
  const staff = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await staff.open('/desk/retention')).body).toContain(
    'Nobody has bought for the first time in these months',
  );
  const running = businessDayAt(deps.now(), deps.config.timeZone).slice(0, 7);
  const on = (back: number) => `${monthAfter(running, -back)}-10`;
  const people = Array.from({ length: 4 }, () => randomUUID());
  await inTransaction(db, async (tx) => {
    const lines = [{ grossMinor: 100 }];
    for (const [nth, customerId] of people.entries()) {
      const sale = { customerId, regionCode: nth === 3 ? 'DE' : 'SE', lines };
      await recordSale(tx, { ...sale, businessDay: on(3) });
      if (nth < 1) await recordSale(tx, { ...sale, businessDay: on(2) });
      if (nth < 2) await recordSale(tx, { ...sale, businessDay: on(1) });
    }
  });
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);
  const cells = async (query: string) => {
    const { body } = await staff.open(`/desk/retention${query}`);
    return [...body.matchAll(/class="retention-share"[^>]*title="([^"]*)"[^>]*>([^<]*)</g)].map(
      ([, title, text]) => [title, text],
    );
  };
  expect(await cells('')).toEqual([
    ['1 of 4', '25%'],
    ['2 of 4', '50%'],
    ['1 of 4', '25%'],
    ['2 of 4', '50%'],
  ]);
  expect(await cells('?region=SE&months=6')).toEqual([
    ['1 of 3', '33.3%'],
    ['2 of 3', '66.7%'],
    ['1 of 3', '33.3%'],
    ['2 of 3', '66.7%'],
  ]);
  const member = await aSignedInBrowser(app, deps);
  expect((await member.open('/desk/retention')).statusCode).toBe(403);
});
