import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { catalogErrors } from './errors.ts';
import { refreshListings } from './listing.ts';
import { refusing } from './refusals.ts';

/** A whole product as its owner writes it. What is left out of the lists is removed. */
export interface ProductInput {
  slug: string;
  title: string;
  summary?: string;
  description?: string;
  brandId?: string | null;
  categoryId?: string | null;
  /** By which its tax rate is found. */
  taxCategory?: string;
  optionNames?: string[];
  attributes?: { code: string; value: string | number | boolean }[];
  pictures?: { mediaId: string; alt: string; optionValue?: string | null }[];
  variants: {
    id: string;
    sku: string;
    optionValues?: string[];
    gtin?: string | null;
    weightGrams?: number | null;
  }[];
}

export type Publication = 'draft' | 'published' | 'archived';

/**
 * Writes the product with its variants, attributes and pictures. A new one is a draft. Of two at once the
 * second waits for the product's row, and what stands in the end is one of the two, whole.
 */
export async function putProduct(
  tx: Tx,
  id: string,
  input: ProductInput,
  now: Date,
): Promise<{ id: string; slug: string; publication: Publication }> {
  refuseUnevenVariants(input);
  const {
    slug,
    title,
    summary = '',
    description = '',
    brandId = null,
    categoryId = null,
    taxCategory = 'standard',
    optionNames = [],
  } = input;
  const { rows } = await refusing(() =>
    sql<{ publication: Publication }>`
      insert into catalog.product (id, slug, title, summary, description, brand_id, category_id, tax_category, option_names,
        updated_at)
      values (${id}, ${slug}, ${title}, ${summary}, ${description}, ${brandId}, ${categoryId}, ${taxCategory},
        ${optionNames}, ${now})
      on conflict (id) do update set slug = excluded.slug, title = excluded.title, summary = excluded.summary,
        description = excluded.description, brand_id = excluded.brand_id, category_id = excluded.category_id, tax_category = excluded.tax_category,
        option_names = excluded.option_names, updated_at = excluded.updated_at
      returning publication`.execute(tx),
  );
  await putVariants(tx, id, input.variants);
  await putAttributes(tx, id, input.attributes ?? []);
  await putPictures(tx, id, input.pictures ?? []);
  await refreshListings(tx, [id], now);
  return { id, slug, publication: rows[0]?.publication ?? 'draft' };
}

/** Each variant has a value for each option, and no two have the same. */
function refuseUnevenVariants({ optionNames = [], variants }: ProductInput): void {
  const seen = new Set<string>();
  for (const { sku, optionValues = [] } of variants) {
    const choice = JSON.stringify(optionValues);
    if (optionValues.length !== optionNames.length || seen.has(choice)) {
      throw catalogErrors.option_values_differ({ value: sku });
    }
    seen.add(choice);
  }
}

async function putVariants(tx: Tx, productId: string, variants: ProductInput['variants']): Promise<void> {
  const rows = variants.map(({ id, sku, optionValues = [], gtin = null, weightGrams = null }, position) => ({
    id,
    sku,
    option_values: optionValues,
    gtin,
    weight_grams: weightGrams,
    position,
  }));
  const ids = variants.map(({ id }) => id);
  const { rows: written } = await refusing(async () => {
    await sql`
      delete from catalog.offer o using catalog.variant v
      where o.variant_id = v.id and v.product_id = ${productId} and v.id <> all(${ids}::uuid[])`.execute(tx);
    await sql`
      delete from catalog.variant where product_id = ${productId} and id <> all(${ids}::uuid[])`.execute(tx);
    return sql<{ id: string }>`
      insert into catalog.variant (id, product_id, sku, option_values, gtin, weight_grams, position)
      select id, ${productId}, sku, option_values, gtin, weight_grams, position
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as v (id uuid, sku text, option_values text[], gtin text, weight_grams integer, position integer)
      order by id
      on conflict (id) do update set sku = excluded.sku, option_values = excluded.option_values,
        gtin = excluded.gtin, weight_grams = excluded.weight_grams, position = excluded.position
      where variant.product_id = excluded.product_id
      returning id`.execute(tx);
  });
  const ours = new Set(written.map((row) => row.id));
  const elsewhere = ids.find((id) => !ours.has(id));
  if (elsewhere !== undefined) throw catalogErrors.variant_elsewhere({ value: elsewhere });
}

async function putAttributes(
  tx: Tx,
  productId: string,
  attributes: NonNullable<ProductInput['attributes']>,
): Promise<void> {
  await sql`delete from catalog.product_attribute where product_id = ${productId}`.execute(tx);
  const { rows } = await sql<{ code: string; type: string | null; isWritten: boolean }>`
    with given as (
      select code, value, jsonb_typeof(value) as kind
      from jsonb_to_recordset(${JSON.stringify(attributes)}::jsonb) as g (code text, value jsonb)
    ), written as (
      insert into catalog.product_attribute (product_id, attribute_id, text_value, number_value, boolean_value)
      select ${productId}, a.id,
        case when a.type = 'text' then value #>> '{}' end,
        case when a.type = 'number' then (value #>> '{}')::numeric end,
        case when a.type = 'boolean' then (value #>> '{}')::boolean end
      from given join catalog.attribute a using (code)
      where a.type::text = case kind when 'string' then 'text' else kind end
      on conflict do nothing returning attribute_id
    )
    select g.code, a.type::text as type, w.attribute_id is not null as "isWritten"
    from given g left join catalog.attribute a using (code) left join written w on w.attribute_id = a.id`.execute(
    tx,
  );
  for (const { code, type, isWritten } of rows) {
    if (isWritten) continue;
    if (type === null) throw catalogErrors.reference_unknown({ what: 'attribute', value: code });
    throw catalogErrors.attribute_type_differs({ code, type });
  }
}

async function putPictures(
  tx: Tx,
  productId: string,
  pictures: NonNullable<ProductInput['pictures']>,
): Promise<void> {
  await sql`delete from catalog.product_media where product_id = ${productId}`.execute(tx);
  const rows = pictures.map(({ mediaId, alt, optionValue = null }, position) => ({
    mediaId,
    alt,
    optionValue,
    position,
  }));
  await refusing(() =>
    sql`
      insert into catalog.product_media (product_id, position, media_id, alt, option_value)
      select ${productId}, position, "mediaId", alt, "optionValue"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as p ("mediaId" uuid, alt text, "optionValue" text, position integer)`.execute(tx),
  );
}

/** Shows the product to everybody. Doing it again changes nothing: the day it was first shown stays. */
export async function publish(tx: Tx, id: string, now: Date): Promise<void> {
  const { rows } = await sql`
    update catalog.product set publication = 'published', published_at = coalesce(published_at, ${now}), updated_at = ${now}
    where id = ${id} and exists (select from catalog.variant v where v.product_id = product.id)
    returning id`.execute(tx);
  if (rows.length === 0) {
    await mustExist(tx, id);
    throw catalogErrors.nothing_to_sell({});
  }
  await refreshListings(tx, [id], now);
}

/** Takes the product out of every list, search and page. */
export async function unpublish(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`update catalog.product set publication = 'draft', updated_at = ${now} where id = ${id}`.execute(
    tx,
  );
  await mustExist(tx, id);
  await refreshListings(tx, [id], now);
}

async function mustExist(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql`select from catalog.product where id = ${id}`.execute(tx);
  if (rows.length === 0) throw catalogErrors.product_not_found({});
}
