import { randomBytes } from 'node:crypto';
import sharp, { type OverlayOptions } from 'sharp';
import { openStorage } from '#modules/catalog/index.ts';
import type { Config } from '#platform/config.ts';
import { cutOut } from './cut-out.ts';

/** What this process is asked, once. */
export interface RenderTask {
  config: Config;
  /** Pictures whose ground is to be taken away. */
  cut: { mediaId: string; sha256: string; file: string }[];
  drawing: Drawing | null;
}

/** A look as it is drawn: what lies below comes first. Units are the canvas's. */
export interface Drawing {
  ground: string;
  scene: string | null;
  parts: (DrawnItem | DrawnWords)[];
}

interface DrawnItem {
  kind: 'item';
  sha256: string;
  file: string;
  /** Of the same picture once its ground is away. */
  mediaId: string;
  isCutOut: boolean;
  x: number;
  y: number;
  width: number;
  turn: number;
}

interface DrawnWords {
  kind: 'words';
  words: string;
  x: number;
  y: number;
  size: number;
  turn: number;
  colour: string;
}

export interface Rendered {
  cut: { mediaId: string; size: { width: number; height: number } | null }[];
  picture: { key: string; files: string[]; byteSize: number; width: number; height: number } | null;
}

const WIDTH = 960;
const HEIGHT = 1200;
const SCALE = WIDTH / 1000;
const CUT_WIDTH = 640;
/** What other sites show where a page is shared. */
const SHARED = { width: 1200, height: 630 } as const;

sharp.cache(false);
process.once('disconnect', () => process.exit(0)); // whoever asked has all, or has ended
process.once('message', (task: RenderTask) => {
  render(task).then(
    (rendered) => process.send?.(rendered),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

type Storage = ReturnType<typeof openStorage>;

export async function render({ config, cut, drawing }: RenderTask): Promise<Rendered> {
  const storage = openStorage(config);
  const done: Rendered['cut'] = [];
  for (const { mediaId, sha256, file } of cut)
    done.push({ mediaId, size: await cutAway(storage, sha256, file) });
  const made = new Set(done.flatMap(({ mediaId, size }) => (size ? [mediaId] : [])));
  return { cut: done, picture: drawing && (await draw(storage, drawing, made)) };
}

async function cutAway(storage: Storage, sha256: string, file: string) {
  const bytes = await storage.get(`${sha256}/${file}`);
  if (!bytes) return null;
  const { data, info } = await sharp(bytes)
    .resize({ width: CUT_WIDTH, withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const cut = info.channels === 3 ? cutOut({ data, width, height }) : undefined;
  if (!cut) return null;
  const picture = sharp(cut, { raw: { width, height, channels: 4 } });
  const encoded = await picture.webp({ quality: 82, alphaQuality: 90, effort: 1 }).toBuffer();
  await storage.put(`${sha256}/cutout.webp`, encoded, 'image/webp');
  return { width, height };
}

async function draw(storage: Storage, { ground, scene, parts }: Drawing, cut: ReadonlySet<string>) {
  const overlays: OverlayOptions[] = [];
  const behind = scene === null ? undefined : await storage.get(scene);
  if (behind) overlays.push({ input: await sharp(behind).resize(WIDTH, HEIGHT).toBuffer(), left: 0, top: 0 });
  for (const part of parts) {
    const overlay =
      part.kind === 'words' ? lettering(part) : await standing(storage, part, cut.has(part.mediaId));
    if (overlay) overlays.push(overlay);
  }
  const canvas = { width: WIDTH, height: HEIGHT, channels: 3, background: ground } as const;
  const { data } = await sharp({ create: canvas })
    .composite(overlays)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const whole = () => sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  const key = randomBytes(32).toString('hex');
  const files = {
    '960.webp': whole().webp({ quality: 78, effort: 1 }),
    '480.webp': whole().resize({ width: 480 }).webp({ quality: 76, effort: 1 }),
    '480.avif': whole().resize({ width: 480 }).avif({ quality: 52, effort: 0 }),
    '960.avif': whole().avif({ quality: 50, effort: 0 }),
    'shared.jpg': whole()
      .resize({ ...SHARED, fit: 'contain', background: ground })
      .jpeg({ quality: 80 }),
  };
  let byteSize = 0;
  for (const [file, picture] of Object.entries(files)) {
    const encoded = await picture.toBuffer();
    byteSize = Math.max(byteSize, encoded.length);
    await storage.put(`${key}/${file}`, encoded, `image/${file.split('.')[1] ?? ''}`);
  }
  return { key, files: Object.keys(files), byteSize, width: WIDTH, height: HEIGHT };
}

/** A product's picture at its size and turn; only what is within the canvas. */
async function standing(
  storage: Storage,
  item: DrawnItem,
  isCutNow: boolean,
): Promise<OverlayOptions | null> {
  const file = item.isCutOut && isCutNow ? 'cutout.webp' : item.file;
  const bytes = await storage.get(`${item.sha256}/${file}`);
  if (!bytes) return null;
  let picture = sharp(bytes).resize({ width: Math.max(1, Math.round(item.width * SCALE)) });
  if (item.turn !== 0)
    picture = sharp(await picture.ensureAlpha().png({ compressionLevel: 0 }).toBuffer()).rotate(item.turn, {
      background: { r: 0, g: 0, b: 0, alpha: 0 },
    });
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const left = Math.round(item.x * SCALE - width / 2);
  const top = Math.round(item.y * SCALE - height / 2);
  const from = { left: Math.max(0, -left), top: Math.max(0, -top) };
  const shown = {
    width: Math.min(width, WIDTH - left) - from.left,
    height: Math.min(height, HEIGHT - top) - from.top,
  };
  if (shown.width <= 0 || shown.height <= 0) return null;
  const raw = { width, height, channels: 4 } as const;
  const input = await sharp(data, { raw })
    .extract({ ...from, ...shown })
    .raw()
    .toBuffer();
  return { input, raw: { ...shown, channels: 4 }, left: Math.max(0, left), top: Math.max(0, top) };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function lettering({ words, x, y, size, turn, colour }: DrawnWords): OverlayOptions {
  const place = `translate(${x * SCALE} ${y * SCALE}) rotate(${turn})`;
  const look = `font-family="Fraunces, Georgia, 'DejaVu Serif', serif" font-size="${size * SCALE}" fill="${colour}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><text transform="${place}" ${look}
    text-anchor="middle" dominant-baseline="central">${escaped(words)}</text></svg>`;
  return { input: Buffer.from(svg), left: 0, top: 0 };
}
