import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Config } from '#platform/config.ts';
import type { Pixels, PreparedMedia, PrepareOptions } from './prepared-media.ts';

export const UPLOAD_BYTES_MAX = 10 * 1024 * 1024;

/** What reads and writes pictures is loaded with the first of them: most processes never see one. */
const pictures = () => import('./prepare-media.ts');

/**
 * Checks a picture by its content, makes a clean one of it (no metadata, no more than one frame, turned as its
 * camera said) and puts it into the storage. The row is the caller's to write; the same picture makes the same row.
 */
export async function prepareMedia(
  deps: { config: Config },
  bytes: Uint8Array,
  options: PrepareOptions = {},
): Promise<PreparedMedia> {
  return (await pictures()).prepareMedia(deps, bytes, options);
}

/** The same of a picture that we drew ourselves: there is nothing to check, nor to decode. */
export async function prepareDrawn(
  deps: { config: Config },
  drawn: Pixels,
  options: PrepareOptions = {},
): Promise<PreparedMedia> {
  return (await pictures()).prepareDrawn(deps, drawn, options);
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
