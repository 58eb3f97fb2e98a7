import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StartFault, hasCode } from '../start-fault.ts';
import { type ListedProcess, listProcesses, signal, waitUntil } from './processes.ts';

const FAST_STOP_LIMIT_MS = 30_000;
const CHILDREN_LIMIT_MS = 10_000;

/**
 * Ends the server that a killed Stoa left on this data, and removes the pid file and the sockets of one that is dead. The file
 * is believed only as far as the process list bears it out: its number may be another program's by now, and
 * PostgreSQL would refuse to start because of it.
 */
export async function stopLeftover(dataDir: string): Promise<void> {
  const pid = pidInFile(dataDir);
  if (pid !== undefined) await stopServers(dataDir, pid);
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(dataDir, name), { force: true });
  }
}

async function stopServers(dataDir: string, pid: number): Promise<void> {
  for (const { pid: server } of serversOn(dataDir)) signal(server, 'SIGINT');
  if (!(await waitUntil(() => serversOn(dataDir).length === 0, FAST_STOP_LIMIT_MS))) {
    for (const { pid: server } of serversOn(dataDir)) signal(server, 'SIGQUIT');
  }
  // Sessions of a server that was killed end by themselves; a new server must not start before the last one.
  const children = () => childrenOn(dataDir);
  if (!(await waitUntil(() => children().length === 0, CHILDREN_LIMIT_MS))) {
    const pids = children().map((child) => child.pid);
    throw new StartFault(
      `An older PostgreSQL still works on ${dataDir}: end its processes (${pids.join(', ')}) and start again.`,
    );
  }
  if (pidInFile(dataDir) === pid) rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}

function pidInFile(dataDir: string): number | undefined {
  try {
    const [pid] = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return Number(pid);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The arguments are readable to every user, where a process's folder is not, even to root in a container. */
const serversOn = (dataDir: string): ListedProcess[] =>
  listProcesses().filter(
    ({ command }) =>
      (basename(command[0] ?? '') === 'postgres' && command.includes(dataDir)) ||
      (command.length === 1 && command[0]?.includes(`postgres -D ${dataDir} `)),
  );

/** Given to the server as cluster_name, which all its processes then show: how they are told from another's. */
export const clusterName = (dataDir: string): string =>
  `stoa-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;

const childrenOn = (dataDir: string): ListedProcess[] =>
  listProcesses().filter(({ command }) => command[0]?.startsWith(`postgres: ${clusterName(dataDir)}: `));
