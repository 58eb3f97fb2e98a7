import { randomUUID } from 'node:crypto';
import { openBulk } from '#platform/bulk.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { CatalogImport, ImportedProduct } from './catalog-import.ts';
import { importCatalog } from './import-catalog.ts';
import { putOffer } from './offers.ts';
import { type ProductInput, publish, putProduct } from './products.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');

/** A word that no other test has: what a test searches for, it alone has written. */
export const aWord = (): string =>
  `q${randomUUID()
    .replaceAll('-', '')
    .slice(0, 11)
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))}`;

export const aProductInput = (title: string, more: Partial<ProductInput> = {}): ProductInput => ({
  slug: `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${newId().slice(-6)}`,
  title,
  variants: [{ id: randomUUID(), sku: `SKU-${randomUUID().slice(0, 13)}` }],
  ...more,
});

/** A published product with a price in EUR for its first variant. */
export async function aPublishedProduct(
  db: Db,
  title: string,
  { amountMinor = 4900, ...more }: Partial<ProductInput> & { amountMinor?: number } = {},
): Promise<{ id: string; slug: string; variantId: string; sku: string }> {
  const id = randomUUID();
  const input = aProductInput(title, more);
  const [variant] = input.variants;
  if (!variant) throw new Error('a product to sell has a variant');
  await inTransaction(db, async (tx) => {
    await putProduct(tx, id, input, NOW);
    await publish(tx, id, NOW);
    const offer = { variantId: variant.id, currency: 'EUR', amountMinor, validFrom: '2020-01-01T00:00:00Z' };
    await putOffer(tx, randomUUID(), offer, NOW);
  });
  return { id, slug: input.slug, variantId: variant.id, sku: variant.sku };
}

/** What a variant costs in a region, since long ago; under the same id another price is put in its place. */
export async function aRegionalPrice(
  db: Db,
  variantId: string,
  marketCode: string,
  amountMinor: number,
  id: string = randomUUID(),
): Promise<string> {
  const offer = { variantId, currency: 'EUR', marketCode, amountMinor, validFrom: '2020-01-01T00:00:00Z' };
  await inTransaction(db, (tx) => putOffer(tx, id, offer, new Date()));
  return id;
}

export async function imported(databaseUrl: string, data: CatalogImport): Promise<void> {
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((tx) => importCatalog(tx, data));
}

/** Products of an import that differ by what the test says. */
export const anImportedProduct = (title: string, more: Partial<ImportedProduct> = {}): ImportedProduct => ({
  id: randomUUID(),
  slug: `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${newId().slice(-6)}`,
  title,
  publishedAt: NOW,
  variants: [
    {
      id: randomUUID(),
      sku: `SKU-${randomUUID().slice(0, 13)}`,
      offers: [{ currency: 'EUR', amountMinor: 4900 }],
    },
  ],
  ...more,
});
