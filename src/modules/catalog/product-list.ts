import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { PLANNED_EACH_TIME } from '#platform/prepared-statements.ts';
import type { PricesFor, ProductPage, ProductQuery, ProductSort } from './product-card.ts';
import { type Cursor, cursorOf } from './cursor.ts';
import { shownFor } from './marketplace.ts';
import { type Attribute, ATTRIBUTES, countsFor, facetsJson, HITS_MAX } from './facets.ts';
import { conditionOf, type Filter, filterOf, scopeOf, type Term } from './filter.ts';
import { understand, wordsOf } from './search-words.ts';

const LIMIT = 20;

/** A page of published products, with facets and total on the first. */
export async function searchProducts(reads: Db, query: ProductQuery): Promise<ProductPage> {
  return JSON.parse(await productListJson(reads, query)) as ProductPage;
}

/** The same as JSON text. The cards are text already in the listing: nothing is parsed only to be written again. */
export async function productListJson(reads: Db, asked: ProductQuery): Promise<string> {
  const query = { ...asked, ...(await shownFor(reads, asked)) };
  if (query.words === undefined) return (await run(reads, query, [], null)) ?? NOTHING;
  const words = wordsOf(query.words);
  const [first] = words;
  if (first === undefined) return NOTHING;
  if (words.length === 1 && isPlain(query)) {
    // The common case takes one statement: the word is known as it stands.
    const found = await run(reads, query, [{ typed: first }], null);
    if (found !== null) return found;
  }
  const understood = await understand(reads, query.words, words);
  if (!understood) return NOTHING;
  return (await run(reads, query, understood.terms, understood.searchedFor)) ?? NOTHING;
}

/** Nothing but words is asked for, best first. */
const isPlain = ({ category, brand, facets, priceMinMinor, priceMaxMinor, inStock, sort }: ProductQuery) =>
  (sort ?? 'relevance') === 'relevance' &&
  [category, brand, facets, priceMinMinor, priceMaxMinor, inStock || undefined].every(
    (value) => value === undefined,
  );

const NOTHING = JSON.stringify({
  cards: [],
  facets: [],
  total: { count: 0, isExact: true },
  cursor: null,
  searchedFor: null,
} satisfies ProductPage);

/** Null when nothing at all was found. */
async function run(
  reads: Db,
  query: ProductQuery & Required<PricesFor>,
  terms: readonly Term[],
  searchedFor: string | null,
): Promise<string | null> {
  const filter = filterOf(query, terms);
  const hasWords = terms.length > 0;
  const cursor = query.cursor === undefined ? undefined : cursorOf(query.cursor);
  const list: List = {
    filter,
    sort: query.sort ?? (hasWords ? 'relevance' : 'popularity'),
    cursor,
    limit: query.limit ?? LIMIT,
    isCounted: !cursor && !query.uncounted,
    searchedFor,
    prices: { currency: query.currency, markets: query.markets },
  };
  const scope = scopeOf(filter);
  // A word's list is in order of relevance; any other scope's is in order of popularity.
  const isReady = scope && (list.sort === 'relevance' || (list.sort === 'popularity' && !hasWords));
  const statement = isReady
    ? sql<Answer>`select * from catalog.scope_page(${scope}, ${cursor?.key ?? null}, ${cursor?.id ?? null},
        ${list.limit}, ${list.isCounted}, ${list.prices.currency ?? null}, ${list.prices.markets}::text[])`
    : chosenList(list, scope === null);
  const { rows } = await statement.execute(reads);
  const [answer] = rows;
  return answer && answer.cards !== null ? jsonOf(answer, list) : null;
}

/** What each statement of a list gives. */
interface Answer {
  /** Cards as JSON, parted by commas; null when there are none. */
  cards: string | null;
  cursor: string | null;
  counts: string | null;
  attributes: Attribute[] | null;
}

function jsonOf(
  { cards, cursor, counts, attributes }: Answer,
  { isCounted, filter, searchedFor }: List,
): string {
  const figures = isCounted
    ? facetsJson(counts, attributes ?? [], filter.chosen)
    : '"facets":null,"total":null';
  return `{"cards":[${cards ?? ''}],${figures},"cursor":${JSON.stringify(cursor)},"searchedFor":${JSON.stringify(searchedFor)}}`;
}

interface List {
  filter: Filter;
  sort: ProductSort;
  cursor: Cursor | undefined;
  limit: number;
  isCounted: boolean;
  searchedFor: string | null;
  /** In a currency beside the marketplace's own, if any. */
  prices: Required<PricesFor>;
}

/** A page of a list that is not kept ready. */
function chosenList(list: List, hasHits: boolean): RawBuilder<Answer> {
  const { limit, isCounted } = list;
  const hits = hasHits ? hitsOf(list) : sql``;
  const rows = hasHits ? chosenRows(list) : orderedRows(list);
  // Its text depends on what is asked for, and which index is best on how many products have it.
  return sql`${sql.raw(PLANNED_EACH_TIME)}
    with ${hits} page as materialized (${rows} limit ${limit + 1}),
    shown as (select *, row_number() over () as place from page limit ${limit})
    ${isCounted ? sql`, ${countsFor(list.filter)}` : sql``}
    select (
        select string_agg(${shownCard(list.prices)}, ',' order by place)
        from shown join catalog.product_listing l using (product_id) ${RATED}) as cards,
      (select mode || '.' || key || '.' || product_id from shown
        where place = ${limit} and (select count(*) from page) > ${limit}) as cursor,
      ${isCounted ? sql`(select text from counted)` : sql`null`} as counts,
      ${isCounted ? ATTRIBUTES : sql`null`} as attributes`;
}

/** The card of a listing `l` as text, with what it costs and, of `RATED`, how it is rated. */
export const shownCard = (prices: PricesFor): RawBuilder<unknown> =>
  sql`catalog.shown_card(l.card, ${priceShown(prices)}, rated.said)`;
/** What a listing `l` costs as it is shown. */
const priceShown = ({ currency, markets = [] }: PricesFor): RawBuilder<unknown> =>
  markets.length === 0 && currency === undefined
    ? sql`l.price`
    : sql`catalog.price_shown(l.product_id, l.price, ${currency ?? null}, ${markets}::text[])`;
export const RATED = sql`left join catalog.product_rating rated on rated.product_id = l.product_id`;

/** The whole list in order, by whatever index the planner finds best. */
function orderedRows({ filter, sort, cursor }: List): RawBuilder<unknown> {
  const { key, isDescending } = columnOf(sort, filter);
  const beyond = isDescending ? sql`<` : sql`>`;
  const end = cursor && cursorKey(sort, cursor);
  const after = cursor
    ? sql`and ${key} ${beyond}= ${end} and (${key} ${beyond} ${end} or l.product_id > ${cursor.id}::uuid)`
    : sql``;
  return sql`
    select 'o' as mode, ${keyAsNumber(sort, filter)} as key, l.product_id from ${filter.from}
    where ${conditionOf(filter)} and ${key} is not null ${after}
    order by ${key} ${isDescending ? sql`desc` : sql`asc`}, l.product_id`;
}

const hitsOf = ({ filter, sort }: List): RawBuilder<unknown> => sql`
  hits as materialized (
    select l.product_id, l.facets, ${sort === 'relevance' ? relevance(filter) : keyAsNumber(sort, filter)} as key
    from ${filter.from} where ${conditionOf(filter)} limit ${sql.lit(HITS_MAX + 1)}),`;

/** Few hits are ranked one by one; of many, the first in the index's order are taken. */
function chosenRows(list: List): RawBuilder<unknown> {
  const { sort, cursor, limit, filter } = list;
  const { isDescending } = columnOf(sort, filter);
  const beyond = isDescending ? sql`<` : sql`>`;
  const after = cursor
    ? sql`and (key ${beyond} ${cursor.key} or (key = ${cursor.key} and product_id > ${cursor.id}::uuid))`
    : sql``;
  // Later pages go on in the way the first was made.
  const isFew = cursor ? sql`${cursor.mode === 'h'}` : sql`(select count(*) from hits) <= ${HITS_MAX}`;
  return sql`
    select * from (
      select 'h' as mode, key, product_id from hits where ${isFew} and key is not null ${after}
      order by key ${isDescending ? sql`desc` : sql`asc`}, product_id limit ${limit + 1}) few
    union all
    select * from (select * from (${orderedRows(list)} limit ${limit + 1}) rest where not ${isFew}) many`;
}

/** How well the words fit, then how popular: the order of a scope's list, for several words. */
const relevance = ({ wordScopes }: Filter): RawBuilder<unknown> => sql`(
  select coalesce(sum(s.tier), 0)::bigint * 4294967296 from unnest(l.scopes, l.tiers) as s (scope, tier)
  where s.scope = any(${wordScopes}::text[])) + l.popularity`;

function columnOf(sort: ProductSort, { price }: Filter): { key: RawBuilder<unknown>; isDescending: boolean } {
  if (sort === 'price' || sort === '-price') return { key: price, isDescending: sort === '-price' };
  return { key: sort === 'newest' ? sql`l.published_at` : sql`l.popularity`, isDescending: true };
}

// A time becomes whole microseconds, so that every key in a cursor is an integer.
const keyAsNumber = (sort: ProductSort, filter: Filter) =>
  sort === 'newest'
    ? sql`(extract(epoch from l.published_at) * 1000000)::bigint`
    : columnOf(sort, filter).key;
const cursorKey = (sort: ProductSort, { key }: Cursor) =>
  sort === 'newest'
    ? sql`(to_timestamp(0) + ${key}::bigint * interval '1 microsecond')`
    : sql`${key}::bigint`;
