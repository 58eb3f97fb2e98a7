import assert from 'node:assert/strict';
import { sql } from 'kysely';
import pg from 'pg';
import type { BulkTx, CopyValue } from '#platform/bulk.ts';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import type { CatalogImport, ImportedPriceList, ImportedProduct, ImportedVariant } from './catalog-import.ts';
import { withoutGuards } from './first-load.ts';
import { listedOfferId } from './list-prices.ts';
import { addMissingListings, refreshListings } from './listing.ts';

/** A larger batch would outlive the young objects of the process; an import of as many products counts as large. */
const BATCH = 500;
const ALWAYS = new Date(0);

/** Columns that an import gives, by table and in the order of their foreign keys. */
const COLUMNS = {
  media: ['id', 'sha256', 'state', 'mime_type', 'width', 'height', 'byte_size', 'colour', 'files'],
  brand: [
    'id',
    'slug',
    'name',
    'tagline',
    'story',
    'place',
    'country_code',
    'founded_year',
    'media_id',
    'colour',
  ],
  category: ['id', 'parent_id', 'slug', 'name', 'description', 'media_id', 'position'],
  attribute: ['id', 'code', 'name', 'type', 'unit', 'is_facet', 'position'],
  product: [
    'id',
    'slug',
    'brand_id',
    'category_id',
    'title',
    'summary',
    'description',
    'publication',
    'published_at',
    'option_names',
    'source',
    'external_ref',
  ],
  popularity: ['product_id', 'units_sold', 'is_listed'],
  product_attribute: ['product_id', 'attribute_id', 'text_value', 'number_value', 'boolean_value'],
  product_media: ['product_id', 'position', 'media_id', 'alt', 'option_value'],
  variant: ['id', 'product_id', 'sku', 'option_values', 'gtin', 'weight_grams', 'position'],
  variant_availability: ['variant_id', 'location_id', 'is_available'],
  sold_currency: ['currency', 'country_codes'],
  price_list: ['id', 'name', 'currency', 'priority', 'valid_from', 'valid_to'],
  offer: [
    'id',
    'variant_id',
    'currency',
    'market_code',
    'amount_minor',
    'compare_at_minor',
    'valid_from',
    'valid_to',
    'price_list_id',
    'priority',
  ],
} as const;
type Table = keyof typeof COLUMNS;
type Rows = Record<Table, CopyValue[][]>;

/**
 * Adds what is not there yet, by COPY. A row whose id exists is left as it is, so an import may be repeated.
 * A slug that another product has gets an ending of its own. In `bulk`'s transaction: all of it, or nothing.
 */
export async function importCatalog(bulk: BulkTx, data: CatalogImport): Promise<void> {
  const { tx } = bulk;
  await sql`set local work_mem = '64MB'`.execute(tx);
  await sql`set local jit = off`.execute(tx);
  const products = (data.products ?? [])[Symbol.iterator]();
  const lists = new Map([...(data.priceLists ?? [])].map((list) => [list.id, list]));
  const batch = () => batchOf(products, data.source, lists);
  const first = batch();
  const isLarge = first.product.length === BATCH;
  const work = () => addAll(bulk, data, { batch, first, isLarge });
  if (isLarge && (await isEmpty(tx))) await withoutGuards(tx, work);
  else await work();
}

async function isEmpty(tx: Tx): Promise<boolean> {
  const { rows } = await sql`select from catalog.product limit 1`.execute(tx);
  return rows.length === 0;
}

async function addAll(
  bulk: BulkTx,
  data: CatalogImport,
  { batch: next, first, isLarge }: { batch: () => Rows; first: Rows; isLarge: boolean },
): Promise<void> {
  const { tx } = bulk;
  await addMissing(bulk, surroundings(data));
  const grown = new Set<string>();
  for (let batch = first; batch.product.length > 0; batch = next()) {
    if (await addedAtOnce(bulk, batch)) continue;
    for (const id of await addMissing(bulk, batch)) grown.add(id);
  }
  if (isLarge) {
    // A plan made for tables of another size would look up row by row what one pass finds.
    const tables = Object.keys(COLUMNS).map((table) => `catalog.${table}`);
    await sql.raw(`analyze ${tables.join(', ')}, catalog.category_path`).execute(tx);
  }
  const { rows: listed } = await sql<{ product_id: string }>`
    select product_id from catalog.product_listing where product_id = any(${[...grown]}::uuid[])`.execute(tx);
  await addMissingListings(tx, data.source);
  await refreshListings(
    tx,
    listed.map((row) => row.product_id),
  );
}

/** Copies rows straight into their tables: the common case is that all of them are new. Else adds none of them. */
async function addedAtOnce({ tx, copy }: BulkTx, rows: Rows): Promise<boolean> {
  const { rows: known } = await sql`
    select from catalog.product
    where id = any(${rows.product.map(([id]) => id)}::uuid[])
      or slug = any(${rows.product.map(([, slug]) => slug)}::text[])
    limit 1`.execute(tx);
  if (known.length > 0) return false;
  await sql`savepoint at_once`.execute(tx);
  try {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      if (rows[table as Table].length > 0) await copy(`catalog.${table}`, columns, rows[table as Table]);
    }
  } catch (error) {
    // Two of them share a name or an id, or somebody else adds the same.
    if (!(error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION)) throw error;
    await sql`rollback to savepoint at_once`.execute(tx);
    return false;
  }
  await sql`release savepoint at_once`.execute(tx);
  return true;
}

const UNIQUE_VIOLATION = '23505';

/** Adds the rows whose key does not exist; answers the products that have a variant more. */
async function addMissing({ tx, copy }: BulkTx, rows: Rows): Promise<string[]> {
  let grown: string[] = [];
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const given = rows[table as Table];
    if (given.length === 0) continue;
    const shape = `select ${columns.join(', ')} from catalog.${table} limit 0`;
    await sql.raw(`create temp table given as ${shape}`).execute(tx);
    await copy('pg_temp.given', columns, given);
    const chosen =
      table === 'product' ? columns.map((name) => (name === 'slug' ? FREE_SLUG : `n.${name}`)) : columns;
    const order = table === 'category' ? 'order by parent_id nulls first' : '';
    const insert = `insert into catalog.${table} (${columns.join(', ')})
      select ${chosen.join(', ')} from pg_temp.given n ${order}
      on conflict (${KEY[table as Table]}) do nothing`;
    if (table === 'variant') {
      const { rows: added } = await sql
        .raw<{ id: string }>(`${insert} returning product_id as id`)
        .execute(tx);
      grown = added.map(({ id }) => id);
    } else await sql.raw(insert).execute(tx);
    await sql`drop table pg_temp.given`.execute(tx);
  }
  return grown;
}

const KEY: Record<Table, string> = {
  media: 'id',
  brand: 'id',
  category: 'id',
  attribute: 'id',
  product: 'id',
  popularity: 'product_id',
  product_attribute: 'product_id, attribute_id',
  product_media: 'product_id, position',
  variant: 'id',
  variant_availability: 'variant_id, location_id',
  sold_currency: 'currency',
  price_list: 'id',
  offer: 'id',
};

const FREE_SLUG = `case
  when row_number() over (partition by n.slug order by n.id) > 1
    or exists (select from catalog.product p where p.slug = n.slug and p.id <> n.id)
  then n.slug || '-' || right(n.id::text, 6) else n.slug end`;

type Lists = ReadonlyMap<string, ImportedPriceList>;

/** The rows of the next products; none at the end. */
function batchOf(products: Iterator<ImportedProduct>, source: string, lists: Lists): Rows {
  const rows = noRows();
  while (rows.product.length < BATCH) {
    const next = products.next();
    if (next.done) break;
    productRows(rows, source, next.value, lists);
  }
  return rows;
}

const noRows = (): Rows => ({
  media: [],
  brand: [],
  category: [],
  attribute: [],
  product: [],
  popularity: [],
  product_attribute: [],
  product_media: [],
  variant: [],
  variant_availability: [],
  sold_currency: [],
  price_list: [],
  offer: [],
});

function surroundings(data: CatalogImport): Rows {
  const {
    media = [],
    brands = [],
    categories = [],
    attributes = [],
    currencies = [],
    priceLists = [],
  } = data;
  const rows = noRows();
  for (const { currency, countryCodes = [] } of currencies) rows.sold_currency.push([currency, countryCodes]);
  for (const { id, name, currency, priority = 0, validFrom = ALWAYS, validTo = null } of priceLists) {
    rows.price_list.push([id, name, currency, priority, validFrom, validTo]);
  }
  for (const m of media) {
    const size = [m.width, m.height, m.byteSize];
    rows.media.push([m.id, m.sha256, m.state, m.mimeType, ...size, m.colour, m.files]);
  }
  for (const b of brands) {
    const place = [b.place ?? null, b.countryCode ?? null, b.foundedYear ?? null];
    const said = [b.slug, b.name, b.tagline ?? '', b.story ?? ''];
    rows.brand.push([b.id, ...said, ...place, b.mediaId ?? null, b.colour ?? null]);
  }
  for (const c of categories) {
    const said = [c.slug, c.name, c.description ?? ''];
    rows.category.push([c.id, c.parentId ?? null, ...said, c.mediaId ?? null, c.position ?? 0]);
  }
  for (const a of attributes) {
    rows.attribute.push([a.id, a.code, a.name, a.type, a.unit ?? null, a.isFacet ?? false, a.position ?? 0]);
  }
  return rows;
}

function productRows(rows: Rows, source: string, product: ImportedProduct, lists: Lists): void {
  const { id, slug, title, summary = '', description = '', publication = 'published' } = product;
  const publishedAt = publication === 'published' ? (product.publishedAt ?? new Date()) : null;
  const place = [product.brandId ?? null, product.categoryId ?? null];
  const state = [publication, publishedAt, product.optionNames ?? []];
  rows.product.push([
    id,
    slug,
    ...place,
    title,
    summary,
    description,
    ...state,
    source,
    product.externalRef ?? null,
  ]);
  rows.popularity.push([id, product.unitsSold ?? 0, true]);
  for (const { attributeId, value } of product.attributes ?? []) {
    const typed = ['string', 'number', 'boolean'].map((type) => (typeof value === type ? value : null));
    rows.product_attribute.push([id, attributeId, ...typed]);
  }
  for (const [position, { mediaId, alt, optionValue }] of (product.pictures ?? []).entries()) {
    rows.product_media.push([id, position, mediaId, alt, optionValue ?? null]);
  }
  for (const [position, variant] of product.variants.entries()) {
    const { sku, optionValues = [], gtin = null, weightGrams = null } = variant;
    rows.variant.push([variant.id, id, sku, optionValues, gtin, weightGrams, position]);
    for (const locationId of variant.availableAt ?? []) {
      rows.variant_availability.push([variant.id, locationId, true]);
    }
    listedRows(rows, variant, lists);
    for (const offer of variant.offers ?? []) {
      const { currency, marketCode = 'world', amountMinor, validFrom = ALWAYS } = offer;
      const name = `${variant.id} ${currency} ${marketCode} ${validFrom.toISOString()}`;
      const price = [currency, marketCode, amountMinor, offer.compareAtMinor ?? null];
      const offerId = offer.id ?? idOf('catalog:offer', name);
      rows.offer.push([offerId, variant.id, ...price, validFrom, offer.validTo ?? null, null, 0]);
    }
  }
}

/** Under the ids that setting the same prices by hand would give them. */
function listedRows(rows: Rows, { id, listed = [] }: ImportedVariant, lists: Lists): void {
  for (const { priceListId, amountMinor, compareAtMinor = null } of listed) {
    const list = lists.get(priceListId);
    assert(list, 'a price is of a list of the import');
    const { currency, priority = 0, validFrom = ALWAYS, validTo = null } = list;
    const price = [currency, 'world', amountMinor, compareAtMinor, validFrom, validTo];
    rows.offer.push([listedOfferId(priceListId, id), id, ...price, priceListId, priority]);
  }
}
