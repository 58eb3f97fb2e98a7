import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type EngineAddresses, holderOf } from '#platform/embedded/data-folder.ts';
import { waitUntil } from '#platform/embedded/processes.ts';
import { ask } from './ask.ts';
import { freePort } from './lighthouse.ts';

const PROJECT = join(import.meta.dirname, '..');
const START_LIMIT_MS = 30 * 60_000;
const SETTLE_LIMIT_MS = 60 * 60_000;
const SETTLE_LOOK_MS = 2_000;

/** Data folders are kept between runs, since the large demo takes minutes to load: here, unless STOA_BENCH_DATA says where. */
export const benchFolder = (name: string) =>
  join(resolve(process.env['STOA_BENCH_DATA'] ?? join(PROJECT, '.stoa')), `bench-${name}`);

export interface Stage {
  url: string;
  /** The server's process; PostgreSQL and ClickHouse are its children. */
  pid: number;
  dataDir: string;
  databaseUrl: string;
  clickhouse: EngineAddresses['clickhouse'];
  readyMs: number;
}

type OpenStage = Stage & AsyncDisposable;

/** Stoa with the demo of this size, as a later start has it: all pictures made, and nothing waiting to be done. */
export async function openStage(scale: 'small' | 'medium' | 'large'): Promise<OpenStage> {
  const dataDir = benchFolder(scale);
  const settledMark = join(dataDir, 'settled');
  if (!existsSync(settledMark)) {
    process.stdout.write(`  loading the ${scale} demo into ${dataDir}: this is done once\n`);
    await using first = await start(dataDir, scale);
    await settled(first);
    writeFileSync(settledMark, '');
  }
  return start(dataDir, scale);
}

/** What `npm start` gives to Node. */
const startArguments = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').slice(2); // exec node …
};

/** Starts Stoa as a user would. */
export async function start(
  dataDir: string,
  demo: 'off' | 'small' | 'medium' | 'large',
  env: Record<string, string> = {},
): Promise<OpenStage> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, startArguments(), {
    cwd: PROJECT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      STOA_DATA: dataDir,
      STOA_DEMO: demo,
      DATABASE_URL: '',
      CLICKHOUSE_URL: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await ready(child);
  const readyMs = performance.now() - started;
  const engines = holderOf(dataDir)?.engines;
  if (!engines || child.pid === undefined)
    throw new Error('Stoa started, but told nobody where its engines are');
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    dataDir,
    ...engines,
    readyMs,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const isReady = await waitUntil(
    () => said.includes('Stoa is ready') || child.exitCode !== null,
    START_LIMIT_MS,
  );
  if (!isReady || child.exitCode !== null) throw new Error(`Stoa did not start: ${said}`);
}

/** Until the work that a first start leaves behind is done: pictures above all, which take whole cores. */
export async function settled({ databaseUrl }: Stage): Promise<void> {
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  while (await isWorking(databaseUrl)) {
    if (performance.now() > deadline) throw new Error('the pictures of the demo were not made in an hour');
    await setTimeout(SETTLE_LOOK_MS);
  }
  // As the server does by itself, sooner or later.
  await ask(databaseUrl, 'vacuum (analyze)');
}

async function isWorking(databaseUrl: string): Promise<boolean> {
  const [row] = await ask<{ working: boolean }>(
    databaseUrl,
    `select exists (select from graphile_worker.jobs where run_at <= now() and attempts < max_attempts)
       or exists (select from platform.due_event)
       or exists (select from catalog.media where state = 'pending') as working`,
  );
  return row?.working ?? false;
}

/** A bare Fastify process that answers the given statements with their text. */
export async function openBare(databaseUrl: string, statements: object) {
  const port = await freePort();
  const program = join(import.meta.dirname, 'bare-server.ts');
  const child = spawn(process.execPath, [program, databaseUrl, String(port), JSON.stringify(statements)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
