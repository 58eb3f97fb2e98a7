import { EventEmitter } from 'node:events';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import { openPool } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { watchWorkers } from './living-workers.ts';
import { cronItems, taskList } from './tasks.ts';

const CONCURRENCY = 4;

export interface RunningJobs {
  /** Resolves when no job is run any more, whoever ended it. */
  ended: Promise<void>;
  /** Finishes the jobs that were begun, and lets go of the database. */
  stop(): Promise<void>;
}

/**
 * Runs the queued jobs until it is stopped; then it finishes those it has begun. Jobs that a killed process had begun
 * are done again, by whoever runs jobs.
 */
export async function runJobs(databaseUrl: string, deps: Deps): Promise<RunningJobs> {
  const workers = watchWorkers(databaseUrl);
  const events: WorkerEvents = new EventEmitter();
  // The queue writes the pool's name on a job, whichever of its workers does it.
  events.on('pool:create', ({ workerPool }) => workers.add(workerPool.id));
  // The queue stops listening to a pool of its own before its connections have closed: the server's goodbye would throw.
  const pgPool = openPool({ connectionString: databaseUrl, max: CONCURRENCY + 2 });
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
  const ended = (async () => {
    try {
      await runner.promise;
    } finally {
      await workers.stop();
    }
  })();
  ended.catch(() => {}); // told to whoever waits for it
  return {
    ended,
    stop: async () => {
      await runner.stop();
      await ended;
      await pgPool.end();
    },
  };
}

const complaints = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') process.stderr.write(`jobs: ${message}\n`);
});
