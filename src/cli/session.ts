import { readConfig } from '#platform/config.ts';
import { withSecret } from '#platform/embedded/data-folder.ts';
import { attachEngines, type Engines } from '#platform/embedded/engines.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { StartFault } from '#platform/start-fault.ts';
import { openDeps, prepared } from '../deps.ts';
import { onStopSignal } from '../signals.ts';

export interface Session {
  deps: Deps;
  engines: Engines;
}

/**
 * Does a command's work on the databases of the Stoa that runs on the data folder, or, when none does, on engines
 * that start for the command and stop after it. Migrated first, whichever they are.
 */
export async function inSession<T>(command: string, work: (session: Session) => Promise<T>): Promise<T> {
  const config = withSecret(readConfig(process.env));
  const engines = await attachEngines(config, command);
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  stopped.catch(() => {}); // it may come when nobody waits any more
  onStopSignal(() => stop(new StartFault('Stopped. The same command, given again, goes on from here.')));
  void engines.lost.then((reason) => stop(new StartFault(reason)));
  try {
    const opened = await openDeps(config, engines);
    try {
      return await Promise.race([
        prepared(engines, opened.deps).then(() => work({ deps: opened.deps, engines })),
        stopped,
      ]);
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw error instanceof AppError ? new StartFault(lineOf(error)) : error;
  } finally {
    await engines.close();
  }
}

/** A refusal in one line: where, and what. */
export function lineOf({ title, data }: AppError): string {
  if (typeof data !== 'object' || data === null) return title;
  const { file, line, detail } = data as { file?: string; line?: number; detail?: string };
  const place = line === undefined ? file : `${file}, line ${line}`;
  return [place, detail ?? title].filter((part) => part !== undefined).join(': ');
}
