import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault, hasCode } from '../start-fault.ts';
import type { Launcher } from './launcher.ts';
import { logTail, openLog } from './log-file.ts';
import { clusterName } from './postgres-leftover.ts';
import { signal, waitUntil } from './processes.ts';
import type { Running } from './supervise.ts';

export interface ServerLaunch {
  dir: string;
  port: number;
  fsync: boolean;
  launcher: Launcher;
  program: string;
}

// A crash is recovered before the server is ready; with max_wal_size as below that is seconds, not minutes.
const READY_LIMIT_MS = 120_000;
const FAST_STOP_LIMIT_MS = 20_000;
const IMMEDIATE_STOP_LIMIT_MS = 5_000;

/** What the path of a socket may have, its end included, on every system that we run on. */
const SOCKET_PATH_BYTES_MAX = 103;

/**
 * Where the server's socket is: in its data folder, which nobody else may enter. A message by a socket costs a quarter
 * less than one by the loopback network. Undefined where the path is too long for one.
 */
export function socketFolder(dir: string): string | undefined {
  const folder = join(dir, 'data');
  return Buffer.byteLength(join(folder, '.s.PGSQL.65535')) <= SOCKET_PATH_BYTES_MAX ? folder : undefined;
}

/** Every setting is given at each start, none is kept in the data folder: a newer Stoa brings newer ones. */
function settings({ dir, port, fsync }: ServerLaunch): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port,
    cluster_name: clusterName(join(dir, 'data')),
    unix_socket_directories: socketFolder(dir) ?? '',
    unix_socket_permissions: '0700',
    max_connections: 100, // Stoa has some thirty of them; the others are for programs beside it, and for its benchmarks
    shared_buffers: '160MB',
    effective_cache_size: '1GB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    random_page_cost: 1.1, // disks without moving parts
    jit: 'off', // compiling takes longer than the short queries of a shop
    wal_buffers: '16MB', // a bulk load fills the default many times a second
    max_wal_size: '1GB', // room for bulk loads, yet replayed within seconds after a crash
    min_wal_size: '128MB',
    checkpoint_timeout: '10min',
    synchronous_commit: fsync ? 'on' : 'off',
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic', // statements hold what people typed, which belongs in no log
  };
}

/**
 * Starts the server and waits until it accepts connections. It gets a process group of its own: Ctrl-C reaches
 * the whole group of the terminal, and the server must outlive the requests that are being drained.
 */
export async function launchServer(launch: ServerLaunch): Promise<Running> {
  const dataDir = join(launch.dir, 'data');
  const logPath = join(launch.dir, 'postgres.log');
  const flags = Object.entries(settings(launch)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args, ...ids } = launch.launcher.command(launch.program, ['-D', dataDir, ...flags]);
  const log = openLog(logPath);
  const child = spawn(file, args, {
    ...ids,
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'], LC_MESSAGES: 'C' },
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, by) => resolve(by ?? `exit code ${code}`));
  });
  closeSync(log.fd);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  child.unref();

  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  await waitUntil(() => isOver() || isReady(dataDir, pid), READY_LIMIT_MS);
  if (isOver() || !isReady(dataDir, pid)) {
    if (!isOver()) child.kill('SIGQUIT');
    const said = logTail(logPath, log.start)
      .split('\n')
      .filter((line) => /FATAL|PANIC|HINT/.test(line));
    throw new StartFault(`PostgreSQL did not start: ${said.join(' ') || 'it said nothing'} (${logPath})`);
  }
  const watchman = watchOver(pid, dataDir);
  return {
    pid,
    ended: ended.then((how) => {
      watchman.kill('SIGKILL');
      return how;
    }),
    stop: () => stopServer(pid, isOver),
  };
}

/** The eighth line of postmaster.pid says what the server is doing; it is how pg_ctl waits, too. */
function isReady(dataDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** A fast stop ends sessions and writes a checkpoint. What it has not done in time is left to recovery. */
async function stopServer(pid: number, isOver: () => boolean): Promise<void> {
  if (isOver()) return;
  signal(pid, 'SIGINT');
  if (await waitUntil(isOver, FAST_STOP_LIMIT_MS)) return;
  signal(pid, 'SIGQUIT');
  if (await waitUntil(isOver, IMMEDIATE_STOP_LIMIT_MS)) return;
  signal(pid, 'SIGKILL');
  await waitUntil(isOver, IMMEDIATE_STOP_LIMIT_MS);
}

/**
 * A shell that does nothing until the pipe from its starter closes, which is when the starter has ended, by
 * whatever signal. It then stops the server, so that no orphan holds the folder and its memory.
 */
function watchOver(pid: number, dataDir: string): ChildProcess {
  const script =
    'while read -r _; do :; done; read -r now <"$2/postmaster.pid" && [ "$now" = "$1" ] && kill -INT "$1"';
  const watchman = spawn('/bin/sh', ['-c', script, 'stoa-watchman', String(pid), dataDir], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither the shell nor the pipe to it is a reason for this process to stay.
  watchman.unref();
  watchman.stdin.on('error', () => {});
  if ('unref' in watchman.stdin && typeof watchman.stdin.unref === 'function') watchman.stdin.unref();
  return watchman;
}
