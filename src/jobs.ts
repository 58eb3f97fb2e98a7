import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker';
import type { Deps } from '#platform/module.ts';
import { watchWorkers } from './living-workers.ts';
import { cronItems, taskList } from './tasks.ts';

const CONCURRENCY = 4;

/**
 * Runs the queued jobs until it is stopped; then it finishes those it has begun. Jobs that a killed process had begun
 * are done again, by whoever runs jobs.
 */
export async function runJobs(databaseUrl: string, deps: Deps): Promise<Runner> {
  const workers = watchWorkers(databaseUrl);
  const events: WorkerEvents = new EventEmitter();
  // The queue writes the pool's name on a job, whichever of its workers does it.
  events.on('pool:create', ({ workerPool }) => workers.add(workerPool.id));
  const runner = await run({
    connectionString: databaseUrl,
    maxPoolSize: CONCURRENCY + 2,
    concurrency: CONCURRENCY,
    taskList: taskList(deps),
    parsedCronItems: cronItems(),
    logger: complaints,
    events,
    // Done at once all the same; but only ends that are batched are waited for when the runner stops.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    noHandleSignals: true, // the starter does, and stops other things first
  });
  const ended = () => void workers.stop();
  runner.promise.then(ended, ended);
  return runner;
}

const complaints = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') process.stderr.write(`jobs: ${message}\n`);
});
