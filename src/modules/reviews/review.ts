import { sql } from 'kysely';
import { productInShop } from '#modules/catalog/index.ts';
import {
  changeState,
  cleanWords,
  makePiece,
  photosOf,
  socialErrors,
  type StateChange,
  wordsChanged,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { aspectsOf, keepTraits, refuseUnasked } from './aspects.ts';
import { count } from './counts.ts';
import { reviewErrors } from './errors.ts';
import { settings } from './settings.ts';

export const TITLE_MAX = 120;
export const BODY_MAX = 5000;
export const AUTHOR_NAME_MAX = 60;
export const REVIEW_PHOTOS_MAX = 6;

/** Who writes: a member, or whoever bought an order without an account and holds its link. */
export type Author =
  | { memberId: string; customerId: string | undefined }
  | { orderId: string; customerId: string | undefined; name: string };

export interface ReviewWords {
  rating: number;
  title: string;
  /** May be empty: stars alone are a review. */
  body: string;
  dimensions: Record<string, number>;
  traits: Record<string, string>;
  photoIds: readonly string[];
}

export interface ReviewWish extends ReviewWords {
  id: string;
  productId: string;
  /** Brought along from elsewhere: of who has not bought it here it is a draft, until its author sends it once more. */
  isBrought?: boolean;
}

const memberIdOf = (author: Author): string | undefined =>
  'memberId' in author ? author.memberId : undefined;

/** Writes a review. It counts as verified where its author has the goods of a line that is not reviewed yet. */
export async function writeReview(tx: Tx, author: Author, wish: ReviewWish, now: Date): Promise<void> {
  const { id, productId, dimensions, traits, photoIds } = wish;
  const memberId = memberIdOf(author);
  const { title, body } = await cleaned(tx, memberId, productId, wish);
  const line = await unreviewedLine(tx, author, productId);
  const isDraft = wish.isBrought === true && !line;
  const piece = { id, kind: 'review', ownerId: memberId ?? null, state: isDraft ? 'draft' : 'live' } as const;
  if (!(await makePiece(tx, piece, now))) return refuseOther(tx, id, wish, { title, body });
  const { takesUnverified } = await settings(tx);
  if (!line && !takesUnverified && !isDraft) throw reviewErrors.only_buyers({});
  if (!line && memberId === undefined) throw reviewErrors.already_reviewed({});
  const { rows } = await sql`
    insert into reviews.review (id, product_id, order_line_id, unverified_by, customer_id, author_name, rating, title, body,
      dimensions, traits, photo_ids, incentive, written_at)
    values (${id}, ${productId}, ${line?.lineId ?? null}::uuid, ${line ? null : (memberId ?? null)}::uuid,
      ${author.customerId ?? null}::uuid, ${'name' in author ? nameOf(author.name) : ''}, ${wish.rating}, ${title}, ${body},
      ${JSON.stringify(dimensions)}::jsonb, ${JSON.stringify(traits)}::jsonb, ${[...photoIds]}::uuid[],
      ${line?.incentive ?? null}, ${now})
    on conflict do nothing returning id`.execute(tx);
  if (rows.length === 0) throw reviewErrors.already_reviewed({});
  if (!isDraft) await count(tx, wish, 1);
  if (memberId !== undefined) await keepTraits(tx, memberId, traits);
}

const nameOf = (typed: string): string => cleanWords(typed, AUTHOR_NAME_MAX).replaceAll('\n', ' ');

/** The words as they are kept, once all that was marked is known to be asked, and the photos to be the author's. */
async function cleaned(tx: Tx, memberId: string | undefined, productId: string, words: ReviewWords) {
  const product = await productInShop(tx, { id: productId });
  if (!product) throw reviewErrors.product_not_found({});
  refuseUnasked(await aspectsOf(tx, product), words.dimensions, words.traits);
  const own = memberId === undefined ? new Map() : await photosOf(tx, memberId, words.photoIds);
  if (own.size < new Set(words.photoIds).size) throw socialErrors.photo_not_found({});
  return {
    title: words.title.trim() && cleanWords(words.title, TITLE_MAX).replaceAll('\n', ' '),
    body: words.body.trim() && cleanWords(words.body, BODY_MAX),
  };
}

async function refuseOther(tx: Tx, id: string, wish: ReviewWish, words: { title: string; body: string }) {
  const { rows } = await sql<{ isSame: boolean }>`
    select product_id = ${wish.productId} and rating = ${wish.rating} and title = ${words.title}
      and body = ${words.body} as "isSame" from reviews.review where id = ${id}`.execute(tx);
  if (rows[0]?.isSame !== true) throw socialErrors.piece_differs({ pieceId: id });
}

/** The latest line of theirs that came and of which they have said nothing, and what they get for saying it. */
async function unreviewedLine(db: Db, author: Author, productId: string) {
  const whose =
    'orderId' in author
      ? sql`received.order_id = ${author.orderId}`
      : sql`received.customer_id = ${author.customerId ?? null}::uuid`;
  const { rows } = await sql<{ lineId: string; incentive: string | null }>`
    select received.order_line_id as "lineId", request.incentive
    from reviews.received left join reviews.request on request.order_id = received.order_id
    where ${whose} and received.product_id = ${productId}
      and not exists (select from reviews.review where review.order_line_id = received.order_line_id)
    order by received.received_at desc, received.order_line_id limit 1`.execute(db);
  return rows[0];
}

interface Locked extends ReviewWords {
  productId: string;
  ownerId: string | null;
  orderId: string | null;
  state: string;
}

/** A review that nobody else changes until the transaction ends, of who may change it. */
async function lockOwn(tx: Tx, author: Author, id: string): Promise<Locked> {
  // First: the statement that waits for the lock would see whether the review is live as it was before.
  await sql`select from reviews.review where id = ${id} for update`.execute(tx);
  const { rows } = await sql<Locked>`
    select product_id as "productId", rating, title, body, dimensions, traits, photo_ids as "photoIds",
      piece.owner_id as "ownerId", piece.state, (
        select order_id from reviews.received where received.order_line_id = review.order_line_id) as "orderId"
    from reviews.review join social.piece on piece.id = review.id
    where review.id = ${id} and piece.state <> 'deleted'`.execute(tx);
  const [review] = rows;
  const isOwn =
    'memberId' in author
      ? review?.ownerId === author.memberId
      : review?.ownerId === null && review.orderId === author.orderId;
  if (!review || !isOwn) throw reviewErrors.review_not_found({});
  return review;
}

/** Changes a review; what it said before is kept, and that it was changed is shown. */
export async function changeReview(
  tx: Tx,
  author: Author,
  id: string,
  words: ReviewWords,
  now: Date,
): Promise<void> {
  const was = await lockOwn(tx, author, id);
  const memberId = memberIdOf(author);
  const { title, body } = await cleaned(tx, memberId, was.productId, words);
  const { rating, dimensions, traits, photoIds } = words;
  await sql`
    insert into reviews.review_version (review_id, version, rating, title, body, dimensions, replaced_at)
    select ${id}, coalesce((select max(version) from reviews.review_version where review_id = ${id}), 0) + 1,
      ${was.rating}, ${was.title}, ${was.body}, ${JSON.stringify(was.dimensions)}::jsonb, ${now}`.execute(tx);
  await sql`
    update reviews.review set rating = ${rating}, title = ${title}, body = ${body},
      dimensions = ${JSON.stringify(dimensions)}::jsonb, traits = ${JSON.stringify(traits)}::jsonb,
      photo_ids = ${[...photoIds]}::uuid[], edited_at = ${now} where id = ${id}`.execute(tx);
  if (was.state === 'live') await count(tx, was, -1);
  if (was.state === 'draft') await publishDraft(tx, id);
  if (was.state === 'live' || was.state === 'draft')
    await count(tx, { productId: was.productId, rating, dimensions }, 1);
  if (memberId !== undefined) await keepTraits(tx, memberId, traits);
  await wordsChanged(tx, id);
}

/** What its author brought from elsewhere and has looked at once more. */
async function publishDraft(tx: Tx, id: string): Promise<void> {
  if (!(await settings(tx)).takesUnverified) throw reviewErrors.only_buyers({});
  await changeState(tx, [id], { from: ['draft'], to: 'live' });
}

/** Deletes a review: its words, their history and its stars in the counts are gone. */
export async function deleteReview(tx: Tx, author: Author, id: string): Promise<void> {
  await lockOwn(tx, author, id);
  await endReviews(tx, [id]);
}

export async function endReviews(tx: Tx, ids: readonly string[]): Promise<void> {
  const marks = await lockMarks(tx, ids);
  const ended = await changeState(tx, ids, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  for (const { id, was } of ended) {
    const mark = marks.get(id);
    if (was === 'live' && mark) await count(tx, mark, -1);
  }
  await sql`delete from reviews.review_version where review_id = any(${[...ids]}::uuid[])`.execute(tx);
  await sql`
    update reviews.review set title = '', body = '', author_name = '', dimensions = '{}', traits = '{}', photo_ids = '{}',
      order_line_id = null, unverified_by = null
    where id = any(${[...ids]}::uuid[])`.execute(tx);
}

/** Takes reviews out of sight, or puts them back; the counts follow. Answers those that were moved. */
export async function changeReviewStates(
  tx: Tx,
  ids: readonly string[],
  change: StateChange,
): Promise<string[]> {
  const marks = await lockMarks(tx, ids);
  const moved = await changeState(tx, ids, change);
  for (const { id, was } of moved) {
    const mark = marks.get(id);
    if (mark && (was === 'live') !== (change.to === 'live'))
      await count(tx, mark, change.to === 'live' ? 1 : -1);
  }
  return moved.map(({ id }) => id);
}

/** The reviews' own rows first, then those of their products, all in one order. */
async function lockMarks(tx: Tx, ids: readonly string[]) {
  const { rows } = await sql<{
    id: string;
    productId: string;
    rating: number;
    dimensions: Record<string, number>;
  }>`
    select id, product_id as "productId", rating, dimensions from reviews.review
    where id = any(${[...ids]}::uuid[]) order by id for update`.execute(tx);
  const products = [...new Set(rows.map(({ productId }) => productId))].sort();
  await sql`
    select from reviews.rating where product_id = any(${products}::uuid[]) order by product_id for update`.execute(
    tx,
  );
  return new Map(rows.map(({ id, ...mark }) => [id, mark]));
}
