import { sql } from 'kysely';
import { cardFrom, type Picture, type PricesFor, type ProductCard } from '#modules/catalog/index.ts';
import type { Person } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import { cardText } from './card-text.ts';
import type { FeedKind } from './feed-candidates.ts';
import type { Known } from './feed-known.ts';
import { pinnedPicture, pinnedTitle } from './pinned.ts';

export interface FeedCard {
  kind: FeedKind;
  /** What somebody made; none of a product by itself. */
  pieceId: string | null;
  /** The pin, where somebody's saving is why it is here. */
  pinId: string | null;
  /** Of a pin, a review or a suggestion: what it is about. */
  card: ProductCard | null;
  picture: Picture | null;
  /** What a look or a review is called. */
  title: string;
  /** What is said of it: a pin's note, a caption's beginning, a review, the reason of a suggestion. */
  note: string;
  /** Of a review. */
  stars: number | null;
  by: Person | null;
  /** Where it is pinned, or suggested for. */
  board: { id: string; name: string } | null;
  why: Reason;
  /** What a member can ask to see less of. */
  less: {
    pieceId: string | null;
    productId: string | null;
    memberId: string | null;
    brandId: string | null;
    topicId: string | null;
  };
}

/** Why a card is here, as it is said. */
export type Reason =
  | { kind: 'like' | 'viewed'; title: string; slug: string }
  | { kind: 'person' | 'board' | 'suggested' | 'popular' }
  | { kind: 'brand' | 'topic'; name: string; slug: string };

const WORDS_SHOWN = 280;

interface Facts {
  title?: string;
  note?: string;
  stars?: number;
  picture?: Picture | null;
  board?: { id: string; name: string };
  /** Of a brand or a topic that it is here for. */
  whyName?: string;
}

/** All that the cards of a page say. What has neither product nor picture nor words is left out. */
export async function feedCards(
  reads: Db,
  viewer: string | undefined,
  page: readonly Known[],
  prices: PricesFor | undefined,
): Promise<FeedCard[]> {
  if (page.length === 0) return [];
  const rows = await rowsOf(reads, viewer, page, prices);
  return page.flatMap((each, nth) => {
    const { facts, cardText, likedText, by } = rows[nth] ?? NOTHING;
    const card = each.productId && cardText ? cardFrom(each.productId, cardText, prices) : null;
    const { title = '', note = '', stars = null, picture = null, board = null, whyName } = facts;
    if (!card && !picture && title === '' && note === '') return [];
    const { kind, pieceId, ownerId, productId, brandId, topicId } = each;
    return [
      {
        kind,
        pieceId,
        pinId: kind === 'pin' ? pieceId : null,
        card,
        picture: card?.picture ?? picture,
        title,
        note,
        stars,
        by,
        board,
        why: reasonOf(each, likedText, prices, whyName),
        less: {
          pieceId: kind === 'look' || kind === 'post' || kind === 'review' ? pieceId : null,
          productId,
          memberId: ownerId,
          brandId,
          topicId,
        },
      },
    ];
  });
}

interface Row {
  facts: Facts;
  /** Of the product, and of the one that it is like: none where it is not published. */
  cardText: string | null;
  likedText: string | null;
  by: Person | null;
}

const NOTHING: Row = { facts: {}, cardText: null, likedText: null, by: null };

/**
 * In the order of the page, all in one statement: each costs more to send than what it asks. Each kind's words stand with
 * its module. Who asks has asked who may find them; of a look or post that is pinned it is asked here.
 */
async function rowsOf(
  reads: Db,
  viewer: string | undefined,
  page: readonly Known[],
  prices: PricesFor | undefined,
): Promise<Row[]> {
  const slugs = page.map(({ why }) => ('slug' in why ? why.slug : null));
  const liked = page.map(({ why }) => ('productId' in why ? why.productId : null));
  const { rows } = await sql<Row>`
    select coalesce(case asked.kind
      when 'pin' then (select json_build_object('note', pin.note, 'board', json_build_object('id', board.id, 'name', board.name),
          'title', coalesce(pinned.title, link.title, ''), 'picture', coalesce(pinned.picture, (
            select catalog.picture(photo.media_id, photo.alt) from social.photo
            where photo.id = coalesce(pin.photo_id, link.photo_id))))
        from boards.pin join boards.board on board.id = pin.board_id left join boards.link on link.pin_id = pin.id
        left join lateral (select ${pinnedTitle} as title, ${pinnedPicture} as picture
          from social.listed(${viewer ?? null}::uuid) as seen left join looks.look on look.id = seen.id
          left join posts.post on post.id = seen.id where seen.id = pin.piece_id) as pinned on true
        where pin.id = asked.id)
      when 'look' then (select json_build_object('title', look.title, 'picture', catalog.picture(look.media_id, look.title))
        from looks.look where look.id = asked.id)
      when 'post' then (select json_build_object('note', left(post.caption, ${sql.lit(WORDS_SHOWN)}), 'picture', (
            select catalog.picture(shown.media_id, shown.alt) from posts.photo
            join social.photo as shown on shown.id = photo.photo_id
            where photo.post_id = post.id order by photo.position limit 1))
        from posts.post where post.id = asked.id)
      when 'review' then (select json_build_object('title', review.title, 'note', left(review.body, ${sql.lit(WORDS_SHOWN)}),
          'stars', review.rating)
        from reviews.review where review.id = asked.id)
      when 'suggestion' then (select json_build_object('note', suggestion.reason,
          'board', json_build_object('id', board.id, 'name', board.name))
        from boards.suggestion join boards.board on board.id = suggestion.board_id where suggestion.id = asked.id)
      when 'product' then case asked.why
        when 'brand' then (select json_build_object('whyName', name) from catalog.brand where slug = asked.slug)
        when 'topic' then (select json_build_object('whyName', name) from catalog.category where slug = asked.slug) end
      end, '{}') as facts,
      ${cardText(sql`asked.product_id`, prices)} as "cardText", ${cardText(sql`asked.liked_id`, prices)} as "likedText",
      (select json_build_object('memberId', profile.member_id, 'handle', handle, 'name', profile.name, 'bio', bio,
          'picture', (select catalog.picture(photo.media_id, photo.alt) from social.photo where photo.id = photo_id))
        from social.profile where member_id = asked.owner_id
          and (${viewer ?? null}::uuid is null or social.meet(member_id, ${viewer ?? null}::uuid))) as by
    from unnest((select ${page.map(({ pieceId }) => pieceId)}::uuid[]), (select ${page.map(({ kind }) => kind)}::text[]),
        (select ${page.map(({ why }) => why.kind)}::text[]), (select ${slugs}::text[]),
        (select ${page.map(({ productId }) => productId)}::uuid[]), (select ${liked}::uuid[]),
        (select ${page.map(({ ownerId }) => ownerId)}::uuid[]))
      with ordinality as asked (id, kind, why, slug, product_id, liked_id, owner_id, place)
    order by asked.place`.execute(reads);
  return rows;
}

function reasonOf(
  { why }: Known,
  likedText: string | null,
  prices: PricesFor | undefined,
  name: string | undefined,
): Reason {
  if ('productId' in why) {
    if (!likedText) return { kind: 'popular' };
    const { title, slug } = cardFrom(why.productId, likedText, prices);
    return { kind: why.kind, title, slug };
  }
  if ('slug' in why) return { kind: why.kind, slug: why.slug, name: name ?? why.slug };
  return why;
}
