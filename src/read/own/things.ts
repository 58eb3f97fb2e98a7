import { type RawBuilder, sql } from 'kysely';
import {
  photoRef,
  type PhotoRef,
  photoRefs,
  pieceRef,
  type PieceRef,
  productRef,
  type ProductRef,
  renderedRef,
} from './refs.ts';

type Visibility = 'public' | 'unlisted' | 'secret';
type State = 'draft' | 'held' | 'live' | 'removed';

interface Made {
  id: string;
  state: State;
  madeAt: Date;
}

/** Of a member's own pieces of a kind, whatever state they are in: what is deleted says nothing any more. */
const own = (memberId: string, kind: string) => sql`
  piece.owner_id = ${memberId} and piece.kind = ${kind} and piece.state <> 'deleted'`;

export interface OwnBoard extends Made {
  name: string;
  description: string;
  visibility: Visibility;
  changedAt: Date;
  pinCount: number;
  suggesters: string;
  sections: { id: string; name: string }[];
}

export const ownBoards = (memberId: string): RawBuilder<OwnBoard> => sql`
  select board.id, piece.state, piece.made_at as "madeAt", name, description, visibility, changed_at as "changedAt",
    pin_count as "pinCount", suggesters, coalesce((
      select jsonb_agg(jsonb_build_object('id', section.id, 'name', section.name) order by position, section.id)
      from boards.section where board_id = board.id), '[]') as sections
  from boards.board join social.piece on piece.id = board.id
  where ${own(memberId, 'board')} order by piece.made_at, board.id`;

export interface OwnPin extends Made {
  board: PieceRef;
  sectionId: string | null;
  note: string;
  isCover: boolean;
  kind: 'product' | 'piece' | 'photo' | 'link';
  product: ProductRef | null;
  photo: PhotoRef | null;
  piece: PieceRef | null;
  link: {
    url: string;
    title: string;
    author: string;
    excerpt: string;
    site: string;
    photo: PhotoRef | null;
  } | null;
  savedFrom: PieceRef | null;
  savedFromPinId: string | null;
}

/** Of each board the last first: whoever puts them on a board again, one before the other, has them as they stood. */
export const ownPins = (memberId: string): RawBuilder<OwnPin> => sql`
  select pin.id, piece.state, piece.made_at as "madeAt", ${pieceRef(sql`pin.board_id`, memberId)} as board,
    section_id as "sectionId", note, coalesce(board.cover_pin_id = pin.id, false) as "isCover", pin.kind,
    ${productRef(sql`pin.product_id`)} as product, ${photoRef(sql`pin.photo_id`)} as photo,
    ${pieceRef(sql`pin.piece_id`, memberId)} as piece, (
      select jsonb_build_object('url', link.url, 'title', link.title, 'author', link.author, 'excerpt', link.excerpt,
        'site', link.site, 'photo', ${photoRef(sql`link.photo_id`)})
      from boards.link where link.pin_id = pin.id) as link,
    ${pieceRef(sql`(select source.board_id from boards.pin as source where source.id = pin.saved_from)`, memberId)} as "savedFrom",
    pin.saved_from as "savedFromPinId"
  from boards.pin join social.piece on piece.id = pin.id join boards.board on board.id = pin.board_id
  join social.piece as root on root.id = piece.root_id
  where ${own(memberId, 'pin')} and root.state <> 'deleted'
  order by root.made_at, pin.board_id, pin.position desc, pin.id`;

/** What of a look its maker can change. */
interface LookParts {
  title: string;
  words: string;
  ground: string;
  visibility: Visibility;
  scene: PhotoRef | null;
  items: {
    product: ProductRef;
    sku: string | null;
    shape: 'cut_out' | 'whole' | 'hotspot';
    x: number;
    y: number;
    width: number;
    turn: number;
    place: number;
  }[];
  wordings: {
    words: string;
    x: number;
    y: number;
    size: number;
    turn: number;
    colour: string;
    place: number;
  }[];
}

export interface OwnLook extends Made, LookParts {
  picture: PhotoRef | null;
  remixOf: PieceRef | null;
  /** Kept, and not shown yet. */
  change: LookParts | null;
}

/** A kept change as it is sent to be saved, said like the look itself. */
const keptChange = sql`(
  select jsonb_build_object('title', wish ->> 'title', 'words', wish ->> 'words', 'ground', wish ->> 'ground',
    'visibility', wish ->> 'visibility', 'scene', ${photoRef(sql`(wish ->> 'sceneId')::uuid`)},
    'wordings', wish -> 'wordings', 'items', coalesce((
      select jsonb_agg((item - 'productId' - 'variantId') || jsonb_build_object(
        'product', ${productRef(sql`(item ->> 'productId')::uuid`)},
        'sku', (select sku from catalog.variant where variant.id = (item ->> 'variantId')::uuid)) order by nth)
      from jsonb_array_elements(wish -> 'items') with ordinality as t (item, nth)
      where exists (select from catalog.product where product.id = (item ->> 'productId')::uuid)), '[]'))
  from looks.change where look_id = look.id)`;

export const ownLooks = (memberId: string): RawBuilder<OwnLook> => sql`
  select look.id, piece.state, piece.made_at as "madeAt", title, words, ground, visibility,
    ${photoRef(sql`look.scene_id`)} as scene, ${renderedRef(sql`look.media_id`, sql`look.title`)} as picture,
    ${pieceRef(sql`look.remixed_from`, memberId)} as "remixOf", coalesce((
      select jsonb_agg(jsonb_build_object('product', ${productRef(sql`item.product_id`)},
        'sku', (select sku from catalog.variant where variant.id = item.variant_id), 'shape', shape, 'x', x, 'y', y,
        'width', width, 'turn', turn, 'place', place) order by place)
      from looks.item where look_id = look.id), '[]') as items, coalesce((
      select jsonb_agg(jsonb_build_object('words', words, 'x', x, 'y', y, 'size', size, 'turn', turn, 'colour', colour,
        'place', place) order by place)
      from looks.wording where look_id = look.id), '[]') as wordings, ${keptChange} as change
  from looks.look join social.piece on piece.id = look.id
  where ${own(memberId, 'look')} order by piece.made_at, look.id`;

export interface OwnPost extends Made {
  caption: string;
  isShared: boolean;
  visibility: Visibility;
  photos: (PhotoRef & { hotspots: { product: ProductRef; x: number; y: number }[] })[];
}

export const ownPosts = (memberId: string): RawBuilder<OwnPost> => sql`
  select post.id, piece.state, piece.made_at as "madeAt", caption, is_shared as "isShared", visibility, coalesce((
      select jsonb_agg(${photoRef(sql`shown.photo_id`)} || jsonb_build_object('hotspots', coalesce((
        select jsonb_agg(jsonb_build_object('product', ${productRef(sql`hotspot.product_id`)}, 'x', x, 'y', y)
          order by x, y, hotspot.product_id)
        from posts.hotspot where hotspot.photo_id = shown.photo_id), '[]')) order by shown.position)
      from posts.photo as shown where shown.post_id = post.id and ${photoRef(sql`shown.photo_id`)} is not null), '[]') as photos
  from posts.post join social.piece on piece.id = post.id
  where ${own(memberId, 'post')} order by piece.made_at, post.id`;

export interface OwnReview extends Made {
  product: ProductRef;
  rating: number;
  title: string;
  body: string;
  dimensions: Record<string, number>;
  traits: Record<string, string>;
  incentive: string | null;
  isVerified: boolean;
  photos: PhotoRef[];
}

export const ownReviews = (memberId: string): RawBuilder<OwnReview> => sql`
  select review.id, piece.state, piece.made_at as "madeAt", ${productRef(sql`review.product_id`)} as product, rating, title,
    body, dimensions, traits, incentive, order_line_id is not null as "isVerified", ${photoRefs(sql`review.photo_ids`)} as photos
  from reviews.review join social.piece on piece.id = review.id
  where ${own(memberId, 'review')} order by piece.made_at, review.id`;

/** A question, an answer, or a comment: words said of something. */
export interface OwnSaying extends Made {
  kind: 'question' | 'answer' | 'comment';
  body: string;
  product: ProductRef | null;
  subject: PieceRef | null;
  /** The comment that it answers. */
  repliesTo: PieceRef | null;
  photos: PhotoRef[];
}

export const ownSayings = (memberId: string): RawBuilder<OwnSaying> => sql`
  select piece.id, piece.kind, piece.state, piece.made_at as "madeAt",
    coalesce(question.body, answer.body, comment.body, '') as body, ${productRef(sql`question.product_id`)} as product,
    ${pieceRef(sql`coalesce(comment.subject_id, answer.subject_id)`, memberId)} as subject,
    ${pieceRef(sql`comment.reply_to`, memberId)} as "repliesTo", ${photoRefs(sql`comment.photo_ids`)} as photos
  from social.piece left join reviews.question on question.id = piece.id
  left join reviews.answer on answer.id = piece.id left join social.comment on comment.id = piece.id
  where piece.owner_id = ${memberId} and piece.kind in ('question', 'answer', 'comment') and piece.state <> 'deleted'
  order by piece.made_at, piece.id`;

/** A pin proposed for another's board, or a product in place of another in their look. */
export interface OwnSuggestion extends Made {
  target: PieceRef;
  reason: string;
  url: string | null;
  product: ProductRef | null;
  piece: PieceRef | null;
  inPlaceOf: ProductRef | null;
  answer: string | null;
}

export const ownSuggestions = (memberId: string): RawBuilder<OwnSuggestion> => sql`
  select piece.id, piece.state, piece.made_at as "madeAt", ${pieceRef(sql`piece.within_id`, memberId)} as target,
    coalesce(suggestion.reason, swap.reason, '') as reason, suggestion.url,
    ${productRef(sql`coalesce(suggestion.product_id, swap.in_id)`)} as product,
    ${pieceRef(sql`suggestion.piece_id`, memberId)} as piece, ${productRef(sql`swap.out_id`)} as "inPlaceOf",
    coalesce(suggestion.answer::text, nullif(swap.state::text, 'open')) as answer
  from social.piece left join boards.suggestion on suggestion.id = piece.id left join looks.swap on swap.id = piece.id
  where ${own(memberId, 'suggestion')} order by piece.made_at, piece.id`;

/** What a member felt of something, or whether it helped them. */
export interface OwnMark {
  subject: PieceRef;
  how: string;
  kind: 'reaction' | 'vote';
  at: Date;
}

export const ownMarks = (memberId: string): RawBuilder<OwnMark> => sql`
  select ${pieceRef(sql`mark.piece_id`, memberId)} as subject, how, kind, at from (
    select piece_id, kind::text as how, 'reaction' as kind, at from social.reaction where member_id = ${memberId}
    union all
    select piece_id, case when is_helpful then 'helpful' else 'unhelpful' end, 'vote', at
    from reviews.vote where member_id = ${memberId}
  ) as mark order by at, piece_id, kind`;

/** Whom and what a member follows, blocked or muted. */
export interface OwnTie {
  tie: 'follow' | 'block' | 'mute';
  kind: 'member' | 'board' | 'brand' | 'topic' | 'question';
  targetId: string;
  /** A handle or a slug. */
  key: string | null;
  name: string | null;
  since: Date;
}

export const ownTies = (memberId: string): RawBuilder<OwnTie> => sql`
  select tie, tied.kind, target_id as "targetId", since,
    coalesce(profile.handle, brand.slug, category.slug) as key,
    coalesce(profile.name, brand.name, category.name, seen.name) as name
  from (
    select 'follow' as tie, kind::text as kind, target_id, since from social.follow where follower_id = ${memberId}
    union all select 'follow', 'question', question_id, since from reviews.question_follow where member_id = ${memberId}
    union all select 'block', 'member', blocked_id, since from social.block where blocker_id = ${memberId}
    union all select 'mute', 'member', muted_id, since from social.mute where member_id = ${memberId}
  ) as tied
  left join social.profile on tied.kind = 'member' and profile.member_id = target_id
    and (tie = 'block' or social.meet(target_id, ${memberId}::uuid))
  left join catalog.brand on tied.kind = 'brand' and brand.id = target_id
  left join catalog.category on tied.kind = 'topic' and category.id = target_id
  left join lateral (
    select board.name from boards.board join social.opened(${memberId}::uuid, null) as open on open.id = board.id
    where tied.kind = 'board' and board.id = target_id
  ) as seen on true
  order by since, tie, tied.kind, target_id`;

export interface OwnProfile {
  memberId: string;
  handle: string | null;
  name: string;
  bio: string;
  photo: PhotoRef | null;
  traits: Record<string, string>;
}

export const ownProfileOf = (memberId: string): RawBuilder<OwnProfile> => sql`
  select member.id as "memberId", profile.handle, coalesce(profile.name, member.name) as name,
    coalesce(profile.bio, '') as bio, ${photoRef(sql`profile.photo_id`)} as photo,
    coalesce((select jsonb_object_agg(code, value) from reviews.member_trait where member_id = member.id), '{}') as traits
  from identity.member left join social.profile on profile.member_id = member.id where member.id = ${memberId}`;
