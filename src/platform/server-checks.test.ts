import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openEngines } from './embedded/engines.ts';
import { readConfig } from './config.ts';
import { StartFault } from './start-fault.ts';
import { migrationFiles } from './migrate.ts';
import { checkClickhouse, checkPostgres, refuseNewerDatabase } from './server-checks.ts';

const change = (url: string, parts: Partial<URL>): string => Object.assign(new URL(url), parts).href;

/** The address as CLICKHOUSE_URL can say it, with the secret that this server asks of everybody. */
function clickhouseUrl(): string {
  const { url, headers = {} } = inject('clickhouse');
  const address = new URL(url);
  for (const [name, value] of Object.entries(headers)) address.searchParams.set(`http_header_${name}`, value);
  return address.href;
}

async function admin(...statements: string[]): Promise<void> {
  const client = new pg.Client(inject('adminUrl'));
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

test('servers that already run are used as they are given, and nothing embedded is started', async () => {
  const given = {
    DATABASE_URL: inject('adminUrl'),
    CLICKHOUSE_URL: clickhouseUrl(),
    STOA_DATA: '/nowhere/at/all',
  };
  const engines = await openEngines(readConfig(given));
  await engines.close();
  const { databaseUrl, clickhouse } = engines;
  expect({ databaseUrl, clickhouse }).toEqual({
    databaseUrl: given.DATABASE_URL,
    clickhouse: { url: given.CLICKHOUSE_URL, headers: {} },
  });
});

test('a wrong DATABASE_URL is told in one line, without its password', async () => {
  const url = inject('adminUrl');
  const { host } = new URL(url);
  const role = `weak_${randomUUID().slice(0, 8)}`;
  await admin(`create role ${role} login password 'weak'`);
  onTestFinished(() => admin(`drop role ${role}`));
  for (const [wrong, line] of [
    [change(url, { password: 'guess' }), `${host}/stoa refuses the user or the password.`],
    [change(url, { pathname: '/none' }), `there is no database ${host}/none: create it.`],
    [
      'postgres://me:guess@127.0.0.1:1/x',
      'PostgreSQL is not reached at 127.0.0.1:1/x: nothing listens there.',
    ],
    [
      change(url, { username: role, password: 'weak' }),
      `its user may not create schemas in ${host}/stoa: grant create on the database.`,
    ],
  ] as const) {
    await expect(checkPostgres(wrong)).rejects.toThrow(new StartFault(`DATABASE_URL: ${line}`));
  }
});

test('a wrong CLICKHOUSE_URL is told in one line', async () => {
  const { host } = new URL(inject('clickhouse').url);
  for (const [wrong, line] of [
    ['http://127.0.0.1:1/stoa', 'ClickHouse is not reached at 127.0.0.1:1/stoa: nothing listens there.'],
    [
      inject('clickhouse').url, // without the secret it answers 404, as another web server would
      `what answers at ${host}/stoa is not ClickHouse's HTTP interface (its port is 8123, or 8443 with https).`,
    ],
  ] as const) {
    await expect(checkClickhouse(wrong)).rejects.toThrow(new StartFault(`CLICKHOUSE_URL: ${line}`));
  }
});

test('a database that a newer Stoa migrated is refused, by the names of what it had', async () => {
  const name = `newer_${randomUUID().replaceAll('-', '')}`;
  const url = change(inject('adminUrl'), { pathname: `/${name}` });
  await admin(`create database ${name} template ${inject('template')}`);
  onTestFinished(() => admin(`drop database ${name}`));
  const known = migrationFiles().map((path) => basename(path, '.sql'));
  await refuseNewerDatabase(url, known);

  await expect(refuseNewerDatabase(url, known.slice(0, -1))).rejects.toThrow(
    new StartFault(
      `The database was migrated by a newer Stoa (${known.at(-1)}): start that version, or use another database.`,
    ),
  );
});
