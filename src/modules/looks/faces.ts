import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** The picture by which a product stands in a look. */
export interface Face {
  productId: string;
  variantId: string | null;
  mediaId: string;
  sha256: string;
  files: string[];
  width: number;
  height: number;
  /** Whether it was cut out; null while nobody tried. */
  isCut: boolean | null;
}

/** Pictures of products, or of their variants; those that have none are missing. */
export async function facesOf(
  db: Db,
  wanted: readonly { productId: string; variantId: string | null }[],
): Promise<Map<string, Face>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<Face>`
    select product_id as "productId", variant_id as "variantId", face.media_id as "mediaId", face.sha256, face.files,
      face.width, face.height, case when cutout.media_id is not null then cutout.width is not null end as "isCut"
    from (select distinct product_id, variant_id from unnest(${wanted.map((each) => each.productId)}::uuid[],
      ${wanted.map((each) => each.variantId)}::uuid[]) as t (product_id, variant_id)) as wanted
    cross join lateral catalog.face(product_id, variant_id) as face
    left join looks.cutout on cutout.media_id = face.media_id`.execute(db);
  return new Map(rows.map((face) => [faceKey(face), face]));
}

export const faceKey = ({ productId, variantId }: { productId: string; variantId: string | null }): string =>
  `${productId} ${variantId ?? ''}`;

/** The file that shows it: without its ground where that is wished and could be done. */
export const fileOf = (face: Face, isCutOut: boolean): string =>
  isCutOut && face.isCut
    ? 'cutout.webp'
    : (PREFERRED.find((file) => face.files.includes(file)) ?? face.files[0] ?? '');

const PREFERRED = ['960.webp', '480.webp', 'source.jpg', 'source.webp'];
