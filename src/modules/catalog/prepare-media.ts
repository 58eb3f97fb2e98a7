import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { Metadata } from 'sharp';
import { idOf } from '#platform/ids.ts';
import type { Config } from '#platform/config.ts';
import { catalogErrors } from './errors.ts';
import type { Pixels, PreparedMedia, PrepareOptions } from './prepared-media.ts';
import { sharp } from './sharp.ts';
import { openStorage } from './storage.ts';

/** What is kept of a picture is no larger than this, on either side. */
const SOURCE_PIXELS_MAX = 2400;
/** A small file may unfold into more memory than a server has: more than this is not decoded. */
const DECODED_PIXELS_MAX = 50_000_000;
const SIDE_MIN = 16;

/** What a picture may be, by what its first bytes say, and as what it is kept. */
const KEPT_AS = {
  'image/jpeg': { extension: 'jpg', mimeType: 'image/jpeg' },
  'image/png': { extension: 'webp', mimeType: 'image/webp' },
  'image/webp': { extension: 'webp', mimeType: 'image/webp' },
  'image/avif': { extension: 'webp', mimeType: 'image/webp' },
  'image/gif': { extension: 'webp', mimeType: 'image/webp' },
} as const;

export async function prepareMedia(
  deps: { config: Config },
  bytes: Uint8Array,
  options: PrepareOptions,
): Promise<PreparedMedia> {
  const type = await typeOf(bytes);
  return keep(deps, await decode(bytes), KEPT_AS[type], options);
}

export async function prepareDrawn(
  deps: { config: Config },
  drawn: Pixels,
  options: PrepareOptions,
): Promise<PreparedMedia> {
  const { data, info } = await imageOf(drawn).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return keep(deps, { ...drawn, data, channels: info.channels }, KEPT_AS['image/jpeg'], options);
}

/** What the first bytes and the head of an upload say, before anybody decodes it; refused when that is enough to. */
export async function lookAt(
  bytes: Uint8Array,
): Promise<{ mimeType: string; width: number; height: number }> {
  const { mimeType } = KEPT_AS[await typeOf(bytes)];
  const { autoOrient } = await measure(bytes);
  return { mimeType, ...autoOrient };
}

/** Makes a clean picture of an upload, under a key that says nothing of what is in it. */
export async function cleanUpload(
  deps: { config: Config },
  bytes: Uint8Array,
  key: string,
): Promise<PreparedMedia> {
  const type = await typeOf(bytes);
  return keep(deps, await decode(bytes), KEPT_AS[type], { key });
}

async function keep(
  { config }: { config: Config },
  pixels: Pixels,
  { extension, mimeType }: (typeof KEPT_AS)[keyof typeof KEPT_AS],
  { widths = [480], key }: PrepareOptions & { key?: string },
): Promise<PreparedMedia> {
  const storage = openStorage(config);
  const picture = imageOf(pixels);
  const [{ data, info }, small] = await Promise.all([
    (extension === 'jpg' ? picture.jpeg({ quality: 88 }) : picture.webp({ quality: 90, effort: 2 })).toBuffer(
      {
        resolveWithObject: true,
      },
    ),
    scaled(pixels, 480),
  ]);
  const sha256 = key ?? createHash('sha256').update(data).digest('hex');
  const source = `source.${extension}`;
  await storage.put(`${sha256}/${source}`, data, mimeType);
  const files: string[] = [source];
  for (const width of widths) {
    const rendition = width === 480 ? small : await scaled(pixels, width);
    const encoded = await imageOf(rendition).webp({ quality: 76, effort: 1 }).toBuffer();
    await storage.put(`${sha256}/${width}.webp`, encoded, 'image/webp');
    files.push(`${width}.webp`);
  }
  const size = { width: info.width, height: info.height, byteSize: data.length };
  const colour = await dominantColour(small);
  return { id: idOf('catalog:media', sha256), sha256, state: 'pending', mimeType, ...size, colour, files };
}

const imageOf = ({ data, width, height, channels }: Pixels) =>
  sharp(data, { raw: { width, height, channels } });

async function scaled(pixels: Pixels, width: number): Promise<Pixels> {
  if (pixels.width <= width) return pixels;
  const { data, info } = await imageOf(pixels).resize({ width }).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** The colour that most of the picture is near to, in sixteen steps of red, green and blue. */
async function dominantColour(pixels: Pixels): Promise<string> {
  const { data, info } = await imageOf(pixels)
    .resize(64, 64, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const counts = new Uint16Array(4096);
  let most = 0;
  const green = info.channels < 3 ? 0 : 1; // one channel of grey stands for all three
  for (let at = 0; at < data.length; at += info.channels) {
    const step = (channel: number) => (data[at + channel] ?? 0) >> 4;
    const colour = (step(0) << 8) | (step(green) << 4) | step(2 * green);
    const count = (counts[colour] ?? 0) + 1;
    counts[colour] = count;
    if (count > (counts[most] ?? 0) || (count === counts[most] && colour < most)) most = colour;
  }
  const middle = (shift: number) => (((most >> shift) & 15) * 16 + 8).toString(16).padStart(2, '0');
  return `#${middle(8)}${middle(4)}${middle(0)}`;
}

async function typeOf(bytes: Uint8Array): Promise<keyof typeof KEPT_AS> {
  const found = await fileTypeFromBuffer(bytes);
  if (found && found.mime in KEPT_AS) return found.mime as keyof typeof KEPT_AS;
  throw catalogErrors.media_type_refused({ found: found?.mime ?? 'unknown' });
}

/** The picture's pixels, whole and turned upright; refused when any of them is missing. */
async function decode(bytes: Uint8Array): Promise<Pixels> {
  await measure(bytes);
  try {
    const size = { width: SOURCE_PIXELS_MAX, height: SOURCE_PIXELS_MAX };
    const { data, info } = await open(bytes)
      .autoOrient()
      .resize({ ...size, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels };
  } catch {
    throw catalogErrors.media_broken({});
  }
}

/** Only the head is read: a picture of too many pixels is refused for that, not as a broken one. */
async function measure(bytes: Uint8Array): Promise<Metadata> {
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false, pages: 1 }).metadata();
  } catch {
    throw catalogErrors.media_broken({});
  }
  const { width, height } = metadata;
  if (width * height > DECODED_PIXELS_MAX || Math.min(width, height) < SIDE_MIN) {
    throw catalogErrors.media_size_refused({
      width,
      height,
      pixelsMax: DECODED_PIXELS_MAX,
      sideMin: SIDE_MIN,
    });
  }
  return metadata;
}

const open = (bytes: Uint8Array) =>
  sharp(bytes, { failOn: 'truncated', limitInputPixels: DECODED_PIXELS_MAX, pages: 1, animated: false });
