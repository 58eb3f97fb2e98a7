import { readConfig } from '#platform/config.ts';
import { openEngines } from '#platform/embedded/engines.ts';
import { runProgram } from '../../src/run-program.ts';

/** Starts the engines, tells where they are, and stays until it is asked to end, or killed. */
await runProgram(async () => {
  const { databaseUrl, clickhouse, close } = await openEngines(readConfig(process.env));
  process.stdout.write(`${JSON.stringify({ databaseUrl, clickhouse })}\n`);
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  process.on('SIGTERM', resolve);
  const timer = setInterval(() => {}, 60_000);
  await asked;
  clearInterval(timer);
  await close();
  return 0;
});
