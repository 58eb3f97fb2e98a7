import { type RawBuilder, sql } from 'kysely';
import { type Db, inTransaction, type Tx } from './db.ts';
import { addJob, type Subscriber, type Told } from './events.ts';
import { followUntil, inRounds, noticesOf, ownConnection } from './following.ts';

const LOT_MAX = 100;
/** Events of so long go together, for hardly more statements than one of them takes. */
const ROUND_MS = 250;

export interface TellingDeps {
  db: Db;
  /** A connection of its own hears of new events. */
  databaseUrl: string;
}

/** Tells subscribers of events as they come, until `signal`. Each process that does takes other events. Never rejects. */
export async function followDue(
  { db, databaseUrl }: TellingDeps,
  subscribers: readonly Subscriber[],
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<void> {
  await followUntil(signal, onFault, async (onMove) => {
    await using follower = await ownConnection(databaseUrl);
    const notices = await noticesOf(follower.connection, 'stoa_event');
    while (!signal.aborted) {
      notices.forget();
      await inRounds(signal, () => tellDue(db, subscribers), ROUND_MS);
      onMove();
      await notices.next(signal);
    }
  });
}

/**
 * Tells the next events to all their subscribers in one transaction, and says whether there were any. Where somebody
 * fails, each event is told by itself.
 */
export async function tellDue(db: Db, subscribers: readonly Subscriber[]): Promise<boolean> {
  let lot: string[] = [];
  const next = sql`
    delete from platform.due_event where event_id in (
      select event_id from platform.due_event order by event_id limit ${LOT_MAX} for update skip locked)
    returning event_id`;
  try {
    await inTransaction(db, async (tx) => {
      const rows = await hear(tx, subscribers, next);
      lot = [...new Set(rows.map(({ eventId }) => eventId))];
      await tell(tx, subscribers, rows);
    });
  } catch (fault) {
    if (lot.length === 0) throw fault;
    for (const eventId of lot) await deliverEvent(db, subscribers, eventId);
  }
  return lot.length > 0;
}

/**
 * All subscribers hear of the event in one transaction; where one of them fails, each in a transaction of their own, and
 * whoever fails then is told again by a job of their own: one's failure holds up nobody else. Whoever heard
 * has a receipt, and is passed over when this is done again.
 */
export async function deliverEvent(
  db: Db,
  subscribers: readonly Subscriber[],
  eventId: string,
): Promise<void> {
  const noMoreDue = (tx: Tx) => sql`delete from platform.due_event where event_id = ${eventId}`.execute(tx);
  try {
    return await inTransaction(db, async (tx) => {
      await tell(tx, subscribers, await hear(tx, subscribers, thisOne(eventId)));
      await noMoreDue(tx);
    });
  } catch {
    // who it was shows below
  }
  const failed: Subscriber[] = [];
  for (const subscriber of subscribers) {
    try {
      await handleEvent(db, subscriber, eventId);
    } catch {
      failed.push(subscriber); // its job fails too, and says why
    }
  }
  await inTransaction(db, async (tx) => {
    for (const { name } of failed) await addJob(tx, name, { eventId }, eventId);
    await noMoreDue(tx);
  });
}

/** A subscriber's job. */
export const handleEvent = (db: Db, subscriber: Subscriber, eventId: string): Promise<void> =>
  inTransaction(db, async (tx) => tell(tx, [subscriber], await hear(tx, [subscriber], thisOne(eventId))));

const thisOne = (eventId: string) => sql`select ${eventId}::uuid as event_id`;

/** Whoever is to hear of an event; null where nobody is. */
interface Heard extends Told {
  subscriber: string | null;
}

/** Receipts for those who hear of such events and have not heard of these, in the order in which they were recorded. */
async function hear(
  tx: Tx,
  subscribers: readonly Subscriber[],
  taken: RawBuilder<unknown>,
): Promise<Heard[]> {
  const names = subscribers.map(({ name }) => name);
  const events = subscribers.map(({ event }) => event.name);
  const { rows } = await sql<Heard>`
    with taken as (${taken}),
    receipt as (
      insert into platform.event_receipt (subscriber, event_id)
      select subscriber, event.id from taken join platform.event on event.id = taken.event_id
      join unnest(${names}::text[], ${events}::text[]) as heard (subscriber, event_name) on event_name = event.name
      on conflict do nothing returning subscriber, event_id
    )
    select taken.event_id as "eventId", receipt.subscriber, event.payload
    from taken left join receipt on receipt.event_id = taken.event_id
    left join platform.event on event.id = receipt.event_id
    order by taken.event_id`.execute(tx);
  return rows;
}

/** Their receipts and their writes commit together. */
async function tell(tx: Tx, subscribers: readonly Subscriber[], rows: readonly Heard[]): Promise<void> {
  const heard = Map.groupBy(rows, (row) => row.subscriber);
  for (const subscriber of subscribers) {
    const told = heard.get(subscriber.name);
    if (told) await subscriber.handle(tx, told);
  }
}
