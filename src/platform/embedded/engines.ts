import { join } from 'node:path';
import { addressOf, type Config } from '../config.ts';
import { checkClickhouse, checkPostgres } from '../server-checks.ts';
import { StartFault } from '../start-fault.ts';
import { startClickhouse } from './clickhouse.ts';
import { type EngineAddresses, holderOf, takeDataFolder } from './data-folder.ts';
import { startPostgres } from './postgres.ts';
import { waitUntil } from './processes.ts';

export interface Engines extends EngineAddresses {
  /** Resolves with the reason when an embedded engine ended and can't be started again. */
  lost: Promise<string>;
  close: () => Promise<void>;
}

const ATTACH_LIMIT_MS = 60_000;
const LOOK_MS = 200;

/**
 * PostgreSQL and ClickHouse: those that already run, where the configuration names them, otherwise the embedded
 * ones on the data folder, which then belongs to this process. `address` tells a second start who has it.
 */
export async function openEngines(
  config: Config,
  address: string = addressOf(config.host, config.port),
): Promise<Engines> {
  const { databaseUrl, clickhouseUrl, clickhouseCluster: cluster, dataDir } = config;
  const isEmbedded = !databaseUrl || !clickhouseUrl;
  const folder = isEmbedded ? takeDataFolder(dataDir, address) : undefined;
  const { promise: lost, resolve: onLost } = Promise.withResolvers<string>();
  const nothing = async () => {};
  const [postgres, clickhouse] = await Promise.allSettled([
    databaseUrl
      ? checkPostgres(databaseUrl).then(() => ({ url: databaseUrl, stop: nothing }))
      : startPostgres({ dir: join(dataDir, 'postgres'), onLost }),
    clickhouseUrl
      ? checkClickhouse(clickhouseUrl).then(() => ({ url: clickhouseUrl, headers: {}, stop: nothing }))
      : startClickhouse({ dir: join(dataDir, 'clickhouse'), onLost }),
  ]);
  const close = async (): Promise<void> => {
    const started = [postgres, clickhouse].filter((engine) => engine.status === 'fulfilled');
    await Promise.all(started.map((engine) => engine.value.stop()));
    folder?.release();
  };
  if (postgres.status === 'rejected' || clickhouse.status === 'rejected') {
    await close();
    throw faultOf([postgres, clickhouse]);
  }
  const { url, headers } = clickhouse.value;
  const addresses = {
    databaseUrl: postgres.value.url,
    clickhouse: { url, headers, ...(cluster && { cluster }) },
  };
  folder?.publish(addresses);
  return { ...addresses, lost, close };
}

/** Of two faults, both are the operator's to mend; a fault of ours goes first. */
function faultOf(results: PromiseSettledResult<unknown>[]): unknown {
  const faults: unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const ours = faults.find((fault) => !(fault instanceof StartFault));
  return (
    ours ?? new StartFault(faults.map((fault) => (fault instanceof Error ? fault.message : '')).join(' '))
  );
}

/** For commands: the engines of the Stoa that runs on this data folder, or, when none does, engines of their own. */
export async function attachEngines(config: Config, command: string): Promise<Engines> {
  if (config.databaseUrl && config.clickhouseUrl) return openEngines(config);
  const isAttached = () => {
    const holder = holderOf(config.dataDir);
    return !holder || holder.engines !== undefined;
  };
  // One that is starting up tells its engines' addresses in a moment.
  await waitUntil(isAttached, ATTACH_LIMIT_MS);
  const holder = holderOf(config.dataDir);
  if (!holder?.engines) return openEngines(config, `the command ${command}`);
  const { pid, engines } = holder;
  const { promise: lost, resolve: onLost } = Promise.withResolvers<string>();
  const timer = setInterval(() => {
    if (holderOf(config.dataDir)?.pid !== pid) onLost('The Stoa that runs the databases has ended.');
  }, LOOK_MS);
  return { ...engines, lost, close: async () => clearInterval(timer) };
}
