import { type RawBuilder, sql } from 'kysely';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Tx } from './db.ts';
import { newId } from './ids.ts';
import { type Part, writeTogether } from './together.ts';

export interface EventDefinition<Schema extends TSchema = TSchema> {
  name: `${string}.${string}.v${number}`;
  schema: Schema;
}

/** An event as its subscribers hear of it. */
export interface Told<Payload = unknown> {
  eventId: string;
  payload: Payload;
}

export interface Subscriber {
  name: string;
  event: EventDefinition;
  /** In the order in which they were recorded. */
  handle(tx: Tx, told: readonly Told[]): Promise<void>;
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
  return subscribeToLots(event, name, async (tx, told) => {
    for (const { payload, eventId } of told) await handle(tx, payload, eventId);
  });
}

/** For who does with one statement for many what would be one for each. */
export function subscribeToLots<S extends TSchema>(
  event: EventDefinition<S>,
  name: string,
  handle: (tx: Tx, told: readonly Told<Static<S>>[]) => Promise<void>,
): Subscriber {
  const parsed = ({ eventId, payload }: Told) => ({ eventId, payload: Value.Parse(event.schema, payload) });
  return { name, event, handle: (tx, told) => handle(tx, told.map(parsed)) };
}

/** Records the event, and that its subscribers are to hear of it, in the caller's transaction: both happen, or neither. */
export async function emit<S extends TSchema>(
  tx: Tx,
  event: EventDefinition<S>,
  payload: Static<S>,
): Promise<void> {
  await writeTogether(tx, [emitted(event, payload)]);
}

/** The same for many of one kind, in one statement. */
export async function emitEach<S extends TSchema>(
  tx: Tx,
  event: EventDefinition<S>,
  payloads: readonly Static<S>[],
): Promise<void> {
  if (payloads.length === 0) return;
  for (const payload of payloads) Value.Assert(event.schema, payload);
  const ids = payloads.map(() => newId());
  await sql`
    with told as (
      insert into platform.event (id, name, payload)
      select id, ${event.name}, payload::jsonb
      from unnest(${ids}::uuid[], ${payloads.map((payload) => JSON.stringify(payload))}::text[]) as each (id, payload)
    )
    insert into platform.due_event (event_id) select unnest(${ids}::uuid[])`.execute(tx);
}

/** The same as a part of a statement that writes other things too. */
export function emitted<S extends TSchema>(event: EventDefinition<S>, payload: Static<S>): Part {
  Value.Assert(event.schema, payload);
  const id = newId();
  return {
    changes: [
      sql`platform_event as (
        insert into platform.event (id, name, payload) values (${id}, ${event.name}, ${JSON.stringify(payload)}))`,
      sql`platform_due_event as (insert into platform.due_event (event_id) values (${id}))`,
    ],
  };
}

/**
 * The same for the one row that `from` has, which the statement itself writes: `facts` is the payload as JSON. Where there
 * is no row, nothing has happened.
 */
export function emittedOf(
  event: EventDefinition,
  { facts, from }: { facts: RawBuilder<unknown>; from: RawBuilder<unknown> },
): Part {
  const id = newId();
  return {
    changes: [
      sql`platform_event as (
        insert into platform.event (id, name, payload) select ${id}::uuid, ${event.name}, ${facts} from ${from})`,
      sql`platform_due_event as (insert into platform.due_event (event_id) select ${id}::uuid from ${from})`,
    ],
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

/** The same for several jobs of one task. */
export const addedJobs = (
  task: string,
  jobs: readonly { payload: object; key: string }[],
): RawBuilder<unknown> => sql`(
  select count(*) from graphile_worker.add_jobs(array(
    select row(${task}, job -> 'payload', null, null, null, ${`${task}:`} || (job ->> 'key'), 0, null)::graphile_worker.job_spec
    from json_array_elements(${JSON.stringify(jobs)}::json) as job)))`;
