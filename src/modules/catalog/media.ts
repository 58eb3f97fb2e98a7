import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import { sql } from 'kysely';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Config } from '#platform/config.ts';
import { catalogErrors } from './errors.ts';
import { openStorage } from './storage.ts';

/** A stored picture's row, ready to be written. */
export interface PreparedMedia {
  id: string;
  sha256: string;
  state: 'pending' | 'ready';
  mimeType: string;
  width: number;
  height: number;
  byteSize: number;
  colour: string;
  /** Names under the sha256: `source.jpg`, `480.webp`, … */
  files: string[];
}

export const UPLOAD_BYTES_MAX = 10 * 1024 * 1024;
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

/** The rendition that is made at once, so that a list has something small to show. */
const FIRST = { width: 480, file: '480.webp' } as const;

interface PrepareOptions {
  /** `now-webp`: with one WebP at once; `later`: the job makes them all. */
  renditions?: 'now-webp' | 'later';
}

/**
 * Checks a picture by its content, makes a clean one of it (no metadata, no more than one frame, turned as its
 * camera said) and puts it into the storage. The row is the caller's to write; the same picture makes the same row.
 */
export async function prepareMedia(
  { config }: { config: Config },
  bytes: Uint8Array,
  { renditions = 'now-webp' }: PrepareOptions = {},
): Promise<PreparedMedia> {
  const storage = openStorage(config);
  const { extension, mimeType } = KEPT_AS[await typeOf(bytes)];
  const picture = await decode(bytes);
  const kept =
    extension === 'jpg'
      ? picture.clone().jpeg({ quality: 88 })
      : picture.clone().webp({ quality: 90, effort: 2 });
  const [{ data, info }, { dominant }] = await Promise.all([
    kept.toBuffer({ resolveWithObject: true }),
    picture
      .clone()
      .resize(64, 64, { fit: 'inside' })
      .png()
      .toBuffer()
      .then((small) => sharp(small).stats()),
  ]);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const source = `source.${extension}`;
  await storage.put(`${sha256}/${source}`, data, mimeType);
  const files: string[] = [source];
  if (renditions === 'now-webp') {
    const first = await picture
      .clone()
      .resize({ width: FIRST.width, withoutEnlargement: true })
      .webp({ quality: 76, effort: 1 })
      .toBuffer();
    await storage.put(`${sha256}/${FIRST.file}`, first, 'image/webp');
    files.push(FIRST.file);
  }
  const colour = `#${[dominant.r, dominant.g, dominant.b].map((each) => each.toString(16).padStart(2, '0')).join('')}`;
  const size = { width: info.width, height: info.height, byteSize: data.length };
  return { id: idOf('catalog:media', sha256), sha256, state: 'pending', mimeType, ...size, colour, files };
}

/** Keeps an uploaded picture. The same one twice is one row; its renditions follow by a job. */
export async function storeMedia(
  deps: { db: Db; config: Config },
  bytes: Uint8Array,
): Promise<PreparedMedia> {
  const media = await prepareMedia(deps, bytes);
  await inTransaction(deps.db, (tx) => addMedia(tx, media));
  return media;
}

async function addMedia(tx: Tx, media: PreparedMedia): Promise<void> {
  const { id, sha256, state, mimeType, width, height, byteSize, colour, files } = media;
  const { rows } = await sql`
    insert into catalog.media (id, sha256, state, mime_type, width, height, byte_size, colour, files)
    values (${id}, ${sha256}, ${state}, ${mimeType}, ${width}, ${height}, ${byteSize}, ${colour}, ${files})
    on conflict (id) do nothing returning id`.execute(tx);
  if (rows.length > 0) await addJob(tx, 'catalog.make_renditions', { mediaId: id }, id, { isSlow: true });
}

async function typeOf(bytes: Uint8Array): Promise<keyof typeof KEPT_AS> {
  const found = await fileTypeFromBuffer(bytes);
  if (found && found.mime in KEPT_AS) return found.mime as keyof typeof KEPT_AS;
  throw catalogErrors.media_type_refused({ found: found?.mime ?? 'unknown' });
}

/** The picture's pixels, whole and turned upright; refused when any of them is missing. */
async function decode(bytes: Uint8Array): Promise<Sharp> {
  let metadata: Metadata;
  try {
    // Only the head is read: a picture of too many pixels is refused for that, not as a broken one.
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
  try {
    const size = { width: SOURCE_PIXELS_MAX, height: SOURCE_PIXELS_MAX };
    const { data, info } = await open(bytes)
      .autoOrient()
      .resize({ ...size, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  } catch {
    throw catalogErrors.media_broken({});
  }
}

const open = (bytes: Uint8Array) =>
  sharp(bytes, { failOn: 'truncated', limitInputPixels: DECODED_PIXELS_MAX, pages: 1, animated: false });
