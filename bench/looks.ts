import sharp from 'sharp';
import { render } from '../src/modules/looks/render-process.ts';
import { type RenderTask, spriteKey } from '../src/modules/looks/render-task.ts';
import { renderApart } from '../src/modules/looks/renderer.ts';
import { median } from './load.ts';
import { atMost, type Result } from './result.ts';

const TIMES = 15;
const MS_MAX = 150;
const ALL_MS_MAX = 500;
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

/** How long it takes to draw a look, in the process that draws: until it is shown, and until its smaller files are there. */
export async function looks(): Promise<Result[]> {
  const results: Result[] = [];
  // The process that draws keeps nobody running who waits for it.
  const awake = setInterval(() => {}, 1000);
  for (const count of [4, 8, 12]) {
    const task = await aTask(count);
    await renderApart(task).finer;
    const runs: { shown: number; all: number }[] = [];
    for (let n = 0; n < TIMES; n++) {
      const begun = performance.now();
      const { rendered, finer } = renderApart(task);
      await rendered;
      const shown = performance.now() - begun;
      await finer;
      runs.push({ shown, all: performance.now() - begun });
    }
    const p50 = (of: 'shown' | 'all') => median(runs.map((run) => run[of]));
    const look = `a look of ${count} things drawn`;
    results.push(
      atMost(`${look}, until it is shown, p50`, p50('shown'), MS_MAX, 'ms'),
      atMost(`${look}, until its files for other screens are there too, p50`, p50('all'), ALL_MS_MAX, 'ms'),
    );
  }
  clearInterval(awake);
  return results;
}
