import { basename } from 'node:path';
import pg from 'pg';
import { migrateClickhouse } from '#platform/clickhouse-migrate.ts';
import { openClickhouse } from '#platform/clickhouse.ts';
import type { Config } from '#platform/config.ts';
import { inTransaction, openDb, type Tx } from '#platform/db.ts';
import type { EngineAddresses } from '#platform/embedded/data-folder.ts';
import { openMailer } from '#platform/mail.ts';
import { migrate, migrationFiles } from '#platform/migrate.ts';
import type { Deps } from '#platform/module.ts';
import { refuseNewerDatabase } from '#platform/server-checks.ts';
import { useCurrency } from './modules/catalog/index.ts';
import { nameMarketplace } from './modules/identity/index.ts';
import { useTimeZone } from './modules/orders/index.ts';
import { sealStoredSecrets } from './modules/webhooks/index.ts';

export interface OpenDeps {
  deps: Deps;
  close: () => Promise<void>;
}

const READS_MAX = 10;

/** Opens what operations need, on engines that run. Nothing is migrated here. */
export async function openDeps(
  config: Config,
  { databaseUrl, clickhouse }: EngineAddresses,
): Promise<OpenDeps> {
  const client = await openClickhouse(clickhouse);
  const db = openDb(databaseUrl);
  const reads = openDb(databaseUrl, { max: READS_MAX, readOnly: true });
  const mailer = openMailer(config.mail);
  return {
    deps: { db, reads, databaseUrl, clickhouse: client, mailer, config, now: () => new Date() },
    close: async () => {
      await Promise.all([db.destroy(), reads.destroy(), client.close()]);
    },
  };
}

/** Any number; what matters is that every process of Stoa asks for the same one. */
const PREPARATION_LOCK = 5_701_217;

/**
 * Brings both databases up to date and then does `work`, one process at a time: of several that start together on
 * one database, the first migrates and the others find it done.
 */
export async function prepared(
  { databaseUrl }: EngineAddresses,
  { clickhouse, db, config }: Pick<Deps, 'clickhouse' | 'db' | 'config'>,
  work: () => Promise<void> = async () => {},
): Promise<void> {
  const client = new pg.Client(databaseUrl);
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [PREPARATION_LOCK]);
    await refuseNewerDatabase(
      databaseUrl,
      migrationFiles().map((path) => basename(path, '.sql')),
    );
    await migrate(databaseUrl);
    await migrateClickhouse(clickhouse);
    await inTransaction(db, (tx) => adopt(tx, config));
    await work();
  } finally {
    await client.end(); // which gives the lock back
  }
}

/** What the configuration says of the shop, written where the modules' own statements read it. */
async function adopt(tx: Tx, { shopName, currency, timeZone, secret }: Config): Promise<void> {
  await nameMarketplace(tx, shopName);
  await useCurrency(tx, currency);
  await useTimeZone(tx, timeZone);
  await sealStoredSecrets(tx, secret);
}
