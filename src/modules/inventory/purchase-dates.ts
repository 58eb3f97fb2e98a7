import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { purchaseDateMoved } from '#events/inventory.ts';
import { addDays } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { inventoryErrors } from './errors.ts';
import { own } from './own.ts';
import { dayOf } from './selling-rules.ts';

/** A purchase that comes on another day than was thought. */
export interface DateChange {
  id: string;
  purchaseId: string;
  /** YYYY-MM-DD */
  expectedOn: string;
  reason: string;
  actorId?: string;
}

export const DATE_REASON_MAX = 200;
/** How far ahead a purchase may be expected. */
const AHEAD_DAYS_MAX = 730;

/** From now on the purchase is expected then. The same change again is a retry; the day that it has changes nothing. */
export async function expectPurchase(tx: Tx, change: DateChange, now: Date): Promise<void> {
  const { id, purchaseId, expectedOn, reason, actorId = null } = change;
  const today = dayOf(now);
  if (expectedOn < today || expectedOn > addDays(today, AHEAD_DAYS_MAX))
    throw inventoryErrors.date_not_ahead({ expectedOn });
  const purchase = await own(tx)
    .selectFrom('inventory.purchase')
    .select(['expected_on as before', 'closed_at as closedAt'])
    .where('id', '=', purchaseId)
    .forUpdate()
    .executeTakeFirst();
  if (!purchase) throw inventoryErrors.purchase_not_found({ purchaseId });
  const known = await own(tx)
    .selectFrom('inventory.purchase_date')
    .select(['purchase_id as purchaseId', 'expected_on as expectedOn', 'reason'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (known) {
    if (isDeepStrictEqual(known, { purchaseId, expectedOn, reason })) return;
    throw inventoryErrors.date_differs({ dateId: id });
  }
  if (purchase.closedAt) throw inventoryErrors.purchase_closed({ purchaseId });
  if (purchase.before === expectedOn) return;
  await own(tx)
    .insertInto('inventory.purchase_date')
    .values({
      id,
      purchase_id: purchaseId,
      expected_before: purchase.before,
      expected_on: expectedOn,
      reason,
      actor_id: actorId,
      changed_at: now,
    })
    .execute();
  await own(tx)
    .updateTable('inventory.purchase')
    .set({ expected_on: expectedOn })
    .where('id', '=', purchaseId)
    .execute();
  await emit(tx, purchaseDateMoved, { dateId: id, purchaseId, expectedBefore: purchase.before, expectedOn });
}

export interface PurchaseDate {
  id: string;
  /** YYYY-MM-DD */
  expectedBefore: string;
  expectedOn: string;
  reason: string;
  actorId: string | null;
  changedAt: Date;
}

const DATES_MAX = 200;

/** How often a purchase was expected anew, the newest first. */
export const purchaseDatesOf = (db: Db, purchaseId: string): Promise<PurchaseDate[]> =>
  own(db)
    .selectFrom('inventory.purchase_date')
    .select([
      'id',
      'expected_before as expectedBefore',
      'expected_on as expectedOn',
      'reason',
      'actor_id as actorId',
      'changed_at as changedAt',
    ])
    .where('purchase_id', '=', purchaseId)
    .orderBy('changed_at', 'desc')
    .orderBy('id')
    .limit(DATES_MAX)
    .execute();

/** A change as whoever made promises by the old day needs it. */
export interface MovedDate extends Pick<PurchaseDate, 'id' | 'expectedBefore' | 'reason' | 'changedAt'> {
  purchaseId: string;
  locationId: string;
  variantIds: string[];
}

/** Changes by their ids; or those of what comes to these places, made since then. */
export async function movedDates(
  db: Db,
  of: { ids: readonly string[] } | { places: readonly Place[]; since: Date },
): Promise<MovedDate[]> {
  const which =
    'ids' in of
      ? sql`each.id = any(${of.ids}::uuid[])`
      : sql`changed_at >= ${of.since} and exists (
          select from inventory.purchase_line
          join unnest(${of.places.map(({ variantId }) => variantId)}::uuid[],
            ${of.places.map(({ locationId }) => locationId)}::uuid[]) as place (variant_id, location_id)
            on place.variant_id = purchase_line.variant_id
          where purchase_line.purchase_id = each.purchase_id and place.location_id = purchase.location_id)`;
  const { rows } = await sql<MovedDate>`
    select each.id, each.purchase_id as "purchaseId", expected_before as "expectedBefore", reason,
      changed_at as "changedAt", location_id as "locationId",
      array(select variant_id from inventory.purchase_line where purchase_id = each.purchase_id
        order by variant_id) as "variantIds"
    from inventory.purchase_date as each join inventory.purchase on purchase.id = purchase_id
    where ${which} order by changed_at, each.id`.execute(db);
  return rows;
}

interface Place {
  variantId: string;
  locationId: string;
}
