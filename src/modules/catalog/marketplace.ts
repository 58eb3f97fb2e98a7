import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { refreshListings } from './listing.ts';
import type { PricesFor } from './product-card.ts';

const BATCH = 500;

/** The currency, unless it is the marketplace's own: that one is on the listing itself. */
export async function besideOwn(reads: Db, currency: string | undefined): Promise<string | undefined> {
  if (currency === undefined) return undefined;
  const { rows } = await sql`select from catalog.marketplace where currency = ${currency}`.execute(reads);
  return rows.length > 0 ? undefined : currency;
}

/** As `besideOwn` of what prices are asked for in. */
export const shownFor = async (
  reads: Db,
  { currency, markets }: PricesFor = {},
): Promise<Required<PricesFor>> => ({ currency: await besideOwn(reads, currency), markets: markets ?? [] });

/** Lists show, filter and sort prices in this currency from now on. When it was another, every listing is made anew. */
export async function useCurrency(tx: Tx, currency: string): Promise<void> {
  const { rows } = await sql`
    update catalog.marketplace set currency = ${currency} where currency <> ${currency} returning currency`.execute(
    tx,
  );
  if (rows.length === 0) return;
  const published = await sql<{ id: string }>`
    select id from catalog.product where publication = 'published' order by id`.execute(tx);
  const ids = published.rows.map(({ id }) => id);
  for (let first = 0; first < ids.length; first += BATCH) {
    await refreshListings(tx, ids.slice(first, first + BATCH));
  }
}

/** The picture that the home page opens with. */
export async function openWithPicture(tx: Tx, mediaId: string): Promise<void> {
  await sql`update catalog.marketplace set head_media_id = ${mediaId}`.execute(tx);
}
