import pg from 'pg';
import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { catalogErrors } from './errors.ts';
import { refreshListings } from './listing.ts';
import { refuseUnknownMarket, WORLD } from './markets.ts';
import { refusing } from './refusals.ts';

export interface OfferInput {
  variantId: string;
  currency: string;
  /** A region's code; without it the whole world. */
  marketCode?: string;
  amountMinor: number;
  compareAtMinor?: number | null;
  /** RFC 3339; without it from now on. */
  validFrom?: string;
  validTo?: string | null;
}

/**
 * Sets a variant's price, beside those of price lists. Two offers of one variant never hold at once in one currency and market
 * with one priority: the database itself refuses the second, however close together they come.
 */
export async function putOffer(tx: Tx, id: string, offer: OfferInput, now: Date): Promise<void> {
  const {
    variantId,
    currency,
    marketCode = WORLD,
    amountMinor,
    compareAtMinor = null,
    validTo = null,
  } = offer;
  const from = offer.validFrom ?? null;
  await refuseUnknownMarket(tx, marketCode);
  // One after the other for each product: two that overlap would wait for each other inside the constraint.
  const { rows: locked } = await sql<{ id: string }>`
    select id from catalog.product
    where id = (select product_id from catalog.variant where id = ${variantId}) for no key update`.execute(
    tx,
  );
  if (locked.length === 0) throw catalogErrors.reference_unknown({ what: 'variant', value: variantId });
  try {
    const { rows } = await refusing(() =>
      sql`
        insert into catalog.offer (id, variant_id, currency, market_code, amount_minor, compare_at_minor, valid_from, valid_to)
        values (${id}, ${variantId}, ${currency}, ${marketCode}, ${amountMinor}, ${compareAtMinor},
          coalesce(${from}::timestamptz, ${now}), ${validTo}::timestamptz)
        on conflict (id) do update set currency = excluded.currency, market_code = excluded.market_code,
          amount_minor = excluded.amount_minor, compare_at_minor = excluded.compare_at_minor,
          valid_from = coalesce(${from}::timestamptz, offer.valid_from), valid_to = excluded.valid_to
        where offer.variant_id = excluded.variant_id and offer.price_list_id is null
        returning id`.execute(tx),
    );
    if (rows.length === 0) throw catalogErrors.offer_of_another({});
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint === 'one_offer_at_a_time') {
      throw catalogErrors.offer_overlaps({ offerId: id });
    }
    throw error;
  }
  await refreshListings(
    tx,
    locked.map(({ id: productId }) => productId),
    now,
  );
}
