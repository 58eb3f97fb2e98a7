import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runMigrations } from 'graphile-worker';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { openDb } from './db.ts';

const SOURCE = join(import.meta.dirname, '..');

/** Every module's SQL files, in the order of their timestamps. */
export function migrationFiles(): string[] {
  return globSync(['platform/migrations/*.sql', 'modules/*/migrations/*.sql', 'imports/migrations/*.sql'], {
    cwd: SOURCE,
  })
    .map((path) => join(SOURCE, path))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

export async function migrate(connectionString: string): Promise<void> {
  await runMigrations({ connectionString });
  await using db = openDb(connectionString, { max: 1 });
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          migrationFiles().map((path) => [
            basename(path, '.sql'),
            { up: async (tx) => void (await sql.raw(readFileSync(path, 'utf8')).execute(tx)) },
          ]),
        ),
    },
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
