import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * `migrations.sha256` lists every migration with its hash, as sha256sum writes it: a merged file never changes, and two
 * branches that both add one meet in the list. Run plainly it adds what is new; with --check it only says what is
 * wrong; with --unreleased it takes changed files, too, while no database of anybody's has had them.
 */
const LIST = 'migrations.sha256';
const mode = process.argv[2];

const files = globSync('src/**/{migrations,clickhouse}/*.sql').sort();
const found = new Map(files.map((path) => [path, hashOf(path)]));
const sealed = new Map(
  existsSync(LIST) ? readFileSync(LIST, 'utf8').split('\n').filter(Boolean).map(entryOf) : [],
);

const changed = [...sealed]
  .filter(([path, hash]) => found.has(path) && found.get(path) !== hash)
  .map(([path]) => path);
const missing = [...sealed.keys()].filter((path) => !found.has(path));
const added = files.filter((path) => !sealed.has(path));

const broken = mode === '--unreleased' ? [] : [...changed, ...missing];
if (broken.length > 0) {
  refuse(
    `A merged migration never changes: ${broken.join(', ')}. Put it back, and the change into a new file.`,
  );
} else if (mode !== '--check') {
  writeFileSync(LIST, [...found].map(([path, hash]) => `${hash}  ${path}\n`).join(''));
} else if (added.length > 0) {
  refuse(`Not in ${LIST} yet: ${added.join(', ')}. Run: npm run db:seal`);
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function entryOf(line: string): [string, string] {
  const [hash = '', path = ''] = line.split('  ');
  return [path, hash];
}

function refuse(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
