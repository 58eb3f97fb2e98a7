import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '..', 'scripts', 'seal-migrations.ts');

/** A project with two migrations, and what the script does there. */
function aProject() {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-seal-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'src/modules/a/migrations'), { recursive: true });
  const path = (name: string) => join(dir, 'src/modules/a/migrations', name);
  writeFileSync(path('1.sql'), 'create schema a;\n');
  writeFileSync(path('2.sql'), 'create table a.b ();\n');
  const seal = (...args: string[]) =>
    new Promise<[number, string]>((resolve) => {
      execFile(process.execPath, [SCRIPT, ...args], { cwd: dir }, (error, _stdout, stderr) =>
        resolve([error ? Number(error.code) : 0, stderr]),
      );
    });
  return { dir, path, seal };
}

test('a migration is sealed once; one that changes or goes is refused, by the check and by the seal', async () => {
  const { dir, path, seal } = aProject();
  expect(await seal('--check')).toEqual([
    1,
    'Not in migrations.sha256 yet: src/modules/a/migrations/1.sql, src/modules/a/migrations/2.sql. Run: npm run db:seal\n',
  ]);
  expect(await seal()).toEqual([0, '']);
  expect(await seal('--check')).toEqual([0, '']);
  const list = readFileSync(join(dir, 'migrations.sha256'), 'utf8');
  expect(list).toMatch(/^[0-9a-f]{64} {2}src\/modules\/a\/migrations\/1\.sql\n[0-9a-f]{64} {2}\S+2\.sql\n$/);

  cpSync(path('2.sql'), path('3.sql'));
  appendFileSync(path('1.sql'), '-- changed\n');
  rmSync(path('2.sql'));
  const refused =
    'A merged migration never changes: src/modules/a/migrations/1.sql, src/modules/a/migrations/2.sql. Put it back, and the change into a new file.\n';
  expect(await seal('--check')).toEqual([1, refused]);
  expect(await seal()).toEqual([1, refused]);
  expect(readFileSync(join(dir, 'migrations.sha256'), 'utf8')).toBe(list);

  expect(await seal('--unreleased')).toEqual([0, '']);
  expect(await seal('--check')).toEqual([0, '']);
});
