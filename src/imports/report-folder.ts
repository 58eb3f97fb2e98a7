import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportReport } from './report.ts';

const DRAFT = /^\.unfinished-(\d+)-/;
const ours = new Set<string>();

/** The folder in which this process's report grows; it gets its name when it is whole. */
export function beginDraft(reportsDir: string): string {
  mkdirSync(reportsDir, { recursive: true });
  for (const name of readdirSync(reportsDir)) {
    const pid = Number(DRAFT.exec(name)?.[1] ?? 0);
    const path = join(reportsDir, name);
    // Left by a process that was killed; its number may be ours by now.
    const isLeft = pid > 0 && (pid === process.pid ? !ours.has(path) : !isRunning(pid));
    if (isLeft) rmSync(path, { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(reportsDir, `.unfinished-${process.pid}-`));
  ours.add(draft);
  return draft;
}

/** Completes the draft and gives it its name. */
export function publishReport(report: ImportReport, draft: string): void {
  writeFileSync(join(draft, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  rmSync(report.folder, { recursive: true, force: true }); // of an import that began in the same second
  renameSync(draft, report.folder);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
