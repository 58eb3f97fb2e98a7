import { sql } from 'kysely';
import type { Picture, PricesFor, ProductDetail } from '#modules/catalog/index.ts';
import {
  type Change,
  type Credit,
  creditsOf,
  type Face,
  faceKey,
  facesOf,
  fileOf,
  type LookItem,
  partsOf,
  type Wording,
} from '#modules/looks/index.ts';
import { type Eye, open, type Opened, peopleOf, type Person, picturesOf } from '#modules/social/index.ts';
import type { Db } from '#platform/db.ts';

/** A picture of a product as it stands on the canvas. */
export interface Placed extends LookItem {
  src: string | null;
  /** Of the picture: its height against its width. */
  ratio: number;
}

export interface LookPage {
  id: string;
  title: string;
  words: string;
  ground: string;
  scene: Picture | null;
  sceneId: string | null;
  version: number;
  state: Opened['state'];
  visibility: Opened['visibility'];
  /** Of an unlisted one, for its maker. */
  linkKey: string | null;
  isOwn: boolean;
  owner: Person | null;
  /** Null until it is drawn. */
  picture: Picture | null;
  items: Placed[];
  wordings: Wording[];
  credits: Credit[];
  remixCount: number;
  /** Products of the look and those that may stand in for them, by id: those on sale. */
  products: Map<string, ProductDetail>;
  /** For each product that can't be had now: the nearest of its category that can. */
  alternatives: Map<string, string[]>;
}

const ALTERNATIVES_SHOWN = 3;
const ALTERNATIVES_LOOKED_AT = 60;

/** A look with all that its page shows, as somebody sees it; refused as not there for whoever may not. */
export async function lookPage(reads: Db, eye: Eye, id: string, prices?: PricesFor): Promise<LookPage> {
  const opened = await open(reads, eye, id, 'look');
  const [head, { items, wordings, ...parts }, credits] = await Promise.all([
    headOf(reads, eye, opened),
    partsOf(reads, id),
    creditsOf(reads, eye.memberId, id),
  ]);
  const ids = [...new Set(items.map(({ productId }) => productId))];
  const [faces, scenes, own] = await Promise.all([
    facesOf(reads, items),
    picturesOf(reads, parts.sceneId === null ? [] : [parts.sceneId]),
    productsOf(reads, ids, prices),
  ]);
  const alternatives = await alternativesTo(
    reads,
    ids.filter((productId) => !own.get(productId)?.inStock),
  );
  const others = await productsOf(reads, [...new Set([...alternatives.values()].flat())], prices);
  return {
    ...parts,
    ...head,
    id,
    wordings,
    credits,
    alternatives,
    items: items.map((item) => placed(item, faces)),
    scene: (parts.sceneId && scenes.get(parts.sceneId)) || null,
    products: new Map([...own, ...others]),
    state: opened.state,
    visibility: opened.visibility,
    isOwn: opened.standing === 'owner',
  };
}

/** The look as its maker is changing it. */
export async function changedLook(
  reads: Db,
  look: LookPage,
  { items, wordings, sceneId, title, words, ground, visibility }: Change,
  prices?: PricesFor,
): Promise<LookPage> {
  const [faces, scenes, products] = await Promise.all([
    facesOf(reads, items),
    picturesOf(reads, sceneId === null ? [] : [sceneId]),
    productsOf(reads, [...new Set(items.map(({ productId }) => productId))], prices),
  ]);
  const scene = (sceneId && scenes.get(sceneId)) || null;
  return {
    ...look,
    title,
    words,
    ground,
    visibility,
    wordings,
    products,
    scene,
    sceneId: scene && sceneId,
    items: items.map((item) => placed(item, faces)),
  };
}

export function placed(item: LookItem, faces: ReadonlyMap<string, Face>): Placed {
  const face = faces.get(faceKey(item));
  const src = face ? `/media/${face.sha256}/${fileOf(face, item.shape === 'cut_out')}` : null;
  return { ...item, src, ratio: face ? face.height / face.width : 1.25 };
}

async function headOf(reads: Db, { memberId }: Eye, { id, ownerId, standing }: Opened) {
  const { rows } = await sql<Pick<LookPage, 'linkKey' | 'picture' | 'remixCount'>>`
    select case when ${standing} = 'owner' then link_key end as "linkKey",
      catalog.picture(look.media_id, look.title) as picture,
      (select count(*)::integer from looks.look as remix
        join social.listed(${memberId ?? null}::uuid) as seen on seen.id = remix.id
        where remix.remixed_from = look.id) as "remixCount"
    from looks.look join social.piece on piece.id = look.id where look.id = ${id}`.execute(reads);
  const [row] = rows;
  if (!row) throw new Error(`a piece says that ${id} is a look`);
  const people = await peopleOf(reads, memberId, ownerId ? [ownerId] : []);
  return { ...row, owner: (ownerId && people.get(ownerId)) || null };
}

/** Those of the products that are on sale, with their variants. */
async function productsOf(
  reads: Db,
  ids: readonly string[],
  prices: PricesFor | undefined,
): Promise<Map<string, ProductDetail>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ product: ProductDetail }>`
    select catalog.product_json(slug, ${prices?.currency ?? null}, ${prices?.markets ?? []}::text[]) as product
    from catalog.product where id = any(${[...ids]}::uuid[]) and publication = 'published'`.execute(reads);
  return new Map(rows.map(({ product }) => [product.id, product]));
}

/** In stock, of the same category, and near in price: of the most popular there. */
async function alternativesTo(reads: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; others: string[] }>`
    select p.id, array(
      select near.product_id from (
        select e.product_id, l.price_minor from catalog.scope_entry e
        join catalog.product_listing l on l.product_id = e.product_id
        where e.scope = 'category=' || c.slug and e.product_id <> p.id and l.in_stock
        order by e.rank desc, e.product_id limit ${ALTERNATIVES_LOOKED_AT}
      ) as near
      order by abs(near.price_minor - coalesce((
        select price_minor from catalog.product_listing where product_id = p.id), near.price_minor)), near.product_id
      limit ${ALTERNATIVES_SHOWN}) as others
    from catalog.product p join catalog.category c on c.id = p.category_id
    where p.id = any(${[...ids]}::uuid[])`.execute(reads);
  return new Map(rows.map(({ id, others }) => [id, others]));
}
