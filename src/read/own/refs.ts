import { type RawBuilder, sql } from 'kysely';

/** A product as another shop may know it again. */
export interface ProductRef {
  slug: string;
  title: string;
  skus: string[];
  gtins: string[];
}

/** A picture with the one file of it that is largest. */
export interface PhotoRef {
  id: string;
  alt: string;
  /** Where the file stands in the storage. */
  stored: string;
  mimeType: string;
  width: number;
  height: number;
}

/** What somebody else made, or another thing of one's own. */
export interface PieceRef {
  id: string;
  kind: string;
  isOwn: boolean;
  /** Null where it says nothing, or the member may not see it any more: then nothing but where it stood is told. */
  name: string | null;
  by: string | null;
  /** When it was made, of one's own and of what may be seen. */
  madeAt: string | null;
}

export const productRef = (id: RawBuilder<unknown>): RawBuilder<ProductRef | null> => sql`(
  select jsonb_build_object('slug', product.slug, 'title', product.title,
    'skus', coalesce((select jsonb_agg(sku order by position, sku) from catalog.variant where product_id = product.id), '[]'),
    'gtins', coalesce((select jsonb_agg(gtin order by position, sku) from catalog.variant
      where product_id = product.id and gtin is not null), '[]'))
  from catalog.product where product.id = ${id})`;

const file = sql`coalesce(
  (select each from unnest(media.files) as each where each like 'source.%' limit 1), media.files[1])`;

const stored = sql`'stored', media.sha256 || '/' || ${file}, 'mimeType', media.mime_type, 'width', media.width,
  'height', media.height`;

/** Null of one that is deleted, or that turned out to be none. */
export const photoRef = (id: RawBuilder<unknown>): RawBuilder<PhotoRef | null> => sql`(
  select jsonb_build_object('id', photo.id, 'alt', photo.alt, ${stored})
  from social.photo join catalog.media on media.id = photo.media_id
  where photo.id = ${id} and media.state <> 'refused')`;

/** Of several, in their order. */
export const photoRefs = (ids: RawBuilder<unknown>): RawBuilder<PhotoRef[]> => sql`coalesce((
  select jsonb_agg(jsonb_build_object('id', photo.id, 'alt', photo.alt, ${stored}) order by asked.place)
  from unnest(${ids}) with ordinality as asked (id, place) join social.photo on photo.id = asked.id
  join catalog.media on media.id = photo.media_id where media.state <> 'refused'), '[]')`;

/** What was rendered of a look. */
export const renderedRef = (mediaId: RawBuilder<unknown>, alt: RawBuilder<unknown>) => sql<PhotoRef | null>`(
  select jsonb_build_object('id', media.id, 'alt', ${alt}, ${stored})
  from catalog.media where media.id = ${mediaId} and media.state = 'ready')`;

/** Others' words go along only where the member may see them now: a title of theirs, nothing more. */
export const pieceRef = (id: RawBuilder<unknown>, memberId: string): RawBuilder<PieceRef | null> => sql`(
  select jsonb_build_object('id', referred.id, 'kind', referred.kind, 'isOwn', coalesce(referred.owner_id = ${memberId}::uuid, false),
    'name', case when seen.id is not null then coalesce(
      (select name from boards.board where board.id = referred.id), (select title from looks.look where look.id = referred.id),
      (select product.title from reviews.review join catalog.product on product.id = product_id where review.id = referred.id)) end,
    'madeAt', case when seen.id is not null then referred.made_at end, 'by', case when seen.id is not null then (select handle from social.profile where member_id = referred.owner_id) end)
  from social.piece as referred left join social.opened(${memberId}::uuid, null) as seen on seen.id = referred.id
  where referred.id = ${id})`;
