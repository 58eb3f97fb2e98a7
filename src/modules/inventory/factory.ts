import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, inTransaction } from '#platform/db.ts';
import { type ImportedLocation, importLocations } from './locations.ts';
import { receive } from './deliveries.ts';

/** A store that is open from nine to six, except on Sundays. */
export async function aLocation(db: Db, facts: Partial<ImportedLocation> = {}): Promise<string> {
  const id = facts.id ?? randomUUID();
  const day = { opens: '09:00', closes: '18:00' };
  const location: ImportedLocation = {
    id,
    code: `store-${id}`,
    kind: 'store',
    name: 'A store',
    street: 'Long Street 1',
    postcode: '1011 AB',
    city: 'Amsterdam',
    countryCode: 'NL',
    latitude: 52.37,
    longitude: 4.9,
    timeZone: 'Europe/Amsterdam',
    openingHours: [day, day, day, day, day, day, null],
    ...facts,
  };
  await inTransaction(db, (tx) => importLocations(tx, [location]));
  return id;
}

/** A variant that the stock ledger can name: rows of the catalogue, which this module may refer to but not write. */
export async function aVariant(db: Db): Promise<string> {
  const [productId, variantId] = [randomUUID(), randomUUID()];
  await sql`
    with product as (insert into catalog.product (id, slug, title) values (${productId}, ${`p-${productId}`}, 'A thing'))
    insert into catalog.variant (id, product_id, sku) values (${variantId}, ${productId}, ${variantId})`.execute(
    db,
  );
  return variantId;
}

export async function stocked(db: Db, quantity: number) {
  const place = { variantId: await aVariant(db), locationId: await aLocation(db) };
  await inTransaction(db, (tx) => receive(tx, deliveryOf(place, quantity), new Date()));
  return place;
}

/** A delivery of one line that nobody had announced. */
export const deliveryOf = (
  { variantId, locationId }: { variantId: string; locationId: string },
  quantity: number,
) => ({
  id: randomUUID(),
  locationId,
  lines: [{ variantId, quantity }],
});
