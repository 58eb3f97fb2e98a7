import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openDb } from '#platform/db.ts';
import type { EngineAddresses } from '#platform/embedded/data-folder.ts';
import { freePort } from '#platform/embedded/ports.ts';
import { aStockedVariant } from '../../src/modules/orders/factory.ts';
import { type Answered, buy, DISAGREEMENTS } from './buyers.ts';
import { linesInFigures, linesInLedger } from './counts.ts';
import { aFolder, processesIn, run, runEngines, seedDataFolder, sqlOf } from './programs.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

let seed: Awaited<ReturnType<typeof seedDataFolder>>;
beforeAll(async () => {
  seed = await seedDataFolder();
});
afterAll(() => seed.remove());

/** ClickHouse as others run it: by an address alone, without the header that ours asks for. */
async function plainAddressOf({ url, headers }: EngineAddresses['clickhouse']): Promise<string> {
  const server = createServer((asked, answer) => {
    const onward = { method: asked.method, headers: { ...asked.headers, ...headers } };
    const passed = request(new URL(asked.url ?? '/', url), onward, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(new URL(url), { port: String((server.address() as { port: number }).port) }).href;
}

/** Servers that run by themselves, and the environment that leads to them. */
async function runServers() {
  const { engines } = await runEngines(seed.copy());
  const { databaseUrl, clickhouse } = engines;
  const env = {
    DATABASE_URL: databaseUrl,
    CLICKHOUSE_URL: await plainAddressOf(clickhouse),
    STOA_SECRET: 'a secret that all the processes share',
  };
  return { databaseUrl, clickhouse, env };
}

/** A process of ours on those servers, with a folder and a port of its own. */
async function main(env: Record<string, string>) {
  const [dir, port] = [aFolder(), await freePort()];
  const program = run('src/main.ts', { ...env, STOA_DATA: dir, PORT: String(port) });
  return { program, dir, url: `http://127.0.0.1:${port}` };
}

test('on servers of somebody else it serves and starts none of its own; a wrong address is one line', async () => {
  const { env } = await runServers();
  const stoa = await main(env);
  await stoa.program.says('Stoa is ready');
  expect((await fetch(`${stoa.url}/v1/catalog/products?limit=1`)).status).toBe(200);
  expect((await fetch(stoa.url)).status).toBe(200);
  expect(processesIn(stoa.dir)).toEqual([]);
  stoa.program.child.kill('SIGTERM');
  expect([await stoa.program.ends(), stoa.program.stderr()]).toEqual([0, '']);

  const nowhere = await freePort();
  const misled = await main({ ...env, DATABASE_URL: `postgres://stoa:secret@127.0.0.1:${nowhere}/stoa` });
  expect(await misled.program.ends()).toBe(1);
  expect(misled.program.stderr()).toBe(
    `DATABASE_URL: PostgreSQL is not reached at 127.0.0.1:${nowhere}/stoa: nothing listens there.\n`,
  );
  const lost = await main({ ...env, CLICKHOUSE_URL: `http://stoa:secret@127.0.0.1:${nowhere}/stoa` });
  expect(await lost.program.ends()).toBe(1);
  expect(lost.program.stderr()).toBe(
    `CLICKHOUSE_URL: ClickHouse is not reached at 127.0.0.1:${nowhere}/stoa: nothing listens there.\n`,
  );
});

/** A mail server that holds its answer to each message until it is told to give it. */
async function slowMailServer() {
  const received: string[] = [];
  const waiting: (() => void)[] = [];
  const server = createTcpServer((socket: Socket) => {
    let inMessage = false;
    let text = '';
    let to = '';
    socket.on('error', () => {});
    socket.write('220 mail\r\n');
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (inMessage && line.startsWith('To: ')) to = line.slice(4);
        if (inMessage && line === '.') {
          inMessage = false;
          waiting.push(() => socket.write('250 taken\r\n'));
          received.push(to);
        } else if (!inMessage) {
          inMessage = line === 'DATA';
          socket.write(inMessage ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 yes\r\n');
        }
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answer: () => waiting.splice(0).forEach((give) => give()),
  };
}

test('a worker loses no job, whether it is killed or asked to end', async () => {
  const { databaseUrl, env } = await runServers();
  const mail = await slowMailServer();
  const work = () => run('src/worker.ts', { ...env, STOA_DATA: aFolder(), SMTP_URL: mail.url });
  const queue = (email: string) =>
    sqlOf(
      databaseUrl,
      `insert into identity.member (id, name, email, email_verified) values (gen_random_uuid(), 'Ada', '${email}', true);
       select graphile_worker.add_job('identity.send_mail', json_build_object('kind', 'known_address', 'email', '${email}'))`,
    );
  const jobsLeft = async () =>
    (
      await sqlOf(
        databaseUrl,
        "select from graphile_worker.jobs where task_identifier = 'identity.send_mail'",
      )
    ).length;
  const isMigrated = async () =>
    (await sqlOf(databaseUrl, "select from pg_tables where schemaname = 'reviews'")).length > 0;

  const killed = work();
  await expect.poll(isMigrated, { timeout: 60_000 }).toBe(true);
  await queue('ada@example.com');
  await expect.poll(() => mail.received, { timeout: 60_000 }).toEqual(['ada@example.com']);
  killed.child.kill('SIGKILL');
  await killed.ends();
  expect(await jobsLeft()).toBe(1);

  const next = work();
  await expect.poll(() => mail.received, { timeout: 60_000 }).toEqual(['ada@example.com', 'ada@example.com']);
  next.child.kill('SIGTERM');
  await queue('eve@example.com');
  mail.answer();
  expect([await next.ends(), next.stderr()]).toEqual([0, '']);
  const eves = () => mail.received.filter((to) => to === 'eve@example.com').length;
  expect(await jobsLeft()).toBe(1); // what it had begun, it ended
  expect(eves()).toBe(0); // what comes after the signal is left to others

  const stoa = await main({ ...env, SMTP_URL: mail.url });
  const isDone = async () => {
    mail.answer();
    return (await jobsLeft()) === 0;
  };
  await expect.poll(isDone, { timeout: 60_000 }).toBe(true);
  expect(eves()).toBe(1);
  stoa.program.child.kill('SIGTERM');
  expect(await stoa.program.ends()).toBe(0);
});

test('two servers and a worker on one database: every line is in the figures once, whichever of them is killed', async () => {
  const { databaseUrl, clickhouse, env } = await runServers();
  const first = await main(env);
  await first.program.says('Stoa is ready');
  const others = [await main(env), await main(env)];
  const worker = run('src/worker.ts', { ...env, STOA_DATA: aFolder() });
  for (const { program } of others) await program.says('Stoa is ready');
  await using db = openDb(databaseUrl, { max: 2 });
  const { variantId } = await aStockedVariant(db, databaseUrl, 1000);
  const answered: Answered[] = [];
  const servers = [first, ...others];
  const until = (count: number) => async () => {
    const isEnough = () => answered.length >= count;
    await Promise.all(servers.map(({ url }) => buy(url, variantId, answered, isEnough).catch(() => {})));
  };
  const agree = async () => {
    const ledger = await linesInLedger(databaseUrl);
    await expect.poll(() => linesInFigures(clickhouse), { timeout: 60_000 }).toEqual(ledger);
    return ledger?.lines ?? 0;
  };

  await until(12)();
  expect(await agree()).toBeGreaterThanOrEqual(24);
  const buying = until(40)();
  await expect.poll(() => answered.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(20);
  first.program.child.kill('SIGKILL'); // it came first, so it was the one that followed
  await buying;
  // What it left half-way is finished or undone by the others, within the lease.
  const unfinished = async () => (await sqlOf(databaseUrl, 'select from orders.checkout')).length;
  await expect.poll(unfinished, { timeout: 60_000 }).toBe(0);

  expect(await agree()).toBeGreaterThanOrEqual(80);
  expect(await sqlOf(databaseUrl, DISAGREEMENTS)).toEqual([]);
  const numbers = new Set(answered.map(({ number }) => number));
  expect(numbers.size).toBe(answered.length);
  worker.child.kill('SIGTERM');
  expect(await worker.ends(), worker.stderr()).toBe(0);
});
