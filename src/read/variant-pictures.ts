import { sql } from 'kysely';
import type { Picture } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

/** The picture that shows each variant best: of one of its option values, or else its product's first. */
export async function variantPictures(
  reads: Db,
  variantIds: readonly string[],
): Promise<Map<string, Picture>> {
  if (variantIds.length === 0) return new Map();
  const { rows } = await sql<Picture & { variantId: string }>`
    select distinct on (v.id) v.id as "variantId", m.sha256, pm.alt, m.width, m.height, m.colour, m.files
    from catalog.variant v
    join catalog.product_media pm on pm.product_id = v.product_id
    join catalog.media m on m.id = pm.media_id
    where v.id = any(${variantIds}::uuid[])
    order by v.id, (pm.option_value = any(v.option_values)) is true desc, pm.position`.execute(reads);
  return new Map(rows.map(({ variantId, ...picture }) => [variantId, picture]));
}
