import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Config } from '#platform/config.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { openStorage } from './storage.ts';
import type { CatalogMediaState } from './tables.ts';

/** An upload as it came. Nobody is served it: a job makes the picture of it that is. */
export const INCOMING = 'incoming';

/** Somebody's own picture, known by a number of chance: the same one of somebody else is another. */
export interface ReceivedMedia {
  id: string;
  /** In place of what the picture contains. */
  key: string;
  mimeType: string;
  width: number;
  height: number;
  byteSize: number;
}

/** Puts an upload aside whose first bytes and head are a picture's. Decoding it is for a process of its own. */
export async function receiveMedia(
  { config }: { config: Config },
  bytes: Uint8Array,
): Promise<ReceivedMedia> {
  const { lookAt } = await import('./prepare-media.ts');
  const facts = await lookAt(bytes);
  const key = randomBytes(32).toString('hex');
  await openStorage(config).put(`${key}/${INCOMING}`, bytes, 'application/octet-stream');
  return { id: newId(), key, ...facts, byteSize: bytes.length };
}

export async function addReceived(tx: Tx, media: ReceivedMedia): Promise<void> {
  const { id, key, mimeType, width, height, byteSize } = media;
  await sql`
    insert into catalog.media (id, sha256, state, mime_type, width, height, byte_size, files)
    values (${id}, ${key}, 'pending', ${mimeType}, ${width}, ${height}, ${byteSize}, ${[INCOMING]})`.execute(
    tx,
  );
  await addJob(tx, 'catalog.make_renditions', { mediaId: id }, id, { isSlow: true });
}

/** Enters a picture that was rendered with all its files already, under a key of chance. Answers its number. */
export async function addRendered(
  tx: Tx,
  media: { key: string; files: readonly string[]; width: number; height: number; byteSize: number },
): Promise<string> {
  const id = newId();
  const { key, files, width, height, byteSize } = media;
  await sql`
    insert into catalog.media (id, sha256, state, mime_type, width, height, byte_size, files)
    values (${id}, ${key}, 'ready', 'image/webp', ${width}, ${height}, ${byteSize}, ${[...files]})`.execute(
    tx,
  );
  return id;
}

/** Adds files that came later to a rendered picture. False where it is gone: then nothing serves them. */
export async function addRenderedFiles(tx: Tx, mediaId: string, files: readonly string[]): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update catalog.media set files = files || ${[...files]}::text[] where id = ${mediaId}`.execute(tx);
  return numAffectedRows === 1n;
}

const SMALL_WIDTH = 480;

/** A picture in its smaller form, for who judges pictures. Undefined where it is gone or broken. */
export async function smallMedia(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  mediaId: string,
): Promise<Uint8Array | 'pending' | undefined> {
  const { rows } = await sql<{ key: string; file: string | null; state: string }>`
    select sha256 as key, state, (
      select file from unnest(files) as file
      cross join lateral (select split_part(file, '.', 1)::integer as width) as parts
      where file ~ '^[0-9]+[.]webp$'
      order by width < ${SMALL_WIDTH}, abs(width - ${SMALL_WIDTH}) limit 1) as file
    from catalog.media where id = ${mediaId}`.execute(db);
  const [media] = rows;
  if (media?.state === 'pending') return 'pending';
  if (!media || media.state !== 'ready' || media.file === null) return undefined;
  // Its files may just be getting another address: then it is asked for again.
  return (await openStorage(config).get(`${media.key}/${media.file}`)) ?? 'pending';
}

/** Whether pictures are ready to be shown, still being made, or refused: by id. */
export async function mediaStates(
  db: Db,
  mediaIds: readonly string[],
): Promise<Map<string, CatalogMediaState>> {
  const { rows } = await sql<{ id: string; state: CatalogMediaState }>`
    select id, state from catalog.media where id = any(${[...mediaIds]}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, state }) => [id, state]));
}

/** Takes pictures away that nothing shows any more, with all their files. What is gone stays gone. */
export async function dropMedia(tx: Tx, mediaIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ key: string; files: string[] }>`
    delete from catalog.media where id = any(${[...mediaIds]}::uuid[])
    returning sha256 as key, files`.execute(tx);
  for (const { key, files } of rows) await dropStored(tx, key, files);
}

/** Has files taken out of the storage once the transaction is through. */
export async function dropStored(tx: Tx, key: string, files: readonly string[]): Promise<void> {
  await addJob(tx, 'catalog.drop_files', { key, files }, key);
}

/** Job. The bytes of pictures whose rows are gone. */
export async function dropFiles({ config }: Pick<Deps, 'config'>, payload: unknown): Promise<void> {
  const { key, files } = payload as { key: string; files: string[] }; // as `dropMedia` queued it
  const storage = openStorage(config);
  for (const file of files) await storage.remove(`${key}/${file}`);
}
