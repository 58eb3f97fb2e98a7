import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type EngineAddresses, holderOf } from '#platform/embedded/data-folder.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { listProcesses, waitUntil } from '#platform/embedded/processes.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const GONE_LIMIT_MS = 20_000;
const START_LIMIT_MS = 100_000;

/** A folder that is gone after the test, and with it every process that works in it. */
export function aFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-crash-'));
  chmodSync(dir, 0o755); // as root the server runs under a user of its own, who must be let in
  onTestFinished(async () => {
    for (const { pid } of processesIn(dir)) process.kill(pid, 'SIGKILL');
    await waitUntil(() => processesIn(dir).length === 0, GONE_LIMIT_MS);
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/**
 * Makes one data folder as a first start leaves it, and answers what copies it for a test: making one takes most of
 * the time of a first start. For `beforeAll`.
 */
export async function seedDataFolder(): Promise<{ copy(): string; remove(): void }> {
  const seed = mkdtempSync(join(tmpdir(), 'stoa-seed-'));
  chmodSync(seed, 0o755);
  const postgres = await startPostgres({ dir: join(seed, 'postgres'), fsync: false });
  await postgres.stop();
  return {
    copy: () => {
      const dir = join(aFolder(), 'data');
      execFileSync('cp', ['-a', seed, dir]);
      return dir;
    },
    remove: () => rmSync(seed, { recursive: true, force: true }),
  };
}

/** The servers and their watchmen that have this folder in their arguments. */
export const processesIn = (dir: string) =>
  listProcesses().filter(({ command }) => command.some((part) => part.includes(dir)));

/** Kills one of the servers of a folder, as a machine that runs out of memory does. */
export function killIn(dir: string, isIt: (command: string[]) => boolean): void {
  const [found] = processesIn(dir).filter(({ command }) => isIt(command));
  if (!found) throw new Error('What is to be killed does not run');
  process.kill(found.pid, 'SIGKILL');
}

export const isClickhouse = (command: string[]) =>
  command.some((part) => part.endsWith('clickhouse-server.ts'));
export const isPostgres = (command: string[]) => command[0]?.endsWith('/postgres') === true;

export const allGone = (dir: string): Promise<boolean> =>
  waitUntil(() => processesIn(dir).length === 0, GONE_LIMIT_MS);

export interface Program {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Waits for a line of its output that contains the words. */
  says(words: string): Promise<string>;
  ends(): Promise<number | null>;
}

/** Runs a file of ours as `npm start` would, in a process group of its own, with nothing of our environment. */
export function run(file: string, env: Record<string, string>, more: string[] = []): Program {
  const args = ['--import', './src/web/tsx.ts', file, ...more];
  const child = spawn(process.execPath, args, {
    cwd: PROJECT,
    detached: true,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', STOA_DEMO: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    child,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    says: async (words) => {
      const line = () =>
        text.stdout
          .split('\n')
          .slice(0, -1)
          .find((each) => each.includes(words));
      await waitUntil(() => line() !== undefined || child.exitCode !== null, START_LIMIT_MS);
      const found = line();
      if (found === undefined) throw new Error(`ended without saying ${words}: ${text.stderr}`);
      return found;
    },
    ends: () => ended,
  };
}

/** Starts Stoa on a folder, and answers once it serves. */
export async function startStoa(dir: string, port: number): Promise<Program> {
  const stoa = run('src/main.ts', { STOA_DATA: dir, PORT: String(port) });
  await stoa.says('Stoa is ready');
  return stoa;
}

/** Starts the engines on a folder in a process of their own, and answers where they are. */
export async function runEngines(dir: string, env: Record<string, string> = {}) {
  const program = run('test/crash/engines-program.ts', { STOA_DATA: dir, ...env });
  const engines = JSON.parse(await program.says('databaseUrl')) as EngineAddresses;
  return { program, engines };
}

/** Where the embedded engines of the program that has this folder are. */
export async function enginesOf(dir: string): Promise<EngineAddresses> {
  await waitUntil(() => holderOf(dir)?.engines !== undefined, START_LIMIT_MS);
  const engines = holderOf(dir)?.engines;
  if (!engines) throw new Error(`Nothing runs on ${dir}`);
  return engines;
}

/** Asks again and again until it is so, or the program has ended; an answer that fails is one that is not yet there. */
export async function waitWhileRunning({ child }: Program, isSo: () => Promise<boolean>): Promise<void> {
  const hasHappened = () => isSo().catch(() => false);
  await waitUntil(async () => child.exitCode !== null || (await hasHappened()), START_LIMIT_MS);
}

export async function sqlOf<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => {}); // the server is killed at any moment; the query under way reports it
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

export async function clickhouseOf<Row>({ url, headers }: EngineAddresses['clickhouse'], query: string) {
  await using client = createClient({
    url,
    ...(headers && { http_headers: headers }),
    log: { level: ClickHouseLogLevel.OFF },
  });
  if (!/^select/i.test(query)) {
    await client.command({ query });
    return [];
  }
  const result = await client.query({ query, format: 'JSONEachRow' });
  return await result.json<Row>();
}
