import {
  addPin,
  addressFrom,
  BOARD_NAME_MAX,
  changeBoard,
  DESCRIPTION_MAX,
  hasSection,
  makeBoard,
  NOTE_MAX,
  type PinnedThing,
  putSection,
  SECTION_NAME_MAX,
  SUGGESTERS,
  takeSuggestions,
} from '#modules/boards/index.ts';
import type { StepOutcome } from '#modules/archives/index.ts';
import { openAll } from '#modules/social/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { idOf } from '#platform/ids.ts';
import type { Thing } from './folder.ts';
import { idAt, is, oneOf, textAt, thingAt, thingsAt } from './lens.ts';
import { leftOut, placeOf, productAt, takePicture, type Taking, wordsFrom } from './taking.ts';

const SECTIONS_MAX = 100;
export const VISIBILITIES = ['public', 'unlisted', 'secret'] as const;

/** Who sees it: as the archive says, where its member asked for that. */
export const sightOf = ({ intake }: Taking, object: Thing) =>
  intake.sight === 'secret' ? 'secret' : (oneOf(object, 'stoa:visibility', VISIBILITIES) ?? 'secret');

/** Does one thing of an archive; what is outside the database was done before. */
export type Step = (tx: Tx) => Promise<StepOutcome>;

export async function takeBoard(taking: Taking, object: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const place = await placeOf(taking, object);
  if (!place) return async () => leftOut('board', nameOf(object), 'number_missing');
  const { id, at } = place;
  if (place.isHere) return async () => ({ fate: 'known' });
  return async (tx) => {
    const name = wordsFrom(textAt(object, 'name', BOARD_NAME_MAX), BOARD_NAME_MAX);
    const description = wordsFrom(textAt(object, 'summary', DESCRIPTION_MAX), DESCRIPTION_MAX);
    const visibility = sightOf(taking, object);
    await makeBoard(tx, memberId, id, { name, description, visibility }, at);
    for (const section of thingsAt(object, 'stoa:sections', SECTIONS_MAX)) {
      const sectionName = wordsFrom(textAt(section, 'name', SECTION_NAME_MAX), SECTION_NAME_MAX);
      const known = { id: sectionIn(id, idAt(section) ?? ''), boardId: id, name: sectionName };
      if (sectionName) await putSection(tx, { memberId }, known, at);
    }
    const suggesters = oneOf(object, 'stoa:suggesters', SUGGESTERS);
    if (suggesters && visibility !== 'secret') await takeSuggestions(tx, memberId, id, suggesters);
    return { fate: 'taken' };
  };
}

const sectionIn = (boardId: string, source: string) => idOf('archives:section', `${boardId} ${source}`);

export async function takePin(taking: Taking, activity: Thing, object: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const target = thingAt(activity, 'target');
  const what = textAt(object, 'content', 200) || nameOf(thingAt(object, 'attachment'));
  const board = target && (await boardAt(taking, target));
  if (board === undefined) return async () => leftOut('pin', what, 'board_missing');
  const place = await placeOf(taking, object);
  if (!place) return async () => leftOut('pin', what, 'number_missing');
  const { id, at } = place;
  if (place.isHere) return async () => ({ fate: 'known' });
  const found = await thingOf(taking, thingAt(object, 'attachment') ?? {});
  if ('reason' in found) return async () => leftOut('pin', what, found.reason);
  const source = idAt(object, 'stoa:section');
  return async (tx) => {
    const sectionId = source === undefined ? null : await sectionOf(tx, board, source);
    const savedFrom = await trailOf(tx, memberId, object);
    const note = wordsFrom(textAt(object, 'content', NOTE_MAX), NOTE_MAX);
    const wish = { id, boardId: board, sectionId, note, thing: found.thing, ...(savedFrom && { savedFrom }) };
    await addPin(tx, { memberId }, wish, at);
    if (object['stoa:isCover'] === true) await changeBoard(tx, { memberId }, board, { coverPinId: id }, at);
    return { fate: 'taken', ...(found.left && { left: { kind: 'pin', what, reason: found.left } }) };
  };
}

/** A board of the member's own that came before. */
async function boardAt(taking: Taking, target: Thing): Promise<string | undefined> {
  const { memberId } = taking.intake;
  const place = await placeOf(taking, target);
  if (!place?.isHere) return undefined;
  const board = (await openAll(taking.deps.db, { memberId }, [place.id])).get(place.id);
  return board?.kind === 'board' && board.standing === 'owner' ? place.id : undefined;
}

async function sectionOf(db: Db, boardId: string, source: string): Promise<string | null> {
  for (const id of [source, sectionIn(boardId, source)]) if (await hasSection(db, boardId, id)) return id;
  return null;
}

/** The pin that it was saved from, where the member may see it here. */
async function trailOf(tx: Tx, memberId: string, object: Thing): Promise<string | undefined> {
  const from = thingAt(object, 'stoa:savedFrom');
  const id = from && idAt(from, 'stoa:pin');
  if (id === undefined) return undefined;
  return (await openAll(tx, { memberId }, [id])).get(id)?.kind === 'pin' ? id : undefined;
}

type Found = { thing: PinnedThing; left?: string } | { reason: string };

/** What a pin shows; what this shop does not have stays as a link to where it was. */
async function thingOf(taking: Taking, shown: Thing): Promise<Found> {
  const { db } = taking.deps;
  if (is(shown, 'stoa:Product')) {
    const productId = await productAt(db, shown);
    return productId === undefined
      ? linkOf(taking, shown, 'product_as_link')
      : { thing: { kind: 'product', productId } };
  }
  if (is(shown, 'Image')) {
    const photoId = await takePicture(taking, shown);
    return photoId === undefined ? { reason: 'picture_missing' } : { thing: { kind: 'photo', photoId } };
  }
  if (is(shown, 'stoa:Look') || is(shown, 'stoa:Post')) {
    const pieceId = await pieceAt(taking, shown);
    return pieceId === undefined
      ? linkOf(taking, shown, 'piece_as_link')
      : { thing: { kind: 'piece', pieceId } };
  }
  return is(shown, 'Page') ? linkOf(taking, shown) : { reason: 'nothing_shown' };
}

/** A look or a post: the member's own that came before, or one that they may see here. */
export async function pieceAt(taking: Taking, ref: Thing): Promise<string | undefined> {
  const { memberId } = taking.intake;
  const place = await placeOf(taking, ref);
  const wanted = place?.isHere ? place.id : idAt(ref);
  if (wanted === undefined) return undefined;
  const piece = (await openAll(taking.deps.db, { memberId }, [wanted])).get(wanted);
  return piece?.kind === 'look' || piece?.kind === 'post' ? wanted : undefined;
}

async function linkOf(taking: Taking, shown: Thing, left?: string): Promise<Found> {
  const url = addressIn(textAt(shown, 'url', 2000));
  if (url === undefined) return { reason: 'address_refused' };
  const picture = thingAt(shown, 'image');
  const page = {
    title: wordsFrom(textAt(shown, 'name', 300), 300),
    author: wordsFrom(nameOf(thingAt(shown, 'attributedTo'), 120), 120),
    excerpt: wordsFrom(textAt(shown, 'summary', 500), 500),
    site: wordsFrom(nameOf(thingAt(shown, 'generator'), 120), 120),
    photoId: (picture && (await takePicture(taking, picture))) ?? null,
  };
  return { thing: { kind: 'link', url, page }, ...(left && { left }) };
}

const nameOf = (thing: Thing | undefined, max = 200): string => (thing ? textAt(thing, 'name', max) : '');

function addressIn(text: string): string | undefined {
  try {
    return addressFrom(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
