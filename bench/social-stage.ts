import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openBulk } from '#platform/bulk.ts';
import { inTransaction, openDb } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { importCatalog } from '../src/modules/catalog/index.ts';
import { importLocations } from '../src/modules/inventory/index.ts';
import { type SocialSize } from './social-ids.ts';
import { socialRows } from './social-rows.ts';
import { benchFolder, type Stage, start } from './stage.ts';

const SECRET = 'a secret that only benchmarks have, and nobody else';

export interface SocialStage extends Stage, AsyncDisposable {
  size: SocialSize;
  /** The header by which the nth member is signed in. */
  cookieOf: (nth: number) => string;
  slugOf: (nth: number) => string;
}

/**
 * Stoa with people who made and said much. It is filled once and kept, until the statements that fill it are others:
 * what benchmarks write there adds little to it.
 */
export async function openSocialStage(size: SocialSize): Promise<SocialStage> {
  const dataDir = benchFolder(`social-${size.members}`);
  const filled = join(dataDir, 'filled');
  const wanted = JSON.stringify([...socialRows(size)]);
  const isFilled = () => existsSync(filled) && readFileSync(filled, 'utf8') === wanted;
  if (!isFilled()) rmSync(dataDir, { recursive: true, force: true });
  const stage = await start(dataDir, 'off', { STOA_SECRET: SECRET, TRUST_PROXY: 'true' });
  try {
    if (!isFilled()) {
      const began = performance.now();
      await fill(stage.databaseUrl, size);
      writeFileSync(filled, wanted);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      process.stdout.write(`  ${size.members} members were made in ${seconds} s\n`);
    }
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
  return {
    ...stage,
    size,
    cookieOf: (nth) => {
      const token = `staged-${nth % size.members}`;
      const signature = createHmac('sha256', SECRET).update(token).digest('base64');
      return `stoa_session=${encodeURIComponent(`${token}.${signature}`)}`;
    },
    slugOf: (nth) => `thing-${nth % size.products}`,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

async function fill(databaseUrl: string, size: SocialSize): Promise<void> {
  const ids = await makeProducts(databaseUrl, size.products);
  await using db = openDb(databaseUrl, { max: 1 });
  await db.connection().execute(async (connection) => {
    // What is made here refers to what is there: checking it would take longer than making it.
    await sql`set session_replication_role = replica`.execute(connection);
    await sql`set synchronous_commit = off`.execute(connection);
    await sql`set work_mem = '128MB'`.execute(connection);
    await sql`set maintenance_work_mem = '256MB'`.execute(connection);
    await sql`create temp table numbered as
      select id, nth - 1 as nth from unnest(${ids}::uuid[]) with ordinality as t (id, nth)`.execute(
      connection,
    );
    await sql`create unique index on numbered (nth)`.execute(connection);
    await sql`analyze numbered`.execute(connection);
    const indexes = await sql<{ name: string; definition: string }>`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
      from pg_index join pg_class on pg_class.oid = indrelid
      where relnamespace = any(array['identity', 'social', 'boards', 'looks', 'posts', 'reviews']::regnamespace[])
        and not exists (select from pg_constraint where conindid = indexrelid)`.execute(connection);
    // Making them at the end, over all rows, takes a part of the time.
    for (const { name } of indexes.rows) await sql.raw(`drop index ${name}`).execute(connection);
    for (const statement of socialRows(size)) await sql.raw(statement).execute(connection);
    for (const { definition } of indexes.rows) await sql.raw(definition).execute(connection);
    await sql`set session_replication_role = origin`.execute(connection);
  });
  await sql`vacuum analyze`.execute(db);
}

const [BRANDS, SHELVES] = [40, 20];

/** Things of one variant each with two pictures, on twenty shelves. */
async function makeProducts(databaseUrl: string, count: number): Promise<string[]> {
  const locationId = idOf('bench:location', 'warehouse');
  await using db = openDb(databaseUrl, { max: 1 });
  await inTransaction(db, (tx) => importLocations(tx, [warehouse(locationId)]));
  const id = (kind: string, nth: number) => idOf(`bench:${kind}`, String(nth));
  const named = (kind: string, nth: number) => ({
    id: id(kind, nth),
    slug: `${kind}-${nth}`,
    name: `${kind} ${nth}`,
  });
  const products = Array.from({ length: count }, (_, nth) => ({
    id: id('product', nth),
    slug: `thing-${nth}`,
    title: `Thing ${nth}`,
    brandId: id('brand', nth % BRANDS),
    categoryId: id('shelf', nth % SHELVES),
    pictures: [0, 1].map((which) => ({ mediaId: id('media', 2 * nth + which), alt: `Thing ${nth}` })),
    variants: [
      {
        id: id('variant', nth),
        sku: `B-${nth}`,
        offers: [{ currency: 'EUR', amountMinor: 1000 + nth }],
        availableAt: [locationId],
      },
    ],
  }));
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((tx) =>
    importCatalog(tx, {
      source: 'bench',
      brands: Array.from({ length: BRANDS }, (_, nth) => named('brand', nth)),
      categories: Array.from({ length: SHELVES }, (_, nth) => named('shelf', nth)),
      media: Array.from({ length: 2 * count }, (_, nth) => picture(id('media', nth))),
      products,
    }),
  );
  return products.map((product) => product.id);
}

const picture = (id: string) => ({
  id,
  sha256: id.replaceAll('-', '').padEnd(64, '0'),
  state: 'ready' as const,
  mimeType: 'image/jpeg',
  width: 960,
  height: 1200,
  byteSize: 90_000,
  colour: '#c8b8a0',
  files: ['source.jpg', '240.webp', '480.avif', '480.webp', '960.avif', '960.webp', '960.jpg'],
});

const warehouse = (id: string) => ({
  id,
  code: 'warehouse',
  kind: 'warehouse' as const,
  name: 'Warehouse',
  street: '',
  postcode: '',
  city: 'Amsterdam',
  countryCode: 'NL',
  latitude: 52.37,
  longitude: 4.9,
  timeZone: 'Europe/Amsterdam',
  openingHours: Array.from({ length: 7 }, () => ({ opens: '00:00', closes: '24:00' })),
});
