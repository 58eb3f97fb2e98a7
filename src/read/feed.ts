import { sql } from 'kysely';
import { walk } from '#modules/feed/index.ts';
import type { PricesFor } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';
import { type Candidate, dealt, type FeedKind, type Heard, heardOf, popularPins } from './feed-candidates.ts';
import { type FeedCard, feedCards } from './feed-cards.ts';
import { type Known, knownOf } from './feed-known.ts';
import { keepCandidates, keptCandidates } from './kept-candidates.ts';

export interface FeedPage {
  cards: FeedCard[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

const PAGE = 24;
const CANDIDATES_MAX = 240;
/** So many are asked about at a time: most of them are shown, and those behind them nobody may ever ask for. */
const ASKED_AT_ONCE = 36;
/** Of one person, one brand and one kind, no more than so many among so many cards that follow each other. */
const VARIETY = { among: 6, owner: 2, brand: 2, kind: 4 };

/** Of a cursor of the home feed: the walk's number, and what it has shown, four bytes each. */
export const HOME_CURSOR = /^\d{1,10}_[\w-]{0,1400}$/;

/** Of a cursor of the friends' feed: when the last that was shown was made, in microseconds, and its id. */
export const FRIENDS_CURSOR = /^\d{1,17}_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * What a member may like: a walk from what they saved, what those whom they follow made, and what is popular. Each page
 * is the same walk again, by the number in the cursor, without what it has shown: so nothing comes twice, and nothing
 * that is still there is passed by, whatever came or went meanwhile.
 */
export async function homeFeed(
  reads: Db,
  viewer: string | undefined,
  asked: { cursor?: string | undefined; seed: number; prices?: PricesFor | undefined; keepSeconds: number },
): Promise<FeedPage> {
  const [seedText, shownText = ''] = asked.cursor?.split(/_(.*)/s) ?? [];
  const seed = seedText === undefined ? asked.seed : Number(seedText);
  const shown = marksIn(shownText);
  const from = (all: readonly Candidate[]) =>
    firstOf(
      reads,
      viewer,
      all.filter((each) => !shown.has(markOf(each))),
    );
  const mayKeep = viewer !== undefined && asked.keepSeconds > 0;
  const kept = mayKeep ? keptCandidates(reads, viewer, seed) : undefined;
  const known = kept && (await from(kept.list));
  const { page, isMore } =
    known && known.stamp === kept?.stamp
      ? known
      : await from(await candidatesOf(reads, viewer, seed, asked.keepSeconds));
  const cards = await feedCards(reads, viewer, page, asked.prices);
  const marks = [...shown, ...page.map(markOf)].slice(0, CANDIDATES_MAX);
  return {
    cards,
    cursor: isMore ? `${seed}_${Buffer.from(marks.join(''), 'hex').toString('base64url')}` : null,
  };
}

/** The thing that a card shows: a product is the same whoever saved it, but words on it are their own. */
const thingOf = ({ kind, pieceId, productId }: Candidate): string =>
  (kind === 'pin' || kind === 'product' ? (productId ?? pieceId) : pieceId) ?? '';

/** The last four bytes of its id, which are by chance: two alike among some hundred are one in a hundred thousand. */
const markOf = (each: Candidate): string => thingOf(each).slice(-8);

const marksIn = (text: string): Set<string> =>
  new Set(Buffer.from(text, 'base64url').toString('hex').match(/.{8}/g) ?? []);

/** A page of those that may be shown, and whether there are others behind them. */
async function firstOf(
  reads: Db,
  viewer: string | undefined,
  left: readonly Candidate[],
): Promise<{ page: Known[]; isMore: boolean; stamp: string | undefined }> {
  const found: Known[] = [];
  let stamp: string | undefined;
  for (let from = 0; from < left.length && found.length <= PAGE; from += ASKED_AT_ONCE) {
    const asked = await knownOf(reads, viewer, left.slice(from, from + ASKED_AT_ONCE));
    found.push(...asked.known);
    stamp ??= asked.stamp;
  }
  return { page: varied(found).slice(0, PAGE), isMore: found.length > PAGE, stamp };
}

async function candidatesOf(
  reads: Db,
  viewer: string | undefined,
  seed: number,
  keepSeconds: number,
): Promise<Candidate[]> {
  if (viewer === undefined) return guestCandidates(reads);
  const { stamp, ...heard } = await heardOf(reads, viewer, seed);
  const list = chosenFrom(heard, await popularPins(reads), seed);
  keepCandidates(reads, viewer, { seed, stamp, list }, keepSeconds);
  return list;
}

const guestCandidates = async (reads: Db) => once([await popularPins(reads)]);

function chosenFrom(heard: Omit<Heard, 'stamp'>, popular: readonly Candidate[], seed: number): Candidate[] {
  const walked = fromWalk(heard, numbersFrom(seed));
  const { followed, products, suggested } = heard;
  const halfWay = walked.slice(Math.ceil(walked.length / 2));
  return once([dealt([walked, followed, halfWay, products, suggested]), popular]);
}

function fromWalk({ starts, near }: Pick<Heard, 'starts' | 'near'>, random: () => number): Candidate[] {
  const numbers = starts.map((id) => near.numberOf.get(id)).filter((number) => number !== undefined);
  return walk(near, { starts: numbers, random }).map(({ thing, board, from }) => ({
    kind: 'pin',
    pieceId: near.pins[board]?.[near.things[board]?.indexOf(thing) ?? -1] ?? null,
    productId: near.ids[thing] ?? null,
    why: { kind: 'like', productId: near.ids[from] ?? '' },
  }));
}

/** Each thing once, for the reason that came first, and no more than a feed is chosen from. */
function once(lists: readonly Iterable<Candidate>[]): Candidate[] {
  const byThing = new Map<string, Candidate>();
  for (const list of lists) {
    for (const each of list) {
      if (byThing.size === CANDIDATES_MAX) break;
      const thing = thingOf(each);
      if (!byThing.has(thing)) byThing.set(thing, each);
    }
  }
  return [...byThing.values()];
}

/** In the order given, but for those who would follow too close on others of the same person, brand or kind: they wait. */
export function varied<Each extends { ownerId: string | null; brandId: string | null; kind: FeedKind }>(
  list: readonly Each[],
): Each[] {
  const ordered: Each[] = [];
  const waiting = [...list];
  while (waiting.length > 0) {
    const last = ordered.slice(-(VARIETY.among - 1));
    const isNear = ({ ownerId, brandId }: Each) =>
      (ownerId !== null && last.filter((each) => each.ownerId === ownerId).length >= VARIETY.owner) ||
      (brandId !== null && last.filter((each) => each.brandId === brandId).length >= VARIETY.brand);
    const isOfMany = ({ kind }: Each) => last.filter((each) => each.kind === kind).length >= VARIETY.kind;
    const best = waiting.findIndex((each) => !isNear(each) && !isOfMany(each));
    const next = best >= 0 ? best : waiting.findIndex((each) => !isNear(each));
    // Where all that is left is of one, it comes as it is.
    ordered.push(...waiting.splice(Math.max(0, next), 1));
  }
  return ordered;
}

const FRIENDS_KINDS = ['pin', 'look', 'post', 'review'] as const satisfies FeedKind[];

/** What those whom a member follows made, the latest first, and nothing else. */
export async function friendsFeed(
  reads: Db,
  memberId: string,
  asked: { cursor?: string | undefined; prices?: PricesFor | undefined },
): Promise<FeedPage> {
  // Not by id: who makes something gives it its id, and would say with it where it stands.
  const [micros, id] = asked.cursor?.split('_') ?? [];
  const before =
    micros === undefined
      ? sql``
      : sql`and (piece.made_at, piece.id) < (to_timestamp(${micros}::numeric / 1000000), ${id}::uuid)`;
  const latest = (kind: string) => sql`
    (select piece.id, piece.kind, piece.owner_id, piece.made_at from social.piece
      where piece.owner_id = follow.target_id and piece.kind = ${sql.lit(kind)} ${before}
        and exists (select from social.listed(${memberId}::uuid) as seen where seen.id = piece.id offset 0)
      order by piece.made_at desc, piece.id desc limit ${PAGE + 1})`;
  const { rows } = await sql<Known & { pieceId: string; micros: string }>`
    select made.id as "pieceId", made.kind, made.owner_id as "ownerId", product.id as "productId",
      product.brand_id as "brandId", product.category_id as "topicId",
      (extract(epoch from made.made_at) * 1000000)::bigint::text as micros
    from (
      select made.* from social.follow cross join lateral (
        ${sql.join(FRIENDS_KINDS.map(latest), sql` union all `)}
      ) as made
      where follow.follower_id = ${memberId} and follow.kind = 'member'
        and not exists (select from social.mute where member_id = ${memberId} and muted_id = follow.target_id)
      order by made.made_at desc, made.id desc limit ${PAGE + 1}
    ) as made
    left join boards.pin on made.kind = 'pin' and pin.id = made.id
    left join reviews.review on made.kind = 'review' and review.id = made.id
    left join catalog.product on product.id = coalesce(pin.product_id, review.product_id)
    order by made.made_at desc, made.id desc`.execute(reads);
  const shown = rows.slice(0, PAGE);
  const page = shown.map(({ micros: _micros, ...row }): Known => ({ ...row, why: { kind: 'person' } }));
  const cards = await feedCards(reads, memberId, page, asked.prices);
  const last = rows.length > PAGE ? shown.at(-1) : undefined;
  return { cards, cursor: last ? `${last.micros}_${last.pieceId}` : null };
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
