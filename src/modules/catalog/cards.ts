import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { besideOwn } from './marketplace.ts';
import type { ProductCard } from './product-card.ts';
import { shownPrice } from './product-list.ts';

/** The cards of these products by id, those that are published. Prices are in `asked`, or the marketplace's currency. */
export async function cardsOf(
  db: Db,
  productIds: readonly string[],
  asked?: string,
): Promise<Map<string, ProductCard>> {
  if (productIds.length === 0) return new Map();
  const currency = await besideOwn(db, asked);
  const { rows } = await sql<{ id: string; card: ProductCard }>`
    select l.product_id as id, catalog.priced_card(l.card, ${shownPrice(currency)})::json as card
    from catalog.product_listing l where l.product_id = any(${[...productIds]}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, card }) => [id, card]));
}
