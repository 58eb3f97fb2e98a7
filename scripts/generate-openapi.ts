import { readFileSync, writeFileSync } from 'node:fs';
import { createClient } from '@clickhouse/client';
import { readConfig } from '#platform/config.ts';
import { openDb } from '#platform/db.ts';
import { buildApp } from '../src/app.ts';

/** Writes openapi.json from the routes as they declare themselves; with --check it only says whether it is stale. */
const config = readConfig({ STOA_SECRET: 'not used: nothing is served here', LOG_LEVEL: 'silent' });
const nowhere = openDb('postgres://nobody@127.0.0.1:1/none'); // never connected to: only the routes are read
const app = await buildApp({
  db: nowhere,
  reads: nowhere,
  databaseUrl: '',
  clickhouse: createClient({ url: 'http://127.0.0.1:1' }),
  mailer: async () => {},
  config,
  now: () => new Date(),
});
const fresh = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();

if (!process.argv.includes('--check')) writeFileSync('openapi.json', fresh);
else if (read() !== fresh) {
  process.stderr.write('openapi.json is stale. Run: npm run openapi\n');
  process.exitCode = 1;
}

function read(): string | undefined {
  try {
    return readFileSync('openapi.json', 'utf8');
  } catch {
    return undefined;
  }
}
