import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { funnel as funnelOf } from '../src/modules/insight/funnel.ts';
import { median } from './load.ts';
import { atMost, type Result } from './result.ts';
import { benchFolder, start } from './stage.ts';
import { storedEvents } from './stored-events.ts';

/** STOA_BENCH_EVENTS: how many events are stored, ten million unless it says. */
const EVENTS = Number(process.env['STOA_BENCH_EVENTS'] ?? 10_000_000);
const DAYS = 180;
const ROUNDS = 5;

/** Three steps by region over half a year of everybody's events. */
export async function funnel(): Promise<Result[]> {
  await using stage = await start(benchFolder('journey'), 'off');
  const wish = { events: EVENTS, days: DAYS, sourceId: randomUUID() };
  return await storedEvents(stage, wish, async (clickhouse) => {
    const steps = ['Product Viewed', 'Product Added', 'Checkout Started'];
    const question = { steps, windowHours: 7 * 24, from: '2026-04-01', to: '2026-09-27' };
    const clock = { now: new Date('2026-12-01'), timeZone: 'Europe/Amsterdam' };
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const began = performance.now();
      const { rows, total } = await funnelOf(clickhouse, question, clock);
      if (round > 0) times.push((performance.now() - began) / 1000);
      assert(rows.length === 6 && (total[2] ?? 0) > 0, 'a funnel that nobody comes through is none');
    }
    const stored = `${EVENTS.toLocaleString('en')} events`;
    return [
      atMost(`a funnel of 3 steps by region over ${DAYS} days and ${stored}, p50`, median(times), 3, 's'),
    ];
  });
}
