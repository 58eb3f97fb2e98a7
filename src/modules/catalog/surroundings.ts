import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import type { BrandPage, CategoryNode, PricesFor, ProductCard, Suggestions } from './product-card.ts';
import { PICTURE } from './listing.ts';
import { shownFor } from './marketplace.ts';
import { RATED, shownCard } from './product-list.ts';
import { completionsOf, wordsOf } from './search-words.ts';

const SUGGESTED_PRODUCTS = 6;
const SUGGESTED_NAMES = 3;

export async function brandBySlug(reads: Db, slug: string): Promise<BrandPage | null> {
  const { rows } = await sql<BrandPage>`${BRAND} where b.slug = ${slug}`.execute(reads);
  return rows[0] ?? null;
}

/** Every brand that has published products, by name. */
export async function brandPages(reads: Db): Promise<BrandPage[]> {
  const { rows } = await sql<BrandPage>`
    select * from (${BRAND}) each where "productCount" > 0 order by name`.execute(reads);
  return rows;
}

const sizeOf = (kind: 'brand' | 'category', alias: 'b' | 'c') => sql`(
  select coalesce(sum(product_count), 0)::integer from catalog.scope_count
  where scope = ${sql.lit(`${kind}=`)} || ${sql.ref(`${alias}.slug`)} and facet = '')`;

const BRAND = sql`
    select b.slug, b.name, b.tagline, b.story, b.place, b.country_code as "countryCode",
      b.founded_year as "foundedYear", b.colour, ${sizeOf('brand', 'b')} as "productCount",
      (select json_build_object('alt', b.name, ${PICTURE}) from catalog.media m where m.id = b.media_id) as picture
    from catalog.brand b`;

/** The whole tree, each level by its position. */
export async function categoryTree(reads: Db): Promise<CategoryNode[]> {
  const { rows } = await sql<CategoryNode & { parentId: string | null }>`
    select c.id, c.parent_id as "parentId", c.slug, c.name, c.description, ${sizeOf('category', 'c')} as "productCount",
      (select json_build_object('alt', c.name, ${PICTURE}) from catalog.media m where m.id = c.media_id) as picture
    from catalog.category c order by c.position, c.name`.execute(reads);
  const childrenOf = Map.groupBy(rows, (row) => row.parentId);
  const withChildren = ({ parentId: _parentId, ...node }: (typeof rows)[number]): CategoryNode => ({
    ...node,
    children: (childrenOf.get(node.id) ?? []).map(withChildren),
  });
  return (childrenOf.get(null) ?? []).map(withChildren);
}

/** What somebody may mean who has typed this much: the last word counts as unfinished. */
export async function suggestionsFor(reads: Db, text: string, asked?: PricesFor): Promise<Suggestions> {
  const words = wordsOf(text);
  const last = words.at(-1);
  if (last === undefined) return { products: [], categories: [], brands: [] };
  const prices = await shownFor(reads, asked);
  const groups = await sql<{ lexeme: string; isLast: boolean }>`
    select t.lexeme, w.n = ${words.length} as "isLast"
    from unnest(${words}::text[]) with ordinality as w (word, n)
    cross join lateral unnest(to_tsvector('catalog.words', w.word)) t`.execute(reads);
  const beginning = groups.rows.find((row) => row.isLast)?.lexeme ?? last.toLowerCase();
  const scopes = await completionsOf(reads, beginning);
  const others = groups.rows.filter((row) => !row.isLast).map((row) => `word=${row.lexeme}`);
  const { rows } = await sql<Suggestions>`
    select ${suggestedProducts(scopes, others, prices)} as products,
      ${suggestedNames('category', last)} as categories, ${suggestedNames('brand', last)} as brands`.execute(
    reads,
  );
  return rows[0] ?? { products: [], categories: [], brands: [] };
}

// The best of each completion's list, merged: however many products begin so, few rows are read.
const suggestedProducts = (scopes: readonly string[], others: readonly string[], prices: PricesFor) => sql<
  ProductCard[]
>`
  coalesce((select json_agg(card) from (
    select ${shownCard(prices)}::json as card from (
      select e.product_id, max(e.rank) as rank from unnest(${scopes}::text[]) as s (scope)
      cross join lateral (
        select e.product_id, e.rank from catalog.scope_entry e
        ${others.length > 0 ? sql`join catalog.product_listing o on o.product_id = e.product_id and o.scopes @> ${others}::text[]` : sql``}
        where e.scope = s.scope order by e.rank desc, e.product_id limit ${sql.lit(SUGGESTED_PRODUCTS)}
      ) e group by e.product_id
    ) best join catalog.product_listing l using (product_id) ${RATED}
    order by best.rank desc, best.product_id limit ${sql.lit(SUGGESTED_PRODUCTS)}) six), '[]')`;

const suggestedNames = (kind: 'category' | 'brand', beginning: string) => sql<
  { slug: string; name: string }[]
>`
  coalesce((select json_agg(json_build_object('slug', slug, 'name', name)) from (
    select slug, name from catalog.${sql.raw(kind)} n
    where ' ' || lower(unaccent(n.name)) like '% ' || lower(unaccent(${beginning.replaceAll(/[\\%_]/g, '')})) || '%'
      and exists (
        select from catalog.scope_count where scope = ${sql.lit(`${kind}=`)} || n.slug and facet = ''
        having sum(product_count) > 0)
    order by name limit ${sql.lit(SUGGESTED_NAMES)}) three), '[]')`;
