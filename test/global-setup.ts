import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import type { ClickhouseAddress } from '#platform/clickhouse.ts';
import { startClickhouse } from '#platform/embedded/clickhouse.ts';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { migrate } from '#platform/migrate.ts';
import { ensureClientBuild } from '#web/build.ts';
import { packagedChromium } from './browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
    template: string;
    clickhouse: ClickhouseAddress;
  }
}

/** Starts a PostgreSQL and a ClickHouse for this run, and migrates one template database that each file clones. */
export default async function setup(project: TestProject) {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-test-'));
  chmodSync(dir, 0o755); // as root the server runs under a user of its own, who must be let in
  const [postgres, clickhouse] = await Promise.all([
    startPostgres({ dir: join(dir, 'postgres'), fsync: false }),
    startClickhouse({ dir: join(dir, 'clickhouse') }),
    ensureClientBuild(),
    // Here, since files that run beside each other would start the program while it is being written.
    process.env['CHROME_PATH'] ? undefined : packagedChromium(),
  ]);
  const template = 'stoa_template';
  await using admin = await connect(postgres.url);
  await admin.client.query(`create database ${template}`);
  await migrate(databaseUrl(postgres.url, template));
  project.provide('adminUrl', postgres.url);
  project.provide('template', template);
  project.provide('clickhouse', { url: clickhouse.url, headers: clickhouse.headers });
  return async () => {
    await Promise.all([postgres.stop(), clickhouse.stop()]);
    rmSync(dir, { recursive: true, force: true });
  };
}

export function databaseUrl(serverUrl: string, database: string): string {
  return Object.assign(new URL(serverUrl), { pathname: `/${database}` }).href;
}

export async function connect(url: string) {
  const client = new pg.Client(url);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
