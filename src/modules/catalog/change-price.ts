import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { type Actor, record } from '../identity/index.ts';
import { catalogErrors } from './errors.ts';
import { PRICE_MAX_MINOR } from './list-prices.ts';
import { refreshListings } from './listing.ts';
import { refusing } from './refusals.ts';

export interface PriceChange {
  offerId: string;
  /** What it was when somebody decided: another price is not overwritten. */
  wasMinor: number;
  amountMinor: number;
}

/**
 * Changes the amount of a price that holds, of a list or of its own, and nothing else of it. Where it costs that already it is a retry.
 */
export async function changePrice(
  tx: Tx,
  actor: Actor,
  { offerId, wasMinor, amountMinor }: PriceChange,
  now: Date,
): Promise<void> {
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1 || amountMinor > PRICE_MAX_MINOR)
    throw catalogErrors.price_unfit({ most: PRICE_MAX_MINOR });
  // Whoever sets a price of the same product waits here.
  const { rows: locked } = await sql<{ id: string }>`
    select product.id from catalog.product
    where id = (select product_id from catalog.offer join catalog.variant on variant.id = variant_id where offer.id = ${offerId})
    for no key update`.execute(tx);
  const { rows } = await refusing(() =>
    sql<{ sku: string; currency: string; marketCode: string }>`
      update catalog.offer set amount_minor = ${amountMinor}
      from catalog.variant
      where offer.id = ${offerId} and variant.id = offer.variant_id and amount_minor = ${wasMinor} and amount_minor <> ${amountMinor}
        and valid_from <= ${now} and (valid_to is null or valid_to > ${now})
      returning sku, currency, market_code as "marketCode"`.execute(tx),
  );
  const [changed] = rows;
  if (!changed) return await assertCosts(tx, offerId, amountMinor, now);
  await refreshListings(
    tx,
    locked.map(({ id }) => id),
    now,
  );
  await record(tx, actor, 'price_changed', `offer:${offerId}`, {
    ...changed,
    beforeMinor: wasMinor,
    amountMinor,
  });
}

async function assertCosts(tx: Tx, offerId: string, amountMinor: number, now: Date): Promise<void> {
  const { rows } = await sql<{ amountMinor: number }>`
    select amount_minor as "amountMinor" from catalog.offer
    where id = ${offerId} and valid_from <= ${now} and (valid_to is null or valid_to > ${now})`.execute(tx);
  const [found] = rows;
  if (!found) throw catalogErrors.price_over({});
  if (found.amountMinor !== amountMinor) throw catalogErrors.price_moved({ amountMinor: found.amountMinor });
}
