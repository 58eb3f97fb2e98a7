import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ask } from './ask.ts';
import { median } from './load.ts';
import type { Result } from './result.ts';
import { benchFolder, type Stage, start } from './stage.ts';

const ROWS_A_SECOND_MIN = 40_000;
const CHUNK_ROWS = 2000;

/**
 * `stoa import online-retail` of the file that STOA_BENCH_RETAIL names, from opening it to the report: into an empty
 * Stoa that does not run, whose engines it starts, and into one that runs and follows it on the same processors;
 * beside them, the same rows split and copied into one plain table.
 */
export async function importRate(): Promise<Result[]> {
  const file = process.env['STOA_BENCH_RETAIL'];
  if (!file || !existsSync(file)) {
    process.stdout.write(
      `  left out: ${file ? `there is no ${file}` : 'STOA_BENCH_RETAIL is not set'}. Set it to the path of online-retail.csv.gz.\n`,
    );
    return [];
  }
  const dataDir = benchFolder('import');
  const runs: { alone: number; beside: number; bare: number }[] = [];
  for (let i = 0; i < 3; i++) {
    rmSync(dataDir, { recursive: true, force: true });
    const { bare, rows, seconds } = await besideServer(dataDir, file);
    rmSync(dataDir, { recursive: true, force: true });
    await stoa(dataDir, ['migrate']);
    runs.push({ bare, beside: rows / seconds, alone: rows / (await importSeconds(dataDir, file)) });
  }
  rmSync(dataDir, { recursive: true, force: true });
  const bare = median(runs.map((run) => run.bare));
  return (['alone', 'beside'] as const).map((where) => {
    const rate = median(runs.map((run) => run[where]));
    return {
      name: `import of online-retail, rows a second, ${where === 'alone' ? 'with nothing else to do' : 'beside a server that follows it'}`,
      figure: `${rate.toFixed(0)}/s, ${(rate / bare).toFixed(2)} of bare`,
      limit: `≥ ${ROWS_A_SECOND_MIN}/s; bare COPY of the rows ${bare.toFixed(0)}/s`,
      ratio: rate / ROWS_A_SECOND_MIN,
    };
  });
}

async function besideServer(dataDir: string, file: string) {
  await using stage = await start(dataDir, 'off');
  const { rows, seconds } = await bareLoad(stage, file);
  return { bare: rows / seconds, rows, seconds: await importSeconds(dataDir, file) };
}

const REPORT = 'Report: ';

/** From opening the file, when the program has been loaded, to the report; the figures of the desk follow. */
async function importSeconds(dataDir: string, file: string): Promise<number> {
  let seconds = Number.NaN;
  await stoa(dataDir, ['import', 'online-retail', file], (line) => {
    if (!line.startsWith(REPORT)) return;
    const report = readFileSync(join(line.slice(REPORT.length).trim(), 'report.json'), 'utf8');
    const { startedAt } = JSON.parse(report) as { startedAt: string };
    seconds = (Date.now() - Date.parse(startedAt)) / 1000;
  });
  return seconds;
}

async function stoa(dataDir: string, args: readonly string[], onLine?: (line: string) => void) {
  const child = spawn(process.execPath, ['--import', './src/web/tsx.ts', 'src/cli.ts', ...args], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, STOA_DATA: dataDir, STOA_DEMO: 'off', DATABASE_URL: '', CLICKHOUSE_URL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) onLine?.(line);
  const [code] = await ended;
  if (code !== 0) throw new Error(`stoa ${args[0] ?? ''} ended with ${String(code)}`);
}

/** Read, unzipped, split into fields and copied: nothing is looked at. */
async function bareLoad({ databaseUrl }: Stage, file: string): Promise<{ rows: number; seconds: number }> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const began = performance.now();
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) })[
    Symbol.asyncIterator
  ]();
  const header = (await lines.next()).value?.split(',') ?? [];
  let rows = 0;
  async function* copied() {
    let chunk = '';
    for await (const line of { [Symbol.asyncIterator]: () => lines }) {
      chunk += `${fieldsOf(line).join('\t')}\n`;
      rows += 1;
      if (rows % CHUNK_ROWS > 0) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }
  await client.query(`create table bare (${header.map((name) => `"${name}" text`).join(', ')})`);
  await pipeline(Readable.from(copied()), client.query(copyFrom('copy bare from stdin')));
  const seconds = (performance.now() - began) / 1000;
  await client.end();
  await ask(databaseUrl, 'drop table bare');
  return { rows, seconds };
}

/** Few lines have a quote; in those, a comma between quotes parts nothing. */
const fieldsOf = (line: string): string[] =>
  (line.includes('"')
    ? (line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [])
        .slice(0, -1)
        .map((field) => field.replace(/,$/, ''))
    : line.split(',')
  ).map((field) => field.replaceAll('\\', '\\\\').replaceAll('\t', ' '));
