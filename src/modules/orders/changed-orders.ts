import { sql } from 'kysely';
import { orderRecorded } from '#events/orders.ts';
import type { Db } from '#platform/db.ts';
import { type OrderPage, type Paging, summaries } from './order.ts';

/** A transaction that was begun so long before another does not commit after it. */
const OVERLAP_MINUTES = 10;

/**
 * The orders that events tell something of since a moment, as they are now: the one that was told of longest ago
 * first. The cursor is where in the event table the page ends, and is always there: asked for again later, the list
 * goes on with what happened meanwhile. Orders of the past, which were imported, are not news. Like the followers it reads only what no transaction can come before any more.
 */
export async function changedOrders(db: Db, since: Date, { limit, cursor }: Paging): Promise<OrderPage> {
  const [position, eventId] = cursor?.split('_') ?? (await startOf(db, since));
  const { rows } = await sql<{ orderId: string | null; position: string; id: string }>`
    select case when occurred_at >= ${since} and name <> ${orderRecorded.name}
        then payload ->> 'orderId' end as "orderId", committed_by::text as position, id
    from platform.event
    where (committed_by, id) > (${position}::xid8, ${eventId}::uuid)
      and committed_by < pg_snapshot_xmin(pg_current_snapshot())
    order by committed_by, id limit ${limit}`.execute(db);
  const last = rows.at(-1);
  const ids = [...new Set(rows.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])))];
  const orders = ids.length > 0 ? await summaries(db).where('id', 'in', ids).execute() : [];
  const place = new Map(ids.map((id, index) => [id, index]));
  return {
    orders: orders.toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0)),
    cursor: last ? `${last.position}_${last.id}` : `${position}_${eventId}`,
  };
}

/** Ids of events grow with time, so the first of about that moment is found by its id. */
async function startOf(db: Db, since: Date): Promise<[string, string]> {
  const from = Math.max(since.getTime() - OVERLAP_MINUTES * 60_000, 0)
    .toString(16)
    .padStart(12, '0');
  const least = `${from.slice(0, 8)}-${from.slice(8)}-0000-0000-000000000000`;
  const { rows } = await sql<{ position: string }>`
    select coalesce(
      (select committed_by from platform.event where id >= ${least}::uuid order by id limit 1),
      pg_snapshot_xmin(pg_current_snapshot()))::text as position`.execute(db);
  return [rows[0]?.position ?? '0', '00000000-0000-0000-0000-000000000000'];
}
