import { sql } from 'kysely';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import {
  orderPlaced,
  orderRecorded,
  returnInspected,
  returnRecorded,
  unitsCancelled,
} from '#events/orders.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { followUntil, inRounds, pause } from '#platform/following.ts';
import type { Deps } from '#platform/module.ts';
import { recreditSome } from './recredit.ts';
import { enterServed, type ServedEvent } from './serve-rates.ts';
import { type SaleEvent, saleOf, settleSales } from './settle-credits.ts';
import { territoryBook } from './territory-book.ts';

const SALES = [orderPlaced.name, orderRecorded.name, returnRecorded.name, unitsCancelled.name] as string[];
const SERVED = [fulfilmentShipped.name, returnInspected.name] as string[];
const FOLLOWED = [...SALES, ...SERVED];
const EVENTS_MAX = 1_000;
/** As stored, compressed. At least one event is taken, whatever its size. */
const STORED_BYTES_MAX = 2_000_000;
const POLL_MS = 500;

type CreditDeps = Pick<Deps, 'db' | 'config'>;

/** Credits sales as they come into the event table until `signal`; of several processes one does at a time. */
export async function followCredits(
  deps: CreditDeps,
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<void> {
  await followUntil(signal, onFault, async (onMove) => {
    await inRounds(signal, () => inTransaction(deps.db, (tx) => creditBatch(tx, deps.config.timeZone)));
    onMove();
    await pause(POLL_MS, signal);
  });
}

/** Credits all that is due now, and returns: for a command that ends, and for tests. */
export async function creditAll({ db, config }: CreditDeps, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted && (await inTransaction(db, (tx) => creditBatch(tx, config.timeZone))));
}

export interface CreditFreshness {
  isBehind: boolean;
}

/** Whether sales, or changes of territories, wait to be credited. */
export async function creditFreshness(db: Db): Promise<CreditFreshness> {
  const { rows } = await sql<CreditFreshness>`
    select exists (
      select from market.follower
      join platform.event on (event.committed_by, event.id) > (follower.position, follower.event_id)
      where follower.name = 'sale_credit'
    ) or exists (select from market.recrediting where finished_at is null) as "isBehind"`.execute(db);
  return rows[0] ?? { isBehind: true };
}

/**
 * Credits the next events, or what a changed territory makes due, and moves on, all in one transaction: killed
 * anywhere, nothing of it has happened. False when nothing is due, or another process is at it.
 */
async function creditBatch(tx: Tx, timeZone: string): Promise<boolean> {
  const { rows: held } = await sql`
    select from market.follower where name = 'sale_credit' for update skip locked`.execute(tx);
  if (held.length === 0) return false;
  // Read after the lock: a territory that is set from now on asks for what this batch credits to be credited anew.
  const holdersAt = await territoryBook(tx);
  if (await recreditSome(tx, holdersAt)) return true;
  const events = await nextEvents(tx);
  const last = events.at(-1);
  if (!last) return false;
  const sales = events.filter(({ name }) => SALES.includes(name)) as unknown as SaleEvent[]; // by their names
  if (sales.length > 0) await settleSales(tx, [...new Set(sales.map(saleOf))], sales, holdersAt);
  const served = events.filter(({ name }) => SERVED.includes(name)) as unknown as ServedEvent[]; // by their names
  await enterServed(tx, served, timeZone);
  await sql`
    update market.follower set position = ${last.position}::xid8, event_id = ${last.id}
    where name = 'sale_credit'`.execute(tx);
  return true;
}

interface FollowedEvent {
  id: string;
  position: string;
  name: string;
  payload: unknown;
}

/**
 * Only transactions below the oldest one that still runs are taken: nothing can be committed among them any more, so
 * nothing is passed by. Events of other names come without their payload: the position moves past them.
 */
async function nextEvents(tx: Tx): Promise<FollowedEvent[]> {
  const { rows } = await sql<FollowedEvent>`
    with due as (
      select event.committed_by, event.id, event.name, event.payload,
        case when event.name = any(${FOLLOWED}) then pg_column_size(event.payload) else 0 end as bytes
      from market.follower
      cross join lateral (
        select * from platform.event
        where (event.committed_by, event.id) > (follower.position, follower.event_id)
          and event.committed_by < pg_snapshot_xmin(pg_current_snapshot())
        order by event.committed_by, event.id limit ${EVENTS_MAX}
      ) as event
      where follower.name = 'sale_credit'
    ), measured as (
      select *, sum(bytes) over (order by committed_by, id) - bytes as bytes_before from due
    )
    select id, committed_by::text as position, name,
      case when name = any(${FOLLOWED}) then payload end as payload
    from measured where bytes_before < ${STORED_BYTES_MAX}
    order by committed_by, id`.execute(tx);
  return rows;
}
