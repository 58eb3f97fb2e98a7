import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const ROOT = join(import.meta.dirname, '../..');
const BUILD = join(ROOT, 'build');
/** Everything that the browser's files are made from. */
const SOURCES = [
  'vite.config.ts',
  'package-lock.json',
  'src/web/client.ts',
  'src/web/{elements,snippet,styles,till/client}/**/*.{ts,tsx,css}',
  // What the till counts and says by itself when it is cut off.
  'src/modules/pricing/*.ts',
  'src/platform/{money,texts}.ts',
  'src/web/format.ts',
  'src/web/messages/en/till-sell.ts',
];
const KEPT_BUILDS = 3;

/**
 * The folder with the browser's files, made by Vite when the sources have changed since. A build's folder is
 * named by the content of its sources: two processes that build at once make the same, and none sees half of it.
 */
export async function ensureClientBuild(): Promise<string> {
  const folder = join(BUILD, `client-${hashOfSources()}`);
  if (existsSync(folder)) return folder;
  await mkdir(BUILD, { recursive: true });
  const unfinished = join(BUILD, `.unfinished-${randomUUID()}`);
  try {
    await runVite(unfinished);
    await compress(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another process was faster
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await removeOld();
  return folder;
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort()) {
    if (!file.endsWith('.test.ts')) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** In a process of its own: the bundler's memory is not the server's. */
async function runVite(folder: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const options = ['--configLoader', 'native', '--outDir', relative(ROOT, folder)];
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, 'build', ...options], { cwd: ROOT, env });
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Text is compressed once, here, and never while answering. */
async function compress(folder: string): Promise<void> {
  const texts = globSync('**/*.{js,css,svg}', { cwd: folder }).map((file) => join(folder, file));
  for (const file of texts) {
    const text = await readFile(file);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    await writeFile(`${file}.br`, await brotli(text, { params }));
    await writeFile(`${file}.gz`, await gzipped(text, { level: 9 }));
  }
}

/** A server that still runs on the build before keeps its files; older ones go. */
async function removeOld(): Promise<void> {
  const builds = (await readdir(BUILD, { withFileTypes: true })).filter((entry) =>
    entry.name.startsWith('client-'),
  );
  const aged = builds
    .map(({ name }) => ({ name, made: statSync(join(BUILD, name)).mtimeMs }))
    .sort((a, b) => b.made - a.made);
  for (const { name } of aged.slice(KEPT_BUILDS))
    await rm(join(BUILD, name), { recursive: true, force: true });
}
