import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { addReceived } from '#modules/catalog/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { putHotspot } from './photos.ts';
import { draftPost, type PostWords, publishPost } from './post.ts';

/** A photo whose picture nobody has made yet. */
export async function aPhoto(tx: Tx, ownerId: string, alt: string, now: Date): Promise<string> {
  const [id, mediaId] = [randomUUID(), randomUUID()];
  const key = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
  await addReceived(tx, { id: mediaId, key, mimeType: 'image/jpeg', width: 1, height: 1, byteSize: 1 });
  await sql`insert into social.photo (id, owner_id, media_id, alt, made_at)
    values (${id}, ${ownerId}, ${mediaId}, ${alt}, ${now})`.execute(tx);
  return id;
}

/** A post that is out, with one photo on which the products are marked. */
export async function aPost(
  deps: Pick<Deps, 'db' | 'now'>,
  ownerId: string,
  wish: Partial<PostWords> & { productIds?: readonly string[] } = {},
): Promise<{ id: string; photoId: string }> {
  const { productIds = [], ...words } = wish;
  const whole = { caption: 'Sunday', isShared: true, visibility: 'public' as const, ...words };
  const id = newId(deps.now().getTime());
  const photoId = await inTransaction(deps.db, async (tx) => {
    const photo = await aPhoto(tx, ownerId, 'A table', deps.now());
    await draftPost(tx, ownerId, id, { ...whole, photoIds: [photo] }, deps.now());
    for (const productId of productIds) await putHotspot(tx, id, photo, { productId, x: 500, y: 250 });
    await publishPost(tx, ownerId, id, {}, deps.now());
    return photo;
  });
  return { id, photoId };
}
