import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, onTestFinished, vi } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { test } from '#test/harness.ts';
import { runJobs } from './jobs.ts';
import { watchWorkers } from './living-workers.ts';

test('a job of a worker that was killed is done by the next; one of a worker that lives is left to it', async ({
  db,
  deps,
  databaseUrl,
}) => {
  const lockedBy = async (key: string) => {
    const { rows } = await sql<{ worker: string | null }>`
      select locked_by as worker from graphile_worker.jobs where key = ${`orders.settle_checkout:${key}`}`.execute(
      db,
    );
    return rows.map(({ worker }) => worker);
  };
  /** A job as a worker leaves it that took it a minute ago. */
  const begun = async (worker: string) => {
    const key = randomUUID();
    await inTransaction(db, (tx) => addJob(tx, 'orders.settle_checkout', { orderId: key }, key));
    await sql`
      update graphile_worker._private_jobs set locked_by = ${worker}, locked_at = now() - interval '1 minute', attempts = 1
      where key = ${`orders.settle_checkout:${key}`}`.execute(db);
    return key;
  };
  const living = watchWorkers(databaseUrl);
  living.add('worker-living');
  const [ofDead, ofLiving] = [await begun('worker-dead'), await begun('worker-living')];

  const runner = await runJobs(databaseUrl, deps);
  await expect.poll(() => lockedBy(ofDead), { timeout: 30_000 }).toEqual([]);
  expect(await lockedBy(ofLiving)).toEqual(['worker-living']);

  await living.stop();
  await expect.poll(() => lockedBy(ofLiving), { timeout: 30_000 }).toEqual([]);
  await runner.stop();
});

test('a database that ends a connection after the jobs were stopped is no fault', async ({
  databaseUrl,
  deps,
}) => {
  const end = vi.spyOn(pg.Pool.prototype, 'end');
  onTestFinished(() => end.mockRestore());
  const jobs = await runJobs(databaseUrl, deps);
  await jobs.stop();
  // What an idle connection does when the server says goodbye before it has closed; without a listener it throws.
  const [pool] = end.mock.contexts as pg.Pool[];
  expect(pool?.emit('error', new Error('terminating connection'))).toBe(true);
});

test('a queue that lets go of a broken connection twice does not end the process', async ({
  databaseUrl,
  deps,
}) => {
  const connect = vi.spyOn(pg.Pool.prototype, 'connect');
  const jobs = await runJobs(databaseUrl, deps);
  const listening = connect.mock.calls.findIndex(([then]) => then !== undefined);
  const pool = connect.mock.contexts[listening] as pg.Pool;
  const lettingGo = new Promise<void>((resolve, reject) => {
    pool.connect((_fault, _client, letGo) => {
      try {
        letGo();
        resolve(letGo());
      } catch (fault) {
        reject(fault);
      }
    });
  });
  await expect(lettingGo).resolves.toBeUndefined();
  await jobs.stop();
});
