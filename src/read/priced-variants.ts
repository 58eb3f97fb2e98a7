import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** A price that holds, with where its variant stands and what is there of it. */
export interface PricedVariant {
  variantId: string;
  offerId: string;
  marketCode: string;
  amountMinor: number;
  compareAtMinor: number | null;
  /** Slugs of its category from the top with `/` between, empty where it stands in none. */
  category: string;
  /** Of a piece on average; null where nobody knows. */
  costMinor: number | null;
  available: number;
  incoming: number;
  /** What lay in all places at each of the moments asked for. */
  onHand: number[];
}

/** The prices of variants that hold in a currency without a promotion, in each market the one that counts, with the stock behind them. */
export async function pricedVariants(
  reads: Db,
  {
    variantIds,
    currency,
    at,
    moments,
  }: { variantIds: readonly string[]; currency: string; at: Date; moments: readonly Date[] },
): Promise<PricedVariant[]> {
  const { rows } = await sql<PricedVariant>`
    with asked as (select unnest(${variantIds}::uuid[]) as variant_id),
    offer as (
      select distinct on (variant_id, market_code) id, variant_id, market_code, amount_minor, compare_at_minor
      from catalog.offer join asked using (variant_id)
      where currency = ${currency} and valid_from <= ${at} and (valid_to is null or valid_to > ${at})
      order by variant_id, market_code, priority desc
    ), place as (
      select variant_id, location_id, on_hand, available, value_minor from inventory.stock_level
      join asked using (variant_id)
      join inventory.location location on location.id = location_id and is_active and kind <> 'supplier'
    ), stock as (
      select variant_id, sum(available)::integer as available, sum(on_hand)::integer as on_hand,
        round(sum(value_minor) filter (where value_minor > 0)
          / nullif(sum(on_hand) filter (where value_minor > 0), 0))::bigint as cost
      from place group by variant_id
    ), coming as (
      select variant_id, sum(greatest(0, quantity - received_quantity))::integer as units
      from inventory.purchase_line line join asked using (variant_id)
      join inventory.purchase purchase on purchase.id = purchase_id
      where closed_at is null group by variant_id
    )
    select offer.variant_id as "variantId", offer.id as "offerId", market_code as "marketCode",
      amount_minor as "amountMinor", compare_at_minor as "compareAtMinor",
      coalesce(array_to_string(tree.slugs, '/'), '') as category, stock.cost as "costMinor",
      coalesce(stock.available, 0) as available, coalesce(coming.units, 0) as incoming,
      array(
        select (coalesce(stock.on_hand, 0) - coalesce((
          select sum(on_hand_delta) from inventory.stock_movement movement
          join place on place.variant_id = movement.variant_id and place.location_id = movement.location_id
          where movement.variant_id = offer.variant_id and moved_at > moment), 0))::integer
        from unnest(${moments.map((moment) => moment.toISOString())}::timestamptz[]) with ordinality as m (moment, nth)
        order by nth) as "onHand"
    from offer
    join catalog.variant v on v.id = offer.variant_id
    join catalog.product p on p.id = v.product_id and p.publication = 'published'
    left join catalog.category_path tree on tree.category_id = p.category_id
    left join stock on stock.variant_id = offer.variant_id
    left join coming on coming.variant_id = offer.variant_id
    order by offer.variant_id, market_code`.execute(reads);
  return rows;
}

/** A sample of what the shop asks for its goods now, which says how its prices end. */
export async function amountsAsked(reads: Db, currency: string, at: Date, limit: number): Promise<number[]> {
  const { rows } = await sql<{ amount: number }>`
    select amount_minor as amount from catalog.offer
    where currency = ${currency} and valid_from <= ${at} and (valid_to is null or valid_to > ${at})
    order by id limit ${limit}`.execute(reads);
  return rows.map(({ amount }) => amount);
}
