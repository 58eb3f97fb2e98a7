import { randomBytes, randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../config.ts';
import { StartFault, hasCode } from '../start-fault.ts';
import { stampOf } from './processes.ts';
import { readOrMakeSecret } from './secret-file.ts';

const EngineAddresses = Type.Object({
  databaseUrl: Type.String(),
  clickhouse: Type.Object({
    url: Type.String(),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    cluster: Type.Optional(Type.String()),
  }),
});
export type EngineAddresses = Static<typeof EngineAddresses>;

/** What the file in the folder says of the process that works on it. */
const Holder = Type.Object({
  pid: Type.Integer(),
  stamp: Type.String(),
  /** Where it is reached, in words for people. */
  address: Type.String(),
  engines: Type.Optional(EngineAddresses),
});
type Holder = Static<typeof Holder>;

export interface DataFolder {
  /** Tells the engines' addresses to commands that are run beside this process. */
  publish(engines: EngineAddresses): void;
  release(): void;
}

const lockPath = (dataDir: string) => join(dataDir, 'running.json');

/** The living process that works on the folder, if there is one. A dead one's file does not count. */
export function holderOf(dataDir: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(lockPath(dataDir), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw unwritable(dataDir, error);
  }
  const holder: unknown = JSON.parse(text);
  return Value.Check(Holder, holder) && stampOf(holder.pid) === holder.stamp ? holder : undefined;
}

/** The line that a second start on the same folder ends with. */
export function secondStart(dataDir: string, { pid, address }: Holder): StartFault {
  return new StartFault(
    `Stoa already runs on ${dataDir}: process ${pid}, ${address}. Stop it, or give this one a STOA_DATA and a PORT of its own.`,
  );
}

/** Makes the folder this process's own until it is released or the process ends, however it ends. */
export function takeDataFolder(dataDir: string, address: string): DataFolder {
  makeFolder(dataDir);
  const holder: Holder = { pid: process.pid, stamp: stampOf(process.pid) ?? '', address };
  const path = lockPath(dataDir);
  // A link is made whole or not at all, and never over a file that is there.
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    if (!tryLink(draft, path)) {
      removeStale(dataDir, path);
      const winner = tryLink(draft, path) ? undefined : holderOf(dataDir);
      if (winner) throw secondStart(dataDir, winner);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    publish: (engines) => {
      writeFileSync(draft, JSON.stringify({ ...holder, engines }), { mode: 0o600 });
      renameSync(draft, path);
    },
    release: () => rmSync(path, { force: true }),
  };
}

/** Sets a dead process's file aside. Another start may do the same at this moment, so what was moved is looked at. */
function removeStale(dataDir: string, path: string): void {
  const living = holderOf(dataDir);
  if (living) throw secondStart(dataDir, living);
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved: unknown = JSON.parse(readFileSync(aside, 'utf8'));
  if (Value.Check(Holder, moved) && stampOf(moved.pid) === moved.stamp) tryLink(aside, path);
  rmSync(aside);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(dataDir, error);
  }
}

function unwritable(dataDir: string, error: unknown): unknown {
  if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT')) return error;
  const user = process.getuid?.() === 0 ? 'root' : 'this user';
  return new StartFault(
    `${dataDir} can't be used as the data folder (${user}: ${(error as NodeJS.ErrnoException).code}): ` +
      'give this user the right to write there, or set STOA_DATA to another folder.',
  );
}

/** The configuration with a secret that outlives the process: sessions stay valid from start to start. */
export function withSecret(config: Config): Config {
  if (config.isSecretGiven) return config;
  makeFolder(config.dataDir);
  const make = () => randomBytes(32).toString('base64url');
  return { ...config, secret: readOrMakeSecret(join(config.dataDir, 'secret'), make) };
}
