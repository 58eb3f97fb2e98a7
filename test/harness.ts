import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger, runOnce } from 'graphile-worker';
import { sql } from 'kysely';
import { inject, test as base } from 'vitest';
import { migrateClickhouse } from '#platform/clickhouse-migrate.ts';
import { onEachNode, openClickhouse } from '#platform/clickhouse.ts';
import { readConfig } from '#platform/config.ts';
import { openDb } from '#platform/db.ts';
import type { Mailer } from '#platform/mail.ts';
import type { Deps } from '#platform/module.ts';
import { tellDue } from '#platform/tell-events.ts';
import { buildApp } from '../src/app.ts';
import { subscribers } from '../src/subscribers.ts';
import { taskList } from '../src/tasks.ts';
import { connect, databaseUrl as urlOf } from './global-setup.ts';

const PASSES_MAX = 20;

const quiet = new Logger(() => () => {});

/** Messages that the code under test has sent, oldest first. */
type Outbox = Parameters<Mailer>[0][];

/**
 * `test` with a database of the file's own, the app on it, and `work()`, which runs all queued jobs.
 * `clickhouse` is a database of the file's own too, made only for files that ask for it or for `deps`.
 */
export const test = base
  .extend('databaseUrl', { scope: 'file' }, async ({}, { onCleanup }) => {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    const adminUrl = inject('adminUrl');
    await using admin = await connect(adminUrl);
    await admin.client.query(`create database ${name} template ${inject('template')}`);
    onCleanup(async () => {
      await using again = await connect(adminUrl);
      // Without `with (force)`: PostgreSQL waits for the pools' closing sockets, where force would kill them.
      await again.client.query(`drop database ${name}`);
    });
    return urlOf(adminUrl, name);
  })
  .extend('db', { scope: 'file' }, async ({ databaseUrl }, { onCleanup }) => {
    const db = openDb(databaseUrl, { max: 20 });
    onCleanup(() => db.destroy());
    return db;
  })
  .extend('outbox', { scope: 'file' }, async ({}): Promise<Outbox> => [])
  .extend('clickhouse', { scope: 'file' }, async ({}, { onCleanup }) => {
    const database = `test_${randomUUID().replaceAll('-', '')}`;
    const client = await openClickhouse({ ...inject('clickhouse'), database });
    await migrateClickhouse(client);
    onCleanup(async () => {
      await onEachNode(
        client,
        async (node) => void (await node.command({ query: `drop database ${database}` })),
      );
      await client.close();
    });
    return client;
  })
  .extend('deps', { scope: 'file' }, async ({ db, databaseUrl, clickhouse, outbox }, { onCleanup }) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'stoa-file-'));
    const config = readConfig({
      STOA_DATA: dataDir,
      STOA_SECRET: 'a secret of the tests, long enough',
      LOG_LEVEL: 'silent',
      STOA_KEEP_SECONDS: '0',
    });
    const reads = openDb(databaseUrl, { max: 5, readOnly: true });
    onCleanup(async () => {
      await reads.destroy();
      rmSync(dataDir, { recursive: true, force: true });
    });
    const mailer: Mailer = async (message) => void outbox.push(message);
    return { db, reads, databaseUrl, clickhouse, mailer, config, now: () => new Date() } satisfies Deps;
  })
  .extend('app', { scope: 'file' }, async ({ deps }, { onCleanup }) => {
    const app = await buildApp(deps);
    onCleanup(() => app.close());
    return app;
  })
  .extend('work', { scope: 'file' }, async ({ db, databaseUrl, deps }) => {
    const options = { connectionString: databaseUrl, taskList: taskList(deps), logger: quiet };
    // One pass may end before the queue of its last job is free again: what waits there is for the next pass.
    return async () => {
      for (let pass = 0; pass < PASSES_MAX; pass++) {
        while (await tellDue(db, subscribers));
        await runOnce(options);
        const { rows } = await sql`
          select from graphile_worker._private_jobs where is_available and run_at <= now()
          union all select from platform.due_event limit 1`.execute(db);
        if (rows.length === 0) return;
      }
    };
  });
