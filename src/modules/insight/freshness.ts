import { sql } from 'kysely';
import { serviceWaitingSince } from '#modules/fulfilment/index.ts';
import { movementsWaitingSince } from '#modules/inventory/index.ts';
import { creditsWaitingSince } from '#modules/market/index.ts';
import { goodsCostsWaitingSince } from '#modules/orders/index.ts';
import { contactsWaitingSince, opinionsWaitingSince } from '#modules/satisfaction/index.ts';
import type { Db } from '#platform/db.ts';

export interface Freshness {
  /** All that was committed before this moment is in the figures. */
  asOf: Date;
  /** Whether events are waiting to be taken in. */
  behind: boolean;
  /** When the figures last changed. */
  changedAt: Date;
}

/** How current the figures are: as of now when nothing waits, else as of the oldest event that does. */
export async function freshness(db: Db): Promise<Freshness> {
  const { rows } = await sql<{ now: Date; waiting: Date | null; changed_at: Date }>`
    select now() as now, follower.changed_at, (
      select event.occurred_at from platform.event
      where (event.committed_by, event.id) > (follower.position, follower.event_id)
      order by event.committed_by, event.id limit 1
    ) as waiting
    from insight.follower where name = 'sale_entry'`.execute(db);
  const [found] = rows;
  if (!found) throw new Error('The follower of sales has no row: the database is not migrated');
  return { asOf: found.waiting ?? found.now, behind: found.waiting !== null, changedAt: found.changed_at };
}

/** How current the figures of credits are: what waits to be credited, and what waits to be taken in. */
export async function creditsFreshness(db: Db): Promise<Omit<Freshness, 'changedAt'>> {
  const { rows } = await sql<{ now: Date; position: string }>`
    select now() as now, position::text from insight.follower where name = 'credit_entry'`.execute(db);
  const [found] = rows;
  if (!found) throw new Error('The follower of credits has no row: the database is not migrated');
  const waiting = await creditsWaitingSince(db, found.position);
  return { asOf: waiting ?? found.now, behind: waiting !== undefined };
}

/** How current the figures of stock are. */
export async function stockFreshness(db: Db): Promise<Omit<Freshness, 'changedAt'>> {
  const { rows } = await sql<{ now: Date; position: string; number: string }>`
    select now() as now, position::text, number::text from insight.follower where name = 'stock_entry'`.execute(
    db,
  );
  const [found] = rows;
  if (!found) throw new Error('The follower of stock has no row: the database is not migrated');
  const waiting = await movementsWaitingSince(db, found);
  return { asOf: waiting ?? found.now, behind: waiting !== undefined };
}

/** How current the figures of service are. */
export async function serviceFreshness(db: Db): Promise<Omit<Freshness, 'changedAt'>> {
  const { rows } = await sql<{ now: Date; position: string; number: string }>`
    select now() as now, position::text, number::text from insight.follower where name = 'service_entry'`.execute(
    db,
  );
  const [found] = rows;
  if (!found) throw new Error('The follower of service has no row: the database is not migrated');
  const waiting = await serviceWaitingSince(db, found);
  return { asOf: waiting ?? found.now, behind: waiting !== undefined };
}

/** How current the figures of satisfaction are. */
export async function opinionsFreshness(db: Db): Promise<Omit<Freshness, 'changedAt'>> {
  const { rows } = await sql<{ now: Date; position: string; number: string }>`
    select now() as now, position::text, number::text from insight.follower where name = 'opinion_entry'`.execute(
    db,
  );
  const [found] = rows;
  if (!found) throw new Error('The follower of opinions has no row: the database is not migrated');
  const waiting = await opinionsWaitingSince(db, found);
  return { asOf: waiting ?? found.now, behind: waiting !== undefined };
}

/** How current it is what goods cost. */
export async function goodsCostsFreshness(db: Db): Promise<Omit<Freshness, 'changedAt'>> {
  const { rows } = await sql<{ now: Date; position: string; number: string }>`
    select now() as now, position::text, number::text from insight.follower where name = 'goods_cost_entry'`.execute(
    db,
  );
  const [found] = rows;
  if (!found) throw new Error('The follower of what goods cost has no row: the database is not migrated');
  const waiting = await goodsCostsWaitingSince(db, found);
  return { asOf: waiting ?? found.now, behind: waiting !== undefined };
}

/** How current the figures of what customers turn to staff about are. */
export async function contactsFreshness(db: Db): Promise<Omit<Freshness, 'changedAt'>> {
  const { rows } = await sql<{ now: Date; position: string; number: string }>`
    select now() as now, position::text, number::text from insight.follower where name = 'contact_entry'`.execute(
    db,
  );
  const [found] = rows;
  if (!found) throw new Error('The follower of contacts has no row: the database is not migrated');
  const waiting = await contactsWaitingSince(db, found);
  return { asOf: waiting ?? found.now, behind: waiting !== undefined };
}
