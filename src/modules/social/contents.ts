import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What a piece says and shows, whatever its kind: for those who judge it. Empty of what was deleted. */
export interface Content {
  words: string[];
  /** The address that it leads to, beside those in its words. */
  links: string[];
  photoIds: string[];
  /** A picture that was rendered of it. */
  mediaId: string | null;
  productId: string | null;
}

/** Of those of the pieces that are comments, by id. */
export async function commentContents(db: Db, ids: readonly string[]): Promise<Map<string, Content>> {
  const { rows } = await sql<{ id: string; body: string; photoIds: string[] }>`
    select id, body, photo_ids as "photoIds" from social.comment where id = any(${[...ids]}::uuid[])`.execute(
    db,
  );
  return new Map(
    rows.map(({ id, body, photoIds }) => [
      id,
      { words: [body], links: [], photoIds, mediaId: null, productId: null },
    ]),
  );
}
