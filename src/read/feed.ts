import { sql } from 'kysely';
import { cardsOf, type Picture, type ProductCard } from '#modules/catalog/index.ts';
import { walk } from '#modules/feed/index.ts';
import { peopleOf, type Person, picturesOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import {
  type Candidate,
  dealt,
  followedPins,
  followedProducts,
  neighbourhood,
  popularPins,
  startsOf,
} from './feed-candidates.ts';

export interface FeedCard {
  /** The pin, where somebody's saving is why it is here. */
  pinId: string | null;
  card: ProductCard | null;
  picture: Picture | null;
  note: string;
  by: Person | null;
  board: { id: string; name: string } | null;
  why: Reason;
  /** What a member can ask to see less of. */
  less: { productId: string | null; memberId: string | null; brandId: string | null; topicId: string | null };
}

/** Why a card is here, as it is said. */
export type Reason =
  | { kind: 'like'; title: string; slug: string }
  | { kind: 'person' | 'board' | 'popular' }
  | { kind: 'brand' | 'topic'; name: string; slug: string };

export interface FeedPage {
  cards: FeedCard[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

const PAGE = 24;
const CANDIDATES_MAX = 160;
/** Of one person, and of one brand, no more than so many among so many cards that follow each other. */
const VARIETY = { among: 6, owner: 2, brand: 2 };

/**
 * What a member may like: a walk from what they saved, what those whom they follow made, and what is popular. Each
 * page is the same walk again, by the number that the first page's cursor holds.
 */
export async function homeFeed(
  reads: Db,
  viewer: string | undefined,
  asked: { cursor?: string | undefined; seed: number; currency?: string | undefined },
): Promise<FeedPage> {
  const [seedText, offsetText] = asked.cursor?.split('_') ?? [];
  const seed = seedText === undefined ? asked.seed : Number(seedText);
  const offset = Number(offsetText ?? 0);
  const random = numbersFrom(seed);
  const all = await candidates(reads, viewer, random);
  const fitting = await known(reads, viewer, all);
  const ordered = varied(fitting);
  const page = ordered.slice(offset, offset + PAGE);
  const cards = await dressed(reads, viewer, page, asked.currency);
  return { cards, cursor: ordered.length > offset + PAGE ? `${seed}_${offset + PAGE}` : null };
}

async function candidates(reads: Db, viewer: string | undefined, random: () => number): Promise<Candidate[]> {
  if (viewer === undefined) return popularPins(reads);
  const [walked, followed, products, popular] = await Promise.all([
    fromWalk(reads, viewer, random),
    followedPins(reads, viewer),
    followedProducts(reads, viewer, random),
    popularPins(reads),
  ]);
  const first = dealt([walked, followed, walked.slice(Math.ceil(walked.length / 2)), products]);
  return once([...first, ...popular]).slice(0, CANDIDATES_MAX);
}

async function fromWalk(reads: Db, viewer: string, random: () => number): Promise<Candidate[]> {
  const starts = await startsOf(reads, viewer);
  if (starts.length === 0) return [];
  const graph = await neighbourhood(reads, viewer, starts);
  return walk(graph, { starts, random }).map(({ thing, board, from }) => ({
    pinId: graph.pins.get(`${board} ${thing}`) ?? null,
    productId: thing,
    why: { kind: 'like', productId: from },
  }));
}

/** Each thing once, for the reason that came first. */
function once(list: readonly Candidate[]): Candidate[] {
  const byThing = new Map<string, Candidate>();
  for (const each of list) {
    const thing = each.productId ?? each.pinId ?? '';
    if (!byThing.has(thing)) byThing.set(thing, each);
  }
  return [...byThing.values()];
}

interface Known extends Candidate {
  ownerId: string | null;
  brandId: string | null;
  topicId: string | null;
  boardId: string | null;
  boardName: string | null;
  note: string;
  photoId: string | null;
}

/** What is known of the candidates; without those that the viewer may not find, has already, or asked to see less of. */
async function known(reads: Db, viewer: string | undefined, list: readonly Candidate[]): Promise<Known[]> {
  const self = viewer ?? null;
  const { rows } = await sql<Omit<Known, keyof Candidate> & { place: number }>`
    select asked.place::integer as place, piece.owner_id as "ownerId", product.brand_id as "brandId",
      product.category_id as "topicId", pin.board_id as "boardId", board.name as "boardName",
      coalesce(pin.note, '') as note, pin.photo_id as "photoId"
    from unnest(${list.map(({ pinId }) => pinId)}::uuid[], ${list.map(({ productId }) => productId)}::uuid[])
      with ordinality as asked (pin_id, product_id, place)
    left join boards.pin on pin.id = asked.pin_id
    left join boards.board on board.id = pin.board_id
    left join social.piece on piece.id = asked.pin_id
    left join catalog.product on product.id = asked.product_id
    where (asked.pin_id is null or exists (select from social.listed(${self}::uuid) as seen where seen.id = asked.pin_id))
      and (asked.product_id is null or exists (
        select from catalog.product_listing as listing where listing.product_id = asked.product_id))
      and (pin.id is null or asked.product_id is not null or pin.photo_id is not null)
      and (${self}::uuid is null or (
        piece.owner_id is distinct from ${self}::uuid
        and not exists (select from social.mute where member_id = ${self}::uuid and muted_id = piece.owner_id)
        and not exists (select from feed.less where member_id = ${self}::uuid and (
          (less.kind = 'product' and target_id = asked.product_id) or (less.kind = 'member' and target_id = piece.owner_id)
          or (less.kind = 'brand' and target_id = product.brand_id)
          or (less.kind = 'topic' and target_id = product.category_id)))
        and not exists (select from boards.pin as had join social.piece as own on own.id = had.id
          where had.product_id = asked.product_id and own.owner_id = ${self}::uuid and own.state = 'live')))
    order by asked.place`.execute(reads);
  return rows.flatMap(({ place, ...more }) => {
    const candidate = list[place - 1];
    return candidate ? [{ ...candidate, ...more }] : [];
  });
}

/** In the order given, but for those who would follow too close on others of the same person or brand: they wait. */
export function varied<Each extends { ownerId: string | null; brandId: string | null }>(
  list: readonly Each[],
): Each[] {
  const ordered: Each[] = [];
  const waiting = [...list];
  while (waiting.length > 0) {
    const last = ordered.slice(-(VARIETY.among - 1));
    const fits = ({ ownerId, brandId }: Each) =>
      (ownerId === null || last.filter((each) => each.ownerId === ownerId).length < VARIETY.owner) &&
      (brandId === null || last.filter((each) => each.brandId === brandId).length < VARIETY.brand);
    // Where all that is left is of one, it comes as it is.
    ordered.push(...waiting.splice(Math.max(0, waiting.findIndex(fits)), 1));
  }
  return ordered;
}

async function dressed(
  reads: Db,
  viewer: string | undefined,
  page: readonly Known[],
  currency: string | undefined,
): Promise<FeedCard[]> {
  const likes = page.flatMap(({ why }) => (why.kind === 'like' ? [why.productId] : []));
  const products = page.flatMap(({ productId }) => productId ?? []);
  const [cards, people, photos, names] = await Promise.all([
    cardsOf(reads, [...new Set([...products, ...likes])], currency),
    peopleOf(reads, viewer, [...new Set(page.flatMap(({ ownerId }) => ownerId ?? []))]),
    picturesOf(
      reads,
      page.flatMap(({ photoId }) => photoId ?? []),
    ),
    namesOf(reads, page),
  ]);
  return page.flatMap((each) => {
    const card = (each.productId && cards.get(each.productId)) || null;
    const picture = card?.picture ?? ((each.photoId && photos.get(each.photoId)) || null);
    if (!card && !picture) return [];
    const { pinId, note, ownerId, boardId, boardName, productId, brandId, topicId } = each;
    return [
      {
        pinId,
        card,
        picture,
        note,
        by: (ownerId && people.get(ownerId)) || null,
        board: boardId === null ? null : { id: boardId, name: boardName ?? '' },
        why: reasonOf(each, cards, names),
        less: { productId, memberId: ownerId, brandId, topicId },
      },
    ];
  });
}

function reasonOf({ why }: Known, cards: Map<string, ProductCard>, names: Map<string, string>): Reason {
  if (why.kind === 'like') {
    const liked = cards.get(why.productId);
    return liked ? { kind: 'like', title: liked.title, slug: liked.slug } : { kind: 'popular' };
  }
  if ('slug' in why)
    return { kind: why.kind, slug: why.slug, name: names.get(`${why.kind} ${why.slug}`) ?? why.slug };
  return why;
}

/** What the brands and topics of the reasons are called. */
async function namesOf(reads: Db, page: readonly Known[]): Promise<Map<string, string>> {
  const of = (kind: 'brand' | 'topic') =>
    page.flatMap(({ why }) => (why.kind === kind && 'slug' in why ? [why.slug] : []));
  if (of('brand').length + of('topic').length === 0) return new Map();
  const { rows } = await sql<{ key: string; name: string }>`
    select 'brand ' || slug as key, name from catalog.brand where slug = any(${of('brand')}::text[])
    union all
    select 'topic ' || slug, name from catalog.category where slug = any(${of('topic')}::text[])`.execute(
    reads,
  );
  return new Map(rows.map(({ key, name }) => [key, name]));
}

/** What those whom a member follows saved, the latest first, and nothing else. */
export async function friendsFeed(
  reads: Db,
  memberId: string,
  asked: { cursor?: string | undefined; currency?: string | undefined },
): Promise<FeedPage> {
  const { rows } = await sql<{ pinId: string; productId: string | null }>`
    select made.id as "pinId", pin.product_id as "productId"
    from social.follow cross join lateral (
      select piece.id from social.piece
      where piece.owner_id = follow.target_id and piece.kind = 'pin'
        and (${asked.cursor ?? null}::uuid is null or piece.id < ${asked.cursor ?? null}::uuid)
        and exists (select from social.listed(${memberId}::uuid) as seen where seen.id = piece.id)
        and not exists (select from social.mute where member_id = ${memberId} and muted_id = piece.owner_id)
      order by piece.id desc limit ${PAGE + 1}
    ) as made join boards.pin on pin.id = made.id
    where follow.follower_id = ${memberId} and follow.kind = 'member'
    order by made.id desc limit ${PAGE + 1}`.execute(reads);
  const page = rows.slice(0, PAGE).map((row): Candidate => ({ ...row, why: { kind: 'person' } }));
  const details = await friendsKnown(reads, page);
  const cards = await dressed(reads, memberId, details, asked.currency);
  return { cards, cursor: rows.length > PAGE ? (page.at(-1)?.pinId ?? null) : null };
}

/** As they were made: nothing is left out of what friends saved, but for who was muted. */
async function friendsKnown(reads: Db, page: readonly Candidate[]): Promise<Known[]> {
  const { rows } = await sql<Omit<Known, 'why' | 'productId'> & { pinId: string }>`
    select pin.id as "pinId", piece.owner_id as "ownerId", product.brand_id as "brandId",
      product.category_id as "topicId", pin.board_id as "boardId", board.name as "boardName", pin.note,
      pin.photo_id as "photoId"
    from boards.pin join boards.board on board.id = pin.board_id join social.piece on piece.id = pin.id
    left join catalog.product on product.id = pin.product_id
    where pin.id = any(${page.map(({ pinId }) => pinId)}::uuid[])`.execute(reads);
  const byId = new Map(rows.map((row) => [row.pinId, row]));
  return page.flatMap((each) => {
    const more = byId.get(each.pinId ?? '');
    return more ? [{ ...more, ...each }] : [];
  });
}

/** Numbers from a seed (mulberry32), the same each time. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SEED_MS = 30 * 60_000;

/** The same for half an hour: what was asked to go is gone, and the rest stands where it stood. */
export const seedAt = (now: Date): number => Math.floor(now.getTime() / SEED_MS);
