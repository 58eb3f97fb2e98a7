import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A level as the desk lists it: with what it is and where. */
export interface StockRow extends StockSums {
  variantId: string;
  sku: string;
  title: string;
  options: string[];
  locationId: string;
  locationCode: string;
  locationName: string;
}

export interface StockSums {
  onHand: number;
  reserved: number;
  allocated: number;
  safety: number;
  available: number;
  short: number;
  damaged: number;
  valueMinor: number;
}

export const STOCK_STATES = ['short', 'sold_out', 'low'] as const;
export type StockState = (typeof STOCK_STATES)[number];

/** What a shelf still has when somebody should look after it. */
export const LOW_UNITS = 5;

export interface StockQuestion {
  /** A part of a SKU or of a title. */
  words?: string | undefined;
  /** A location's code. */
  location?: string | undefined;
  state?: StockState | undefined;
}

/** Where a page ended: the next one begins after it. */
export interface StockCursor {
  sku: string;
  location: string;
}

const LEVELS = sql`
  from catalog.variant v
  join catalog.product p on p.id = v.product_id
  join inventory.stock_level l on l.variant_id = v.id
  join inventory.location place on place.id = l.location_id`;

const IN_STATE: Record<StockState, RawBuilder<unknown>> = {
  short: sql`l.short > 0`,
  sold_out: sql`l.available = 0`,
  low: sql`l.available between 1 and ${sql.lit(LOW_UNITS)}`,
};

/** Levels with what they are and where, by SKU and location. */
export async function stockList(
  reads: Db,
  question: StockQuestion,
  { after, limit }: { after?: StockCursor | undefined; limit: number },
): Promise<StockRow[]> {
  const beyond = after ? [sql`(v.sku, place.code) > (${after.sku}, ${after.location})`] : [];
  const { rows } = await sql<StockRow>`
    select v.id as "variantId", v.sku, p.title, v.option_values as options, place.id as "locationId",
      place.code as "locationCode", place.name as "locationName", l.on_hand as "onHand", l.reserved, l.allocated,
      l.safety, l.available, l.short, l.damaged, l.value_minor as "valueMinor"
    ${LEVELS} where ${sql.join([...narrowed(question), ...beyond], sql` and `)}
    order by v.sku, place.code limit ${limit}`.execute(reads);
  return rows;
}

/** The sums over all levels that the question means, and how many they are. */
export async function stockSums(reads: Db, question: StockQuestion): Promise<StockSums & { levels: number }> {
  const { rows } = await sql<StockSums & { levels: number }>`
    select count(*)::integer as levels, ${sum('on_hand')} as "onHand", ${sum('reserved')} as reserved,
      ${sum('allocated')} as allocated, ${sum('safety')} as safety, ${sum('available')} as available,
      ${sum('short')} as short, ${sum('damaged')} as damaged, ${sum('value_minor')} as "valueMinor"
    ${LEVELS} where ${sql.join(narrowed(question), sql` and `)}`.execute(reads);
  const [sums] = rows;
  if (!sums) throw new Error('an aggregate has one row');
  return sums;
}

const sum = (column: string) => sql`coalesce(sum(l.${sql.ref(column)}), 0)::bigint`;

function narrowed({ words = '', location, state }: StockQuestion): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  const pattern = `%${words.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  if (pattern !== '%%') conditions.push(sql`(v.sku ilike ${pattern} or p.title ilike ${pattern})`);
  if (location) conditions.push(sql`place.code = ${location}`);
  if (state) conditions.push(IN_STATE[state]);
  return conditions;
}

/** What a variant is called. */
export interface VariantName {
  id: string;
  sku: string;
  title: string;
  options: string[];
  /** Null when the shop does not show it. */
  slug: string | null;
}

export async function variantNames(
  reads: Db,
  variantIds: readonly string[],
): Promise<Map<string, VariantName>> {
  const { rows } = await sql<VariantName>`
    select v.id, v.sku, p.title, v.option_values as options,
      case when p.publication = 'published' then p.slug end as slug
    from catalog.variant v join catalog.product p on p.id = v.product_id
    where v.id = any(${variantIds}::uuid[])`.execute(reads);
  return new Map(rows.map((row) => [row.id, row]));
}
