import sharp from 'sharp';
import { finer, render } from '../src/modules/looks/render-process.ts';
import { type RenderTask, spriteKey } from '../src/modules/looks/render-task.ts';
import { median } from './load.ts';
import { atMost, type Result } from './result.ts';

const TIMES = 15;
const MS_MAX = 150;
const GROUND = '#efe8db';

/** A thing before a plain ground with the grain of a photo. */
async function aThing(n: number): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="800"><defs><radialGradient id="g">
    <stop offset="0" stop-color="hsl(${n * 37} 45% 60%)"/><stop offset="1" stop-color="hsl(${n * 37} 40% 32%)"/></radialGradient></defs>
    <rect width="640" height="800" fill="#e9e2d6"/><ellipse cx="320" cy="430" rx="180" ry="270" fill="url(#g)"/></svg>`;
  const grain = {
    create: {
      width: 640,
      height: 800,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 6 },
    },
  } as const;
  const noise = await sharp(grain).png().toBuffer();
  return sharp(Buffer.from(svg))
    .composite([{ input: noise, blend: 'soft-light' }])
    .webp({ quality: 85 })
    .toBuffer();
}

/** A look of so many things, most of them turned, and a line of words, as its second drawing finds it: cut out and kept. */
async function aTask(count: number): Promise<RenderTask> {
  const ids = Array.from({ length: count }, (_, n) => String(n));
  const cut = await Promise.all(ids.map(async (mediaId, n) => ({ mediaId, bytes: await aThing(n) })));
  const { rendered } = await render({ cut, sprites: new Map(), drawing: null });
  if (rendered.sprites.size !== count) throw new Error('the things could not be cut out');
  const sprites = new Map([...rendered.sprites].map(([key, bytes]) => [key, { bytes, isKept: true }]));
  const width = 1100 / Math.sqrt(count);
  const items = ids.map((mediaId, n) => ({
    kind: 'item' as const,
    mediaId,
    isCutOut: sprites.has(spriteKey(mediaId, true)),
    x: 150 + ((n * 260) % 760),
    y: 260 + ((n * 310) % 800),
    width,
    turn: (n % 3) * 7 - 7,
  }));
  const words = {
    kind: 'words' as const,
    words: 'Slow morning',
    x: 500,
    y: 110,
    size: 90,
    turn: 0,
    colour: '#1f1a14',
  };
  return { cut: [], sprites, drawing: { ground: GROUND, scene: null, parts: [...items, words] } };
}

/** What drawing a look takes, until it is shown and until its smaller files are there too. */
export async function looks(): Promise<Result[]> {
  const results: Result[] = [];
  for (const count of [4, 8, 12]) {
    const task = await aTask(count);
    await finer((await render(task)).canvas ?? failed(), GROUND);
    const runs: { shown: number; all: number; wall: number }[] = [];
    for (let n = 0; n < TIMES; n++) {
      const [before, begun] = [process.cpuUsage(), performance.now()];
      const { canvas } = await render(task);
      const [shown, wall] = [spentSince(before), performance.now() - begun];
      await finer(canvas ?? failed(), GROUND);
      runs.push({ shown, wall, all: spentSince(before) });
    }
    const p50 = (of: 'shown' | 'all' | 'wall') => median(runs.map((run) => run[of]));
    const look = `a look of ${count} things drawn`;
    results.push(
      atMost(`${look}, processor until it is shown, p50`, p50('shown'), MS_MAX, 'ms'),
      atMost(`${look}, time until it is shown, p50`, p50('wall'), MS_MAX, 'ms'),
      atMost(`${look}, processor with all its files, p50`, p50('all'), MS_MAX, 'ms'),
    );
  }
  return results;
}

function spentSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const failed = (): never => {
  throw new Error('nothing was drawn');
};
