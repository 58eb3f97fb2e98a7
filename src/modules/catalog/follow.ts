import { type RawBuilder, sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { stockCameIn, stockRanOut } from '#events/inventory.ts';
import { orderPlaced } from '#events/orders.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { type Subscriber, subscribe, subscribeToLots, type Told } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { refreshListings } from './listing.ts';

const BATCH = 500;
/** A job's run ends after so many batches; the next run goes on. */
const BATCHES_MAX = 400;

export const subscribers: Subscriber[] = [
  subscribe(stockRanOut, 'catalog.show_out_of_stock', (tx, place, eventId) =>
    setAvailable(tx, place, false, eventId),
  ),
  subscribe(stockCameIn, 'catalog.show_in_stock', (tx, place, eventId) =>
    setAvailable(tx, place, true, eventId),
  ),
  subscribeToLots(orderPlaced, 'catalog.count_units_sold', countUnitsSold),
];

interface Place {
  variantId: string;
  locationId: string;
}

/** Events may come in any order: ids grow with time, and only a newer one changes what is known. */
async function setAvailable(tx: Tx, place: Place, isAvailable: boolean, eventId: string): Promise<void> {
  const { rows } = await sql<{ product_id: string }>`
    with changed as (
      insert into catalog.variant_availability as a (variant_id, location_id, is_available, event_id)
      select id, ${place.locationId}, ${isAvailable}, ${eventId} from catalog.variant where id = ${place.variantId}
      on conflict (variant_id, location_id) do update
        set is_available = excluded.is_available, event_id = excluded.event_id
        where a.event_id < excluded.event_id
      returning variant_id
    )
    select v.product_id from changed join catalog.variant v on v.id = changed.variant_id`.execute(tx);
  await refreshListings(
    tx,
    rows.map((row) => row.product_id),
  );
}

interface SoldLine {
  productId: string | null;
  quantity: number;
}

/** The products in the order of their ids: of several lots at once none waits for one that waits for it. */
async function countUnitsSold(tx: Tx, orders: readonly Told<{ lines: SoldLine[] }>[]): Promise<void> {
  const lines = orders
    .flatMap(({ payload }) => payload.lines)
    .filter(({ productId, quantity }) => productId !== null && quantity > 0);
  await sql`
    insert into catalog.popularity as p (product_id, units_sold)
    select id, sum(quantity)
    from unnest(${lines.map((line) => line.productId)}::uuid[], ${lines.map((line) => line.quantity)}::integer[])
      as sold (product_id, quantity)
    join catalog.product on id = sold.product_id
    group by id order by id
    on conflict (product_id) do update set units_sold = p.units_sold + excluded.units_sold, is_listed = false`.execute(
    tx,
  );
}

/** Job, each minute. Begins and ends offers in lists when the clock does. */
export async function followClock(deps: Deps): Promise<void> {
  const due = sql`select product_id as id from catalog.product_listing where price_ends_at <= ${deps.now()}`;
  await refreshInBatches(deps, due);
}

/** Job. Carries the units sold into the lists' order: every few minutes, not at every sale. */
export async function followSales(deps: Deps): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const count = await inTransaction(deps.db, async (tx) => {
      const { rows } = await sql<{ product_id: string }>`
        update catalog.popularity set is_listed = true
        where product_id in (
          select product_id from catalog.popularity where not is_listed
          order by product_id limit ${BATCH} for update skip locked)
        returning product_id`.execute(tx);
      await refreshListings(
        tx,
        rows.map((row) => row.product_id),
        deps.now(),
      );
      return rows.length;
    });
    if (count < BATCH) return;
  }
}

const Changed = Type.Object({
  brandId: Type.Optional(Type.String()),
  categoryId: Type.Optional(Type.String()),
  attributeId: Type.Optional(Type.String()),
  priceListId: Type.Optional(Type.String()),
  after: Type.Optional(Type.String()),
});

/** Job. Makes the listings anew of all products of a brand, of a category and those below it, with an attribute, or on a price list. */
export async function refreshChanged(deps: Deps, payload: unknown): Promise<void> {
  const { brandId, categoryId, attributeId, priceListId } = Value.Parse(Changed, payload);
  let of = sql`select product_id as id from catalog.product_attribute where attribute_id = ${attributeId ?? null}`;
  if (brandId !== undefined) of = sql`select id from catalog.product where brand_id = ${brandId}`;
  if (priceListId !== undefined) {
    of = sql`
      select distinct v.product_id as id from catalog.offer o join catalog.variant v on v.id = o.variant_id
      where o.price_list_id = ${priceListId}`;
  }
  if (categoryId !== undefined) {
    of = sql`
      select p.id from catalog.product p join catalog.category_path w on w.category_id = p.category_id
      where (select slug from catalog.category where id = ${categoryId}) = any(w.slugs)`;
  }
  await refreshInBatches(deps, of);
}

/** Each batch is a transaction of its own, so that a long list holds no locks. */
async function refreshInBatches({ db, now }: Deps, which: RawBuilder<unknown>): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const last = await inTransaction(db, async (tx) => {
      const { rows } = await sql<{ id: string }>`
        select id from (${which}) which where id > ${after} order by id limit ${BATCH}`.execute(tx);
      await refreshListings(
        tx,
        rows.map((row) => row.id),
        now(),
      );
      return rows.at(-1)?.id;
    });
    if (last === undefined) return;
    after = last;
  }
}

/** Job. Folds the counts' rows together: their sums are what counts, and few rows are summed faster. */
export async function foldCounts({ db }: Deps): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const { rows } = await sql<{ folded: number }>`
      with split as (
        select scope, facet from catalog.scope_count group by scope, facet having count(*) > 1 limit 5000
      ), gone as (
        delete from catalog.scope_count c using split s where c.scope = s.scope and c.facet = s.facet
        returning c.scope, c.facet, c.product_count
      ), folded as (
        insert into catalog.scope_count
        select scope, facet, sum(product_count) from gone group by scope, facet having sum(product_count) <> 0
      )
      select count(*)::integer as folded from gone`.execute(db);
    if ((rows[0]?.folded ?? 0) === 0) return;
  }
}
