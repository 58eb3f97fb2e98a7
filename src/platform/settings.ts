import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './db.ts';

/** For a statement that reads something else too. */
export const SETTINGS_VERSION: RawBuilder<string> = sql<string>`(select version from platform.settings)`;

const versions = new WeakMap<Db, string>();
const lastSeen = new WeakMap<Db, string>();
const kept = new Map<string, { version: string; value: Promise<unknown> }>();

/**
 * The same database for one request or one transaction, in which the settings of this version hold: what `keptSetting`
 * knows of them is not asked for again. Whoever changes settings must not do it through such a one: what it reads then
 * would be kept under the version of before.
 */
export function withSettingsOf(db: Tx, version: string): Tx;
export function withSettingsOf(db: Db, version: string): Db;
export function withSettingsOf(db: Db, version: string): Db {
  const copy = db.withTables<Record<never, never>>(); // another handle on the same connection
  versions.set(copy, version);
  return copy;
}

/**
 * With the version that this process saw last, for who reads along with something else which one holds now, and does
 * over again what was not of that one.
 */
export const withLastSettings = async (db: Db): Promise<{ settled: Db; version: string }> => {
  const version = lastSeen.get(db) ?? (await versionIn(db));
  return { settled: withSettingsOf(db, version), version };
};

/** As above, with the version of this moment. */
export async function withSettings(db: Tx): Promise<Tx>;
export async function withSettings(db: Db): Promise<Db>;
export async function withSettings(db: Db): Promise<Db> {
  return withSettingsOf(db, await versionIn(db));
}

/**
 * What the staff sets, read once and kept until any setting changes. It is never staler than a statement would be: the
 * version is asked of the database first, what is read after that is as new or newer, and a change that is not committed
 * has a version that nobody else sees. So each table that `read` looks at has the trigger `settings_changed`, and `read`
 * depends on nothing else, the time included. The value is everybody's: nobody changes it.
 */
export async function keptSetting<T>(db: Db, name: string, read: (db: Db) => Promise<T>): Promise<T> {
  const version = versions.get(db) ?? (await versionIn(db));
  const known = kept.get(name);
  if (known?.version === version) return known.value as Promise<T>; // only this function writes under the name
  const value = read(db);
  const entry = { version, value };
  kept.set(name, entry);
  // Who waits for it hears of the fault; the next one asks again.
  value.catch(() => kept.get(name) === entry && kept.delete(name));
  return value;
}

async function versionIn(db: Db): Promise<string> {
  const { rows } = await sql<{ version: string }>`select version from platform.settings`.execute(db);
  const [settings] = rows;
  if (!settings) throw new Error('platform.settings has lost its row');
  lastSeen.set(db, settings.version);
  return settings.version;
}
