import { readFileSync } from 'node:fs';

/** Resident memory of a process in megabytes, as Linux tells it. */
export const memoryOf = (pid: number): number => statusOf(pid, 'VmRSS');

/** The most that it ever was. */
export const memoryMostOf = (pid: number): number => statusOf(pid, 'VmHWM');

function statusOf(pid: number, field: string): number {
  const match = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? Number.NaN) / 1024);
}

const TICKS_PER_SECOND = 100;

/** Processor time that a process has used, in seconds. */
export function processorSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
