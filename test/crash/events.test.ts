import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { aSource } from '#modules/collector/factory.ts';
import { openDb } from '#platform/db.ts';
import { freePort } from '#platform/embedded/ports.ts';
import {
  aFolder,
  clickhouseOf,
  enginesOf,
  isClickhouse,
  isPostgres,
  killIn,
  sqlOf,
  startStoa,
} from './programs.ts';

/** More of them by hand: `STOA_KILLS=50 npx vitest run test/crash/events.test.ts`. */
const KILLS = Number(process.env['STOA_KILLS'] ?? 3);
const KILL_SECONDS = 90;
const BATCH = 7;
const SENDERS = 3;
const BETWEEN_TRIES_MS = 100;
const TRY_LIMIT_MS = 15_000;
vi.setConfig({ testTimeout: KILLS * KILL_SECONDS * 1000 });

async function aKey(dir: string): Promise<{ id: string; writeKey: string }> {
  const { databaseUrl } = await enginesOf(dir);
  await using db = openDb(databaseUrl, { max: 2 });
  return await aSource(db, { eventsPerSecond: 100_000, burst: 1_000_000 });
}

/** Sends numbered events, each batch again and again with the same ids until it is answered, as clients do. */
function sending(url: string, writeKey: string) {
  const stop = new AbortController();
  const answered: number[] = [];
  let next = 0;
  const timestamp = new Date().toISOString();
  const one = async () => {
    while (!stop.signal.aborted) {
      const numbers = Array.from({ length: BATCH }, () => next++);
      const batch = numbers.map((number) => ({
        type: 'track',
        event: 'Numbered',
        messageId: `n${number}`,
        anonymousId: 'counter',
        timestamp,
        properties: { position: number },
      }));
      while (!(await isTaken(url, { writeKey, sentAt: new Date().toISOString(), batch })))
        await setTimeout(BETWEEN_TRIES_MS);
      answered.push(...numbers);
    }
  };
  const all = Promise.all(Array.from({ length: SENDERS }, one));
  return {
    answered,
    stop: async () => {
      stop.abort();
      await all;
    },
  };
}

async function isTaken(url: string, body: object): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TRY_LIMIT_MS);
    const answer = await fetch(`${url}/v1/batch`, { method: 'POST', body: JSON.stringify(body), signal });
    await answer.text();
    return answer.status === 200;
  } catch {
    return false; // it was killed at this moment, or is starting
  }
}

test('server, ClickHouse and PostgreSQL killed while events come: each is there exactly once', async () => {
  const dir = aFolder();
  const port = await freePort();
  let stoa = await startStoa(dir, port);
  const { id, writeKey } = await aKey(dir);
  const sender = sending(`http://127.0.0.1:${port}`, writeKey);
  for (let round = 0; round < KILLS; round++) {
    const before = sender.answered.length;
    await expect
      .poll(() => sender.answered.length - before, { timeout: KILL_SECONDS * 1000, interval: 5 })
      .toBeGreaterThan(BATCH * (3 + (round % 5)));
    if (round % 3 === 0) {
      stoa.child.kill('SIGKILL');
      await stoa.ends();
      stoa = await startStoa(dir, port);
    } else killIn(dir, round % 3 === 1 ? isClickhouse : isPostgres);
  }
  await sender.stop();

  const { databaseUrl, clickhouse } = await enginesOf(dir);
  const held = async () => (await sqlOf(databaseUrl, 'select from collector.waiting_batch')).length;
  await expect.poll(held, { timeout: KILL_SECONDS * 1000 }).toBe(0);
  const seen = await clickhouseOf<{ n: number }>(
    clickhouse,
    `select position as n from event final where source_id = '${id}' order by n`,
  );
  expect(seen.map(({ n }) => n)).toEqual(sender.answered.toSorted((a, b) => a - b));
  stoa.child.kill('SIGTERM');
  expect(await stoa.ends(), stoa.stderr()).toBe(0);
});
