import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { hasCode } from '../start-fault.ts';

/** A secret that stays the same from start to start, in a file that only its owner may read. */
export function readOrMakeSecret(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  // Written whole before it has its name: a start that is killed here leaves no empty secret behind.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  unlinkSync(draft);
  return readFileSync(path, 'utf8').trim();
}
