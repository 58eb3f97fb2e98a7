import { type RawBuilder, sql } from 'kysely';
import type {
  AttributeValue,
  BrandPage,
  Picture,
  Price,
  PricesFor,
  ProductDetail,
} from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';
import { keepLast } from '#platform/keep.ts';
import { pictureJson } from './picture.ts';

/** All that the product page shows: fact, opinion, maker, and where it can be had now. */
export interface ProductPageData {
  /** `inStock` of each variant is the stock ledger's own word. */
  product: ProductDetail;
  rating: Rating | null;
  maker: BrandPage | null;
  delivery: Delivery | null;
  stores: StoreStock[];
  /** Where each variant has a free unit, stores and others. */
  free: FreeStock[];
  /** Whether more of it may be promised than is free. */
  isAhead: boolean;
  /** The most popular others of its category. */
  similar: ComparedProduct[];
}

export interface Rating {
  count: number;
  mean: number;
  /** How many gave one star, two, … five. */
  stars: number[];
}

/** The first way of delivery, at what it costs in the product's currency. */
export interface Delivery {
  transitDaysMin: number;
  transitDaysMax: number;
  amountMinor: number;
  freeFromMinor: number | null;
  currency: string;
}

export interface StoreStock {
  id: string;
  code: string;
  name: string;
  city: string;
  timeZone: string;
  /** For each day, Monday first: null when closed. */
  openingHours: ({ opens: string; closes: string } | null)[];
  /** Of each variant that it has. */
  available: FreeUnits[];
}

/** Lists, not objects by id: ids as keys give each product a shape of its own, which takes long to parse. */
export interface FreeUnits {
  variantId: string;
  units: number;
}

export interface FreeStock {
  variantId: string;
  locationId: string;
  quantity: number;
}

/** A product beside others. */
export interface ComparedProduct {
  id: string;
  /** True where some of it may be promised before it is here. */
  isAhead: boolean;
  slug: string;
  title: string;
  brand: { slug: string; name: string } | null;
  picture: Picture | null;
  price: (Price & { isFrom: boolean }) | null;
  inStock: boolean;
  attributes: AttributeValue[];
  rating: { mean: number; count: number } | null;
}

const SIMILAR_SHOWN = 3;

const KEPT_MAX = 300;
const keep = keepLast<ProductPageData>(KEPT_MAX);

/**
 * Null when there is no published product of that name. One statement; as long as it says the same of a product, the
 * same object comes back.
 */
export async function productPage(
  reads: Db,
  slug: string,
  { currency, markets = [] }: PricesFor = {},
): Promise<ProductPageData | null> {
  const asked = { currency: sql`${currency ?? null}::text`, markets: sql`${markets}::text[]` };
  const { rows } = await sql<{ json: string }>`
    select json_build_object(
      'product', catalog.product_json(p.slug, ${asked.currency}, ${asked.markets}),
      'rating', ${rating(sql`p.id`)},
      'maker', ${MAKER},
      'delivery', ${delivery(asked.currency)},
      'stores', ${STORES},
      'similar', ${similar(asked)},
      'free', (select coalesce(json_agg(json_build_object('variantId', l.variant_id, 'locationId', l.location_id,
          'quantity', l.available)), '[]')
        from catalog.variant v join inventory.stock_level l on l.variant_id = v.id
        where v.product_id = p.id and l.available > 0 and not ${HELD_BACK}),
      'isAhead', ${IS_AHEAD})::text as json
    from catalog.product p where p.slug = ${slug} and p.publication = 'published'`.execute(reads);
  const [row] = rows;
  return row ? keep(`${slug} ${currency} ${markets.join(' ')}`, [row.json], () => dataOf(row.json)) : null;
}

function dataOf(json: string): ProductPageData {
  const data = JSON.parse(json) as ProductPageData;
  const variants = data.product.variants.map((variant) => ({
    ...variant,
    inStock: data.free.some(({ variantId }) => variantId === variant.id),
  }));
  const stores = data.stores.map((store) => ({
    ...store,
    available: data.free
      .filter(({ locationId }) => locationId === store.id)
      .map(({ variantId, quantity }) => ({ variantId, units: quantity })),
  }));
  return {
    ...data,
    stores,
    product: { ...data.product, variants, inStock: variants.some(({ inStock }) => inStock) },
  };
}

/** Products beside each other in the order asked for; those that are not published are left out. */
export async function comparedProducts(
  reads: Db,
  slugs: readonly string[],
  { currency, markets = [] }: PricesFor = {},
): Promise<ComparedProduct[]> {
  const { rows } = await sql<{ product: ComparedProduct }>`
    select ${compared({ currency: sql`${currency ?? null}::text`, markets: sql`${markets}::text[]` })} as product
    from unnest(${slugs}::text[]) with ordinality as wanted (slug, n)
    join catalog.product p on p.slug = wanted.slug
    join catalog.product_listing l on l.product_id = p.id
    order by wanted.n`.execute(reads);
  return rows.map((row) => row.product);
}

const IS_AHEAD = sql`exists (
  select from inventory.selling_rule rule join catalog.variant v on v.id = rule.variant_id
  where v.product_id = p.id and rule.kind <> 'from_stock')`;

/** What is not released yet is sold as what is still to come. */
const HELD_BACK = sql`exists (
  select from inventory.selling_rule rule where rule.variant_id = v.id and rule.kind = 'pre_order'
    and rule.release_on > (now() at time zone 'UTC')::date)`;

const rating = (productId: RawBuilder<unknown>) => sql`(
  select json_build_object('count', r.review_count, 'mean', round(r.rating_sum::numeric / r.review_count, 2),
    'stars', r.stars)
  from reviews.rating r where r.product_id = ${productId} and r.review_count > 0)`;

const MAKER = sql`(
  select json_build_object('slug', b.slug, 'name', b.name, 'tagline', b.tagline, 'story', b.story, 'place', b.place,
    'countryCode', b.country_code, 'foundedYear', b.founded_year, 'colour', b.colour,
    'picture', (select ${pictureJson(sql`b.name`)} from catalog.media m where m.id = b.media_id),
    'productCount', (
      select coalesce(sum(product_count), 0) from catalog.scope_count
      where scope = 'brand=' || b.slug and facet = ''))
  from catalog.brand b where b.id = p.brand_id)`;

const delivery = (currency: RawBuilder<unknown>) => sql`(
  select json_build_object('transitDaysMin', o.transit_days_min, 'transitDaysMax', o.transit_days_max, 'amountMinor', r.amount_minor,
    'freeFromMinor', r.free_from_minor, 'currency', r.currency)
  from orders.delivery_option o join orders.delivery_rate r on r.delivery_code = o.code
  where r.currency = coalesce(${currency}, (select currency from catalog.marketplace))
  order by o.position, o.code limit 1)`;

const STORES = sql`coalesce((
  select json_agg(json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'city', s.city,
    'timeZone', s.time_zone, 'openingHours', s.opening_hours) order by s.city, s.code)
  from inventory.location s where s.kind = 'store'), '[]')`;

/** `PricesFor`, for a statement. */
interface AskedPrices {
  currency: RawBuilder<unknown>;
  markets: RawBuilder<unknown>;
}

/** Of `p` and its listing `l`. Without a currency the price is the marketplace's. */
const compared = ({
  currency,
  markets,
}: AskedPrices) => sql`json_build_object('id', p.id, 'isAhead', ${IS_AHEAD}, 'slug', p.slug, 'title', p.title, 'brand', l.card -> 'brand',
  'picture', l.card -> 'picture', 'price', catalog.price_shown(p.id, l.price, ${currency}, ${markets}), 'inStock', l.in_stock,
  'rating', ${rating(sql`p.id`)},
  'attributes', coalesce((
    select json_agg(json_build_object('code', a.code, 'name', a.name, 'type', a.type, 'unit', a.unit,
      'value', coalesce(to_json(pa.text_value), to_json(trim_scale(pa.number_value)), to_json(pa.boolean_value)))
      order by a.position, a.code)
    from catalog.product_attribute pa join catalog.attribute a on a.id = pa.attribute_id
    where pa.product_id = p.id), '[]'))`;

const similar = (asked: AskedPrices) => sql`coalesce((
  select json_agg(compared order by rank desc, id) from (
    select ${compared(asked)} as compared, near.rank, p.id
    from (
      select e.product_id, e.rank from catalog.scope_entry e
      -- one scope, looked up first: the index then gives its few best without the thousands behind them
      where e.scope = (select 'category=' || c.slug from catalog.category c where c.id = p.category_id)
        and e.product_id <> p.id
      order by e.rank desc, e.product_id limit ${sql.lit(SIMILAR_SHOWN)}
    ) near
    join catalog.product p on p.id = near.product_id
    join catalog.product_listing l on l.product_id = p.id
  ) few), '[]')`;
