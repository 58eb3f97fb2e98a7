import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { ensureCluster, ensureDatabase, serverBinaries } from './postgres-cluster.ts';
import { stopLeftover } from './postgres-leftover.ts';
import { type ServerLaunch, launchServer, socketFolder } from './postgres-server.ts';
import { launcherFor } from './launcher.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { type Running, type Supervised, supervise } from './supervise.ts';

export interface PostgresOptions {
  /** The server's own folder: its data, its password, its log. Made when it is not there. */
  dir: string;
  /** False only where nothing need survive a power cut: tests. */
  fsync?: boolean;
  /** The database that `url` names; made when it is not there. */
  database?: string;
  /** Called when the server ended by itself and could not be started again. */
  onLost?: (reason: string) => void;
}

export interface Postgres extends Supervised {
  url: string;
}

const PORT_ATTEMPTS_MAX = 3;

/**
 * Starts the embedded PostgreSQL on a socket and a loopback port of its own, with a password that only this user can read.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { fsync = true, database = 'stoa', onLost } = options;
  mkdirSync(options.dir, { recursive: true });
  const dir = realpathSync(options.dir);
  const binaries = serverBinaries();
  const launcher = launcherFor(join(dir, 'data'), dir, binaries.postgres);
  const password = readOrMakeSecret(join(dir, 'password'), () => randomBytes(24).toString('base64url'));
  ensureCluster({ dir, binaries, launcher, password, fsync });
  await stopLeftover(join(dir, 'data'));

  const launch = (port: number): ServerLaunch => ({ dir, port, fsync, launcher, program: binaries.postgres });
  const { running, port } = await launchOnFreePort(launch);
  const url = addressOf(dir, port, password, database);
  try {
    await ensureDatabase(url);
  } catch (error) {
    await running.stop();
    throw error;
  }
  const again = async (): Promise<Running> => {
    await stopLeftover(join(dir, 'data'));
    return launchServer(launch(port));
  };
  return { url, ...supervise('PostgreSQL', running, again, onLost) };
}

/** By the socket where there is one; the host stays in it, for programs that read no more than that. */
function addressOf(dir: string, port: number, password: string, database: string): string {
  const folder = socketFolder(dir);
  const by = folder === undefined ? '' : `?host=${encodeURIComponent(folder)}`;
  return `postgres://stoa:${password}@127.0.0.1:${port}/${database}${by}`;
}

/** Between asking for a free port and listening on it, another program may take it. */
async function launchOnFreePort(
  launch: (port: number) => ServerLaunch,
): Promise<{ running: Running; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { running: await launchServer(launch(port)), port };
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('Address already in use');
      if (!isTaken || attempt === PORT_ATTEMPTS_MAX) throw error;
    }
  }
}
