import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '#platform/embedded/postgres.ts';
import { migrate } from '#platform/migrate.ts';
import { modules } from '../src/modules.ts';

/** Writes each module's tables.ts from a freshly migrated database; with --check it only says which are stale. */
const check = process.argv.includes('--check');
const dir = mkdtempSync(join(tmpdir(), 'stoa-tables-'));
chmodSync(dir, 0o755); // as root the server runs under a user of its own, who must be let in
const postgres = await startPostgres({ dir: join(dir, 'postgres'), fsync: false });
try {
  await migrate(postgres.url);
  const stale = modules.map(({ name }) => name).filter((name) => !write(name));
  if (stale.length > 0) {
    process.stderr.write(`Stale tables.ts in: ${stale.join(', ')}. Run: npm run db:types\n`);
    process.exitCode = 1;
  }
} finally {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}

/** False when the file differs and `--check` forbids writing it. */
function write(name: string): boolean {
  const made = join(dir, `${name}.ts`);
  const mapping = ['--type-mapping', JSON.stringify({ int8: 'number', date: 'string', numeric: 'string' })];
  const files = ['--include-pattern', `${name}.*`, '--out-file', made];
  execFileSync('kysely-codegen', ['--dialect', 'postgres', '--url', postgres.url, ...mapping, ...files]);
  const path = join('src', 'modules', name, 'tables.ts');
  const fresh = readFileSync(made, 'utf8');
  if (read(path) === fresh) return true;
  if (check) return false;
  writeFileSync(path, fresh);
  return true;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
