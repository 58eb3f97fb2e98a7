import { sql } from 'kysely';
import { cardsOf, type PricesFor, type ProductCard } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';

/** How much being alike counts beside costing alike. */
const ALIKE_SHARE = 0.7;
/** Of a category's products, the best sold: one that is most alike among them is alike enough. */
const CANDIDATES_MAX = 200;

/**
 * For products that are gone, by their ids: of those in stock of the same category the one that is most alike. Alike are
 * two by the share of the gone one's attributes that are the same, numbers by how near they are (a half for half the
 * number), and by price in the same way: the smaller over the larger. Attributes count 0.7, the price 0.3.
 */
export async function alternativesTo(
  reads: Db,
  goneIds: readonly string[],
  prices?: PricesFor,
): Promise<Map<string, ProductCard>> {
  if (goneIds.length === 0) return new Map();
  const { rows } = await sql<{ goneId: string; id: string }>`
    select gone.id as "goneId", best.id
    from (
      select product.id, 'category=' || way.slugs[cardinality(way.slugs)] as scope,
        (select count(*) from catalog.product_attribute a where a.product_id = product.id) as attributes,
        (select min(offer.amount_minor) from catalog.variant join catalog.offer on offer.variant_id = variant.id
          where variant.product_id = product.id and offer.currency = marketplace.currency) as price
      from catalog.product join catalog.category_path way on way.category_id = product.category_id
      cross join catalog.marketplace
      where product.id = any(${[...new Set(goneIds)]}::uuid[])
    ) as gone
    cross join lateral (
      select listing.product_id as id
      from (
        select product_id from catalog.scope_entry where scope = gone.scope
        order by rank desc, product_id limit ${CANDIDATES_MAX}
      ) as entry
      join catalog.product_listing as listing on listing.product_id = entry.product_id
      where listing.in_stock and listing.product_id <> gone.id
      order by ${ALIKE_SHARE} * coalesce((
          select sum(case
            when its.text_value = own.text_value or its.boolean_value = own.boolean_value
              or its.number_value = own.number_value then 1
            when its.number_value > 0 and own.number_value > 0
              then least(its.number_value, own.number_value) / greatest(its.number_value, own.number_value)
            else 0 end) / nullif(gone.attributes, 0)
          from catalog.product_attribute own
          join catalog.product_attribute its on its.attribute_id = own.attribute_id and its.product_id = listing.product_id
          where own.product_id = gone.id), 0)
        + ${1 - ALIKE_SHARE} * coalesce(least(listing.price_minor, gone.price)::numeric
            / nullif(greatest(listing.price_minor, gone.price), 0), 0) desc,
        listing.product_id
      limit 1
    ) as best`.execute(reads);
  const cards = await cardsOf(
    reads,
    rows.map(({ id }) => id),
    prices,
  );
  return new Map(
    rows.flatMap(({ goneId, id }) => {
      const card = cards.get(id);
      return card ? [[goneId, card] as const] : [];
    }),
  );
}
