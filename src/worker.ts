import { readConfig } from '#platform/config.ts';
import { openEngines } from '#platform/embedded/engines.ts';
import { StartFault } from '#platform/start-fault.ts';
import { openDeps, prepared } from './deps.ts';
import { startFollowing } from './following.ts';
import { runJobs } from './jobs.ts';
import { runProgram } from './run-program.ts';
import { onStopSignal } from './signals.ts';

await runProgram(async () => {
  const config = readConfig(process.env);
  if (!config.databaseUrl || !config.clickhouseUrl) {
    throw new StartFault(
      'A worker of its own needs DATABASE_URL and CLICKHOUSE_URL: with the embedded engines, npm start runs the jobs.',
    );
  }
  const engines = await openEngines(config);
  const { deps, close } = await openDeps(config, engines);
  await prepared(engines, deps);
  const jobs = await runJobs(engines.databaseUrl, deps);
  const follower = startFollowing(deps);
  let stopping: Promise<void> | undefined;
  onStopSignal(() => {
    stopping = jobs.stop();
  });
  await jobs.ended;
  await stopping; // which waits for the jobs that were begun
  await follower.stop();
  await close();
  return 0;
});
