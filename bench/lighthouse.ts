import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse from 'lighthouse';
import { packagedChromium } from '#test/browser.ts';
import { median } from './load.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
export type Scores = Record<(typeof CATEGORIES)[number], number>;

/** Lighthouse's mobile scores of each address, 0 to 100: the median of `times` runs. */
export async function lighthouseScores(urls: readonly string[], times = 3): Promise<Map<string, Scores>> {
  await using chrome = await openChrome();
  const scores = new Map<string, Scores>();
  for (const url of urls) {
    const runs: Scores[] = [];
    for (let i = 0; i < times; i++) runs.push(await oneRun(url, chrome.port));
    const medianOf = (category: keyof Scores) => median(runs.map((run) => run[category]));
    scores.set(
      url,
      Object.fromEntries(CATEGORIES.map((category) => [category, medianOf(category)])) as Scores,
    );
  }
  return scores;
}

async function oneRun(url: string, port: number): Promise<Scores> {
  const result = await lighthouse(url, { port, logLevel: 'error', onlyCategories: [...CATEGORIES] });
  if (!result) throw new Error(`Lighthouse said nothing about ${url}`);
  const scoreOf = (category: string) => Math.round((result.lhr.categories[category]?.score ?? 0) * 100);
  return Object.fromEntries(CATEGORIES.map((category) => [category, scoreOf(category)])) as Scores;
}

async function openChrome() {
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), 'stoa-lighthouse-'));
  const program = process.env['CHROME_PATH'] ?? (await packagedChromium());
  const child = spawn(
    program,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      `--remote-debugging-port=${port}`,
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`Chromium ended with ${code}`)));
    child.stderr.on('data', (data: Buffer) => {
      if (data.includes('DevTools listening')) resolve();
    });
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.on('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
