import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchmarks } from './benchmarks.ts';
import type { Result } from './result.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * Runs the benchmarks named on the command line, or all, and then writes bench/results.md.
 * STOA_BENCH_DATA: where data folders are kept between runs, `.stoa/` unless it says.
 * STOA_BENCH_RETAIL: the path of online-retail.csv.gz, for `import`, `retail-ledger` and `guidance`.
 * STOA_BENCH_PAST: how many past orders `purchase` is measured beside, a million unless it says.
 */
const only = process.argv.slice(2);
const unknown = only.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(', ')}. There are ${Object.keys(benchmarks).join(', ')}.\n`);
  process.exit(1);
}
const results: Result[] = [];
const chosen = Object.entries(benchmarks).filter(([name]) => only.length === 0 || only.includes(name));
// Those that take no stage open one of their own.
await using stage = chosen.some(([, run]) => run.length > 0) ? await openStage('large') : undefined;
for (const [name, run] of chosen) {
  process.stdout.write(`${name} …\n`);
  for (const result of await run(stage as Stage)) {
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
