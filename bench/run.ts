import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchmarks } from './benchmarks.ts';
import type { Result } from './result.ts';
import { openStage } from './stage.ts';

/** Runs the benchmarks named on the command line, or all, and writes bench/results.md. */
const only = process.argv.slice(2);
const results: Result[] = [];
await using stage = await openStage('large');
for (const [name, run] of Object.entries(benchmarks)) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.stdout.write(`${name} …\n`);
  for (const result of await run(stage)) {
    results.push(result);
    process.stdout.write(
      `  ${result.name}: ${result.figure} (limit ${result.limit}, ratio ${result.ratio.toFixed(2)})\n`,
    );
  }
}
if (only.length === 0) writeFileSync(join(import.meta.dirname, 'results.md'), report());

function report(): string {
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const rows = results.map(
    ({ name, figure, limit, ratio }) => `| ${name} | ${figure} | ${limit} | ${ratio.toFixed(2)} |`,
  );
  return [
    '# Benchmarks',
    '',
    'Made by `npm run bench`. Medians of three; the load comes from the same machine. A ratio of 1 or more keeps the limit.',
    '',
    `${new Date().toISOString().slice(0, 10)} · after ${revision} · ${machine}`,
    '',
    '| what | figure | limit | ratio |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
