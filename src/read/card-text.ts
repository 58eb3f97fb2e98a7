import { type RawBuilder, sql } from 'kysely';

/** The card of a published product as text, for `cardFrom` of the catalogue; null of any other. */
export const cardText = (
  productId: RawBuilder<unknown>,
  currency: string | undefined,
): RawBuilder<string | null> => sql`(
  select catalog.shown_card(l.card, ${priceIn(currency)}, rated.said)
  from catalog.product_listing l left join catalog.product_rating rated on rated.product_id = l.product_id
  where l.product_id = ${productId})`;

/** Of a listing `l`. */
const priceIn = (currency: string | undefined) =>
  currency === undefined
    ? sql`l.price`
    : sql`case when l.currency = ${currency} then l.price else catalog.price_in(l.product_id, ${currency}) end`;
