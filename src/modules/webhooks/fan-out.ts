import { sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { PUBLIC_EVENTS } from './public-events.ts';

const EVENTS_MAX = 1_000;

/** Makes the deliveries of the next events and moves on, together; false when none are due, or another does it. */
export const fanOut = ({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<boolean> =>
  inTransaction(db, (tx) => fanOutBatch(tx, now()));

async function fanOutBatch(tx: Tx, now: Date): Promise<boolean> {
  const { rows: held } = await sql`select from webhooks.follower for update skip locked`.execute(tx);
  if (held.length === 0) return false;
  // Below the oldest transaction that still runs nothing can be committed any more: no event is passed by.
  const { rows: events } = await sql<{ id: string; position: string }>`
    select event.id, event.committed_by::text as position
    from webhooks.follower cross join lateral (
      select id, committed_by from platform.event
      where (committed_by, id) > (follower.position, follower.event_id)
        and committed_by < pg_snapshot_xmin(pg_current_snapshot())
      order by committed_by, id limit ${EVENTS_MAX}
    ) as event
    order by event.committed_by, event.id`.execute(tx);
  const last = events.at(-1);
  if (!last) return false;
  await sql`
    insert into webhooks.delivery (endpoint_id, event_id, event_name, due_at)
    select endpoint.id, event.id, event.name, ${now}
    from platform.event join webhooks.endpoint on event.name = any(endpoint.event_names)
    where event.id = any(${events.map(({ id }) => id)}::uuid[]) and event.name = any(${PUBLIC_EVENTS}::text[])
      and endpoint.is_active
    order by event.committed_by, event.id
    on conflict do nothing`.execute(tx);
  await sql`update webhooks.follower set position = ${last.position}::xid8, event_id = ${last.id}`.execute(
    tx,
  );
  return true;
}

/** Whether events wait to become deliveries. */
export async function isBehind(db: Db): Promise<boolean> {
  const { rows } = await sql<{ isBehind: boolean }>`
    select exists (select from webhooks.follower
      join platform.event on (event.committed_by, event.id) > (follower.position, follower.event_id)) as "isBehind"`.execute(
    db,
  );
  return rows[0]?.isBehind ?? true;
}
