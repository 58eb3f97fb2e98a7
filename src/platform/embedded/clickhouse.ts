import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { StartFault } from '../start-fault.ts';
import { SECRET_HEADER, serverConfig } from './clickhouse-config.ts';
import { logTail, openLog } from './log-file.ts';
import { freePort } from './ports.ts';
import { signal, stampOf, waitForEnd, waitUntil } from './processes.ts';
import { type Running, type Supervised, supervise } from './supervise.ts';

export interface ClickhouseOptions {
  /** The server's own folder: its data, its configuration, its log. Made when it is not there. */
  dir: string;
  /** The database that `url` names; made when it is not there. */
  database?: string;
  /** Called when the server ended by itself and could not be started again. */
  onLost?: (reason: string) => void;
}

export interface Clickhouse extends Supervised {
  url: string;
  /** Every request must carry these: the secret of this start. */
  headers: Record<string, string>;
}

interface ServerLaunch {
  dir: string;
  port: number;
  library: string;
  headers: Record<string, string>;
}

const PORT_ATTEMPTS_MAX = 3;
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const LEFTOVER_LIMIT_MS = 3_000;

/** Starts the embedded ClickHouse on a loopback port of its own. Only who knows the secret is answered. */
export async function startClickhouse(options: ClickhouseOptions): Promise<Clickhouse> {
  const { database = 'stoa', onLost } = options;
  const library = serverLibrary();
  mkdirSync(options.dir, { recursive: true });
  const dir = realpathSync(options.dir);
  const headers = { [SECRET_HEADER]: randomBytes(24).toString('base64url') };
  await endLeftover(dir);

  const { running, port } = await launchOnFreePort({ dir, library, headers });
  const url = `http://127.0.0.1:${port}/${database}`;
  await using client = openBare(port, headers);
  await client.command({
    query: 'create database if not exists {name: Identifier}',
    query_params: { name: database },
  });
  const again = async (): Promise<Running> => launchServer({ dir, library, headers, port });
  return { url, headers, ...supervise('ClickHouse', running, again, onLost) };
}

/** The library that npm brought for this machine. */
function serverLibrary(): string {
  const require = createRequire(import.meta.url);
  const suffix = process.platform === 'linux' ? '-gnu' : '';
  const name = `@chdb/lib-${process.platform}-${process.arch}${suffix}`;
  try {
    return require.resolve(`${name}/libchdb.so`);
  } catch {
    throw new StartFault(
      `There is no embedded ClickHouse for ${process.platform}-${process.arch}: set CLICKHOUSE_URL to a ClickHouse server.`,
    );
  }
}

/** Between asking for a free port and listening on it, another program may take it. */
async function launchOnFreePort(
  launch: Omit<ServerLaunch, 'port'>,
): Promise<{ running: Running; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { running: await launchServer({ ...launch, port }), port };
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('Address already in use');
      if (!isTaken || attempt === PORT_ATTEMPTS_MAX) throw error;
    }
  }
}

/** Starts the child process and waits until it answers. */
async function launchServer({ dir, port, library, headers }: ServerLaunch): Promise<Running> {
  const configFile = join(dir, 'server.xml');
  const logPath = join(dir, 'clickhouse.log');
  rmSync(configFile, { force: true });
  writeFileSync(configFile, serverConfig(headers[SECRET_HEADER] ?? ''), { mode: 0o600 });
  const program = join(import.meta.dirname, 'clickhouse-server.ts');
  const log = openLog(logPath);
  // A process group of its own: Ctrl-C reaches the whole group of the terminal, and the server must outlive
  // the requests that are being drained.
  const child = spawn(process.execPath, [program, library, configFile, join(dir, 'data'), String(port)], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'], TZ: 'UTC' },
    stdio: ['pipe', log.fd, log.fd],
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('exit', (code, by) => resolve(by ?? `exit code ${code}`));
    child.once('error', reject);
  });
  closeSync(log.fd);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const pid = child.pid ?? 0;
  writeFileSync(join(dir, 'server.pid'), JSON.stringify({ pid, stamp: stampOf(pid) }));
  child.unref();
  // The pipe that keeps the server alive. A server that ended by itself has closed its end.
  const lifeline = child.stdin;
  lifeline?.on('error', () => {});

  await using client = openBare(port, headers);
  const answers = async () => (await client.ping()).success;
  const isReady = await waitUntil(async () => isOver() || (await answers()), READY_LIMIT_MS);
  if (isOver() || !isReady) {
    if (!isOver()) child.kill('SIGKILL');
    const [said = ''] = logTail(logPath, log.start).split('\n').slice(-1);
    throw new StartFault(`ClickHouse did not start: ${said || (await ended)} (${logPath})`);
  }
  return {
    pid,
    ended,
    stop: async () => {
      lifeline?.end();
      if (await waitUntil(isOver, STOP_LIMIT_MS)) return;
      // A query that runs on and on. What was answered is on the disk: the server bears to be killed.
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A server whose starter was killed ends by itself, once its queries have; one that lingers is ended. */
async function endLeftover(dir: string): Promise<void> {
  const path = join(dir, 'server.pid');
  if (!existsSync(path)) return;
  const left: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isStamped(left) || stampOf(left.pid) !== left.stamp) return;
  if (await waitForEnd(left.pid, left.stamp, LEFTOVER_LIMIT_MS)) return;
  signal(left.pid, 'SIGKILL');
  await waitForEnd(left.pid, left.stamp, LEFTOVER_LIMIT_MS);
}

const isStamped = (value: unknown): value is { pid: number; stamp: string } =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'stamp' in value &&
  typeof value.stamp === 'string';

const openBare = (port: number, headers: Record<string, string>): ClickHouseClient =>
  createClient({
    url: `http://127.0.0.1:${port}`,
    http_headers: headers,
    log: { level: ClickHouseLogLevel.OFF },
  });
