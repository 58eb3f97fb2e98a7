import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { hasCode } from '../start-fault.ts';

const LOG_BYTES_MAX = 10_000_000;
const TAIL_BYTES = 4_000;

/** Opens a server's log for appending, having put a full one aside. The caller closes the descriptor. */
export function openLog(path: string): { fd: number; start: number } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  return { fd: openSync(path, 'a', 0o600), start: size > LOG_BYTES_MAX ? 0 : size };
}

/** The last lines written since `start`: what a server said before it ended. */
export function logTail(path: string, start: number): string {
  try {
    const { size } = statSync(path);
    const from = Math.max(start, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - from);
    const fd = openSync(path, 'r');
    const read = readSync(fd, bytes, 0, bytes.length, from);
    closeSync(fd);
    return bytes.toString('utf8', 0, read).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
