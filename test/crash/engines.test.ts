import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { waitUntil } from '#platform/embedded/processes.ts';
import { allGone, clickhouseOf, processesIn, runEngines, seedDataFolder, sqlOf } from './programs.ts';

// Whole programs start here, several in a test: on a busy machine each takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let seed: Awaited<ReturnType<typeof seedDataFolder>>;
beforeAll(async () => {
  seed = await seedDataFolder();
});
afterAll(() => seed.remove());

const COUNT = 'select count(*)::int as count from kept';
const isWatchman = ({ command }: { command: string[] }) => command.includes('stoa-watchman');

test('what was answered is there after kill -9, and the next start needs no help', async () => {
  const dir = seed.copy();
  const { program, engines } = await runEngines(dir);
  await sqlOf(engines.databaseUrl, 'create table kept as select 1 as n');
  await clickhouseOf(engines.clickhouse, 'create table kept (n UInt32) engine = MergeTree order by n');
  await clickhouseOf(engines.clickhouse, 'insert into kept select number from numbers(1000)');
  program.child.kill('SIGKILL');
  await program.ends();

  const again = await runEngines(dir);
  expect(await sqlOf(again.engines.databaseUrl, COUNT)).toEqual([{ count: 1 }]);
  expect(await clickhouseOf(again.engines.clickhouse, 'select toUInt32(count()) as count from kept')).toEqual(
    [{ count: 1000 }],
  );

  again.program.child.kill('SIGTERM');
  expect(await again.program.ends()).toBe(0);
  expect(processesIn(dir)).toEqual([]);
});

test('a server that nobody watched is stopped by the next start; a watched one ends by itself', async () => {
  const dir = seed.copy();
  const { program, engines } = await runEngines(dir);
  await sqlOf(engines.databaseUrl, 'create table kept as select 1 as n');
  for (const { pid } of processesIn(dir).filter(isWatchman)) process.kill(pid, 'SIGKILL');
  program.child.kill('SIGKILL');
  await program.ends();
  expect(await waitUntil(() => processesIn(dir).length === 1, 20_000)).toBe(true);
  const [orphan] = processesIn(dir);
  expect(orphan?.command[0]).toMatch(/\/postgres$/);

  const again = await runEngines(dir);
  expect(await sqlOf(again.engines.databaseUrl, COUNT)).toEqual([{ count: 1 }]);
  expect(processesIn(dir).map(({ pid }) => pid)).not.toContain(orphan?.pid);

  again.program.child.kill('SIGKILL');
  expect(await allGone(dir)).toBe(true);
});

test('a killed engine is started again on the same address, and answers only who knows its secret', async () => {
  const dir = seed.copy();
  const { engines } = await runEngines(dir);
  await sqlOf(engines.databaseUrl, 'create table kept as select 1 as n');
  const servers = processesIn(dir).filter((process) => !isWatchman(process));
  expect(servers).toHaveLength(2);
  for (const { pid } of servers) process.kill(pid, 'SIGKILL');

  const isBack = async () => {
    const answers = [clickhouseOf(engines.clickhouse, 'select 1'), sqlOf(engines.databaseUrl, COUNT)];
    return (await Promise.allSettled(answers)).every(({ status }) => status === 'fulfilled');
  };
  expect(await waitUntil(isBack, 20_000)).toBe(true);
  const { origin } = new URL(engines.clickhouse.url);
  for (const path of ['/?query=select+1', '/ping']) expect((await fetch(origin + path)).status).toBe(404);
  const guess = Object.assign(new URL(engines.databaseUrl), { password: 'guess' }).href;
  await expect(sqlOf(guess, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});
