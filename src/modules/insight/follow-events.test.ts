import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { recordSale } from './factory.ts';
import { catchUp, followEvents } from './follow-events.ts';
import { freshness } from './freshness.ts';

const { signal: never } = new AbortController();

const test = base
  .extend(
    'record',
    { scope: 'file' },
    async ({ db }) =>
      (source: string, amounts: number[]) =>
        inTransaction(db, async (tx) => {
          for (const grossMinor of amounts)
            await recordSale(tx, { source, lines: [{ grossMinor }, { grossMinor }] });
        }),
  )
  // Another database's open transaction holds everybody's events back until it ends.
  .extend('follow', { scope: 'file' }, async ({ db, databaseUrl, clickhouse }) => async () => {
    do await catchUp({ databaseUrl, clickhouse }, never);
    while ((await freshness(db)).behind);
  })
  .extend('ledger', { scope: 'file' }, async ({ clickhouse }) => async (source: string, final = 'FINAL') => {
    const result = await clickhouse.query({
      query: `SELECT toUInt32(count()) AS entries, toInt32(sum(net_minor)) AS sum FROM sale_entry ${final} WHERE source = {source:String}`,
      query_params: { source },
      format: 'JSONEachRow',
    });
    return (await result.json<{ entries: number; sum: number }>())[0];
  });

/** The same client, but for what becomes of an insert. */
const faulty = (clickhouse: ClickHouseClient, insert: ClickHouseClient['insert']): ClickHouseClient =>
  Object.create(clickhouse, { insert: { value: insert } }) as ClickHouseClient;

test('a transaction that commits last is not passed by', async ({
  db,
  record,
  follow,
  ledger,
  databaseUrl,
  clickhouse,
}) => {
  const started = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const late = inTransaction(db, async (tx) => {
    await recordSale(tx, { source: 'late', lines: [{ grossMinor: 1 }] });
    started.resolve();
    await mayEnd.promise;
  });
  await started.promise;
  try {
    await record('late', [10]);
    await catchUp({ databaseUrl, clickhouse }, never);
    expect(await freshness(db)).toMatchObject({ behind: true });
    expect(await ledger('late')).toEqual({ entries: 0, sum: 0 });
  } finally {
    mayEnd.resolve();
    await late;
  }
  await follow();
  expect(await ledger('late')).toEqual({ entries: 3, sum: 21 });
  expect(await freshness(db)).toMatchObject({ behind: false });
});

test('killed between the insert and the move, it sends the same batch again: nothing is there twice, before any merge', async ({
  record,
  follow,
  ledger,
  databaseUrl,
  clickhouse,
}) => {
  await follow();
  await record('killed', [5, 7]);
  const dying = faulty(clickhouse, async (params) => {
    await clickhouse.insert(params);
    throw new Error('killed after the insert');
  });
  await expect
    .poll(
      async () => {
        const attempt = catchUp({ databaseUrl, clickhouse: dying }, never);
        return attempt.then(
          () => 'nothing due',
          (error: Error) => error.message,
        );
      },
      { timeout: 20_000 },
    )
    .toBe('killed after the insert');
  await record('killed', [100]); // must not join the batch that is sent again
  await follow();
  expect(await ledger('killed', '')).toEqual({ entries: 6, sum: 224 });
});

test('cut off half-way through the bytes, it sends them again: nothing is missing', async ({
  record,
  follow,
  ledger,
  databaseUrl,
  clickhouse,
}) => {
  await follow();
  await record(
    'cut',
    Array.from({ length: 200 }, () => 1),
  );
  const cutting = faulty(clickhouse, async (params) => {
    const chunks = await Array.fromAsync(params.values as Readable);
    const bytes = Buffer.concat(chunks as Buffer[]);
    const half = async function* () {
      yield bytes.subarray(0, bytes.length / 2);
      throw new Error('cut');
    };
    return clickhouse.insert({ ...params, values: Readable.from(half(), { objectMode: false }) });
  });
  // Nothing is due while any transaction of the server, of other tests too, is older than what was recorded.
  await expect
    .poll(
      async () => {
        const attempt = catchUp({ databaseUrl, clickhouse: cutting }, never);
        return attempt.then(
          () => 'nothing due',
          () => 'failed',
        );
      },
      { timeout: 20_000 },
    )
    .toBe('failed');
  await follow();
  expect(await ledger('cut')).toEqual({ entries: 400, sum: 400 });
});

test('all events sent once more, in other batches, change nothing', async ({
  db,
  record,
  follow,
  ledger,
}) => {
  await record('again', [1, 2, 3]);
  await follow();
  await sql`update insight.follower set position = '0'`.execute(db);
  await follow();
  expect(await ledger('again')).toEqual({ entries: 6, sum: 12 });
});

test('two processes follow: an order arrives by itself, and the second takes over from the first', async ({
  record,
  ledger,
  databaseUrl,
  clickhouse,
}) => {
  const faults: unknown[] = [];
  const deps = { databaseUrl, clickhouse, onFault: (fault: unknown) => faults.push(fault) };
  const [first, second] = [new AbortController(), new AbortController()];
  const following = [followEvents(deps, first.signal), followEvents(deps, second.signal)];
  await record('live', [3]);
  await expect.poll(() => ledger('live'), { timeout: 20_000 }).toEqual({ entries: 2, sum: 6 });
  first.abort();
  await following[0];
  await record('live', [4]);
  await expect.poll(() => ledger('live', ''), { timeout: 20_000 }).toEqual({ entries: 4, sum: 14 });
  second.abort();
  await Promise.all(following);
  expect(faults).toEqual([]);
});

test('a fault is told, and outlived', async ({ record, ledger, databaseUrl, clickhouse }) => {
  const stop = new AbortController();
  const told = Promise.withResolvers<unknown>();
  let reachable = false;
  const flaky = faulty(clickhouse, async (params) => {
    if (reachable) return clickhouse.insert(params);
    reachable = true;
    throw new Error('out of reach');
  });
  const following = followEvents({ databaseUrl, clickhouse: flaky, onFault: told.resolve }, stop.signal);
  await record('flaky', [9]);
  expect(await told.promise).toEqual(new Error('out of reach'));
  await expect.poll(() => ledger('flaky'), { timeout: 20_000 }).toEqual({ entries: 2, sum: 18 });
  stop.abort();
  await following;
});
