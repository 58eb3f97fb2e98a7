import { Logger, type Runner, run } from 'graphile-worker';
import type { Deps } from '#platform/module.ts';
import { cronItems, taskList } from './tasks.ts';

const CONCURRENCY = 4;

/** Runs the queued jobs until it is stopped; then it finishes those it has begun. */
export function runJobs(databaseUrl: string, deps: Deps): Promise<Runner> {
  return run({
    connectionString: databaseUrl,
    maxPoolSize: CONCURRENCY + 2,
    concurrency: CONCURRENCY,
    taskList: taskList(deps),
    parsedCronItems: cronItems(),
    logger: complaints,
    noHandleSignals: true, // the starter does, and stops other things first
  });
}

const complaints = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') process.stderr.write(`jobs: ${message}\n`);
});
