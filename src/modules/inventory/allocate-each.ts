import { sql } from 'kysely';
import { stockRanOut } from '#events/inventory.ts';
import type { Tx } from '#platform/db.ts';
import { emitEach } from '#platform/events.ts';
import { inventoryErrors } from './errors.ts';
import { availableOf, type StockLine } from './movement.ts';

/** What goes to one order. */
export interface Allocation {
  /** Of its reservation, made by the caller: one that is there already is left out. */
  id: string;
  lines: readonly StockLine[];
}

/**
 * Allocates the units of many orders in one statement, as `reserve` and `settle` do for one: each has its reservation and its
 * two movements. All of them, or none: the first place that has not enough is refused.
 */
export async function allocateEach(tx: Tx, allocations: readonly Allocation[], at: Date): Promise<void> {
  const lines = allocations.flatMap(({ id, lines: wanted }) => wanted.map((line) => ({ ...line, id })));
  if (lines.length === 0) return;
  const { rows } = await sql<AllocatedLevel>`
    with line as (
      select * from unnest(${lines.map(({ id }) => id)}::uuid[], ${lines.map(({ variantId }) => variantId)}::uuid[],
        ${lines.map(({ locationId }) => locationId)}::uuid[], ${lines.map(({ quantity }) => quantity)}::integer[])
        as line (id, variant_id, location_id, quantity)
    ), held as (
      insert into inventory.reservation (id, expires_at, state) select distinct id, ${at}::timestamptz,
        'allocated'::inventory.reservation_state from line
      on conflict do nothing returning id
    ), wanted as (
      select variant_id, location_id, sum(quantity)::integer as quantity from line join held using (id) group by 1, 2
    ), locked as materialized ( -- each row as it stands once it is ours
      select variant_id, location_id, level.allocated, level.available, wanted.quantity
      from wanted join inventory.stock_level as level using (variant_id, location_id)
      order by variant_id, location_id
      for update of level
    ), moved as ( -- only from what was locked: the row that an update finds first may be older, and its checks see that one
      update inventory.stock_level as level set allocated = locked.allocated + locked.quantity
      from locked
      where level.variant_id = locked.variant_id and level.location_id = locked.location_id
        and locked.available >= locked.quantity
      returning level.variant_id, level.location_id, level.available
    ), written as (
      insert into inventory.stock_movement (kind, cause_id, variant_id, location_id, on_hand_delta, reserved_delta,
        allocated_delta, damaged_delta, value_delta_minor, reason, moved_at)
      select kind, id, variant_id, location_id, 0, reserved * quantity, allocated * quantity, 0, 0, '', now()
      from (select id, variant_id, location_id, sum(quantity)::integer as quantity from line join held using (id)
        group by 1, 2, 3) as each
      cross join (values ('reserve'::inventory.movement_kind, 1, 0), ('allocate', -1, 1)) as moves (kind, reserved, allocated)
      order by id, variant_id, location_id, reserved desc
    )
    select variant_id as "variantId", location_id as "locationId", wanted.quantity as wanted,
      moved.variant_id is not null as "isMoved", moved.available = 0 as "hasRunOut"
    from wanted left join moved using (variant_id, location_id) order by variant_id, location_id`.execute(tx);
  const missing = rows.find(({ isMoved }) => !isMoved);
  if (missing) {
    const { variantId, locationId, wanted } = missing;
    const available = await availableOf(tx, variantId, locationId);
    throw inventoryErrors.insufficient_stock({ variantId, locationId, wanted, available });
  }
  const ranOut = rows.filter(({ hasRunOut }) => hasRunOut);
  await emitEach(
    tx,
    stockRanOut,
    ranOut.map(({ variantId, locationId }) => ({ variantId, locationId })),
  );
}

interface AllocatedLevel {
  variantId: string;
  locationId: string;
  wanted: number;
  isMoved: boolean;
  /** It had some before: units are taken of what is free. */
  hasRunOut: boolean;
}
