import { sql } from 'kysely';
import { serviceWaitingSince } from '#modules/fulfilment/index.ts';
import { movementsWaitingSince } from '#modules/inventory/index.ts';
import { creditsWaitingSince } from '#modules/market/index.ts';
import { spendWaitingSince } from '#modules/marketing/index.ts';
import { goodsCostsWaitingSince, serveCostsWaitingSince } from '#modules/orders/index.ts';
import { contactsWaitingSince, opinionsWaitingSince } from '#modules/satisfaction/index.ts';
import type { Db } from '#platform/db.ts';
import type { LedgerPlace } from '#platform/told-ledger.ts';

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

/** How current the figures are that are made of a told ledger. */
const ofTold =
  (follower: string, waitingSince: (db: Db, after: LedgerPlace) => Promise<Date | undefined>) =>
  async (db: Db): Promise<Omit<Freshness, 'changedAt'>> => {
    const { rows } = await sql<LedgerPlace & { now: Date }>`
      select now() as now, position::text, number::text from insight.follower where name = ${follower}`.execute(
      db,
    );
    const [found] = rows;
    if (!found) throw new Error(`The follower ${follower} has no row: the database is not migrated`);
    const waiting = await waitingSince(db, found);
    return { asOf: waiting ?? found.now, behind: waiting !== undefined };
  };

export const stockFreshness = ofTold('stock_entry', movementsWaitingSince);
export const serviceFreshness = ofTold('service_entry', serviceWaitingSince);
export const opinionsFreshness = ofTold('opinion_entry', opinionsWaitingSince);
export const contactsFreshness = ofTold('contact_entry', contactsWaitingSince);
export const goodsCostsFreshness = ofTold('goods_cost_entry', goodsCostsWaitingSince);
export const spendFreshness = ofTold('spend_entry', spendWaitingSince);
export const serveCostsFreshness = ofTold('serve_cost_entry', serveCostsWaitingSince);
