import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../config.ts';
import { holderOf, takeDataFolder, withSecret } from './data-folder.ts';
import { stampOf } from './processes.ts';

function aFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-folder-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('one process has a folder at a time, and who comes second is told who has it', () => {
  const dir = aFolder();
  const folder = takeDataFolder(dir, 'http://localhost:4000');
  expect(() => takeDataFolder(dir, 'http://localhost:4001')).toThrow(
    `Stoa already runs on ${dir}: process ${process.pid}, http://localhost:4000. ` +
      'Stop it, or give this one a STOA_DATA and a PORT of its own.',
  );

  const engines = {
    databaseUrl: 'postgres://here',
    clickhouse: { url: 'http://there', headers: { secret: 'x' } },
  };
  folder.publish(engines);
  expect(holderOf(dir)).toEqual({
    pid: process.pid,
    stamp: stampOf(process.pid),
    address: 'http://localhost:4000',
    engines,
  });
  expect(statSync(join(dir, 'running.json')).mode & 0o777).toBe(0o600);

  folder.release();
  expect(readdirSync(dir)).toEqual([]);
});

test("a dead process's file is set aside, even when another process has its number now", () => {
  const dir = aFolder();
  const stale = { pid: process.pid, stamp: 'an earlier boot/1', address: 'http://localhost:4000' };
  writeFileSync(join(dir, 'running.json'), JSON.stringify(stale));
  expect(holderOf(dir)).toBeUndefined();

  const folder = takeDataFolder(dir, 'http://localhost:4000');
  expect(holderOf(dir)?.stamp).toBe(stampOf(process.pid));
  expect(readdirSync(dir)).toEqual(['running.json']);
  folder.release();
});

test('a secret that was not given is made once and kept where only its owner reads it', () => {
  const STOA_DATA = aFolder();
  const first = withSecret(readConfig({ STOA_DATA }));
  const second = withSecret(readConfig({ STOA_DATA }));
  expect(second.secret).toBe(first.secret);
  expect(first.secret).toHaveLength(43);
  expect(readFileSync(join(STOA_DATA, 'secret'), 'utf8')).toBe(`${first.secret}\n`);
  expect(statSync(join(STOA_DATA, 'secret')).mode & 0o777).toBe(0o600);
  const given = 'a secret that somebody chose with care';
  expect(withSecret(readConfig({ STOA_DATA, STOA_SECRET: given })).secret).toBe(given);
});
