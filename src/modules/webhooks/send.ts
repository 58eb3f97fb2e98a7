import { sql } from 'kysely';
import { inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import type { Resolve } from '#platform/outside.ts';
import { own } from './own.ts';
import { type Answer, post } from './post.ts';
import { opened } from './sealed-secret.ts';
import { signedHeaders } from './signature.ts';

export type SendDeps = Pick<Deps, 'db' | 'config' | 'now'> & {
  resolve: Resolve;
  timeoutMs?: number;
};

export const TRIES_MAX = 8;
const FIRST_WAIT_MS = 16_000;
const WAIT_FACTOR = 4;
const JITTER = 0.2;
const TIMEOUT_MS = 10_000;
/** Who tries a delivery has so long; then it is due again, for they have died. */
const LEASE_MS = 60_000;
const BODY_BYTES_MAX = 256 * 1024;
/** At once, in each process: a slow endpoint takes its own few places and no others. */
export const AT_ONCE = { perEndpoint: 4, all: 64 };
const FAILING_DAYS = 5;

export const MAIL_SWITCHED_OFF = 'webhooks.mail_switched_off';

/** 16 s, 64 s, 4 min, 17 min, 68 min, 4.6 h, 18 h: eight tries within about a day. */
export const waitMs = (tries: number, random: number = Math.random()): number =>
  Math.round(FIRST_WAIT_MS * WAIT_FACTOR ** (tries - 1) * (1 - JITTER + 2 * JITTER * random));

export interface ClaimedDelivery {
  id: number;
  endpointId: string;
  eventId: string;
  eventName: string;
  attempts: number;
  payload: unknown;
  occurredAt: Date;
  url: string;
  sealedSecrets: string[];
}

/** Takes what is due, a few of each endpoint. Whoever has a delivery has it for the length of the lease. */
export async function claimDue(
  tx: Tx,
  busy: ReadonlyMap<string, number>,
  limit: number,
  now: Date,
): Promise<ClaimedDelivery[]> {
  const until = new Date(now.getTime() + LEASE_MS);
  const { rows } = await sql<ClaimedDelivery>`
    with due as (
      select next.id from webhooks.endpoint
      left join unnest(${[...busy.keys()]}::uuid[], ${[...busy.values()]}::integer[]) as busy (id, count)
        on busy.id = endpoint.id
      cross join lateral (
        select id from webhooks.delivery
        where endpoint_id = endpoint.id and state = 'pending' and due_at <= ${now}
        order by due_at, id
        limit greatest(${AT_ONCE.perEndpoint}::integer - coalesce(busy.count, 0), 0)
        for update skip locked
      ) as next
      where endpoint.is_active limit ${limit}
    ), claimed as (
      update webhooks.delivery set due_at = ${until} from due where delivery.id = due.id returning delivery.*
    )
    select claimed.id, endpoint_id as "endpointId", event_id as "eventId", event_name as "eventName", attempts,
      coalesce(payload, '{}'::json) as payload, coalesce(occurred_at, ${now}::timestamptz) as "occurredAt", url,
      array_remove(array[secret, case when old_secret_until > ${now} then old_secret end], null) as "sealedSecrets"
    from claimed join webhooks.endpoint on endpoint.id = endpoint_id
    left join platform.event on event.id = event_id
    order by claimed.id`.execute(tx);
  return rows;
}

/** What is sent of an event: its own words, in the envelope of Standard Webhooks. */
export const bodyOf = ({
  eventName,
  occurredAt,
  payload,
}: Pick<ClaimedDelivery, 'eventName' | 'occurredAt' | 'payload'>): string =>
  JSON.stringify({ type: eventName, timestamp: occurredAt.toISOString(), data: payload });

/** Tries one delivery and writes down what came of it. If we die in between, it is sent again with the same webhook-id. */
export async function deliver(deps: SendDeps, delivery: ClaimedDelivery): Promise<void> {
  const { db, config, now, resolve, timeoutMs = TIMEOUT_MS } = deps;
  const { endpointId, eventId, url, sealedSecrets } = delivery;
  const body = bodyOf(delivery);
  const secrets = sealedSecrets
    .map((each) => opened(each, endpointId, config.secret))
    .filter((each) => each !== undefined);
  const isTooLarge = Buffer.byteLength(body) > BODY_BYTES_MAX;
  const fault = isTooLarge ? 'too large' : secrets.length === 0 ? 'secret unreadable' : undefined;
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'stoa-webhooks',
    ...signedHeaders({ id: eventId, body }, secrets, now()),
  };
  const begun = performance.now();
  const { isInsecure } = config.webhooks;
  const answer = fault
    ? { status: null, error: fault, text: '' }
    : await post({ url, headers, body, isInsecure, resolve, timeoutMs });
  const tookMs = Math.round(performance.now() - begun);
  await inTransaction(db, (tx) => recordAnswer(tx, delivery, { ...answer, tookMs, isTooLarge }, now()));
}

async function recordAnswer(
  tx: Tx,
  { id, endpointId, attempts }: ClaimedDelivery,
  { status, error, text, tookMs, isTooLarge }: Answer & { tookMs: number; isTooLarge: boolean },
  now: Date,
): Promise<void> {
  const isTaken = status !== null && status >= 200 && status < 300;
  const tries = attempts + 1;
  const isOver = isTaken || isTooLarge || tries >= TRIES_MAX;
  const due_at = isOver ? null : new Date(now.getTime() + waitMs(tries));
  const state = isTaken ? 'delivered' : isOver ? 'failed' : 'pending';
  await own(tx)
    .insertInto('webhooks.attempt')
    .values({
      delivery_id: id,
      status,
      error,
      answer: text.replaceAll('\u0000', ''),
      took_ms: tookMs,
      tried_at: now,
    })
    .execute();
  await own(tx)
    .updateTable('webhooks.delivery')
    .set({ state, attempts: tries, due_at })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .execute();
  if (isTaken) return noteTaken(tx, endpointId);
  await noteFailure(tx, endpointId, status === 410, now);
}

/** Written only where it changes something: an endpoint's row is not every delivery's to lock. */
const noteTaken = async (tx: Tx, endpointId: string): Promise<void> => {
  await own(tx)
    .updateTable('webhooks.endpoint')
    .set({ failing_since: null })
    .where('id', '=', endpointId)
    .where('failing_since', 'is not', null)
    .execute();
};

/** One that is gone, or has taken nothing for days, is switched off, and the admins are told. */
async function noteFailure(tx: Tx, endpointId: string, isGone: boolean, now: Date): Promise<void> {
  await sql`
    update webhooks.endpoint set failing_since = ${now} where id = ${endpointId} and failing_since is null`.execute(
    tx,
  );
  const before = new Date(now.getTime() - FAILING_DAYS * 86_400_000);
  const { rows } = await sql`
    update webhooks.endpoint set is_active = false, off_reason = ${isGone ? 'gone' : 'failing'}
    where id = ${endpointId} and is_active and (${isGone} or failing_since < ${before})
    returning id`.execute(tx);
  if (rows.length > 0) await addJob(tx, MAIL_SWITCHED_OFF, { endpointId }, `${endpointId}:${now.getTime()}`);
}
