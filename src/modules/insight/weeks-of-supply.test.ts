import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { shiftDay } from './periods.ts';
import { seasonAhead, weeksOfSupply } from './weeks-of-supply.ts';

test('stock lasts until the forecast has used it up, a part of a week counted as one', () => {
  expect(weeksOfSupply(10, 4, [])).toBe(2.5);
  expect(weeksOfSupply(8, 4, [])).toBe(2);
  expect(weeksOfSupply(10, 4, [0.5, 2, 1])).toBe(2); // 2 and 8
  expect(weeksOfSupply(11, 4, [0.5, 2, 1])).toBe(2.25);
  expect(weeksOfSupply(3, 4, [0, 0, 1])).toBe(2.75);
  expect(weeksOfSupply(0, 0, [])).toBe(0);
  expect(weeksOfSupply(1, 0, [])).toBeNull();
  expect(weeksOfSupply(52, 1, [])).toBe(52);
  expect(weeksOfSupply(53, 1, [])).toBeNull();
});

test('the season ahead is what the same weeks of the year before were beside the 13 before them', async ({
  clickhouse,
}) => {
  const closes = '2019-12-31';
  const ago = shiftDay(closes, -364);
  const sent = (day: string, units: number) => {
    const partId = randomUUID();
    const of = { version: 1, part_id: partId, order_line_id: partId, order_id: partId, location_id: partId };
    const days = { business_day: '2018-01-01', order_day: '2018-01-01', gone_day: day };
    return {
      ...of,
      ...days,
      region: 'NL',
      currency: 'WOS',
      is_counted: true,
      is_gone: true,
      quantity: units,
      remaining: units,
    };
  };
  const send = (...values: object[]) =>
    clickhouse.insert({ table: 'service_entry', format: 'JSONEachRow', values });
  await send(sent(shiftDay(ago, -90), 130), sent(shiftDay(ago, -91), 999));
  expect((await seasonAhead(clickhouse, closes)).weeks).toEqual(Array.from({ length: 52 }, () => 1)); // ten a week are chance
  await send(
    sent(ago, 130),
    sent(shiftDay(ago, 1), 40),
    sent(shiftDay(ago, 7), 10),
    sent(shiftDay(ago, 8), 20),
  );
  await send(sent(closes, 7), sent(shiftDay(closes, 1), 999));
  const { weeks } = await seasonAhead(clickhouse, closes);
  expect([weeks[0], weeks[1], weeks[2], weeks[51]]).toEqual([50 / 20, 1, 0, 7 / 20]);
});
