import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startNodes } from './nodes.ts';

/** In place of the one ClickHouse of the other tests. */
export async function setup(project: TestProject) {
  const dir = mkdtempSync(join(tmpdir(), 'stoa-nodes-'));
  const { stop, ...address } = await startNodes(dir);
  project.provide('clickhouse', address);
  return async () => {
    await stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
