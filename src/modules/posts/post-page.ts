import { sql } from 'kysely';
import { cardsOf, type ProductCard } from '#modules/catalog/index.ts';
import {
  type Eye,
  namedIn,
  open,
  type Opened,
  peopleOf,
  type Person,
  type Photo,
  photosOf,
  socialErrors,
} from '#modules/social/index.ts';
import type { PricesFor } from '../catalog/index.ts';
import type { Db } from '#platform/db.ts';
import type { Hotspot } from './photos.ts';

/** A product to be seen on a photo. */
export interface ShownProduct extends Hotspot {
  /** Null of one that is not on sale any more. */
  card: ProductCard | null;
}

export interface PostPhoto extends Photo {
  products: ShownProduct[];
}

export interface PostPage {
  id: string;
  caption: string;
  /** Its owner lets it stand on the pages of the products that it shows. */
  isShared: boolean;
  owner: Person | null;
  isOwn: boolean;
  state: Opened['state'];
  visibility: Opened['visibility'];
  /** Of an unlisted one, for its owner. */
  linkKey: string | null;
  madeAt: Date;
  editedAt: Date | null;
  photos: PostPhoto[];
  /** The handles that its caption names, of those who are there. */
  named: ReadonlySet<string>;
}

interface PostRow {
  caption: string;
  isShared: boolean;
  editedAt: Date | null;
  linkKey: string | null;
  photos: { id: string; spots: Hotspot[] }[];
}

/** A post as somebody sees it; refused as not there for whoever may not. */
export async function postPage(db: Db, eye: Eye, id: string, prices?: PricesFor): Promise<PostPage> {
  const { state, visibility, madeAt, ownerId, standing } = await open(db, eye, id, 'post');
  const { rows } = await sql<PostRow>`
    select caption, is_shared as "isShared", edited_at as "editedAt",
      case when ${standing} = 'owner' then link_key end as "linkKey",
      coalesce((
        select json_agg(json_build_object('id', photo_id, 'spots', coalesce((
            select json_agg(json_build_object('productId', product_id, 'x', x, 'y', y) order by y, x, product_id)
            from posts.hotspot where hotspot.photo_id = photo.photo_id), '[]')) order by position)
        from posts.photo where photo.post_id = post.id), '[]') as photos
    from posts.post join social.piece on piece.id = post.id where post.id = ${id}`.execute(db);
  const [row] = rows;
  if (!row || ownerId === null) throw socialErrors.piece_not_found({}); // a piece of another kind
  const [photos, cards, people, named] = await Promise.all([
    photosOf(
      db,
      ownerId,
      row.photos.map((photo) => photo.id),
    ),
    cardsOf(
      db,
      row.photos.flatMap(({ spots }) => spots.map(({ productId }) => productId)),
      prices,
    ),
    peopleOf(db, eye.memberId, [ownerId]),
    namedIn(db, eye.memberId, [row.caption]),
  ]);
  const shown = row.photos.flatMap(({ id: photoId, spots }) => {
    const photo = photos.get(photoId);
    const products = spots.map((spot) => ({ ...spot, card: cards.get(spot.productId) ?? null }));
    return photo ? { ...photo, products } : [];
  });
  const owner = people.get(ownerId) ?? null;
  const isOwn = ownerId === eye.memberId;
  return { ...row, id, state, visibility, madeAt, owner, isOwn, named, photos: shown };
}
