import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

export const FEED_KINDS = ['pin', 'product', 'look', 'post', 'review', 'suggestion'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** Something that a feed may show: what somebody made, or a product that nobody need have saved. */
export interface Candidate {
  kind: FeedKind;
  /** None of a product by itself. */
  pieceId: string | null;
  /** What a pin, a review or a suggestion is about. */
  productId: string | null;
  why: Why;
}

/** Why a card is there, by ids: words are read where they stand, by who may see them. */
export type Why =
  | { kind: 'like' | 'viewed'; productId: string }
  | { kind: 'person' }
  | { kind: 'board' }
  | { kind: 'suggested' }
  | { kind: 'brand' | 'topic'; slug: string }
  | { kind: 'popular' };

const STARTS = 12;
const BOARDS_A_START = 6;
const PINS_A_BOARD = 12;
const FOLLOWED_SHOWN = 80;
const PINS_A_FOLLOWED = 6;
const OTHERS_A_FOLLOWED = 3;
/** Of more than so many, which a walk hears of is drawn by its number. */
const FOLLOWED_MAX = 40;
const SUGGESTIONS = 6;
const CATALOGUE_FOLLOWED = 4;
const PRODUCTS_A_FOLLOWED = 8;
const LATELY = 3000;
const POPULAR = 150;
const POPULAR_KEPT_MS = 60_000;

/** What a member saved, and what they felt something about, the latest first: where their walks start. */
export async function startsOf(reads: Db, memberId: string): Promise<string[]> {
  const { rows } = await sql<{ productId: string }>`
    select product_id as "productId" from (
      (select pin.product_id, piece.made_at as at from social.piece join boards.pin on pin.id = piece.id
        where piece.owner_id = ${memberId} and piece.kind = 'pin' and piece.state = 'live'
        order by piece.id desc limit ${2 * STARTS})
      union all
      (select pin.product_id, reaction.at from social.reaction join boards.pin on pin.id = reaction.piece_id
        where reaction.member_id = ${memberId} order by reaction.at desc limit ${2 * STARTS})
    ) as liked where product_id is not null
    group by product_id order by max(at) desc limit ${STARTS}`.execute(reads);
  return rows.map(({ productId }) => productId);
}

/** The neighbourhood of some products: boards that they stand on, of those that the viewer may find, and what else does. */
interface Neighbourhood {
  things: Map<string, string[]>;
  boards: Map<string, string[]>;
  /** By board and thing, the pin. */
  pins: Map<string, string>;
}

export async function neighbourhood(
  reads: Db,
  viewer: string,
  productIds: readonly string[],
): Promise<Neighbourhood> {
  // A bounded number of rows for each start and each board, by index: as many for a shop of any size.
  const { rows } = await sql<{ board: string; things: string; pins: string }>`
    with near as materialized (
      select pin.id, pin.board_id, pin.product_id from unnest((select ${[...productIds]}::uuid[])) as start (id)
      cross join lateral (
        select id, board_id, product_id from boards.pin where product_id = start.id order by id desc limit ${BOARDS_A_START}
      ) as pin
    ), seen as materialized (
      select board_id from (select distinct board_id from near) as each
      where exists (select from social.listed(${viewer}::uuid) as listed where listed.id = each.board_id offset 0)
    )
    select board_id as board, string_agg(product_id::text, ' ') as things, string_agg(id::text, ' ') as pins from (
      select near.board_id, near.product_id, near.id from near join seen using (board_id)
      union
      select far.board_id, far.product_id, far.id from seen cross join lateral (
        select board_id, product_id, id from boards.pin where pin.board_id = seen.board_id
        order by position, id desc limit ${PINS_A_BOARD}
      ) as far where far.product_id is not null
    ) as edge group by board_id order by board_id`.execute(reads);
  const found: Neighbourhood = { things: new Map(), boards: new Map(), pins: new Map() };
  for (const { board, ...listed } of rows) {
    const [things, pins] = [listed.things.split(' '), listed.pins.split(' ')];
    found.things.set(board, things);
    for (const [nth, thing] of things.entries()) {
      const boards = found.boards.get(thing);
      if (boards) boards.push(board);
      else found.boards.set(thing, [board]);
      found.pins.set(`${board} ${thing}`, pins[nth] ?? '');
    }
  }
  return found;
}

/** The latest of the people and boards that a member follows, and what was suggested to them and waits for an answer. */
export async function followedPieces(reads: Db, memberId: string, seed: number): Promise<Candidate[]> {
  const of = (kind: string, max: number) => sql`
    (select id, kind from social.piece where followed.kind = 'member' and owner_id = followed.target_id
      and piece.kind = ${sql.lit(kind)} order by id desc limit ${sql.lit(max)})`;
  const { rows } = await sql<{
    id: string;
    kind: FeedKind;
    productId: string | null;
    why: 'member' | 'board';
  }>`
    with followed as materialized (
      select kind, target_id from social.follow where follower_id = ${memberId} and kind in ('member', 'board')
      order by hashtextextended(target_id::text, ${seed}::bigint) limit ${FOLLOWED_MAX}
    )
    select distinct on (made.id) made.id, made.kind, coalesce(pin.product_id, review.product_id) as "productId",
      followed.kind as why
    from followed cross join lateral (
      ${of('pin', PINS_A_FOLLOWED)} union all ${of('look', OTHERS_A_FOLLOWED)}
      union all ${of('post', OTHERS_A_FOLLOWED)} union all ${of('review', OTHERS_A_FOLLOWED)}
      union all
      (select id, kind from social.piece where followed.kind = 'board' and piece.within_id = followed.target_id
        and piece.kind = 'pin' order by piece.id desc limit ${sql.lit(PINS_A_FOLLOWED)})
    ) as made
    left join boards.pin on made.kind = 'pin' and pin.id = made.id
    left join reviews.review on made.kind = 'review' and review.id = made.id
    order by made.id desc, followed.kind limit ${FOLLOWED_SHOWN}`.execute(reads);
  return rows.map(({ id, kind, productId, why }) => ({
    kind,
    pieceId: id,
    productId,
    why: { kind: why === 'member' ? 'person' : 'board' },
  }));
}

/** What others propose for a member's boards and waits for an answer, the latest first. */
export async function suggestedPieces(reads: Db, memberId: string): Promise<Candidate[]> {
  const { rows } = await sql<{ id: string; productId: string }>`
    select open.id, open.product_id as "productId" from social.piece as board
    cross join lateral (
      select id, product_id from boards.suggestion where board_id = board.id and answer is null
        and product_id is not null order by id desc limit ${SUGGESTIONS}
    ) as open
    where board.owner_id = ${memberId} and board.kind = 'board' and board.state = 'live'
    order by open.id desc limit ${SUGGESTIONS}`.execute(reads);
  return rows.map(({ id, productId }) => ({
    kind: 'suggestion',
    pieceId: id,
    productId,
    why: { kind: 'suggested' },
  }));
}

/** What is liked of a few of the brands and topics that a member follows. */
export async function followedProducts(reads: Db, memberId: string, seed: number): Promise<Candidate[]> {
  const { rows } = await sql<{ kind: 'brand' | 'topic'; slug: string; productIds: string[] }>`
    with drawn as materialized (
      select kind, target_id from social.follow where follower_id = ${memberId} and kind in ('brand', 'topic')
      order by hashtextextended(target_id::text, ${seed}::bigint) limit ${CATALOGUE_FOLLOWED}
    )
    select drawn.kind, named.slug, array(
      select product_id from catalog.scope_entry
      where scope = case drawn.kind when 'brand' then 'brand=' else 'category=' end || named.slug
      order by rank desc, product_id limit ${PRODUCTS_A_FOLLOWED}
    ) as "productIds"
    from drawn cross join lateral (
      select slug from catalog.brand where drawn.kind = 'brand' and id = drawn.target_id
      union all
      select slug from catalog.category where drawn.kind = 'topic' and id = drawn.target_id
    ) as named`.execute(reads);
  return dealt(
    rows.map(({ kind, slug, productIds }) =>
      productIds.map((productId): Candidate => ({
        kind: 'product',
        pieceId: null,
        productId,
        why: { kind, slug },
      })),
    ),
  );
}

/** The same for everybody, so each process asks for it once a minute; who may see which is asked of each feed. */
const popularKept = new WeakMap<Db, { until: number; list: Promise<Candidate[]> }>();

/** Of what was made last, what guests may find and people felt most about; whether the viewer meets whose it is, is asked of each feed. */
export function popularPins(reads: Db): Promise<Candidate[]> {
  const known = popularKept.get(reads);
  if (known && known.until > Date.now()) return known.list;
  const list = mostFelt(reads);
  popularKept.set(reads, { until: Date.now() + POPULAR_KEPT_MS, list });
  list.catch(() => popularKept.delete(reads));
  return list;
}

async function mostFelt(reads: Db): Promise<Candidate[]> {
  const { rows } = await sql<{ id: string; kind: FeedKind; productId: string | null }>`
    select id, kind, "productId" from (
      select distinct on (coalesce(pin.product_id, lately.id)) lately.id, lately.kind, pin.product_id as "productId",
        coalesce(heart + clap + wow + idea + 2 * comments, 0) as felt
      from (select id, kind from social.piece order by id desc limit ${LATELY}) as lately
      join social.listed(null) as seen on seen.id = lately.id
      left join boards.pin on lately.kind = 'pin' and pin.id = lately.id
      left join social.tally on tally.piece_id = lately.id
      where lately.kind in ('pin', 'look', 'post')
      order by coalesce(pin.product_id, lately.id), felt desc, lately.id desc
    ) as best order by felt desc, id desc limit ${POPULAR}`.execute(reads);
  return rows.map(({ id, kind, productId }) => ({ kind, pieceId: id, productId, why: { kind: 'popular' } }));
}

/** One of each in turn. */
export function dealt<T>(hands: readonly (readonly T[])[]): T[] {
  const most = Math.max(0, ...hands.map(({ length }) => length));
  return Array.from({ length: most }, (_, nth) => hands.flatMap((hand) => hand.slice(nth, nth + 1))).flat();
}
