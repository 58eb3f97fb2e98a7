import { sql } from 'kysely';
import { expect } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { aMachine } from '#modules/identity/factory.ts';
import type { Db } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { arrivalsOf } from './arrivals.ts';
import { judge } from './judge.ts';

const ZONE = 'Europe/Amsterdam';

/** Hours of local days, `perHour` in each, of which `missing` was not measured. */
const measured = (db: Db, feed: string, from: string, to: string, missing = '2000-01-01T00:00:00Z') =>
  sql`
  insert into quality.hour (feed, measure, hour, value, n)
  select ${feed}, 'arrivals', hour, 100, 100
  from generate_series(${from}::timestamp at time zone ${ZONE}, ${to}::timestamp at time zone ${ZONE} - interval '1 hour',
    interval '1 hour') as hour
  where hour <> ${missing}::timestamptz`.execute(db);

test('days are whole days of the retailer’s clock beside the same weekdays; hours that were not measured are null', async ({
  app,
  deps,
  db,
}) => {
  const { id } = await aSource(db, { name: 'An app' });
  const feed = `source:${id}`;
  // The clock goes back on 27 October 2030: that day has 25 hours. Of the 22nd one hour was not measured.
  await measured(db, feed, '2030-09-23', '2030-10-29', '2030-10-22T08:00:00Z');
  await sql`update quality.run set judged_hour = '2030-10-28T22:00:00Z'`.execute(db);
  const days = await arrivalsOf(db, { feed, by: 'day' }, ZONE);
  expect(days).toHaveLength(28);
  const usual = (value: number) => ({ usual: value, low: value * 0.4, high: value * 1.6 });
  expect(days.slice(-7)).toEqual([
    { at: '2030-10-22', value: null, usual: usual(2400) },
    { at: '2030-10-23', value: 2400, usual: usual(2400) },
    { at: '2030-10-24', value: 2400, usual: usual(2400) },
    { at: '2030-10-25', value: 2400, usual: usual(2400) },
    { at: '2030-10-26', value: 2400, usual: usual(2400) },
    { at: '2030-10-27', value: 2500, usual: usual(2400) },
    { at: '2030-10-28', value: 2400, usual: usual(2400) },
  ]);
  // Three weeks before it are too few to say.
  expect(days[0]).toEqual({ at: '2030-10-01', value: 2400, usual: undefined });

  const hours = await arrivalsOf(db, { feed, by: 'hour' }, ZONE);
  expect([hours.length, hours[0]?.at, hours.at(-1)]).toEqual([
    72,
    '2030-10-25T23:00:00Z',
    { at: '2030-10-28T22:00:00Z', value: 100, usual: { usual: 100, low: 40, high: 160 } },
  ]);
  // What the band leaves out is what is judged to be a fault.
  const history = [100, 100, 100, 100];
  const faultOf = (value: number) =>
    judge('arrivals', { value, n: value, history }, { value, n: value, history });
  expect([faultOf(41), faultOf(159), faultOf(40)?.fault, faultOf(160)?.fault]).toEqual([
    undefined,
    undefined,
    'volume',
    'volume',
  ]);

  const { authorization } = await aMachine(deps, ['insight:read']);
  const ask = (query: string, headers: Record<string, string> = { authorization }) =>
    app.inject({ url: `/v1/quality/arrivals?${query}`, headers });
  const told = (await ask(`feed=${feed}&by=day`)).json().arrivals;
  expect([told[0], told[27]]).toEqual([
    { at: '2030-10-01', value: 2400, usual: null, low: null, high: null },
    { at: '2030-10-28', value: 2400, ...usual(2400) },
  ]);
  expect((await ask('feed=source:none')).json()).toMatchObject({ type: '/problems/quality.feed_not_found' });
  expect((await ask('feed=follower:sales')).statusCode).toBe(404);
  expect((await ask(`feed=${feed}&by=week`)).statusCode).toBe(400);
  expect((await ask(`feed=${feed}`, {})).statusCode).toBe(401);
});
