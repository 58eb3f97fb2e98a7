import { addressOf, type Config } from '#platform/config.ts';
import type { EngineAddresses } from '#platform/embedded/data-folder.ts';
import { hasCode } from '#platform/start-fault.ts';
import { buildApp } from './app.ts';
import { openDeps, prepared } from './deps.ts';
import { firstStart } from './first-start.ts';
import { startFollowing } from './following.ts';
import { type RunningJobs, runJobs } from './jobs.ts';
import { portFault } from './refusals.ts';

export interface Serving {
  /** What to tell whoever started it: the addresses, and how to sign in to the demo. */
  greeting: string;
  /** Answers what was asked, and finishes the jobs that were begun. */
  stop(): Promise<void>;
}

const DRAIN_LIMIT_MS = 10_000;
const IDLE_LOOK_MS = 50;

/** On engines that run: migrations, the demo in an empty database, jobs, pages and API. */
export async function serve(
  config: Config,
  engines: EngineAddresses,
  say: (line: string) => void,
): Promise<Serving> {
  const { deps, close } = await openDeps(config, engines);
  let signIns: Awaited<ReturnType<typeof firstStart>> = [];
  await prepared(engines, deps, async () => {
    signIns = await firstStart(deps, say);
  });
  const app = await buildApp(deps);
  const jobs = await runJobs(engines.databaseUrl, deps);
  const follower = startFollowing(deps);
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    // The port was free a moment ago; somebody took it while the engines started.
    if (!hasCode(error, 'EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL')) throw error;
    throw portFault(config, String((error as NodeJS.ErrnoException).code));
  }
  return {
    greeting: greeting(config, signIns),
    stop: async () => {
      await drain(app);
      await stopJobs(jobs);
      await follower.stop();
      await close();
    },
  };
}

function greeting({ host, port }: Config, signIns: Awaited<ReturnType<typeof firstStart>>): string {
  const address = addressOf(host, port);
  const lines = ['Stoa is ready.', `  Shop  ${address}`, `  Desk  ${address}/desk`, `  API   ${address}/api`];
  if (signIns.length > 0) {
    lines.push('To sign in to the demo:');
    for (const { who, email, password } of signIns) {
      lines.push(`  ${who.padEnd(8)} ${email}  ${password}`);
    }
  }
  return lines.join('\n');
}

/**
 * No new connections; requests that were taken are answered, up to the limit. A browser keeps its connection when it
 * has its answer, so those that have become idle are closed again and again.
 */
async function drain(app: Awaited<ReturnType<typeof buildApp>>): Promise<void> {
  const answered = setInterval(() => app.server.closeIdleConnections(), IDLE_LOOK_MS);
  const limit = setTimeout(() => app.server.closeAllConnections(), DRAIN_LIMIT_MS);
  await app.close();
  clearInterval(answered);
  clearTimeout(limit);
}

/** Jobs that were begun are finished, up to the limit; one that was not is taken up by the next start. */
async function stopJobs(jobs: RunningJobs): Promise<void> {
  const { promise: limit, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DRAIN_LIMIT_MS);
  await Promise.race([jobs.stop(), limit]);
  clearTimeout(timer);
}
