import pg from 'pg';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { isCurrency } from '#platform/money.ts';
import { type Actor, record } from '../identity/index.ts';
import { catalogErrors } from './errors.ts';
import { refuseUnknownMarket, WORLD } from './markets.ts';

/** Prices that begin, end and are changed together. */
export interface PriceListInput {
  name: string;
  currency: string;
  /** Where its prices hold: a region's code; without it the whole world. */
  marketCode?: string;
  /** Of two prices that hold at once the one of the higher counts, in one market; prices without a list have 0. */
  priority: number;
  validFrom: Date;
  validTo: Date | null;
}

export interface PriceList extends PriceListInput {
  id: string;
  marketCode: string;
  /** Of how many variants it has a price. */
  priceCount: number;
}

const LISTED = sql`
  select id, name, currency, market_code as "marketCode", priority, valid_from as "validFrom", valid_to as "validTo",
    (select count(*)::integer from catalog.offer o where o.price_list_id = l.id) as "priceCount"
  from catalog.price_list l`;

/** All of them, by currency and name. They are few. */
export async function priceLists(db: Db): Promise<PriceList[]> {
  const { rows } = await sql<PriceList>`${LISTED} order by currency, priority desc, name, id`.execute(db);
  return rows;
}

export async function priceListOf(db: Db, id: string): Promise<PriceList> {
  const { rows } = await sql<PriceList>`${LISTED} where id = ${id}`.execute(db);
  const [list] = rows;
  if (!list) throw catalogErrors.price_list_not_found({});
  return list;
}

/**
 * Writes a price list. Its region, dates and priority stand on its prices too, which change with it in one statement. The
 * currency of a list never changes: an amount would mean another.
 */
export async function putPriceList(tx: Tx, actor: Actor, id: string, list: PriceListInput): Promise<void> {
  const { name, currency, marketCode = WORLD, priority, validFrom, validTo } = list;
  if (!isCurrency(currency)) throw catalogErrors.currency_unknown({ currency });
  if (validTo !== null && validTo <= validFrom) throw catalogErrors.price_list_uneven({});
  await refuseUnknownMarket(tx, marketCode);
  const { rows: before } = await sql<{ stays: boolean }>`
    select market_code = ${marketCode} and priority = ${priority} and valid_from = ${validFrom} and valid_to is not distinct from ${validTo}::timestamptz
      as stays
    from catalog.price_list where id = ${id} for no key update`.execute(tx);
  const { rows } = await sql`
    insert into catalog.price_list (id, name, currency, market_code, priority, valid_from, valid_to)
    values (${id}, ${name}, ${currency}, ${marketCode}, ${priority}, ${validFrom}, ${validTo})
    on conflict (id) do update set name = excluded.name, market_code = excluded.market_code,
      priority = excluded.priority, valid_from = excluded.valid_from, valid_to = excluded.valid_to
    where price_list.currency = excluded.currency
    returning id`.execute(tx);
  if (rows.length === 0) throw catalogErrors.price_list_currency({});
  if (before[0]?.stays === false) await moveOffers(tx, id, { ...list, marketCode });
  await record(tx, actor, 'price_list_set', `price_list:${id}`, {
    currency,
    marketCode,
    priority,
    validFrom: validFrom.toISOString(),
    validTo: validTo?.toISOString() ?? '',
  });
}

async function moveOffers(
  tx: Tx,
  id: string,
  { marketCode, priority, validFrom, validTo }: Omit<PriceList, 'id' | 'priceCount'>,
): Promise<void> {
  try {
    await sql`
      update catalog.offer set market_code = ${marketCode}, priority = ${priority}, valid_from = ${validFrom}, valid_to = ${validTo}
      where price_list_id = ${id}`.execute(tx);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint === 'one_offer_at_a_time') {
      throw catalogErrors.price_list_overlaps({});
    }
    throw error;
  }
  // Of a long list many products change: the job makes their listings anew, in batches.
  await addJob(tx, 'catalog.refresh_listings', { priceListId: id }, newId());
}

/** A variant's price in a list. */
export interface ListedPrice {
  variantId: string;
  sku: string;
  title: string;
  options: string;
  amountMinor: number;
  compareAtMinor: number | null;
}

/** Prices of a list by SKU, from the one after `after` on; `like` begins a SKU or stands in a title. */
export async function listedPrices(
  db: Db,
  listId: string,
  { like = '', after = '', limit }: { like?: string; after?: string | undefined; limit: number },
): Promise<ListedPrice[]> {
  const pattern = like.replaceAll(/[\\%_]/g, '\\$&');
  const { rows } = await sql<ListedPrice>`
    select v.id as "variantId", v.sku, p.title, array_to_string(v.option_values, ', ') as options,
      o.amount_minor as "amountMinor", o.compare_at_minor as "compareAtMinor"
    from catalog.offer o
    join catalog.variant v on v.id = o.variant_id
    join catalog.product p on p.id = v.product_id
    where o.price_list_id = ${listId} and v.sku > ${after}
      and (${like} = '' or v.sku ilike ${`${pattern}%`} or p.title ilike ${`%${pattern}%`})
    order by v.sku limit ${limit}`.execute(db);
  return rows;
}
