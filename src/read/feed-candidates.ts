import assert from 'node:assert/strict';
import { type RawBuilder, sql } from 'kysely';
import type { Graph } from '#modules/feed/index.ts';
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

/** All that a member's feed is chosen from, beside what is popular. */
export interface Heard {
  /** What they did until then, by which it is chosen: see `stampOf`. */
  stamp: string;
  /** What they saved, and what they felt something about, the latest first: where their walks start. */
  starts: string[];
  near: Neighbourhood;
  followed: Candidate[];
  suggested: Candidate[];
  /** What is liked of a few of the brands and topics that they follow. */
  products: Candidate[];
}

/**
 * In one statement: five would take longer to send than to run. A bounded number of rows for each start, board and
 * followed one, by index: as many for a shop of any size.
 */
export async function heardOf(reads: Db, memberId: string, seed: number): Promise<Heard> {
  const { rows } = await sql<{
    stamp: string;
    starts: string[];
    near: string | null;
    followed: [id: string, kind: FeedKind, productId: string | null, why: 'member' | 'board'][] | null;
    suggested: [id: string, productId: string][] | null;
    products: [kind: 'brand' | 'topic', slug: string, productIds: string[]][] | null;
  }>`
    with ${startsOf(memberId)}, ${neighbourhood(memberId)}, ${followedOf(memberId, seed)}
    select ${stampOf(memberId)} as stamp, array(select product_id::text from starts order by at desc) as starts,
      (select string_agg(concat(board_id, '|', things, '|', pins), e'\n' order by board_id) from near_board) as near,
      (select json_agg(json_build_array(id, kind, ${productOf}, why) order by id desc) from followed_piece as made) as followed,
      ${suggestedTo(memberId)} as suggested, ${followedProducts(memberId, seed)} as products`.execute(reads);
  const [row] = rows;
  assert(row);
  const { stamp, starts, near, followed, suggested, products } = row;
  return {
    stamp,
    starts,
    near: neighbourhoodIn(near ?? ''),
    followed: (followed ?? []).map(([pieceId, kind, productId, why]) => ({
      kind,
      pieceId,
      productId,
      why: { kind: why === 'member' ? 'person' : 'board' },
    })),
    suggested: (suggested ?? []).map(([pieceId, productId]) => ({
      kind: 'suggestion',
      pieceId,
      productId,
      why: { kind: 'suggested' },
    })),
    products: [
      ...dealt(
        (products ?? []).map(([kind, slug, productIds]) =>
          productIds.map((productId): Candidate => ({
            kind: 'product',
            pieceId: null,
            productId,
            why: { kind, slug },
          })),
        ),
      ),
    ],
  };
}

/** Another after whatever a member does that a feed is chosen by. */
export const stampOf = (viewer: string): RawBuilder<string> => sql`
  concat_ws(' ',
    (select id from social.piece where owner_id = ${viewer} and kind = 'pin' and state = 'live' order by id desc limit 1),
    (select at from social.reaction where member_id = ${viewer} order by at desc limit 1),
    (select count(*) || ' ' || max(since) from social.follow where follower_id = ${viewer}))`;

const startsOf = (memberId: string) => sql`
    starts as materialized (
      select product_id, max(at) as at from (
        (select pin.product_id, piece.made_at as at from social.piece join boards.pin on pin.id = piece.id
          where piece.owner_id = ${memberId} and piece.kind = 'pin' and piece.state = 'live'
          order by piece.id desc limit ${sql.lit(2 * STARTS)})
        union all
        (select pin.product_id, reaction.at from social.reaction join boards.pin on pin.id = reaction.piece_id
          where reaction.member_id = ${memberId} order by reaction.at desc limit ${sql.lit(2 * STARTS)})
      ) as liked where product_id is not null
      group by product_id order by max(at) desc limit ${sql.lit(STARTS)}
    )`;

/** The boards that the starts stand on, of those that the viewer may find, with what else does, and by which pins. */
const neighbourhood = (viewer: string) => sql`
    near as materialized (
      select pin.* from starts cross join lateral (
        select id, board_id, product_id from boards.pin where product_id = starts.product_id
        order by id desc limit ${sql.lit(BOARDS_A_START)}
      ) as pin
    ), near_board as materialized (
      select seen.board_id, concat_ws(' ', seen.things, far.things) as things, concat_ws(' ', seen.pins, far.pins) as pins
      from (
        select board_id, array_agg(id) as ids, string_agg(product_id::text, ' ') as things, string_agg(id::text, ' ') as pins
        from near group by board_id
      ) as seen cross join lateral (
        select string_agg(product_id::text, ' ') as things, string_agg(id::text, ' ') as pins from (
          select product_id, id from boards.pin where pin.board_id = seen.board_id
          order by position, id desc limit ${sql.lit(PINS_A_BOARD)}
        ) as first where product_id is not null and id <> all(seen.ids)
      ) as far
      where exists (select from social.listed(${viewer}::uuid) as listed where listed.id = seen.board_id offset 0)
    )`;

/** What a walk goes over, and what its numbers stand for. */
interface Neighbourhood extends Graph {
  /** The ids of the things, by their numbers. */
  ids: string[];
  numberOf: ReadonlyMap<string, number>;
  /** By board, the pins of its things, in their order. */
  pins: string[][];
}

/** Of lines that each say a board, its things and their pins. */
function neighbourhoodIn(lines: string): Neighbourhood {
  const numberOf = new Map<string, number>();
  const [ids, pins, things, boards]: [string[], string[][], number[][], number[][]] = [[], [], [], []];
  for (const [board, line] of lines.split('\n').filter(Boolean).entries()) {
    const [, thingList = '', pinList = ''] = line.split('|');
    const listed = thingList.split(' ').map((id) => {
      const known = numberOf.get(id);
      if (known !== undefined) {
        boards[known]?.push(board);
        return known;
      }
      numberOf.set(id, ids.length);
      boards.push([board]);
      return ids.push(id) - 1;
    });
    things.push(listed);
    pins.push(pinList.split(' '));
  }
  return { things, boards, ids, numberOf, pins };
}

/** The latest of the people and boards that a member follows. */
function followedOf(memberId: string, seed: number) {
  const of = (kind: string, max: number) => sql`
        (select id, kind from social.piece where followed.kind = 'member' and owner_id = followed.target_id
          and piece.kind = ${sql.lit(kind)} order by id desc limit ${sql.lit(max)})`;
  return sql`
    followed as materialized (
      select kind, target_id from social.follow where follower_id = ${memberId} and kind in ('member', 'board')
      order by hashtextextended(target_id::text, ${seed}::bigint) limit ${sql.lit(FOLLOWED_MAX)}
    ), followed_piece as materialized (
      select distinct on (made.id) made.id, made.kind, followed.kind as why
      from followed cross join lateral (
        ${of('pin', PINS_A_FOLLOWED)} union all ${of('look', OTHERS_A_FOLLOWED)}
        union all ${of('post', OTHERS_A_FOLLOWED)} union all ${of('review', OTHERS_A_FOLLOWED)}
        union all
        (select id, kind from social.piece where followed.kind = 'board' and piece.within_id = followed.target_id
          and piece.kind = 'pin' order by piece.id desc limit ${sql.lit(PINS_A_FOLLOWED)})
      ) as made
      order by made.id desc, followed.kind limit ${sql.lit(FOLLOWED_SHOWN)}
    )`;
}

/** Of `made`: asked only of those kinds that are about one. */
const productOf = sql`case made.kind when 'pin' then (select product_id from boards.pin where pin.id = made.id)
      when 'review' then (select product_id from reviews.review where review.id = made.id) end`;

/** What others propose for a member's boards and waits for an answer, the latest first. */
const suggestedTo = (memberId: string) => sql`(
    select json_agg(json_build_array(id, product_id) order by id desc) from (
      select open.id, open.product_id from social.piece as board
      cross join lateral (
        select id, product_id from boards.suggestion where board_id = board.id and answer is null
          and product_id is not null order by id desc limit ${sql.lit(SUGGESTIONS)}
      ) as open
      where board.owner_id = ${memberId} and board.kind = 'board' and board.state = 'live'
      order by open.id desc limit ${sql.lit(SUGGESTIONS)}
    ) as latest)`;

const followedProducts = (memberId: string, seed: number) => sql`(
    select json_agg(json_build_array(drawn.kind, named.slug, array(
      select product_id from catalog.scope_entry
      where scope = case drawn.kind when 'brand' then 'brand=' else 'category=' end || named.slug
      order by rank desc, product_id limit ${sql.lit(PRODUCTS_A_FOLLOWED)}
    )) order by drawn.place)
    from (
      select kind, target_id, hashtextextended(target_id::text, ${seed}::bigint) as place
      from social.follow where follower_id = ${memberId} and kind in ('brand', 'topic')
      order by place limit ${sql.lit(CATALOGUE_FOLLOWED)}
    ) as drawn cross join lateral (
      select slug from catalog.brand where drawn.kind = 'brand' and id = drawn.target_id
      union all
      select slug from catalog.category where drawn.kind = 'topic' and id = drawn.target_id
    ) as named)`;

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
export function* dealt<T>(hands: readonly (readonly T[])[]): Generator<T> {
  const most = Math.max(0, ...hands.map(({ length }) => length));
  for (let nth = 0; nth < most; nth++) {
    for (const hand of hands) {
      const card = hand[nth];
      if (card !== undefined) yield card;
    }
  }
}
