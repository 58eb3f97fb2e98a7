import { idsOfSlugs, sellable, variantIdsOfSkus } from '#modules/catalog/index.ts';
import { knownCustomerOf } from '#modules/identity/index.ts';
import {
  ITEMS_MAX,
  keepChange,
  type LookItem,
  type LookWish,
  publishLook,
  saveLook,
  TITLE_MAX,
  type Wording,
  WORDING_MAX,
  WORDINGS_MAX,
  WORDS_MAX,
} from '#modules/looks/index.ts';
import {
  CAPTION_LENGTH_MAX,
  draftPost,
  POST_PHOTOS_MAX,
  publishPost,
  putHotspot,
} from '#modules/posts/index.ts';
import {
  followQuestion,
  REVIEW_PHOTOS_MAX,
  TITLE_MAX as REVIEW_TITLE_MAX,
  writeReview,
} from '#modules/reviews/index.ts';
import { block, follow, mute, openAll, peopleOf } from '#modules/social/index.ts';
import type { StepOutcome } from '#modules/archives/index.ts';
import type { Db } from '#platform/db.ts';
import type { Thing } from './folder.ts';
import { idAt, is, isThing, oneOf, textAt, thingAt, thingsAt, wholeAt } from './lens.ts';
import { sightOf, type Step } from './take-boards.ts';
import { leftOut, placeOf, productAt, takePicture, takePictures, type Taking, wordsFrom } from './taking.ts';

const CANVAS = { x: [-500, 1500], y: [-500, 1750], turn: [-180, 180], place: [0, 99] } as const;
const HOTSPOTS_MAX = 20;
const REVIEW_MAX = 5000;

export async function takeLook(taking: Taking, object: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const title = textAt(object, 'name', TITLE_MAX);
  const place = await placeOf(taking, object);
  if (!place) return async () => leftOut('look', title, 'number_missing');
  if (place.isHere) return async () => ({ fate: 'known' });
  const shown = await partsIn(taking, object);
  const said = thingAt(object, 'stoa:change');
  const change = said && (await partsIn(taking, said));
  const lost = shown.lost ?? change?.lost;
  return async (tx) => {
    const source = thingAt(object, 'stoa:remixOf');
    const remixed = source && (await lookAt(taking, source));
    const { version } = await saveLook(tx, memberId, place.id, shown.wish, place.at, remixed ?? null);
    const isOut =
      object['stoa:state'] === 'live' && shown.wish.items.length > 0 && shown.wish.title.trim() !== '';
    if (isOut) await publishLook(tx, memberId, place.id, sightOf(taking, object), place.at);
    if (isOut && change) {
      const kept = { ...change.wish, visibility: sightOf(taking, said), version };
      await keepChange(tx, memberId, place.id, kept, taking.deps.now());
    }
    return { fate: 'taken', ...(lost && { left: { kind: 'look', what: title, reason: lost } }) };
  };
}

/** A look as it is shown, or as its maker has changed it; and what of it is not to be had here. */
async function partsIn(taking: Taking, said: Thing): Promise<{ wish: LookWish; lost: string | undefined }> {
  const scene = thingAt(said, 'stoa:scene');
  const sceneId = (scene && (await takePicture(taking, scene))) ?? null;
  const asked = thingsAt(said, 'stoa:items', ITEMS_MAX);
  const found = await Promise.all(asked.map((item) => itemOf(taking.deps.db, item)));
  const items = found.flatMap((item) => item ?? []);
  return {
    wish: {
      title: wordsFrom(textAt(said, 'name', TITLE_MAX), TITLE_MAX),
      words: wordsFrom(textAt(said, 'content', WORDS_MAX), WORDS_MAX),
      ground: /^#[\da-f]{6}$/.exec(textAt(said, 'stoa:ground', 7))?.[0] ?? '#efe8db',
      sceneId,
      items,
      wordings: thingsAt(said, 'stoa:wordings', WORDINGS_MAX).flatMap((each) => wordingOf(each) ?? []),
    },
    lost:
      items.length < asked.length ? 'products_missing' : scene && !sceneId ? 'picture_missing' : undefined,
  };
}

async function lookAt(taking: Taking, ref: Thing): Promise<string | undefined> {
  const place = await placeOf(taking, ref);
  const id = place?.isHere ? place.id : idAt(ref);
  if (id === undefined) return undefined;
  const found = (await openAll(taking.deps.db, { memberId: taking.intake.memberId }, [id])).get(id);
  return found?.kind === 'look' ? id : undefined;
}

async function itemOf(db: Db, item: Thing): Promise<LookItem | undefined> {
  const ref = thingAt(item, 'product');
  const productId = ref && (await productAt(db, ref));
  const shape = oneOf(item, 'shape', ['cut_out', 'whole', 'hotspot']);
  if (productId === undefined || shape === undefined) return undefined;
  const sku = textAt(item, 'sku', 100);
  const variantId = sku === '' ? null : await variantOf(db, sku, productId);
  return { productId, variantId, shape, width: wholeAt(item, 'width', [20, 2000]), ...placing(item) };
}

async function variantOf(db: Db, sku: string, productId: string): Promise<string | null> {
  const id = (await variantIdsOfSkus(db, [sku])).get(sku);
  const variant = id && (await sellable(db, [id], { evenHidden: true })).get(id);
  return variant && variant.productId === productId ? id : null;
}

function wordingOf(each: Thing): Wording | undefined {
  const words = wordsFrom(textAt(each, 'words', WORDING_MAX), WORDING_MAX);
  if (words === '') return undefined;
  const colour = /^#[\da-f]{6}$/.exec(textAt(each, 'colour', 7))?.[0] ?? '#1f1a14';
  return { words, colour, size: wholeAt(each, 'size', [16, 300]), ...placing(each) };
}

const placing = (of: Thing) => ({
  x: wholeAt(of, 'x', CANVAS.x),
  y: wholeAt(of, 'y', CANVAS.y),
  turn: of['turn'] === undefined ? 0 : wholeAt(of, 'turn', CANVAS.turn),
  place: wholeAt(of, 'place', CANVAS.place),
});

export async function takePost(taking: Taking, object: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const { db } = taking.deps;
  const what = textAt(object, 'content', 200);
  const place = await placeOf(taking, object);
  if (!place) return async () => leftOut('post', what, 'number_missing');
  if (place.isHere) return async () => ({ fate: 'known' });
  const pictures = thingsAt(object, 'attachment', POST_PHOTOS_MAX);
  const photoIds: string[] = [];
  const spots: { photoId: string; productId: string; x: number; y: number }[] = [];
  let isWhole = true;
  for (const picture of pictures) {
    const photoId = await takePicture(taking, picture);
    if (photoId === undefined) isWhole = false;
    else photoIds.push(photoId);
    for (const spot of photoId === undefined ? [] : thingsAt(picture, 'stoa:hotspots', HOTSPOTS_MAX)) {
      const ref = thingAt(spot, 'product');
      const productId = ref && (await productAt(db, ref));
      const [x, y] = [wholeAt(spot, 'x', [0, 1000]), wholeAt(spot, 'y', [0, 1000])];
      if (photoId !== undefined && productId !== undefined) spots.push({ photoId, productId, x, y });
    }
  }
  if (pictures.length > 0 && photoIds.length === 0)
    return async () => leftOut('post', what, 'picture_missing');
  return async (tx) => {
    const caption = wordsFrom(textAt(object, 'content', CAPTION_LENGTH_MAX), CAPTION_LENGTH_MAX);
    const isShared = object['stoa:isShared'] === true;
    const post = { caption, isShared, visibility: sightOf(taking, object), photoIds };
    await draftPost(tx, memberId, place.id, post, place.at);
    for (const { photoId, ...spot } of spots) await putHotspot(tx, place.id, photoId, spot);
    if (object['stoa:state'] === 'live')
      await publishPost(tx, memberId, place.id, { withoutWords: true }, place.at);
    return { fate: 'taken', ...(!isWhole && { left: { kind: 'post', what, reason: 'picture_missing' } }) };
  };
}

export async function takeReview(taking: Taking, object: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const { db } = taking.deps;
  const ref = thingAt(object, 'inReplyTo') ?? {};
  const what = textAt(ref, 'name', 200);
  const place = await placeOf(taking, object);
  if (!place) return async () => leftOut('review', what, 'number_missing');
  if (place.isHere) return async () => ({ fate: 'known' });
  const productId = await productAt(db, ref);
  if (productId === undefined) return async () => leftOut('review', what, 'product_missing');
  const photoIds = await takePictures(taking, thingsAt(object, 'attachment', REVIEW_PHOTOS_MAX));
  return async (tx) => {
    const wish = {
      id: place.id,
      productId,
      rating: wholeAt(object, 'stoa:rating', [1, 5]),
      title: textAt(object, 'name', REVIEW_TITLE_MAX),
      body: textAt(object, 'content', REVIEW_MAX),
      dimensions: marksIn(
        object,
        'stoa:dimensions',
        (value) => typeof value === 'number' && [1, 2, 3, 4, 5].includes(value),
      ) as Record<string, number>,
      traits: marksIn(object, 'stoa:traits', (value) => typeof value === 'string') as Record<string, string>,
      photoIds,
      isBrought: true,
    };
    const customerId = await knownCustomerOf(tx, memberId);
    await writeReview(tx, { memberId, customerId }, wish, place.at);
    return { fate: 'taken' };
  };
}

function marksIn(object: Thing, key: string, isMark: (value: unknown) => boolean): Record<string, unknown> {
  const marks = object[key];
  if (!isThing(marks)) return {};
  return Object.fromEntries(
    Object.entries(marks)
      .filter(([code, value]) => /^[a-z0-9_]{1,40}$/.test(code) && isMark(value))
      .slice(0, 40),
  );
}

/** Whom and what they follow, block and mute: people, boards and questions of this Stoa, brands and topics of every one. */
export async function takeTie(taking: Taking, type: string, object: Thing): Promise<Step> {
  const { memberId } = taking.intake;
  const { db, now } = taking.deps;
  const what = textAt(object, 'name', 200) || textAt(object, 'url', 200);
  const left = async () => leftOut(type === 'Follow' ? 'follow' : 'block', what, 'not_here');
  const kind = is(object, 'stoa:Brand') ? 'brand' : is(object, 'stoa:Topic') ? 'topic' : undefined;
  if (kind) {
    const slug = textAt(object, 'stoa:slug', 120);
    const targetId = (await idsOfSlugs(db, kind === 'brand' ? 'brand' : 'category', [slug])).get(slug);
    return targetId === undefined ? left : (tx) => tied(follow(tx, memberId, { kind, targetId }, now()));
  }
  const id = idAt(object);
  if (id === undefined) return left;
  if (is(object, 'Person')) {
    if (!(await peopleOf(db, memberId, [id])).has(id)) return left;
    if (type === 'Block') return (tx) => tied(block(tx, memberId, id, now()));
    if (type === 'Ignore') return (tx) => tied(mute(tx, memberId, id, now()));
    return (tx) => tied(follow(tx, memberId, { kind: 'member', targetId: id }, now()));
  }
  if (is(object, 'stoa:Question')) {
    const isHere = (await openAll(db, { memberId }, [id])).get(id)?.kind === 'question';
    return isHere ? (tx) => tied(followQuestion(tx, { memberId }, id, true, now())) : left;
  }
  const isBoard =
    is(object, 'stoa:Board') && (await openAll(db, { memberId }, [id])).get(id)?.kind === 'board';
  return isBoard ? (tx) => tied(follow(tx, memberId, { kind: 'board', targetId: id }, now())) : left;
}

async function tied(done: Promise<void>): Promise<StepOutcome> {
  await done;
  return { fate: 'taken' };
}
