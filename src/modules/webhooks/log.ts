import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { inTransaction } from '#platform/db.ts';
import { webhooksErrors } from './errors.ts';
import { own } from './own.ts';
import { PUBLIC_EVENTS } from './public-events.ts';
import { bodyOf } from './send.ts';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

export interface Delivery {
  id: number;
  eventId: string;
  eventName: string;
  state: DeliveryState;
  attempts: number;
  dueAt: Date | null;
}

export interface Attempt {
  status: number | null;
  error: string | null;
  answer: string;
  tookMs: number;
  triedAt: Date;
}

interface LogQuery {
  endpointId: string;
  state?: DeliveryState | undefined;
  before?: number | undefined;
  limit: number;
}

/** An endpoint's deliveries, the newest first. */
export async function deliveries(
  db: Db,
  { endpointId, state, before, limit }: LogQuery,
): Promise<Delivery[]> {
  let query = own(db)
    .selectFrom('webhooks.delivery')
    .select(['id', 'event_id as eventId', 'event_name as eventName', 'state', 'attempts', 'due_at as dueAt'])
    .where('endpoint_id', '=', endpointId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

/** One delivery, with the body that is sent and what was answered to each try. */
export async function deliveryOf(
  db: Db,
  endpointId: string,
  id: number,
): Promise<Delivery & { body: string; tries: Attempt[] }> {
  const { rows } = await sql<Delivery & { payload: unknown; occurredAt: Date | null }>`
    select delivery.id, event_id as "eventId", event_name as "eventName", state, attempts, due_at as "dueAt",
      coalesce(payload, '{}'::json) as payload, occurred_at as "occurredAt"
    from webhooks.delivery left join platform.event on event.id = event_id
    where delivery.id = ${id} and endpoint_id = ${endpointId}`.execute(db);
  const [found] = rows;
  if (!found) throw webhooksErrors.delivery_not_found({});
  const tries = await own(db)
    .selectFrom('webhooks.attempt')
    .select(['status', 'error', 'answer', 'took_ms as tookMs', 'tried_at as triedAt'])
    .where('delivery_id', '=', id)
    .orderBy('id')
    .execute();
  const { payload, occurredAt, ...delivery } = found;
  return { ...delivery, body: bodyOf({ ...found, occurredAt: occurredAt ?? new Date(0), payload }), tries };
}

export interface Replay {
  endpointId: string;
  /** One; else all that fit the rest. */
  deliveryId?: number | undefined;
  state?: DeliveryState | undefined;
  eventName?: string | undefined;
}

/** Sends what was sent, or given up, once more, with the same webhook-id. Answers how many. */
export async function replay(tx: Tx, wish: Replay, now: Date): Promise<number> {
  const { endpointId, deliveryId = null, state = null, eventName = null } = wish;
  const { numAffectedRows } = await sql`
    update webhooks.delivery set state = 'pending', attempts = 0, due_at = ${now}
    where endpoint_id = ${endpointId} and (${deliveryId}::bigint is null or id = ${deliveryId})
      and (${state}::webhooks.delivery_state is null or state = ${state})
      and (${eventName}::text is null or event_name = ${eventName})`.execute(tx);
  if (deliveryId !== null && !numAffectedRows) throw webhooksErrors.delivery_not_found({});
  return Number(numAffectedRows ?? 0);
}

const BATCH = 5_000;

/** Sends all events since a moment that the endpoint hears of, those it was never sent too. Answers how many. */
export async function replaySince(db: Db, endpointId: string, since: Date, now: Date): Promise<number> {
  let count = 0;
  // Ids of events begin with their time.
  const from = Math.max(since.getTime(), 0).toString(16).padStart(12, '0');
  for (let after = `${from.slice(0, 8)}-${from.slice(8)}-0000-0000-000000000000`; ;) {
    const last = await inTransaction(db, (tx) => replayBatch(tx, endpointId, after, now));
    if (!last) return count;
    count += last.count;
    after = last.id;
  }
}

async function replayBatch(tx: Tx, endpointId: string, after: string, now: Date) {
  const { rows } = await sql<{ id: string; count: number }>`
    with next as (
      select event.id, event.name from platform.event
      join webhooks.endpoint on event.name = any(event_names) and event.name = any(${PUBLIC_EVENTS}::text[])
      where endpoint.id = ${endpointId} and event.id > ${after}::uuid order by event.id limit ${BATCH}
    ), made as (
      insert into webhooks.delivery (endpoint_id, event_id, event_name, due_at)
      select ${endpointId}, id, name, ${now} from next order by id
      on conflict (endpoint_id, event_id) do update set state = 'pending', attempts = 0, due_at = excluded.due_at
    )
    select (array_agg(id order by id desc))[1] as id, count(*)::int as count from next having count(*) > 0`.execute(
    tx,
  );
  return rows[0];
}
