import sharp from 'sharp';
import { cutOut } from './cut-out.ts';
import { lettered } from './lettering.ts';
import { type Canvas, filled, halved, lay, premultiplied } from './paint.ts';
import type { Answer, Cut, Drawing, Encoded, Rendered, RenderTask } from './render-task.ts';
import { spriteKey } from './render-task.ts';
import { decoded, packed, SPRITE_WIDTH, unpacked } from './sprites.ts';

const WIDTH = 960;
const HEIGHT = 1200;
const SCALE = WIDTH / 1000;
/** What other sites show where a page is shared. */
const SHARED = { width: 1200, height: 630 } as const;

sharp.cache(false);
process.once('disconnect', () => process.exit(0)); // whoever asked has all, or has ended
let last: Promise<void> = Promise.resolve();
process.on('message', ({ to, task }: { to: number; task: RenderTask }) => {
  last = last.then(() => answer(to, task));
});

const tell = (answered: Answer) => process.send?.(answered);

async function answer(to: number, task: RenderTask): Promise<void> {
  try {
    const { canvas, rendered } = await render(task);
    tell({ to, rendered });
    tell({ to, finer: canvas && task.drawing ? await finer(canvas, task.drawing.ground) : [] });
  } catch (error) {
    tell({ to, fault: String(error) });
  }
}

/** The picture, and the file of it that is shown at once. */
export async function render(task: RenderTask): Promise<{ canvas: Canvas | null; rendered: Rendered }> {
  const sprites = new Map<string, Uint8Array>();
  const cut: Cut[] = [];
  for (const { mediaId, bytes } of task.cut) cut.push(await cutAway(mediaId, bytes, sprites));
  const canvas = task.drawing && (await draw(task, task.drawing, sprites));
  const picture = canvas && { files: [await firstFile(canvas)], ...WHOLE };
  return { canvas, rendered: { cut, sprites, picture } };
}

const WHOLE = { width: WIDTH, height: HEIGHT };

async function cutAway(mediaId: string, bytes: Uint8Array, sprites: Map<string, Uint8Array>): Promise<Cut> {
  const { data, info } = await sharp(bytes)
    .resize({ width: SPRITE_WIDTH, withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const without = info.channels === 3 ? cutOut({ data, width, height }) : undefined;
  if (!without) return { mediaId, size: null, webp: null };
  sprites.set(spriteKey(mediaId, true), packed(premultiplied({ data: without, width, height })));
  const picture = sharp(without, { raw: { width, height, channels: 4 } });
  const webp = await picture.webp({ quality: 82, alphaQuality: 90, effort: 1 }).toBuffer();
  return { mediaId, size: { width, height }, webp };
}

async function draw(
  task: RenderTask,
  { ground, scene, parts }: Drawing,
  made: Map<string, Uint8Array>,
): Promise<Canvas> {
  const canvas = filled(WIDTH, HEIGHT, ground);
  if (scene) {
    const behind = sharp(scene).resize(WIDTH, HEIGHT).flatten({ background: ground }).toColourspace('srgb');
    canvas.data.set(await behind.raw().toBuffer());
  }
  // All at once: what unpacks and draws letters runs beside.
  const sheets = await Promise.all(
    parts.map((part) => (part.kind === 'words' ? lettered(part, SCALE) : spriteOf(task, part, made))),
  );
  for (const [nth, part] of parts.entries()) {
    const sheet = sheets[nth];
    if (!sheet) continue;
    const shown =
      part.kind === 'words' ? { width: sheet.span, turn: 0 } : { width: part.width * SCALE, turn: part.turn };
    lay(canvas, sheet, { x: part.x * SCALE, y: part.y * SCALE, ...shown });
  }
  return canvas;
}

/** Cut out if it was, or is now; otherwise whole. What had to be decoded for it is kept. */
async function spriteOf(
  { sprites }: RenderTask,
  { mediaId, isCutOut, width }: { mediaId: string; isCutOut: boolean; width: number },
  made: Map<string, Uint8Array>,
) {
  for (const isCut of isCutOut ? [true, false] : [false]) {
    const key = spriteKey(mediaId, isCut);
    const known = made.get(key);
    if (known) return unpacked(known, width * SCALE);
    const source = sprites.get(key);
    if (source?.isKept) return unpacked(source.bytes, width * SCALE);
    if (!source) continue;
    const sprite = await decoded(source.bytes);
    made.set(key, packed(sprite));
    return sprite;
  }
  return undefined;
}

const sharpOf = ({ data, width, height }: Canvas) => sharp(data, { raw: { width, height, channels: 3 } });

/** One file that every browser reads: the look is shown by it as soon as it is there. */
async function firstFile(canvas: Canvas): Promise<Encoded> {
  return ['960.webp', await sharpOf(canvas).webp({ quality: 78, effort: 0 }).toBuffer()];
}

/** The same for small screens, for other sites, and in the format that is smaller and takes longer. */
export async function finer(canvas: Canvas, ground: string): Promise<Encoded[]> {
  const half = halved(canvas, 3);
  const avif = { effort: 0, chromaSubsampling: '4:2:0' } as const;
  return [
    ['shared.jpg', await sharpOf(sharedFrom(half, ground)).jpeg({ quality: 80 }).toBuffer()],
    ['480.webp', await sharpOf(half).webp({ quality: 76, effort: 0 }).toBuffer()],
    [
      '480.avif',
      await sharpOf(half)
        .avif({ quality: 52, ...avif })
        .toBuffer(),
    ],
    [
      '960.avif',
      await sharpOf(canvas)
        .avif({ quality: 50, ...avif })
        .toBuffer(),
    ],
  ];
}

function sharedFrom(half: Canvas, ground: string): Canvas {
  const shared = filled(SHARED.width, SHARED.height, ground);
  const [left, top] = [(SHARED.width - half.width) >> 1, (SHARED.height - half.height) >> 1];
  for (let row = 0; row < half.height; row++)
    shared.data.set(
      half.data.subarray(3 * row * half.width, 3 * (row + 1) * half.width),
      3 * ((row + top) * SHARED.width + left),
    );
  return shared;
}
