import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { keepLast } from '#platform/keep.ts';
import { shownFor } from './marketplace.ts';
import type { PricesFor, ProductCard } from './product-card.ts';
import { RATED, shownCard } from './product-list.ts';

const KEPT_MAX = 3000;
const keep = keepLast<ProductCard>(KEPT_MAX);

/**
 * A card from what `catalog.shown_card` wrote. As long as the database says the same of a product, the same object comes
 * back: what is made of it may be kept.
 */
export const cardFrom = (productId: string, text: string, prices: PricesFor = {}): ProductCard =>
  keep(
    `${productId} ${prices.currency} ${(prices.markets ?? []).join(' ')}`,
    [text],
    () => JSON.parse(text) as ProductCard,
  );

/** The cards of these products by id, those that are published. Prices are in `asked`, or the marketplace's currency for the whole world. */
export async function cardsOf(
  db: Db,
  productIds: readonly string[],
  asked?: PricesFor,
): Promise<Map<string, ProductCard>> {
  if (productIds.length === 0) return new Map();
  const prices = await shownFor(db, asked);
  const { rows } = await sql<{ id: string; card: string }>`
    select l.product_id as id, ${shownCard(prices)} as card
    from catalog.product_listing l ${RATED} where l.product_id = any(${[...productIds]}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, card }) => [id, cardFrom(id, card, prices)]));
}
