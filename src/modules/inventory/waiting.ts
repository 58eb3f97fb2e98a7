import { sql } from 'kysely';
import { stockForWaiting } from '#events/inventory.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { inventoryErrors } from './errors.ts';
import { lockLevels, type MovementLine, type StockLine } from './movement.ts';
import { own } from './own.ts';
import { dayOf, placesToServe } from './selling-rules.ts';

/*
 * Units that are promised and not here. Whoever changes them locks the variant's rule first, then its level, then who
 * waits; several variants in the order of their ids.
 */

/** Counts units that are to wait, before their level is touched. Refused where fewer may still be promised. */
export async function promiseAhead(tx: Tx, lines: readonly MovementLine[]): Promise<void> {
  const wanted = unitsBy(lines.map((line) => ({ ...line, quantity: line.waits ?? 0 })));
  if (wanted.size === 0) return;
  const { rows } = await sql<{ variantId: string }>`
    with locked as materialized (
      select rule.variant_id, units from inventory.selling_rule as rule
      join unnest(${[...wanted.keys()]}::uuid[], ${[...wanted.values()]}::integer[]) as wanted (variant_id, units)
        on wanted.variant_id = rule.variant_id
      order by rule.variant_id for update of rule
    )
    update inventory.selling_rule as rule set promised = promised + units from locked
    where rule.variant_id = locked.variant_id and promised + units <= units_max and kind <> 'from_stock'
    returning rule.variant_id as "variantId"`.execute(tx);
  const counted = new Set(rows.map(({ variantId }) => variantId));
  const refused = lines.find(({ variantId, waits = 0 }) => waits > 0 && !counted.has(variantId));
  if (!refused) return;
  const { variantId, locationId, quantity } = refused;
  throw inventoryErrors.insufficient_stock({ variantId, locationId, wanted: quantity, available: 0 });
}

/** Writes down who waits, when their reservation stands. */
export async function noteWaiting(tx: Tx, reservationId: string, lines: readonly MovementLine[]) {
  const summed = new Map<string, StockLine>();
  for (const { variantId, locationId, waits = 0 } of lines) {
    const key = `${variantId} ${locationId}`;
    const quantity = waits + (summed.get(key)?.quantity ?? 0);
    if (quantity > 0) summed.set(key, { variantId, locationId, quantity });
  }
  if (summed.size === 0) return;
  const rows = [...summed.values()].map(({ variantId, locationId, quantity }) => ({
    reservation_id: reservationId,
    variant_id: variantId,
    location_id: locationId,
    quantity,
  }));
  await own(tx).insertInto('inventory.waiting').values(rows).execute();
}

/**
 * Lets units of a reservation go: those that still wait first, and each frees its place at once. Whoever calls then moves
 * the stock. Without `lines` all that wait go.
 */
export async function stopWaiting(
  tx: Tx,
  reservationId: string,
  lines?: readonly StockLine[],
): Promise<void> {
  const waiting = await waitingIn(tx, [reservationId]);
  if (waiting.length === 0) return;
  const gone = lines ?? waiting.map((each) => ({ ...each, quantity: each.open }));
  await lockRules(
    tx,
    gone.map(({ variantId }) => variantId),
  );
  const { rows } = await sql<{ variantId: string; quantity: number }>`
    with told as (
      select * from unnest(${gone.map(({ variantId }) => variantId)}::uuid[],
        ${gone.map(({ locationId }) => locationId)}::uuid[],
        ${gone.map(({ quantity }) => quantity)}::integer[]) as told (variant_id, location_id, units)
    ), locked as materialized (
      select reservation_id, variant_id, location_id, least(units, each.quantity - served - freed) as units
      from inventory.waiting as each join told using (variant_id, location_id)
      where reservation_id = ${reservationId} and each.quantity > served + freed
      order by variant_id, location_id for update of each
    )
    update inventory.waiting as each set freed = freed + units from locked
    where each.reservation_id = locked.reservation_id and each.variant_id = locked.variant_id
      and each.location_id = locked.location_id
    returning each.variant_id as "variantId", units as quantity`.execute(tx);
  await countDown(tx, rows);
}

/** Units for which goods have come. */
interface Served extends StockLine {
  reservationId: string;
}

/** Gives what lies at a place to those who wait for it, who ordered first before the rest. Each unit is given once. */
export async function serveWaiting(
  tx: Tx,
  place: Pick<StockLine, 'variantId' | 'locationId'>,
  now: Date,
): Promise<Served[]> {
  const { variantId, locationId } = place;
  const [rule] = await lockRules(tx, [variantId]);
  if (!rule || (rule.kind === 'pre_order' && (rule.releaseOn ?? '') > dayOf(now))) return [];
  await lockLevels(tx, [place]);
  const { rows } = await sql<Served>`
    with level as (
      select on_hand - safety - reserved - allocated + (
        select coalesce(sum(open), 0) from inventory.waiting
        where variant_id = ${variantId} and location_id = ${locationId} and quantity > served + freed) as goods
      from inventory.stock_level where variant_id = ${variantId} and location_id = ${locationId}
    ), line as ( -- a reservation that is not an order yet keeps its place in the row, and gets nothing
      select reservation_id, open, sum(open) over (order by position) - open as before
      from inventory.waiting join inventory.reservation on reservation.id = reservation_id and state = 'allocated'
      where variant_id = ${variantId} and location_id = ${locationId} and quantity > served + freed
    )
    update inventory.waiting as each set served = served + least(line.open, goods - before)
    from line, level
    where each.reservation_id = line.reservation_id and each.variant_id = ${variantId}
      and each.location_id = ${locationId} and goods > before
    returning each.reservation_id as "reservationId", each.variant_id as "variantId",
      each.location_id as "locationId", least(line.open, goods - before)::integer as quantity`.execute(tx);
  await countDown(tx, rows);
  return rows;
}

interface Waiting {
  reservationId: string;
  variantId: string;
  locationId: string;
  /** Units that still wait. */
  open: number;
}

/** What still waits of these reservations. */
export const waitingIn = (db: Db, reservationIds: readonly string[]): Promise<Waiting[]> =>
  own(db)
    .selectFrom('inventory.waiting')
    .select([
      'reservation_id as reservationId',
      'variant_id as variantId',
      'location_id as locationId',
      'open',
    ])
    .where('reservation_id', 'in', [...reservationIds])
    .where('open', '>', 0)
    .orderBy('variant_id')
    .orderBy('location_id')
    .execute();

/** Orders that wait for a variant at other places than this, who reserved first on top. */
export async function waitingElsewhere(
  db: Db,
  { variantId, locationId }: Pick<StockLine, 'variantId' | 'locationId'>,
  limit: number,
): Promise<{ reservationId: string; locationId: string }[]> {
  const { rows } = await sql<{ reservationId: string; locationId: string }>`
    select reservation_id as "reservationId", location_id as "locationId"
    from inventory.waiting join inventory.reservation on reservation.id = reservation_id and state = 'allocated'
    where variant_id = ${variantId} and location_id <> ${locationId} and quantity > served + freed
    order by position limit ${limit}`.execute(db);
  return rows;
}

/** Job: on the day of a release its goods may be there already. */
export async function announceReleased({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await inTransaction(db, async (tx) => {
    for (const place of await placesToServe(tx, dayOf(now()))) await emit(tx, stockForWaiting, place);
  });
}

/** The first lock of whoever changes what waits of these variants. */
export const lockRules = (tx: Tx, variantIds: readonly string[]) =>
  own(tx)
    .selectFrom('inventory.selling_rule')
    .select(['variant_id as variantId', 'kind', 'release_on as releaseOn'])
    .where('variant_id', 'in', [...new Set(variantIds)])
    .orderBy('variant_id')
    .forUpdate()
    .execute();

async function countDown(tx: Tx, lines: readonly Pick<StockLine, 'variantId' | 'quantity'>[]): Promise<void> {
  const gone = unitsBy(lines);
  if (gone.size === 0) return;
  await sql`
    update inventory.selling_rule as rule set promised = promised - units
    from unnest(${[...gone.keys()]}::uuid[], ${[...gone.values()]}::integer[]) as gone (variant_id, units)
    where rule.variant_id = gone.variant_id`.execute(tx);
}

function unitsBy(lines: readonly Pick<StockLine, 'variantId' | 'quantity'>[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { variantId, quantity } of lines)
    if (quantity > 0) units.set(variantId, quantity + (units.get(variantId) ?? 0));
  return units;
}
