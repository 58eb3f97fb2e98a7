import { sql } from 'kysely';
import { searchProducts, slugsOfIds } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

/** Something that a feed may show: a pin, or a product that nobody need have saved. */
export interface Candidate {
  pinId: string | null;
  productId: string | null;
  why: Why;
}

/** Why a card is there, by ids: words are read where they stand, by who may see them. */
export type Why =
  | { kind: 'like'; productId: string }
  | { kind: 'person' }
  | { kind: 'board' }
  | { kind: 'brand' | 'topic'; slug: string }
  | { kind: 'popular' };

const STARTS = 16;
const BOARDS_A_START = 8;
const PINS_A_BOARD = 12;
const FOLLOWED_PINS = 60;
const PINS_A_FOLLOWED = 6;
const FOLLOWED_MAX = 300;
const CATALOGUE_FOLLOWED = 4;
const LATELY = 3000;
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
  const { rows } = await sql<{ board: string; things: string[]; pins: string[] }>`
    with near as materialized (
      select pin.id, pin.board_id, pin.product_id from unnest(${[...productIds]}::uuid[]) as start (id)
      cross join lateral (
        select id, board_id, product_id from boards.pin where product_id = start.id order by id desc limit ${BOARDS_A_START}
      ) as pin
    ), seen as materialized (
      select board_id from (select distinct board_id from near) as each
      where exists (select from social.listed(${viewer}::uuid) as listed where listed.id = each.board_id)
    )
    select board_id as board, array_agg(product_id) as things, array_agg(id) as pins from (
      select near.board_id, near.product_id, near.id from near join seen using (board_id)
      union
      select far.board_id, far.product_id, far.id from seen cross join lateral (
        select board_id, product_id, id from boards.pin where pin.board_id = seen.board_id
        order by position, id desc limit ${PINS_A_BOARD}
      ) as far where far.product_id is not null
    ) as edge group by board_id order by board_id`.execute(reads);
  const found: Neighbourhood = { things: new Map(), boards: new Map(), pins: new Map() };
  for (const { board, things, pins } of rows) {
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

/** The latest of the people and boards that a member follows. */
export async function followedPins(reads: Db, memberId: string): Promise<Candidate[]> {
  const { rows } = await sql<{ id: string; productId: string | null; kind: 'member' | 'board' }>`
    with followed as materialized (
      select kind, target_id from social.follow where follower_id = ${memberId} and kind in ('member', 'board')
      order by since desc limit ${FOLLOWED_MAX}
    )
    select distinct on (made.id) made.id, product_id as "productId", followed.kind from followed cross join lateral (
      (select piece.id from social.piece where followed.kind = 'member' and piece.owner_id = followed.target_id
        and piece.kind = 'pin' order by piece.id desc limit ${PINS_A_FOLLOWED})
      union all
      (select piece.id from social.piece where followed.kind = 'board' and piece.within_id = followed.target_id
        and piece.kind = 'pin' order by piece.id desc limit ${PINS_A_FOLLOWED})
    ) as made join boards.pin on pin.id = made.id
    order by made.id desc, followed.kind limit ${FOLLOWED_PINS}`.execute(reads);
  return rows.map(({ id, productId, kind }) => ({
    pinId: id,
    productId,
    why: { kind: kind === 'member' ? 'person' : 'board' },
  }));
}

/** What came lately of a few of the brands and topics that a member follows. */
export async function followedProducts(
  reads: Db,
  memberId: string,
  random: () => number,
): Promise<Candidate[]> {
  const { rows } = await sql<{ kind: 'brand' | 'topic'; id: string }>`
    select kind, target_id as id from social.follow where follower_id = ${memberId} and kind in ('brand', 'topic')
    order by since desc limit 100`.execute(reads);
  const drawn = rows
    .map((each) => ({ ...each, place: random() }))
    .sort((one, other) => one.place - other.place)
    .slice(0, CATALOGUE_FOLLOWED);
  const of = (kind: 'brand' | 'topic') => drawn.flatMap((each) => (each.kind === kind ? [each.id] : []));
  const [brands, topics] = await Promise.all([
    slugsOfIds(reads, 'brand', of('brand')),
    slugsOfIds(reads, 'category', of('topic')),
  ]);
  const found = await Promise.all(
    drawn.map(async ({ kind, id }) => {
      const slug = (kind === 'brand' ? brands : topics).get(id);
      if (slug === undefined) return [];
      const where = kind === 'brand' ? { brand: slug } : { category: slug };
      const { cards } = await searchProducts(reads, { ...where, sort: 'newest', limit: 8 });
      return cards.map((card): Candidate => ({ pinId: null, productId: card.id, why: { kind, slug } }));
    }),
  );
  return dealt(found);
}

/** The same for everybody, so each process asks for it once a minute; who may see which is asked of each feed. */
const popularKept = new WeakMap<Db, { until: number; list: Promise<Candidate[]> }>();

/** Of what was made last, what guests may find and people felt most about; not yet asked whether the viewer meets them. */
export function popularPins(reads: Db): Promise<Candidate[]> {
  const known = popularKept.get(reads);
  if (known && known.until > Date.now()) return known.list;
  const list = mostFelt(reads);
  popularKept.set(reads, { until: Date.now() + POPULAR_KEPT_MS, list });
  list.catch(() => popularKept.delete(reads));
  return list;
}

async function mostFelt(reads: Db): Promise<Candidate[]> {
  const { rows } = await sql<{ id: string; productId: string | null }>`
    select id, "productId" from (
      select distinct on (coalesce(pin.product_id, pin.id)) pin.id, pin.product_id as "productId",
        coalesce(heart + clap + wow + idea + 2 * comments, 0) as felt
      from (select id from social.piece order by id desc limit ${LATELY}) as lately
      join social.listed(null) as seen on seen.id = lately.id
      join boards.pin on pin.id = lately.id
      left join social.tally on tally.piece_id = pin.id
      order by coalesce(pin.product_id, pin.id), felt desc, pin.id desc
    ) as best order by felt desc, id desc limit 150`.execute(reads);
  return rows.map(({ id, productId }) => ({ pinId: id, productId, why: { kind: 'popular' } }));
}

/** One of each in turn. */
export function dealt<T>(hands: readonly (readonly T[])[]): T[] {
  const most = Math.max(0, ...hands.map(({ length }) => length));
  return Array.from({ length: most }, (_, nth) => hands.flatMap((hand) => hand.slice(nth, nth + 1))).flat();
}
