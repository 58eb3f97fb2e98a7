import type { ProductQuery, ProductSort } from '#modules/catalog/index.ts';

/** What a list's address says: `/c/vases?f-colour=Sage&f-colour=Sand&min=20&stock=yes&sort=price`. */
export interface Filters {
  words: string;
  /** Chosen values by facet code. The prefix keeps them apart from the tags that others add to our addresses. */
  facets: Record<string, readonly string[]>;
  /** In whole units of the currency, as typed. */
  min: number | undefined;
  max: number | undefined;
  inStock: boolean;
  sort: ProductSort | undefined;
  /** Where this page of the list begins. */
  after: string | undefined;
}

export const FACET_PREFIX = 'f-';
export const SORTS = ['popularity', 'newest', 'price', '-price'] as const satisfies ProductSort[];

const FACETS_MAX = 20;
const VALUES_MAX = 20;
const VALUE_LENGTH_MAX = 120;
const WORDS_LENGTH_MAX = 200;
const PRICE_MAX = 1_000_000;

/** Reads an address. What makes no sense is left out: a list with too much in it beats an error. */
export function readFilters(query: unknown): Filters {
  const given = query as Record<string, string | string[] | undefined>;
  const facets: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(given).slice(0, 2 * FACETS_MAX)) {
    if (!name.startsWith(FACET_PREFIX)) continue;
    const values = [value ?? []].flat().filter((each) => each && each.length <= VALUE_LENGTH_MAX);
    const code = name.slice(FACET_PREFIX.length);
    if (/^[a-z0-9-]{1,60}$/.test(code) && values.length > 0)
      facets[code] = [...new Set(values)].slice(0, VALUES_MAX);
  }
  const sort = firstOf(given['sort']);
  return {
    words: (firstOf(given['q']) ?? '').trim().slice(0, WORDS_LENGTH_MAX),
    facets,
    min: priceOf(firstOf(given['min'])),
    max: priceOf(firstOf(given['max'])),
    inStock: firstOf(given['stock']) === 'yes',
    sort: SORTS.find((known) => known === sort),
    after: firstOf(given['after'])?.slice(0, 500),
  };
}

const firstOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

function priceOf(text: string | undefined): number | undefined {
  const price = Number(text?.replace(',', '.') || Number.NaN);
  return price >= 0 && price <= PRICE_MAX ? price : undefined;
}

/** The address of a list with something changed. The place in the list is left behind, unless it is what changes. */
export function addressOf(path: string, filters: Filters, change: Partial<Filters> = {}): string {
  const { words, facets, min, max, inStock, sort, after } = { ...filters, after: undefined, ...change };
  const query = new URLSearchParams();
  if (words) query.set('q', words);
  for (const [code, values] of Object.entries(facets)) {
    for (const value of values) query.append(FACET_PREFIX + code, value);
  }
  if (min !== undefined) query.set('min', String(min));
  if (max !== undefined) query.set('max', String(max));
  if (inStock) query.set('stock', 'yes');
  if (sort) query.set('sort', sort);
  if (after) query.set('after', after);
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The chosen values without one of them. */
export function without(facets: Filters['facets'], code: string, value: string): Filters['facets'] {
  const left = (facets[code] ?? []).filter((each) => each !== value);
  const { [code]: _gone, ...others } = facets;
  return left.length > 0 ? { ...others, [code]: left } : others;
}

/** As the catalogue asks for it. */
export function queryOf(filters: Filters, decimals: number): ProductQuery {
  const { words, facets, min, max, inStock, sort, after } = filters;
  return {
    facets,
    ...(words && { words }),
    ...(min !== undefined && { priceMinMinor: Math.round(min * 10 ** decimals) }),
    ...(max !== undefined && { priceMaxMinor: Math.round(max * 10 ** decimals) }),
    ...(inStock && { inStock }),
    ...(sort && { sort }),
    ...(after && { cursor: after }),
  };
}

export const isFiltered = ({ facets, min, max, inStock }: Filters) =>
  Object.keys(facets).length > 0 || min !== undefined || max !== undefined || inStock;
