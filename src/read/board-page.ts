import { type RawBuilder, sql } from 'kysely';
import { boardErrors } from '#modules/boards/index.ts';
import { cardFrom, type Picture, type PricesFor, type ProductCard } from '#modules/catalog/index.ts';
import {
  type Eye,
  open,
  type Opened,
  peopleOf,
  type Person,
  picturesOf,
  selfOf,
} from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';
import { alternativesTo } from './alternatives.ts';
import { cardText } from './card-text.ts';
import { pinnedPicture, pinnedTitle } from './pinned.ts';

export interface BoardPage {
  id: string;
  name: string;
  description: string;
  visibility: Opened['visibility'];
  standing: Opened['standing'];
  /** Of an unlisted one, for who makes it. */
  linkKey: string | null;
  owner: Person | null;
  /** Those who make it with its owner. */
  makers: Person[];
  sections: { id: string; name: string }[];
  pinCount: number;
  changedAt: Date;
  followers: number;
  isFollowed: boolean;
  coverPinId: string | null;
  /** From whom it takes suggestions. */
  suggesters: 'nobody' | 'followed' | 'anyone';
  pins: PinCard[];
  /** For the next page of pins; null on the last. */
  cursor: string | null;
}

export interface PinCard {
  id: string;
  sectionId: string | null;
  note: string;
  kind: 'product' | 'piece' | 'photo' | 'link';
  /** Of a product that is published; null where it is gone. */
  card: ProductCard | null;
  /** In place of one that is gone: what is most like it and in stock. */
  alternative: ProductCard | null;
  /** A look or a post that the viewer may find. */
  piece: PinnedPiece | null;
  link: PinnedLink | null;
  /** Whoever suggested it, where the viewer meets them. */
  suggestedBy: Person | null;
  picture: Picture | null;
  /** Whoever put it there. */
  byId: string | null;
  /** The board that it was saved from, where the viewer may find it. */
  from: { boardId: string; name: string; handle: string; owner: string } | null;
}

/** What it is called, by a look's title or the beginning of a caption; its picture once there is one. */
export interface PinnedPiece {
  id: string;
  kind: string;
  title: string;
  picture: Picture | null;
}

/** Where a pin leads, as its page described itself; nothing but the address until it was read. */
export interface PinnedLink {
  url: string;
  state: 'waiting' | 'read' | 'refused';
  refusal: string | null;
  title: string;
  author: string;
  excerpt: string;
  site: string;
}

export const PINS_PAGE = 60;

interface PinRow {
  id: string;
  sectionId: string | null;
  note: string;
  kind: PinCard['kind'];
  productId: string | null;
  photoId: string | null;
  byId: string | null;
  position: string;
  from: PinCard['from'];
  pieceId: string | null;
  link: PinnedLink | null;
  suggestedById: string | null;
  /** Of a product that is published. */
  cardText: string | null;
}

/** A board with a page of its pins, as somebody sees it; refused as not there for whoever may not. */
export async function boardPage(
  reads: Db,
  eye: Eye,
  id: string,
  asked: { cursor?: string | undefined; section?: string | undefined; prices?: PricesFor | undefined },
): Promise<BoardPage> {
  const board = await open(reads, eye, id, 'board');
  const [head, rows] = await Promise.all([boardHead(reads, eye, board), pinRows(reads, eye, id, asked)]);
  const page = rows.slice(0, PINS_PAGE);
  const last = page.at(-1);
  return {
    ...head,
    pins: await pinCards(reads, eye, page, asked.prices),
    cursor: rows.length > PINS_PAGE && last ? `${last.position}_${last.id}` : null,
  };
}

/** Of a board that was opened. */
export async function boardName(reads: Db, id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`select name from boards.board where id = ${id}`.execute(reads);
  if (!rows[0]) throw boardErrors.board_not_yours({});
  return rows[0].name;
}

/** One pin that the viewer may open. */
export async function onePin(reads: Db, eye: Eye, id: string, prices?: PricesFor): Promise<PinCard> {
  const { rootId } = await open(reads, eye, id, 'pin');
  const rows = await pinRows(reads, eye, rootId, { id, prices });
  const [pin] = await pinCards(reads, eye, rows, prices);
  if (!pin) throw new Error(`a piece says that ${id} is a pin`);
  return pin;
}

async function pinCards(
  reads: Db,
  { memberId }: Eye,
  page: readonly PinRow[],
  prices: PricesFor | undefined,
): Promise<PinCard[]> {
  const productIds = page.flatMap(({ productId }) => productId ?? []);
  const cards = new Map(
    page.flatMap(({ productId, cardText }) =>
      productId && cardText ? [[productId, cardFrom(productId, cardText, prices)] as const] : [],
    ),
  );
  const [pieces, pictures, people] = await Promise.all([
    piecesOf(
      reads,
      memberId,
      page.flatMap(({ pieceId }) => pieceId ?? []),
    ),
    picturesOf(
      reads,
      page.flatMap(({ photoId }) => photoId ?? []),
    ),
    peopleOf(reads, memberId, [...new Set(page.flatMap(({ suggestedById }) => suggestedById ?? []))]),
  ]);
  const gone = productIds.filter((id) => !cards.has(id));
  const alternatives = await alternativesTo(reads, gone, prices);
  return page.map(
    ({ productId, pieceId, photoId, position: _at, cardText: _text, suggestedById, ...pin }) => {
      const card = (productId && cards.get(productId)) || null;
      const piece = (pieceId && pieces.get(pieceId)) || null;
      return {
        ...pin,
        card,
        piece,
        picture: card?.picture ?? piece?.picture ?? ((photoId && pictures.get(photoId)) || null),
        alternative: (productId && alternatives.get(productId)) || null,
        suggestedBy: (suggestedById && people.get(suggestedById)) || null,
      };
    },
  );
}

/** Those of the looks and posts that the viewer may find. A board without any does not ask. */
async function piecesOf(
  reads: Db,
  viewer: string | undefined,
  ids: readonly string[],
): Promise<Map<string, PinnedPiece>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<PinnedPiece>`
    select piece.id, piece.kind, ${pinnedTitle} as title,
      ${pinnedPicture} as picture
    from social.piece
    join social.listed(${viewer ?? null}::uuid) as seen on seen.id = piece.id
    left join looks.look on look.id = piece.id
    left join posts.post on post.id = piece.id
    where piece.id = any(${[...ids]}::uuid[])`.execute(reads);
  return new Map(rows.map((row) => [row.id, row]));
}

type Head = Omit<BoardPage, 'pins' | 'cursor'>;

async function boardHead(reads: Db, { memberId }: Eye, board: Opened): Promise<Head> {
  const self = memberId ?? null;
  const { rows } = await sql<Omit<Head, 'owner' | 'makers' | 'standing'> & { makerIds: string[] }>`
    select board.id, name, description, visibility, pin_count as "pinCount", changed_at as "changedAt",
      cover_pin_id as "coverPinId", suggesters, case when ${board.standing} = 'owner' then link_key end as "linkKey",
      coalesce((select json_agg(json_build_object('id', s.id, 'name', s.name) order by position, s.id)
        from boards.section s where s.board_id = board.id), '[]') as sections,
      coalesce((select followers from social.followed where kind = 'board' and target_id = board.id), 0) as followers,
      exists (select from social.follow where follower_id = ${self}::uuid and kind = 'board' and target_id = board.id)
        as "isFollowed",
      array(select member_id from social.collaborator where piece_id = board.id and joined_at is not null
        order by joined_at) as "makerIds"
    from boards.board join social.piece on piece.id = board.id where board.id = ${board.id}`.execute(reads);
  const [row] = rows;
  if (!row) throw new Error(`a piece says that ${board.id} is a board`);
  const { makerIds, ...head } = row;
  const people = await peopleOf(reads, memberId, [...makerIds, ...(board.ownerId ? [board.ownerId] : [])]);
  return {
    ...head,
    standing: board.standing,
    owner: (board.ownerId && people.get(board.ownerId)) || null,
    makers: makerIds.flatMap((makerId) => people.get(makerId) ?? []),
  };
}

async function pinRows(
  reads: Db,
  { memberId, key }: Eye,
  boardId: string,
  {
    cursor,
    section,
    id,
    prices,
  }: {
    cursor?: string | undefined;
    section?: string | undefined;
    prices?: PricesFor | undefined;
    id?: string;
  },
): Promise<PinRow[]> {
  const [position, pinId] = cursor?.split('_') ?? [];
  const viewer = memberId ?? null;
  const after =
    position === undefined
      ? sql``
      : sql`and pin.position >= ${position}::numeric
          and (pin.position > ${position}::numeric or pin.id < ${pinId}::uuid)`;
  // `offset 0` keeps the decision a lookup for each pin: joined into the rest, it takes longer to plan than to run.
  const { rows } = await sql<PinRow>`
    select pin.id, section_id as "sectionId", note, pin.kind, product_id as "productId",
      coalesce(pin.photo_id, link.photo_id) as "photoId", piece.owner_id as "byId", position::text as position,
      case when link.url <> '' then json_build_object('url', link.url, 'state', link.state, 'refusal', link.refusal,
        'title', link.title, 'author', link.author, 'excerpt', link.excerpt, 'site', link.site) end as link,
      pin.piece_id as "pieceId", ${cardText(sql`pin.product_id`, prices)} as "cardText",
      (select whose.owner_id from boards.suggestion as s join social.piece as whose on whose.id = s.id
        where s.pin_id = pin.id and whose.state = 'live') as "suggestedById",
      (select json_build_object('boardId', source.board_id, 'name', board.name, 'handle', profile.handle, 'owner', profile.name)
        from boards.pin as source join boards.board on board.id = source.board_id
        join social.piece as whose on whose.id = board.id
        join social.profile on profile.member_id = whose.owner_id
        where source.id = pin.saved_from
          and exists (select from social.listed(${viewer}::uuid) as l where l.id = source.board_id offset 0)) as "from"
    from boards.pin join social.piece on piece.id = pin.id left join boards.link on link.pin_id = pin.id
    where pin.board_id = ${boardId} ${id === undefined ? sql`` : sql`and pin.id = ${id}`}
      ${section === undefined ? sql`` : sql`and section_id = ${section}`}
      and exists (select from social.opened(${viewer}::uuid, ${key ?? null}) as seen where seen.id = pin.id offset 0)
      ${after}
    order by pin.position, pin.id desc limit ${PINS_PAGE + 1}`.execute(reads);
  return rows;
}

/** Boards as they stand in lists: with the first pictures of what is on them. */
export interface BoardCard {
  id: string;
  name: string;
  visibility: BoardPage['visibility'];
  linkKey: string | null;
  pinCount: number;
  owner: { handle: string; name: string };
  pictures: Picture[];
}

const MOSAIC = 4;
/** For those of the first pins that have no picture, or none that the viewer may find. */
const LOOKED_AT = 12;

/** Of `pin`: of its product, its photo, the page it leads to, or of a look or post that the viewer may find. */
const pinPicture = (self: RawBuilder<string | null>) => sql`coalesce(
  (select l.card::json -> 'picture' from catalog.product_listing l where l.product_id = pin.product_id),
  (select catalog.picture(photo.media_id, photo.alt) from social.photo
    where photo.id = coalesce(pin.photo_id, (select link.photo_id from boards.link where link.pin_id = pin.id))),
  (select ${pinnedPicture} from social.piece left join looks.look on look.id = piece.id
    left join posts.post on post.id = piece.id
    where piece.id = pin.piece_id
      and exists (select from social.listed(${self}) as seen where seen.id = piece.id offset 0)))`;

/** Those of the boards that the viewer may find, in the order asked for. */
export async function boardCards(
  reads: Db,
  viewer: string | undefined,
  ids: readonly string[],
): Promise<BoardCard[]> {
  if (ids.length === 0) return [];
  const self = selfOf(viewer);
  const { rows } = await sql<BoardCard>`
    select board.id, board.name, piece.visibility, pin_count as "pinCount",
      case when piece.owner_id = ${self} then piece.link_key end as "linkKey",
      json_build_object('handle', profile.handle, 'name', profile.name) as owner,
      coalesce((
        select json_agg(shown.picture) from (
          select picture from (
            select pin.id, product_id, photo_id, piece_id
            from boards.pin join social.piece as shown_piece on shown_piece.id = pin.id and shown_piece.state = 'live'
            where pin.board_id = board.id
            order by (pin.id = board.cover_pin_id) desc nulls last, pin.position, pin.id desc limit ${LOOKED_AT}
          ) as pin
          cross join lateral (select ${pinPicture(self)} as picture offset 0) as found
          where picture::text <> 'null' limit ${MOSAIC}
        ) as shown), '[]') as pictures
    from unnest((select ${[...ids]}::uuid[])) with ordinality as asked (id, place)
    join boards.board on board.id = asked.id
    join social.piece on piece.id = board.id
    join social.profile on profile.member_id = piece.owner_id
    where exists (select from social.listed(${self}) as seen where seen.id = board.id offset 0)
    order by asked.place`.execute(reads);
  return rows;
}
