import { type RawBuilder, sql } from 'kysely';
import type { PricesFor } from '#modules/catalog/index.ts';

/** The card of a published product as text, for `cardFrom` of the catalogue; null of any other. */
export const cardText = (
  productId: RawBuilder<unknown>,
  prices: PricesFor | undefined,
): RawBuilder<string | null> => sql`(
  select catalog.shown_card(l.card, ${priceFor(prices)}, rated.said)
  from catalog.product_listing l left join catalog.product_rating rated on rated.product_id = l.product_id
  where l.product_id = ${productId})`;

/** Of a listing `l`. */
function priceFor({ currency, markets = [] }: PricesFor = {}): RawBuilder<unknown> {
  if (markets.length > 0)
    return sql`catalog.price_in_markets(l.product_id, ${currency ?? null}, ${markets}::text[])`;
  return currency === undefined
    ? sql`l.price`
    : sql`case when l.currency = ${currency} then l.price else catalog.price_in(l.product_id, ${currency}) end`;
}
