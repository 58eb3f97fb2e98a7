import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { openStorage } from './storage.ts';

const READDRESS = 'catalog.readdress_media';

/** Pictures that fewer may see than before get other addresses: whoever kept the old ones finds nothing there. */
export async function readdressMedia(tx: Tx, mediaIds: readonly string[]): Promise<void> {
  for (const mediaId of mediaIds) await addJob(tx, READDRESS, { mediaId }, mediaId);
}

/** Job. The files are copied first, so that the picture is to be seen all the time; then the old ones go. */
export async function readdress(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  payload: unknown,
): Promise<void> {
  const { mediaId } = payload as { mediaId: string }; // as `readdressMedia` queued it
  const { rows } = await sql<{ key: string; files: string[] }>`
    select sha256 as key, files from catalog.media where id = ${mediaId}`.execute(db);
  const [media] = rows;
  if (!media) return;
  const { key: old, files } = media;
  const key = randomBytes(32).toString('hex');
  const storage = openStorage(config);
  for (const file of files) {
    const bytes = await storage.get(`${old}/${file}`);
    if (bytes) await storage.put(`${key}/${file}`, bytes, 'application/octet-stream');
  }
  await inTransaction(db, async (tx) => {
    // Files may have come meanwhile, by the job that makes them: then it is done again with all of them.
    const { numAffectedRows } = await sql`
      update catalog.media set sha256 = ${key} where id = ${mediaId} and sha256 = ${old} and files = ${files}::text[]`.execute(
      tx,
    );
    const spent = numAffectedRows === 1n ? old : key;
    await addJob(tx, 'catalog.drop_files', { key: spent, files }, spent);
    if (spent === key) await addJob(tx, READDRESS, { mediaId }, mediaId);
  });
}
