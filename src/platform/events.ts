import { type RawBuilder, sql } from 'kysely';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Db, Tx } from './db.ts';
import { inTransaction } from './db.ts';
import { newId } from './ids.ts';
import { type Part, writeTogether } from './together.ts';

export interface EventDefinition<Schema extends TSchema = TSchema> {
  name: `${string}.${string}.v${number}`;
  schema: Schema;
}

export interface Subscriber {
  name: string;
  event: EventDefinition;
  handle(tx: Tx, payload: unknown, eventId: string): Promise<void>;
}

export const defineEvent = <S extends TSchema>(
  name: EventDefinition['name'],
  schema: S,
): EventDefinition<S> => ({
  name,
  schema,
});

export function subscribe<S extends TSchema>(
  event: EventDefinition<S>,
  name: string,
  handle: (tx: Tx, payload: Static<S>, eventId: string) => Promise<void>,
): Subscriber {
  return { name, event, handle: (tx, payload, id) => handle(tx, Value.Parse(event.schema, payload), id) };
}

/** Records the event and queues its delivery in the caller's transaction: both happen, or neither. */
export async function emit<S extends TSchema>(
  tx: Tx,
  event: EventDefinition<S>,
  payload: Static<S>,
): Promise<void> {
  await writeTogether(tx, [emitted(event, payload)]);
}

/** The same as a part of a statement that writes other things too. */
export function emitted<S extends TSchema>(event: EventDefinition<S>, payload: Static<S>): Part {
  Value.Assert(event.schema, payload);
  const id = newId();
  return {
    changes: [
      sql`platform_event as (
        insert into platform.event (id, name, payload) values (${id}, ${event.name}, ${JSON.stringify(payload)}))`,
    ],
    calls: [addedJob('platform.deliver_event', { eventId: id }, id)],
  };
}

/**
 * The same for the one row that `from` has, which the statement itself writes: `facts` is the payload as JSON. Where there
 * is no row, nothing has happened.
 */
export function emittedOf(
  event: EventDefinition,
  { facts, from }: { facts: RawBuilder<unknown>; from: RawBuilder<unknown> },
): Required<Part> {
  const id = newId();
  return {
    changes: [
      sql`platform_event as (
        insert into platform.event (id, name, payload) select ${id}::uuid, ${event.name}, ${facts} from ${from})`,
    ],
    calls: [sql`(select ${addedJob('platform.deliver_event', { eventId: id }, id)} from ${from})`],
  };
}

/**
 * Records many facts of the past in one statement, for those who follow the table. No subscriber hears
 * of them: nobody wants a receipt by e-mail for what was bought last year. `id` makes a retry the same event.
 */
export async function recordPast<S extends TSchema>(
  tx: Tx,
  event: EventDefinition<S>,
  facts: { id: string; payload: Static<S> }[],
): Promise<void> {
  if (facts.length === 0) return;
  const ids = facts.map(({ id }) => id);
  const payloads = facts.map(({ payload }) => JSON.stringify(payload));
  await sql`
    insert into platform.event (id, name, payload)
    select id, ${event.name}, payload::jsonb from unnest(${ids}::uuid[], ${payloads}::text[]) as t (id, payload)
    on conflict (id) do nothing`.execute(tx);
}

/** Work that takes whole cores (pictures) goes one after the other, behind all else: nobody waits for it. */
export const SLOW_JOBS = { queueName: 'slow', priority: 100 } as const;

interface JobOptions {
  isSlow?: boolean;
  /** Not before. */
  runAt?: Date;
}

/** `key` makes it the same job, not a second one. */
export async function addJob(
  tx: Tx,
  task: string,
  payload: object,
  key: string,
  options: JobOptions = {},
): Promise<void> {
  await sql`select ${addedJob(task, payload, key, options)}`.execute(tx);
}

/** The call that adds a job, for a statement that does something else too. */
export function addedJob(
  task: string,
  payload: object,
  key: string,
  { isSlow = false, runAt }: JobOptions = {},
): RawBuilder<unknown> {
  const { queueName, priority } = isSlow ? SLOW_JOBS : { queueName: null, priority: 0 };
  return sql`graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json, job_key => ${`${task}:${key}`},
    queue_name => ${queueName}::text, run_at => ${runAt ?? null}::timestamptz, priority => ${priority}::integer)`;
}

/** The call that takes back a job which nobody needs any more; one that is being done is not done again. */
export const removedJob = (task: string, key: string): RawBuilder<unknown> =>
  sql`graphile_worker.remove_job(${`${task}:${key}`})`;

/**
 * Job `platform.deliver_event`. All its subscribers hear of it in one transaction; where one of them fails, each in a
 * transaction of their own, and whoever fails then is told again by a job of their own: one's failure holds up nobody
 * else. Whoever heard has a receipt, and is passed over when this job is done again.
 */
export async function deliverEvent(db: Db, subscribers: Subscriber[], eventId: string): Promise<void> {
  try {
    return await tell(db, subscribers, eventId);
  } catch {
    // who it was shows below
  }
  const failed: Subscriber[] = [];
  for (const subscriber of subscribers) {
    try {
      await tell(db, [subscriber], eventId);
    } catch {
      failed.push(subscriber); // its job fails too, and says why
    }
  }
  await inTransaction(db, async (tx) => {
    for (const { name } of failed) await addJob(tx, name, { eventId }, eventId);
  });
}

/** A subscriber's job. */
export const handleEvent = (db: Db, subscriber: Subscriber, eventId: string): Promise<void> =>
  tell(db, [subscriber], eventId);

/** Those who hear of such events and have not heard of this one. Their receipts and their writes commit together. */
async function tell(db: Db, subscribers: readonly Subscriber[], eventId: string): Promise<void> {
  const byName = new Map(subscribers.map((subscriber) => [subscriber.name, subscriber]));
  const events = subscribers.map(({ event }) => event.name);
  await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ subscriber: string; payload: unknown }>`
      with receipt as (
        insert into platform.event_receipt (subscriber, event_id)
        select subscriber, event.id from platform.event
        join unnest(${[...byName.keys()]}::text[], ${events}::text[]) as heard (subscriber, event_name) on event_name = event.name
        where event.id = ${eventId}
        on conflict do nothing returning subscriber, event_id
      )
      select subscriber, payload from receipt join platform.event on id = event_id`.execute(tx);
    const payloads = new Map(rows.map(({ subscriber, payload }) => [subscriber, payload]));
    for (const [name, subscriber] of byName)
      if (payloads.has(name)) await subscriber.handle(tx, payloads.get(name), eventId);
  });
}
