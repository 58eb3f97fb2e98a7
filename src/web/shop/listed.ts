import { type ProductPage, searchProducts } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';
import { decimalsOf } from '#platform/money.ts';
import type { ShownCurrency } from '../page.ts';
import { withComing } from './coming.ts';
import { type Filters, queryOf } from './filters.ts';

const CARDS = 24;

/** A page of the list that the filters describe, always with the facets of the whole. */
export async function listed(
  reads: Db,
  filters: Filters,
  { code, prices }: ShownCurrency,
  now: Date,
  category?: string,
): Promise<ProductPage> {
  const query = {
    ...queryOf(filters, decimalsOf(code)),
    ...prices,
    ...(category && { category }),
    limit: CARDS,
  };
  const page = await searchProducts(reads, query);
  const found = { ...page, cards: await withComing(reads, page.cards, now) };
  if (query.cursor === undefined) return found;
  // The catalogue counts on the first page only, for those who have it already: a page of ours stands alone.
  const { cursor: _, ...first } = query;
  const { facets, total } = await searchProducts(reads, { ...first, limit: 1 });
  return { ...found, facets, total };
}
