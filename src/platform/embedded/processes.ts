import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../start-fault.ts';

const POLL_MS = 20;
const isLinux = process.platform === 'linux';

/**
 * Tells one process from another that got its number later: a pid alone is reused, in a container within
 * minutes. Undefined when no such process lives; a zombie has ended and only waits to be counted.
 */
export function stampOf(pid: number): string | undefined {
  return isLinux ? stampFromProc(pid) : stampFromPs(pid);
}

function stampFromProc(pid: number): string | undefined {
  const stat = readGone(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name of the program stands in brackets and may hold spaces: fields are counted from after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return undefined;
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${bootId}/${startTicks}`;
}

function stampFromPs(pid: number): string | undefined {
  try {
    const [state = 'Z', ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined; // ps ends with 1 when it finds no such process
  }
}

export interface ListedProcess {
  pid: number;
  command: string[];
}

/** Every living process that this user may see. Other systems' ps does not keep arguments apart, so it gives one. */
export function listProcesses(): ListedProcess[] {
  if (!isLinux) {
    const lines = execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).split('\n');
    return lines.map((line) => {
      const [, pid = '0', command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), command: [command] };
    });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: readGone(`/proc/${name}/cmdline`)?.split('\0') ?? [] }))
    .filter(({ pid }) => stampOf(pid) !== undefined);
}

/** A process may end between being listed and being read. */
function readGone(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

/** Sends a signal, and is content when the process has ended already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/** Waits until `isTrue`, and answers whether it became true within the limit. */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** Waits for the process with this stamp to end, and answers whether it did within the limit. */
export const waitForEnd = (pid: number, stamp: string, limitMs: number): Promise<boolean> =>
  waitUntil(() => stampOf(pid) !== stamp, limitMs);
