import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What a variant has and needs at a place. */
export interface PlaceFlow {
  variantId: string;
  locationId: string;
  countryCode: string;
  available: number;
  /** On its way there, by purchases and transfers. */
  incoming: number;
  /** Units that left it for buyers since the day asked for. */
  shipped: number;
}

/**
 * Variants of which one place has none left though it has sent some, and another has some: with all of their places. Places
 * of suppliers, and such as send nothing, are left out: nobody moves stock there.
 */
export async function unevenStock(
  db: Db,
  { since, variantsMax }: { since: Date; variantsMax: number },
): Promise<PlaceFlow[]> {
  const { rows } = await sql<PlaceFlow>`
    with shipped as (
      select variant_id, location_id, -sum(on_hand_delta)::integer as units
      from inventory.stock_movement where kind = 'ship' and moved_at >= ${since}
      group by variant_id, location_id
    ), place as (
      select level.variant_id, level.location_id, country_code, available, coalesce(units, 0) as shipped
      from inventory.stock_level level
      join inventory.location location on location.id = location_id and is_active and kind <> 'supplier'
      left join shipped on shipped.variant_id = level.variant_id and shipped.location_id = level.location_id
    ), chosen as (
      select variant_id from place group by variant_id
      having bool_or(available = 0 and shipped > 0) and bool_or(available > 0)
      order by max(shipped) filter (where available = 0) desc, variant_id limit ${variantsMax}
    ), coming as (
      select variant_id, location_id, sum(units)::integer as units from (
        select line.variant_id, purchase.location_id, greatest(0, quantity - received_quantity) as units
        from inventory.purchase_line line join inventory.purchase purchase on purchase.id = purchase_id
        where closed_at is null
        union all
        select line.variant_id, transfer.to_location_id, quantity
        from inventory.transfer_line line join inventory.transfer transfer on transfer.id = transfer_id
        where transfer.state = 'sent'
      ) as each group by variant_id, location_id
    )
    select place.variant_id as "variantId", place.location_id as "locationId", country_code as "countryCode",
      available, shipped, coalesce(coming.units, 0) as incoming
    from place join chosen on chosen.variant_id = place.variant_id
    left join coming on coming.variant_id = place.variant_id and coming.location_id = place.location_id
    order by place.variant_id, place.location_id`.execute(db);
  return rows;
}

/** Where counts found fewer units than the books said. */
export interface Miscount {
  variantId: string;
  locationId: string;
  countryCode: string;
  counts: number;
  /** Of one count, and of all together. */
  lossMost: number;
  lossTotal: number;
  safety: number;
}

/** Variants of which at least two counts at a place found fewer than the books said by more than is kept back there. */
export async function miscounts(
  db: Db,
  { since, limit }: { since: Date; limit: number },
): Promise<Miscount[]> {
  const { rows } = await sql<Miscount>`
    select variant_id as "variantId", location_id as "locationId", country_code as "countryCode", counts,
      most as "lossMost", total as "lossTotal", safety
    from (
      select variant_id, location_id, count(*)::integer as counts, max(-on_hand_delta)::integer as most,
        -sum(on_hand_delta)::integer as total
      from inventory.stock_movement
      where kind = 'count' and on_hand_delta < 0 and moved_at >= ${since}
      group by variant_id, location_id having count(*) >= 2
    ) as found
    join inventory.stock_level using (variant_id, location_id)
    join inventory.location location on location.id = location_id and is_active and location.kind <> 'supplier'
    where most > safety
    order by total desc, variant_id, location_id limit ${limit}`.execute(db);
  return rows;
}
