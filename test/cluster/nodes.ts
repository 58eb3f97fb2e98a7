import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { freePort } from '#platform/embedded/ports.ts';
import { waitUntil } from '#platform/embedded/processes.ts';
import { startRelay } from './relay.ts';

const CLUSTER = 'two_shards';
const SERVER = join(import.meta.dirname, '../../src/platform/embedded/clickhouse-server.ts');
const READY_LIMIT_MS = 60_000;

interface Node {
  http: number;
  tcp: number;
  /** Where the other node reaches it. */
  relay: number;
}

/** Two real servers that know each other as the two shards of one cluster: CLICKHOUSE_URL as an operator writes it. */
export async function startNodes(dir: string) {
  const nodes: Node[] = [];
  const relays: { stop: () => void }[] = [];
  for (let node = 0; node < 2; node++) {
    const tcp = await freePort();
    const relay = await startRelay(tcp);
    relays.push(relay);
    nodes.push({ http: await freePort(), tcp, relay: relay.port });
  }
  const started = nodes.map((node, index) => startNode(join(dir, `node-${index}`), node, nodes));
  await Promise.all(nodes.map(answers));
  return {
    cluster: CLUSTER,
    headers: {},
    url: nodes.map(({ http }) => `http://127.0.0.1:${http}`).join(','),
    stop: async () => {
      await Promise.all(
        started.map(async (child, index) => {
          if (child.exitCode !== null || child.signalCode !== null)
            return tellEnd(join(dir, `node-${index}`), child.signalCode ?? `exit code ${child.exitCode}`);
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.stdin?.end();
          await ended;
        }),
      );
      for (const relay of relays) relay.stop();
    },
  };
}

function startNode(dir: string, own: Node, nodes: readonly Node[]) {
  mkdirSync(dir, { recursive: true });
  const configFile = join(dir, 'server.xml');
  writeFileSync(configFile, configOf(nodes, own), { mode: 0o600 });
  const log = openSync(join(dir, 'clickhouse.log'), 'a');
  const library = createRequire(import.meta.url).resolve(
    `@chdb/lib-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}/libchdb.so`,
  );
  const args = [SERVER, library, configFile, join(dir, 'data'), String(own.http), String(own.tcp)];
  return spawn(process.execPath, args, {
    cwd: '/',
    env: { PATH: process.env['PATH'], TZ: 'UTC' },
    stdio: ['pipe', log, log],
  });
}

/** Every test after a node's end fails for it alone, so why it ended is said: its log is not kept. */
function tellEnd(dir: string, how: string): void {
  const fatal = readFileSync(join(dir, 'clickhouse.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('<Fatal>'));
  process.stderr.write(`A node of ClickHouse ended by itself (${how}):\n${fatal.slice(0, 60).join('\n')}\n`);
}

const configOf = (nodes: readonly Node[], own: Node) => `<clickhouse>
  <timezone>UTC</timezone>
  <max_thread_pool_size>1000</max_thread_pool_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <remote_servers><${CLUSTER}>
    ${nodes.map((node) => `<shard><replica><host>127.0.0.1</host><port>${node === own ? own.tcp : node.relay}</port></replica></shard>`).join('\n    ')}
  </${CLUSTER}></remote_servers>
</clickhouse>
`;

async function answers({ http }: Node): Promise<void> {
  await using client = createClient({
    url: `http://127.0.0.1:${http}`,
    log: { level: ClickHouseLogLevel.OFF },
  });
  if (!(await waitUntil(async () => (await client.ping()).success, READY_LIMIT_MS)))
    throw new Error(`No ClickHouse answers at port ${http}`);
}
