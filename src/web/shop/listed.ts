import { type ProductPage, searchProducts } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';
import { decimalsOf } from '#platform/money.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { type Filters, queryOf } from './filters.ts';

const CARDS = 24;

/** A page of the list that the filters describe, always with the facets of the whole. */
export async function listed(reads: Db, filters: Filters, category?: string): Promise<ProductPage> {
  const hasPrices = filters.min !== undefined || filters.max !== undefined;
  const decimals = hasPrices ? decimalsOf(await marketplaceCurrency(reads)) : 0;
  const query = { ...queryOf(filters, decimals), ...(category && { category }), limit: CARDS };
  const found = await searchProducts(reads, query);
  if (query.cursor === undefined) return found;
  // The catalogue counts on the first page only, for those who have it already: a page of ours stands alone.
  const { cursor: _, ...first } = query;
  const { facets, total } = await searchProducts(reads, { ...first, limit: 1 });
  return { ...found, facets, total };
}
