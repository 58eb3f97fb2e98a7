import { sql } from 'kysely';
import { sellable, slugsOfIds } from '#modules/catalog/index.ts';
import {
  changeState,
  cleanWords,
  type Eye,
  makePiece,
  notify,
  open,
  type Opened,
  photosOf,
  setVisibility,
  wordsChanged,
} from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { lookErrors } from './errors.ts';
import type { LooksItemShape } from './tables.ts';

export const ITEMS_MAX = 30;
export const WORDINGS_MAX = 10;
export const TITLE_MAX = 100;
export const WORDS_MAX = 2000;
export const WORDING_MAX = 80;

export interface LookItem {
  productId: string;
  variantId: string | null;
  shape: LooksItemShape;
  x: number;
  y: number;
  width: number;
  turn: number;
  place: number;
}

export interface Wording {
  words: string;
  x: number;
  y: number;
  size: number;
  turn: number;
  colour: string;
  place: number;
}

/** What a look consists of, as its maker lays it out. */
export interface LookWish {
  title: string;
  words: string;
  ground: string;
  sceneId: string | null;
  items: readonly LookItem[];
  wordings: readonly Wording[];
}

export type MemberEye = Eye & { memberId: string };

/** A draft, or a change of a look that is shown already: all of it anew. The same id again is the same look. */
export async function saveLook(
  tx: Tx,
  memberId: string,
  id: string,
  wish: LookWish,
  now: Date,
  remixedFrom: string | null = null,
): Promise<{ version: number }> {
  await refuseUnknown(tx, memberId, wish);
  const isNew = await makePiece(tx, { id, kind: 'look', ownerId: memberId, state: 'draft' }, now);
  const look = await lookFor(tx, memberId, id);
  if (look.state === 'live') refuseUnshowable(wish);
  const said = { title: oneLine(wish.title), words: wish.words.trim() && cleanWords(wish.words, WORDS_MAX) };
  const { rows } = await sql<{ version: number }>`
    insert into looks.look as known (id, title, words, ground, scene_id, remixed_from, changed_at)
    values (${id}, ${said.title}, ${said.words}, ${wish.ground}, ${wish.sceneId}::uuid, ${isNew ? remixedFrom : null}::uuid, ${now})
    on conflict (id) do update set title = excluded.title, words = excluded.words, ground = excluded.ground,
      scene_id = excluded.scene_id, changed_at = excluded.changed_at, version = known.version + 1
    returning version`.execute(tx);
  await writeParts(tx, id, wish);
  await sql`delete from looks.change where look_id = ${id}`.execute(tx);
  await wordsChanged(tx, id);
  await addJob(tx, 'looks.render', { lookId: id }, id, { isSlow: true });
  return { version: rows[0]?.version ?? 0 };
}

async function writeParts(tx: Tx, id: string, { items, wordings }: LookWish): Promise<void> {
  const parts = [...items, ...wordings].toSorted((a, b) => a.place - b.place);
  const placeOf = new Map(parts.map((part, place) => [part, place]));
  const placed = (list: readonly (LookItem | Wording)[]) =>
    JSON.stringify(list.map((part) => ({ ...part, place: placeOf.get(part) })));
  await sql`
    with gone as (delete from looks.wording where look_id = ${id})
    delete from looks.item where look_id = ${id}`.execute(tx);
  await sql`
    insert into looks.item (look_id, place, product_id, variant_id, shape, x, y, width, turn)
    select ${id}, place, "productId", "variantId", shape, x, y, width, turn
    from jsonb_to_recordset(${placed(items)}::jsonb) as t (place integer, "productId" uuid, "variantId" uuid,
      shape looks.item_shape, x integer, y integer, width integer, turn integer)`.execute(tx);
  await sql`
    insert into looks.wording (look_id, place, words, x, y, size, turn, colour)
    select ${id}, place, words, x, y, size, turn, colour
    from jsonb_to_recordset(${placed(wordings.filter(({ words }) => oneLine(words) !== ''))}::jsonb) as t (place integer,
      words text, x integer, y integer, size integer, turn integer, colour text)`.execute(tx);
}

/** Shows a draft to whom it is meant for, or a look to others than before. Needs a title and a product. */
export async function publishLook(
  tx: Tx,
  memberId: string,
  id: string,
  visibility: Opened['visibility'],
  now: Date,
): Promise<void> {
  const look = await lookFor(tx, memberId, id);
  const { rows } = await sql<{ title: string; items: number; remixedFrom: string | null }>`
    update looks.look set published_at = coalesce(published_at, ${now})
    where id = ${id}
    returning title, remixed_from as "remixedFrom",
      (select count(*)::integer from looks.item where look_id = look.id) as items`.execute(tx);
  const [found] = rows;
  if (!found?.items) throw lookErrors.look_empty({});
  if (found.title === '') throw lookErrors.title_missing({});
  if (visibility !== look.visibility) await setVisibility(tx, id, visibility);
  const [shown] = await changeState(tx, [id], { from: ['draft'], to: 'live' });
  if (!shown) return;
  await addJob(tx, 'looks.render', { lookId: id }, id, { isSlow: true });
  if (found.remixedFrom === null || visibility !== 'public') return;
  const { rows: sources } = await sql<{ ownerId: string | null }>`
    select owner_id as "ownerId" from social.piece join social.listed(${memberId}::uuid) as seen on seen.id = piece.id
    where piece.id = ${found.remixedFrom}`.execute(tx);
  const ownerId = sources[0]?.ownerId;
  if (ownerId) await notify(tx, { memberId: ownerId, kind: 'remixed', actorId: memberId, pieceId: id }, now);
}

export async function deleteLook(tx: Tx, memberId: string, id: string): Promise<void> {
  await lookFor(tx, memberId, id);
  await endLooks(tx, [id]);
}

/** Takes looks away with their words and what was laid out. Remixes of them stay, without the credit. */
export async function endLooks(tx: Tx, ids: readonly string[]): Promise<void> {
  const all = [...ids];
  await changeState(tx, all, { from: ['draft', 'held', 'live', 'removed'], to: 'deleted' });
  await sql`delete from looks.wording where look_id = any(${all}::uuid[])`.execute(tx);
  await sql`delete from looks.item where look_id = any(${all}::uuid[])`.execute(tx);
  await sql`delete from looks.change where look_id = any(${all}::uuid[])`.execute(tx);
  await sql`update looks.swap set reason = '' where look_id = any(${all}::uuid[])`.execute(tx);
  await sql`update looks.look set title = '', words = '', scene_id = null, version = version + 1
    where id = any(${all}::uuid[])`.execute(tx);
  // The job sees that nothing is left of them, and takes their pictures away.
  for (const id of all) await addJob(tx, 'looks.render', { lookId: id }, id, { isSlow: true });
}

/** A look of the member's own; of others they learn that it is not theirs only where they may see it. */
export async function lookFor(tx: Db, memberId: string, id: string): Promise<Opened> {
  const look = await open(tx, { memberId }, id);
  if (look.kind !== 'look' || look.ownerId !== memberId) throw lookErrors.look_not_yours({});
  return look;
}

export async function refuseUnknown(tx: Tx, memberId: string, { items, sceneId }: LookWish): Promise<void> {
  const productIds = [...new Set(items.map(({ productId }) => productId))];
  const known = await slugsOfIds(tx, 'product', productIds);
  const missing = productIds.find((productId) => !known.has(productId));
  if (missing !== undefined) throw lookErrors.product_not_found({ productId: missing });
  const chosen = items.flatMap(({ variantId }) => variantId ?? []);
  const variants = chosen.length > 0 ? await sellable(tx, chosen, { evenHidden: true }) : new Map();
  for (const { productId, variantId } of items)
    if (variantId !== null && variants.get(variantId)?.productId !== productId)
      throw lookErrors.product_not_found({ productId });
  if (sceneId !== null && (await photosOf(tx, memberId, [sceneId])).size === 0)
    throw lookErrors.scene_not_found({});
}

function refuseUnshowable({ items, title }: LookWish): void {
  if (items.length === 0) throw lookErrors.look_empty({});
  if (oneLine(title) === '') throw lookErrors.title_missing({});
}

const oneLine = (typed: string) =>
  typed.trim() === '' ? '' : cleanWords(typed, 200).replaceAll(/\s+/g, ' ');
