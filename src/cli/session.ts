import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '#platform/config.ts';
import { withSecret } from '#platform/embedded/data-folder.ts';
import { attachEngines, type Engines } from '#platform/embedded/engines.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { StartFault } from '#platform/start-fault.ts';
import { openDeps, prepared } from '../deps.ts';
import { onStopSignal } from '../signals.ts';

const LOST_LIMIT_MS = 1_000;

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
  let isStopped = false;
  onStopSignal(() => {
    isStopped = true;
    stop(goesOn('Stopped.'));
  });
  void engines.lost.then((reason) => stop(goesOn(reason)));
  try {
    const opened = await openDeps(config, engines);
    try {
      return await Promise.race([
        prepared(engines, opened.deps).then(() => work({ deps: opened.deps, engines })),
        stopped,
      ]);
    } finally {
      // Whoever stops a command does not wait for its queries: they end with this process, and leave nothing behind.
      if (!isStopped) await opened.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw new StartFault(lineOf(error));
    if (error instanceof StartFault) throw error;
    // A database that went away is noticed by its connections before anybody can say why.
    const reason = await Promise.race([engines.lost, pause(LOST_LIMIT_MS, undefined)]);
    throw reason === undefined ? error : goesOn(reason);
  } finally {
    await engines.close();
  }
}

const goesOn = (reason: string) =>
  new StartFault(`${reason} The same command, given again, goes on from here.`);

/** A refusal in one line: where, and what. */
export function lineOf({ title, data }: AppError): string {
  if (typeof data !== 'object' || data === null) return title;
  const { file, line, detail } = data as { file?: string; line?: number; detail?: string };
  const place = line === undefined ? file : `${file}, line ${line}`;
  return [place, detail ?? title].filter((part) => part !== undefined).join(': ');
}
