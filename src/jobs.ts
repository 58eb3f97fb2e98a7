import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { openPool } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { watchWorkers } from './living-workers.ts';
import { cronItems, taskList } from './tasks.ts';

const CONCURRENCY = 4;

const RETRY_MS = 500;

export interface RunningJobs {
  /** Resolves when no job is run any more. */
  ended: Promise<void>;
  /** Finishes the jobs that were begun, and lets go of the database. */
  stop(): Promise<void>;
}

/**
 * Runs the queued jobs until it is stopped; then it finishes those it has begun. Jobs that a killed process had begun
 * are done again, by whoever runs jobs.
 */
export async function runJobs(databaseUrl: string, deps: Deps): Promise<RunningJobs> {
  // The queue stops listening to a pool of its own before its connections have closed: the server's goodbye would throw.
  const pgPool = lettingGoOnce(openPool({ connectionString: databaseUrl, max: CONCURRENCY + 2 }));
  const stopping = new AbortController();
  let crew = await startCrew(pgPool, databaseUrl, deps);
  const ended = (async () => {
    for (;;) {
      await crew.ended;
      // The queue gives up when it can't write down how a job ended; once the database is back, others take over.
      const next = await nextCrew(() => startCrew(pgPool, databaseUrl, deps), stopping.signal);
      if (!next) return;
      crew = next;
    }
  })();
  return {
    ended,
    stop: async () => {
      stopping.abort();
      await crew.stop();
      await ended;
      await pgPool.end();
    },
  };
}

/**
 * A queue that stops just when its connection breaks lets go of it twice, and nobody catches what the pool says to
 * that: the process would end.
 */
function lettingGoOnce(pool: Pool): Pool {
  const connect = pool.connect.bind(pool);
  const connectOnce = (then?: Parameters<typeof connect>[0]) => {
    if (!then) return connect();
    connect((fault, client, letGo) => {
      let isLetGo = false;
      then(fault, client, (broken) => {
        if (isLetGo) return;
        isLetGo = true;
        letGo(broken);
      });
    });
    return undefined;
  };
  pool.connect = connectOnce as typeof pool.connect;
  return pool;
}

interface Crew {
  /** Resolves when its workers have ended, however. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

async function nextCrew(start: () => Promise<Crew>, signal: AbortSignal): Promise<Crew | undefined> {
  while (!signal.aborted) {
    try {
      const crew = await start();
      if (!signal.aborted) return crew;
      await crew.stop();
    } catch {
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => {}); // out of reach: again
    }
  }
  return undefined;
}

async function startCrew(pgPool: Pool, databaseUrl: string, deps: Deps): Promise<Crew> {
  const workers = watchWorkers(databaseUrl);
  const events: WorkerEvents = new EventEmitter();
  // The queue writes the pool's name on a job, whichever of its workers does it.
  events.on('pool:create', ({ workerPool }) => workers.add(workerPool.id));
  try {
    const runner = await run({
      pgPool,
      concurrency: CONCURRENCY,
      taskList: taskList(deps),
      parsedCronItems: cronItems(),
      logger: complaints,
      events,
      // Done at once all the same; but only ends that are batched are waited for when the runner stops.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      noHandleSignals: true, // the starter does, and stops other things first
    });
    // Why it ended was told to the logger; those it leaves behind are called dead from now on.
    const ended = runner.promise.catch(() => {}).then(() => workers.stop());
    return {
      ended,
      stop: async () => {
        await runner.stop().catch(() => {}); // it has ended by itself
        await ended;
      },
    };
  } catch (fault) {
    await workers.stop();
    throw fault;
  }
}

const complaints = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') process.stderr.write(`jobs: ${message}\n`);
});
