import { sql } from 'kysely';
import type { Sharp } from 'sharp';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { refreshListings } from './listing.ts';
import { openStorage } from './storage.ts';

const WIDTHS = [240, 480, 960] as const;
const BATCH = 200;

type Encode = (picture: Sharp) => Sharp;
// Little effort: more of it takes thrice the processor for files a tenth smaller, and a first start has a thousand.
const avif: Encode = (picture) => picture.avif({ quality: 52, effort: 0 });
const webp: Encode = (picture) => picture.webp({ quality: 76, effort: 1 });
const jpeg: Encode = (picture) =>
  picture.flatten({ background: '#ffffff' }).jpeg({ quality: 80, mozjpeg: false });

/** Every rendition: AVIF and WebP in three widths, and a JPEG for those who know neither. */
const RENDITIONS: { file: string; width: number; mimeType: string; encode: Encode }[] = [
  ...WIDTHS.map((width) => ({ file: `${width}.webp`, width, mimeType: 'image/webp', encode: webp })),
  { file: '960.jpg', width: 960, mimeType: 'image/jpeg', encode: jpeg },
  ...WIDTHS.map((width) => ({ file: `${width}.avif`, width, mimeType: 'image/avif', encode: avif })),
];

/**
 * Job. Of one picture when it is named, otherwise of those that have waited longest. One at a time: encoding
 * takes whole cores, and pages come first.
 */
export async function makeRenditions(deps: Deps, payload: unknown): Promise<void> {
  const named = mediaIdOf(payload);
  const { rows } = await sql<Waiting>`
    select id, sha256, files from catalog.media
    where state = 'pending' and (${named}::uuid is null or id = ${named}::uuid)
    order by created_at limit ${BATCH}`.execute(deps.db);
  for (const media of rows) await complete(deps, media);
}

interface Waiting {
  id: string;
  sha256: string;
  files: string[];
}

function mediaIdOf(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('mediaId' in payload)) return null;
  return typeof payload.mediaId === 'string' ? payload.mediaId : null;
}

async function complete({ db, config }: Deps, { id, sha256, files }: Waiting): Promise<void> {
  const storage = openStorage(config);
  const source = files.find((file) => file.startsWith('source.'));
  const bytes = source === undefined ? undefined : await storage.get(`${sha256}/${source}`);
  if (!bytes) {
    await finish(db, id, 'refused', files);
    return;
  }
  const { sharp } = await import('./sharp.ts'); // which a minute without new pictures does not need
  const made = [...files];
  for (const { file, width, mimeType, encode } of RENDITIONS) {
    if (made.includes(file)) continue;
    const picture = sharp(bytes).resize({ width, withoutEnlargement: true });
    await storage.put(`${sha256}/${file}`, await encode(picture).toBuffer(), mimeType);
    made.push(file);
  }
  await finish(db, id, 'ready', made);
}

/** The row names a file only once it exists, and the cards that show the picture follow. */
async function finish(db: Db, id: string, state: 'ready' | 'refused', files: string[]): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`update catalog.media set state = ${state}, files = ${files} where id = ${id}`.execute(tx);
    const { rows } = await sql<{ product_id: string }>`
      select product_id from catalog.product_media where media_id = ${id}`.execute(tx);
    await refreshListings(
      tx,
      rows.map((row) => row.product_id),
    );
  });
}
