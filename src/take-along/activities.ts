import type { PhotoRef, PieceRef, ProductRef } from '#read/own/refs.ts';
import type {
  OwnBoard,
  OwnLook,
  OwnMark,
  OwnPin,
  OwnPost,
  OwnProfile,
  OwnReview,
  OwnSaying,
  OwnSuggestion,
  OwnTie,
} from '#read/own/things.ts';
import { CONTEXT, picturePath, type Thing, urn } from './folder.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const PAGES: Record<string, string> = {
  board: 'boards',
  pin: 'pins',
  look: 'looks',
  post: 'posts',
  question: 'questions',
};

/** How a member's things are said; `site` is where this Stoa stands, without a slash at its end. */
export function speechOf(site: string, memberId: string) {
  const actor = urn(memberId);
  const pageOf = (kind: string, id: string) => (PAGES[kind] ? { url: `${site}/${PAGES[kind]}/${id}` } : {});
  const product = (ref: ProductRef): Thing => ({
    type: ['Page', 'stoa:Product'],
    name: ref.title,
    url: `${site}/p/${ref.slug}`,
    'stoa:slug': ref.slug,
    'stoa:skus': ref.skus,
    'stoa:gtins': ref.gtins,
  });
  const piece = (ref: PieceRef): Thing => ({
    type: ['Object', `stoa:${titled(ref.kind)}`],
    id: urn(ref.id),
    ...pageOf(ref.kind, ref.id),
    ...(ref.name && { name: ref.name }),
    ...(ref.madeAt && { published: new Date(ref.madeAt).toISOString() }),
    ...(ref.by && !ref.isOwn && { attributedTo: { type: 'Person', url: `${site}/@${ref.by}` } }),
  });
  const made = (kind: string, thing: { id: string; madeAt: Date; state: string }): Thing => ({
    id: urn(thing.id),
    attributedTo: actor,
    published: thing.madeAt.toISOString(),
    ...pageOf(kind, thing.id),
    'stoa:state': thing.state,
  });
  const seen = (visibility: string): Thing => ({
    ...(visibility === 'public' ? { to: [PUBLIC] } : visibility === 'unlisted' ? { cc: [PUBLIC] } : {}),
    'stoa:visibility': visibility,
  });
  const does = (type: string, at: Date, rest: Thing): Thing => ({
    type,
    actor,
    published: at.toISOString(),
    ...rest,
  });
  return { site, actor, product, piece, made, seen, does };
}

type Speech = ReturnType<typeof speechOf>;

export const profileSaid = ({ actor, site }: Speech, own: OwnProfile): Thing => ({
  '@context': CONTEXT,
  type: 'Person',
  id: actor,
  name: own.name,
  summary: own.bio,
  ...(own.handle && { preferredUsername: own.handle, url: `${site}/@${own.handle}` }),
  ...(own.photo && { icon: image(own.photo) }),
  outbox: 'outbox.json',
  'stoa:traits': own.traits,
});

export const boardSaid = ({ does, made, seen }: Speech, own: OwnBoard): Thing =>
  does('Create', own.madeAt, {
    object: {
      type: ['OrderedCollection', 'stoa:Board'],
      ...made('board', own),
      ...seen(own.visibility),
      name: own.name,
      summary: own.description,
      updated: own.changedAt.toISOString(),
      totalItems: own.pinCount,
      'stoa:sections': own.sections.map(({ id, name }) => ({ id: urn(id), name })),
      'stoa:suggesters': own.suggesters,
    },
  });

export const pinSaid = ({ does, piece, product, made }: Speech, own: OwnPin): Thing =>
  does('Add', own.madeAt, {
    object: {
      type: ['Note', 'stoa:Pin'],
      ...made('pin', own),
      content: own.note,
      attachment: [pinned(own, { product, piece })],
      ...(own.sectionId && { 'stoa:section': urn(own.sectionId) }),
      ...(own.isCover && { 'stoa:isCover': true }),
      ...(own.savedFrom && {
        'stoa:savedFrom': { ...piece(own.savedFrom), 'stoa:pin': urn(own.savedFromPinId ?? '') },
      }),
    },
    target: { ...piece(own.board), 'stoa:isOwn': own.board.isOwn },
  });

export const lookSaid = ({ does, piece, product, made, seen }: Speech, own: OwnLook): Thing =>
  does('Create', own.madeAt, {
    object: {
      type: ['Article', 'stoa:Look'],
      ...made('look', own),
      ...lookParts({ product, seen }, own),
      ...(own.picture && { image: image(own.picture) }),
      ...(own.remixOf && { 'stoa:remixOf': piece(own.remixOf) }),
      ...(own.change && { 'stoa:change': lookParts({ product, seen }, own.change) }),
    },
  });

const lookParts = (
  { product, seen }: Pick<Speech, 'product' | 'seen'>,
  own: Pick<OwnLook, 'title' | 'words' | 'ground' | 'visibility' | 'scene' | 'items' | 'wordings'>,
): Thing => ({
  ...seen(own.visibility),
  name: own.title,
  content: own.words,
  ...(own.scene && { 'stoa:scene': image(own.scene) }),
  'stoa:ground': own.ground,
  'stoa:items': own.items.map(({ product: ref, ...place }) => ({ product: product(ref), ...place })),
  'stoa:wordings': own.wordings,
});

export const postSaid = ({ does, product, made, seen }: Speech, own: OwnPost): Thing =>
  does('Create', own.madeAt, {
    object: {
      type: ['Note', 'stoa:Post'],
      ...made('post', own),
      ...seen(own.visibility),
      content: own.caption,
      'stoa:isShared': own.isShared,
      attachment: own.photos.map(({ hotspots, ...photo }) => ({
        ...image(photo),
        'stoa:hotspots': hotspots.map(({ product: ref, x, y }) => ({ product: product(ref), x, y })),
      })),
    },
  });

export const reviewSaid = ({ does, product, made }: Speech, own: OwnReview): Thing =>
  does('Create', own.madeAt, {
    object: {
      type: ['Article', 'stoa:Review'],
      ...made('review', own),
      inReplyTo: product(own.product),
      name: own.title,
      content: own.body,
      attachment: own.photos.map(image),
      'stoa:rating': own.rating,
      'stoa:dimensions': own.dimensions,
      'stoa:traits': own.traits,
      'stoa:isVerified': own.isVerified,
      ...(own.incentive && { 'stoa:incentive': own.incentive }),
    },
  });

export const sayingSaid = ({ does, piece, product, made }: Speech, own: OwnSaying): Thing =>
  does('Create', own.madeAt, {
    object: {
      type: ['Note', `stoa:${titled(own.kind)}`],
      ...made(own.kind, own),
      content: own.body,
      ...(own.product && { inReplyTo: product(own.product) }),
      ...(own.subject && { inReplyTo: piece(own.subject) }),
      ...(own.repliesTo && { 'stoa:repliesTo': piece(own.repliesTo) }),
      attachment: own.photos.map(image),
    },
  });

export const suggestionSaid = ({ does, piece, product, made }: Speech, own: OwnSuggestion): Thing =>
  does('Offer', own.madeAt, {
    object: {
      type: ['Note', 'stoa:Suggestion'],
      ...made('suggestion', own),
      content: own.reason,
      attachment: [
        ...(own.product ? [product(own.product)] : []),
        ...(own.piece ? [piece(own.piece)] : []),
        ...(own.url ? [{ type: 'Page', url: own.url }] : []),
      ],
      ...(own.inPlaceOf && { 'stoa:inPlaceOf': product(own.inPlaceOf) }),
      ...(own.answer && { 'stoa:answer': own.answer }),
    },
    target: piece(own.target),
  });

export const markSaid = ({ does, piece }: Speech, own: OwnMark): Thing =>
  does(own.how === 'unhelpful' ? 'Dislike' : 'Like', own.at, {
    object: piece(own.subject),
    [`stoa:${own.kind}`]: own.how,
  });

export const tieSaid = ({ does, site }: Speech, own: OwnTie): Thing =>
  does({ follow: 'Follow', block: 'Block', mute: 'Ignore' }[own.tie], own.since, {
    object: tied(own, site),
  });

const titled = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** With the place of its file, which whoever writes the folder takes out. */
function image({ id, alt, mimeType, width, height, stored }: PhotoRef): Thing {
  const url = picturePath(id, mimeType);
  const size = { mediaType: mimeType, width, height };
  return { type: 'Image', id: urn(id), name: alt, ...size, ...(url && { url, stored }) };
}

function pinned({ product, photo, piece, link }: OwnPin, speech: Pick<Speech, 'product' | 'piece'>): Thing {
  if (product) return speech.product(product);
  if (photo) return image(photo);
  if (piece) return speech.piece(piece);
  if (!link) return { type: 'Tombstone' }; // its photo is gone
  return {
    type: 'Page',
    url: link.url,
    name: link.title,
    summary: link.excerpt,
    ...(link.author && { attributedTo: { type: 'Person', name: link.author } }),
    ...(link.site && { generator: { type: 'Organization', name: link.site } }),
    ...(link.photo && { image: image(link.photo) }),
  };
}

function tied({ kind, key, name, targetId }: OwnTie, site: string): Thing {
  const named = name ? { name } : {};
  if (kind === 'member')
    return {
      type: 'Person',
      id: urn(targetId),
      ...named,
      ...(key && { preferredUsername: key, url: `${site}/@${key}` }),
    };
  if (kind === 'brand' || kind === 'topic')
    return {
      type: ['Object', `stoa:${titled(kind)}`],
      ...named,
      ...(key && { 'stoa:slug': key, url: `${site}/${kind === 'brand' ? 'makers' : 'c'}/${key}` }),
    };
  return {
    type: ['Object', `stoa:${titled(kind)}`],
    id: urn(targetId),
    ...named,
    url: `${site}/${PAGES[kind]}/${targetId}`,
  };
}
