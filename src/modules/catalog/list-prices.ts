import { sql } from 'kysely';
import type { Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { type Actor, record } from '../identity/index.ts';
import { catalogErrors } from './errors.ts';
import { refreshListings } from './listing.ts';

/** What a variant is to cost in a list; without an amount it has no price in it any more. */
export interface PriceLine {
  sku: string;
  amountMinor: number | null;
  compareAtMinor?: number | null;
}

/** More is a slip of the hand. */
export const PRICE_MAX_MINOR = 10 ** 12;
export const PRICE_SKU_MAX = 64;

export const PRICE_REFUSALS = [
  'sku_unknown',
  'sku_twice',
  'not_sold_any_more',
  'not_below_before',
  'priced_otherwise',
] as const;
export type PriceRefusal = (typeof PRICE_REFUSALS)[number];
export const PRICE_OUTCOMES = ['added', 'changed', 'removed', 'same', 'refused'] as const;

/** What came, or would come, of a line. */
export interface PriceOutcome {
  sku: string;
  outcome: (typeof PRICE_OUTCOMES)[number];
  refusal: PriceRefusal | null;
  /** What the list said before; null when nothing. */
  beforeMinor: number | null;
  amountMinor: number | null;
}

interface Found {
  sku: string;
  variantId: string;
  productId: string;
  isArchived: boolean;
  beforeMinor: number | null;
  compareBeforeMinor: number | null;
  /** Another price of the same currency, time and priority. */
  isOtherwise: boolean;
}

/**
 * Sets prices of a list, each line by itself: what can't be set is told and the others stand. `isTried` writes nothing
 * and tells the same. Setting what is set already is a retry.
 */
export async function setPrices(
  tx: Tx,
  actor: Actor,
  listId: string,
  lines: readonly PriceLine[],
  { now, isTried = false }: { now: Date; isTried?: boolean },
): Promise<PriceOutcome[]> {
  const { rows: lists } = await sql`
    select from catalog.price_list where id = ${listId} for no key update`.execute(tx);
  if (lists.length === 0) throw catalogErrors.price_list_not_found({});
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  await lockProducts(tx, skus);
  const found = await foundBySku(tx, listId, skus);
  const seen = new Set<string>();
  const outcomes = lines.map((line): PriceOutcome => {
    const known = found.get(line.sku);
    const refusal = refusalOf(line, known, seen.has(line.sku));
    seen.add(line.sku);
    const beforeMinor = known?.beforeMinor ?? null;
    const outcome = refusal ? 'refused' : outcomeOf(line, known);
    return { sku: line.sku, outcome, refusal, beforeMinor, amountMinor: line.amountMinor };
  });
  if (!isTried) await write(tx, actor, listId, { lines, outcomes, found, now });
  return outcomes;
}

/** One who sets a price waits here for another who sets one of the same product. */
const lockProducts = (tx: Tx, skus: readonly string[]) =>
  sql`
    select from catalog.product
    where id in (select product_id from catalog.variant where sku = any(${skus}::text[]))
    order by id for no key update`.execute(tx);

async function foundBySku(tx: Tx, listId: string, skus: readonly string[]): Promise<Map<string, Found>> {
  const { rows } = await sql<Found>`
    select v.sku, v.id as "variantId", v.product_id as "productId", p.publication = 'archived' as "isArchived",
      o.amount_minor as "beforeMinor", o.compare_at_minor as "compareBeforeMinor",
      exists (select from catalog.offer other
        where other.variant_id = v.id and other.currency = l.currency and other.market_code = l.market_code
          and other.priority = l.priority and other.price_list_id is distinct from l.id
          and tstzrange(other.valid_from, other.valid_to) && tstzrange(l.valid_from, l.valid_to)) as "isOtherwise"
    from catalog.variant v
    join catalog.product p on p.id = v.product_id
    join catalog.price_list l on l.id = ${listId}
    left join catalog.offer o on o.variant_id = v.id and o.price_list_id = l.id
    where v.sku = any(${skus}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.sku, row]));
}

function refusalOf(line: PriceLine, known: Found | undefined, isTwice: boolean): PriceRefusal | null {
  const { amountMinor, compareAtMinor = null } = line;
  if (!known) return 'sku_unknown';
  if (isTwice) return 'sku_twice';
  if (amountMinor === null) return null;
  if (known.isArchived) return 'not_sold_any_more';
  if (compareAtMinor !== null && compareAtMinor <= amountMinor) return 'not_below_before';
  return known.isOtherwise ? 'priced_otherwise' : null;
}

function outcomeOf({ amountMinor, compareAtMinor = null }: PriceLine, known: Found | undefined) {
  const before = known?.beforeMinor ?? null;
  if (amountMinor === null) return before === null ? 'same' : 'removed';
  if (before === null) return 'added';
  return before === amountMinor && known?.compareBeforeMinor === compareAtMinor ? 'same' : 'changed';
}

/** A list has one price of a variant, so that setting it again finds it. */
export const listedOfferId = (listId: string, variantId: string): string =>
  idOf('catalog:offer', `${listId} ${variantId}`);

interface Written {
  lines: readonly PriceLine[];
  outcomes: readonly PriceOutcome[];
  found: ReadonlyMap<string, Found>;
  now: Date;
}

async function write(tx: Tx, actor: Actor, listId: string, { lines, outcomes, found, now }: Written) {
  const changed = lines.flatMap((line, n) => {
    const known = found.get(line.sku);
    const outcome = outcomes[n]?.outcome;
    return known && outcome && ['added', 'changed', 'removed'].includes(outcome)
      ? [{ line, known, outcome }]
      : [];
  });
  if (changed.length === 0) return;
  const gone = changed.filter(({ outcome }) => outcome === 'removed').map(({ known }) => known.variantId);
  const set = changed.filter(({ outcome }) => outcome !== 'removed');
  await sql`
    delete from catalog.offer where price_list_id = ${listId} and variant_id = any(${gone}::uuid[])`.execute(
    tx,
  );
  const ids = set.map(({ known }) => listedOfferId(listId, known.variantId));
  await sql`
    insert into catalog.offer (id, variant_id, currency, market_code, amount_minor, compare_at_minor, valid_from,
      valid_to, price_list_id, priority)
    select given.id, given.variant_id, l.currency, l.market_code, given.amount, given.compare, l.valid_from, l.valid_to,
      l.id, l.priority
    from unnest(${ids}::uuid[], ${set.map(({ known }) => known.variantId)}::uuid[],
        ${set.map(({ line }) => line.amountMinor)}::bigint[],
        ${set.map(({ line }) => line.compareAtMinor ?? null)}::bigint[]) as given (id, variant_id, amount, compare)
    join catalog.price_list l on l.id = ${listId}
    on conflict (id) do update
      set amount_minor = excluded.amount_minor, compare_at_minor = excluded.compare_at_minor`.execute(tx);
  await refreshListings(
    tx,
    changed.map(({ known }) => known.productId),
    now,
  );
  const count = (wanted: string) => changed.filter(({ outcome }) => outcome === wanted).length;
  const counts = { added: count('added'), changed: count('changed'), removed: count('removed') };
  const [only] = changed;
  const one = changed.length === 1 && only ? { sku: only.line.sku, ...amountsOf(only) } : {};
  await record(tx, actor, 'prices_set', `price_list:${listId}`, { ...counts, ...one });
}

/** As the trail tells of a single price. */
const amountsOf = ({ line, known }: { line: PriceLine; known: Found }) => ({
  ...(known.beforeMinor !== null && { beforeMinor: known.beforeMinor }),
  ...(line.amountMinor !== null && { amountMinor: line.amountMinor }),
});
