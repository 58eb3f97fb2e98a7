import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '#platform/embedded/ports.ts';
import { aFolder, processesIn, run, seedDataFolder } from './programs.ts';

// Whole programs start here, several in a test: on a busy machine each takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let seed: Awaited<ReturnType<typeof seedDataFolder>>;
beforeAll(async () => {
  seed = await seedDataFolder();
});
afterAll(() => seed.remove());

const MAIN = 'src/main.ts';

test('refuses a second start, and Ctrl-C answers what was asked before it stops every process', async () => {
  const dir = seed.copy();
  const port = await freePort();
  const env = { STOA_DATA: dir, PORT: String(port) };
  const stoa = run(MAIN, env);
  await stoa.says(`http://localhost:${port}/api`);

  const second = run(MAIN, { ...env, PORT: String(await freePort()) });
  expect(await second.ends()).toBe(1);
  expect(second.stderr()).toBe(
    `Stoa already runs on ${dir}: process ${stoa.child.pid}, http://localhost:${port}. ` +
      'Stop it, or give this one a STOA_DATA and a PORT of its own.\n',
  );

  // Half a request: its answer is owed when the signal comes, as Ctrl-C gives it, to the whole process group.
  const halfway = request({
    port,
    path: '/nowhere',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 2, expect: '100-continue' },
  });
  halfway.flushHeaders();
  await once(halfway, 'continue'); // the server has taken it: a connection that has said nothing yet may be closed
  halfway.write('{');
  process.kill(-(stoa.child.pid ?? 0), 'SIGINT');
  const isClosed = async () =>
    fetch(`http://127.0.0.1:${port}/nowhere`).then(
      () => false,
      () => true,
    );
  while (!(await isClosed()));
  halfway.end('}');
  const [answer] = await once(halfway, 'response');
  expect(answer.statusCode).toBe(404);

  expect(await stoa.ends(), stoa.stderr()).toBe(0);
  expect(stoa.stderr()).toBe('');
  expect(processesIn(dir)).toEqual([]);
  expect(existsSync(join(dir, 'running.json'))).toBe(false);
});

test('says in one line that the port is in use, before it starts anything', async () => {
  const dir = join(aFolder(), 'data');
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };

  const refused = run(MAIN, { STOA_DATA: dir, PORT: String(port) });
  expect(await refused.ends()).toBe(1);
  expect(refused.stderr()).toBe(
    `Port ${port} on 127.0.0.1 is in use: stop the program that has it, or set PORT to another.\n`,
  );
  expect(existsSync(dir)).toBe(false);
  other.close();
});

test('says in one line that the data folder is unwritable, and every fault of the configuration', async () => {
  const file = join(aFolder(), 'file');
  writeFileSync(file, '');
  const refused = run(MAIN, { STOA_DATA: join(file, 'data'), PORT: String(await freePort()) });
  const misled = run(MAIN, { PORT: 'many', DATABASE_URL: 'mysql://root:hidden@db' });

  expect(await refused.ends()).toBe(1);
  expect(refused.stderr()).toMatch(
    /^.*\/file\/data can't be used as the data folder \(.*ENOTDIR\): .*STOA_DATA.*\n$/,
  );
  expect(await misled.ends()).toBe(1);
  expect(misled.stderr()).toBe(
    'Configuration: DATABASE_URL must be an address like postgres://user:password@host:5432/name; ' +
      'PORT must be a number from 1 to 65535.\n',
  );
});
