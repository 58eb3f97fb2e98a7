import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { type Candidate, stampOf } from './feed-candidates.ts';

/** A candidate that may be shown. */
export interface Known extends Candidate {
  ownerId: string | null;
  brandId: string | null;
  topicId: string | null;
}

type Facts = Omit<Known, keyof Candidate> & { place: number; stamp?: string };

/** So many of what a member saved last are left out; older ones may come again. */
const OWN_MAX = 500;

/**
 * Those of the candidates that the viewer may find, in the order given; without what they have already, or asked to see
 * less of; and of a member the stamp of what they did until then, where any are found. Popular things have thousands of
 * pins: the viewer's own are looked at, not the product's.
 */
export async function knownOf(
  reads: Db,
  viewer: string | undefined,
  list: readonly Candidate[],
): Promise<{ known: Known[]; stamp: string | undefined }> {
  if (list.length === 0) return { known: [], stamp: undefined };
  const { rows } = await (viewer === undefined ? guestFacts(reads, list) : memberFacts(reads, viewer, list));
  const known = rows.flatMap(({ place, ownerId, brandId, topicId }) => {
    const candidate = list[place - 1];
    return candidate ? [{ ...candidate, ownerId, brandId, topicId }] : [];
  });
  return { known, stamp: rows[0]?.stamp };
}

const columns = sql`asked.place::integer as place, piece.owner_id as "ownerId", product.brand_id as "brandId",
  product.category_id as "topicId"`;

/** Hidden in a select, arrays of any length have one plan. */
const asked = (list: readonly Candidate[]) => sql`
  unnest((select ${list.map(({ pieceId }) => pieceId)}::uuid[]), (select ${list.map(({ productId }) => productId)}::uuid[]))
    with ordinality as asked (piece_id, product_id, place)
  left join social.piece on piece.id = asked.piece_id
  left join catalog.product on product.id = asked.product_id`;

/** A product that is gone has no listing; a piece is shown by what `social.listed` says. */
const findable = (viewer: string | null) => sql`
  (asked.piece_id is null or exists (
    select from social.listed(${viewer}::uuid) as seen where seen.id = asked.piece_id offset 0))
  and (asked.product_id is null or exists (
    select from catalog.product_listing as listing where listing.product_id = asked.product_id offset 0))`;

const guestFacts = (reads: Db, list: readonly Candidate[]) =>
  sql<Facts>`select ${columns} from ${asked(list)} where ${findable(null)} order by asked.place`.execute(
    reads,
  );

const memberFacts = (reads: Db, viewer: string, list: readonly Candidate[]) =>
  sql<Facts>`
    with own as materialized (
      select pin.product_id from (
        select id from social.piece where owner_id = ${viewer} and kind = 'pin' and state = 'live'
        order by id desc limit ${OWN_MAX}
      ) as mine join boards.pin on pin.id = mine.id where pin.product_id is not null
    ), muted as materialized (
      select muted_id from social.mute where member_id = ${viewer}
    ), less as materialized (
      select kind, target_id from feed.less where member_id = ${viewer}
    )
    select ${columns}, (select ${stampOf(viewer)}) as stamp from ${asked(list)}
    where (piece.kind = 'suggestion' or asked.product_id is null or asked.product_id not in (select product_id from own))
      and piece.owner_id is distinct from ${viewer}::uuid
      and (piece.owner_id is null or piece.owner_id not in (select muted_id from muted))
      and not exists (select from less where (less.kind = 'product' and target_id = asked.product_id)
        or (less.kind = 'member' and target_id = piece.owner_id) or (less.kind = 'piece' and target_id = piece.id)
        or (less.kind = 'brand' and target_id = product.brand_id)
        or (less.kind = 'topic' and target_id = product.category_id)
        or (less.kind = 'product' and piece.kind = 'look' and exists (
          select from looks.item where look_id = piece.id and product_id = less.target_id))
        or (less.kind = 'product' and piece.kind = 'post' and exists (
          select from posts.hotspot where post_id = piece.id and product_id = less.target_id)))
      and ${findable(viewer)}
    order by asked.place`.execute(reads);
