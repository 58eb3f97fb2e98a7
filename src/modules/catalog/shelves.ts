import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { catalogErrors } from './errors.ts';
import { refusing } from './refusals.ts';

export interface BrandInput {
  slug: string;
  name: string;
  tagline?: string;
  story?: string;
  place?: string | null;
  countryCode?: string | null;
  foundedYear?: number | null;
  mediaId?: string | null;
  colour?: string | null;
}

export interface CategoryInput {
  parentId?: string | null;
  slug: string;
  name: string;
  description?: string;
  mediaId?: string | null;
  position?: number;
}

export interface AttributeInput {
  code: string;
  name: string;
  type: 'text' | 'number' | 'boolean';
  unit?: string | null;
  isFacet?: boolean;
  position?: number;
}

export async function putBrand(tx: Tx, id: string, brand: BrandInput): Promise<void> {
  const {
    slug,
    name,
    tagline = '',
    story = '',
    place = null,
    countryCode = null,
    foundedYear = null,
  } = brand;
  const { mediaId = null, colour = null } = brand;
  await refusing(() =>
    sql`
      insert into catalog.brand (id, slug, name, tagline, story, place, country_code, founded_year, media_id, colour)
      values (${id}, ${slug}, ${name}, ${tagline}, ${story}, ${place}, ${countryCode}, ${foundedYear}, ${mediaId}, ${colour})
      on conflict (id) do update set slug = excluded.slug, name = excluded.name, tagline = excluded.tagline,
        story = excluded.story, place = excluded.place, country_code = excluded.country_code,
        founded_year = excluded.founded_year, media_id = excluded.media_id, colour = excluded.colour`.execute(
      tx,
    ),
  );
  await refreshLater(tx, { brandId: id });
}

export async function putCategory(tx: Tx, id: string, category: CategoryInput): Promise<void> {
  const { parentId = null, slug, name, description = '', mediaId = null, position = 0 } = category;
  // Two moves at once, each harmless, could close a circle: one after the other.
  await sql`lock table catalog.category in share row exclusive mode`.execute(tx);
  const { rows } = await refusing(() =>
    sql`
      with recursive above (id, parent_id) as (
        select id, parent_id from catalog.category where id = ${parentId}::uuid
        union all
        select c.id, c.parent_id from catalog.category c join above on c.id = above.parent_id
      )
      insert into catalog.category (id, parent_id, slug, name, description, media_id, position)
      select ${id}::uuid, ${parentId}::uuid, ${slug}, ${name}, ${description}, ${mediaId}::uuid, ${position}::integer
      where not exists (select from above where id = ${id}::uuid) and ${parentId}::uuid is distinct from ${id}::uuid
      on conflict (id) do update set parent_id = excluded.parent_id, slug = excluded.slug, name = excluded.name,
        description = excluded.description, media_id = excluded.media_id, position = excluded.position
      returning id`.execute(tx),
  );
  if (rows.length === 0) throw catalogErrors.category_in_circle({});
  await refreshLater(tx, { categoryId: id });
}

export async function putAttribute(tx: Tx, id: string, attribute: AttributeInput): Promise<void> {
  const { code, name, type, unit = null, isFacet = false, position = 0 } = attribute;
  const { rows } = await refusing(() =>
    sql`
      insert into catalog.attribute (id, code, name, type, unit, is_facet, position)
      values (${id}, ${code}, ${name}, ${type}, ${unit}, ${isFacet}, ${position})
      on conflict (id) do update set code = excluded.code, name = excluded.name, type = excluded.type,
        unit = excluded.unit, is_facet = excluded.is_facet, position = excluded.position
      where attribute.type = excluded.type
        or not exists (select from catalog.product_attribute pa where pa.attribute_id = attribute.id)
      returning id`.execute(tx),
  );
  if (rows.length === 0) throw catalogErrors.attribute_in_use({});
  await refreshLater(tx, { attributeId: id });
}

/** What of the products below a brand, category or attribute changed may be on very many cards: a job follows. */
const refreshLater = (tx: Tx, what: { brandId: string } | { categoryId: string } | { attributeId: string }) =>
  addJob(tx, 'catalog.refresh_listings', what, newId());

/**
 * Where products stand, so many in the order of their ids: the slugs of their categories from the top of the tree with `/`
 * between, empty where one stands in none; and whose brand they are.
 */
export async function shelvesOfProducts(
  db: Db,
  after: string | undefined,
  count: number,
): Promise<{ productId: string; path: string; brandId: string | null }[]> {
  const { rows } = await sql<{ productId: string; path: string; brandId: string | null }>`
    select p.id as "productId", coalesce(array_to_string(tree.slugs, '/'), '') as path,
      p.brand_id as "brandId"
    from catalog.product p left join catalog.category_path tree on tree.category_id = p.category_id
    where ${after ?? null}::uuid is null or p.id > ${after ?? null}::uuid order by p.id limit ${count}`.execute(
    db,
  );
  return rows;
}

/** By the slugs from the top with `/` between, what each category is called, from the top. */
export async function categoryNames(db: Db): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ path: string; names: string[] }>`
    select array_to_string(slugs, '/') as path, names from catalog.category_path`.execute(db);
  return new Map(rows.map(({ path, names }) => [path, names]));
}

/** By id, what each brand is called. */
export async function brandNames(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`select id, name from catalog.brand`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
