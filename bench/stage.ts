import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { holderOf } from '#platform/embedded/data-folder.ts';
import { waitUntil } from '#platform/embedded/processes.ts';
import { freePort } from './lighthouse.ts';

const PROJECT = join(import.meta.dirname, '..');
const START_LIMIT_MS = 30 * 60_000;

export interface Stage {
  url: string;
  /** The server's process; PostgreSQL and ClickHouse are its children. */
  pid: number;
  databaseUrl: string;
  readyMs: number;
}

/** Starts Stoa as a user would, on a data folder that is kept between runs: the large demo takes minutes to load. */
export async function openStage(scale: 'small' | 'medium' | 'large') {
  const dataDir = join(PROJECT, '.stoa', `bench-${scale}`);
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', './src/web/tsx.ts', 'src/main.ts'], {
    cwd: PROJECT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      STOA_DATA: dataDir,
      STOA_DEMO: scale,
      DATABASE_URL: '',
      CLICKHOUSE_URL: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await ready(child);
  const readyMs = performance.now() - started;
  const engines = holderOf(dataDir)?.engines;
  if (!engines || child.pid === undefined)
    throw new Error('Stoa started, but told nobody where its engines are');
  const stage: Stage = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    databaseUrl: engines.databaseUrl,
    readyMs,
  };
  return {
    ...stage,
    async [Symbol.asyncDispose]() {
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
