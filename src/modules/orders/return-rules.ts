import { sql } from 'kysely';
import { addDays, dayIn } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';
import { dueFor, isSellersFault } from './record-return.ts';
import { isMembers } from './return-request.ts';
import type { LockedReturn } from './locked-return.ts';

/** What returns cost, and for whom money goes back first, in a currency. */
export interface ReturnRule {
  currency: string;
  /** Kept of a refund whose reason is not the seller's fault. */
  feeMinor: number;
  /** Up to what amount money goes back before the goods have come; null: never. */
  earlyUpToMinor: number | null;
  /** For members who have had so many orders sent, and never a return refused. */
  earlyOrdersMin: number;
  arrivesWithinDays: number;
}

const COLUMNS = [
  'currency',
  'fee_minor as feeMinor',
  'early_up_to_minor as earlyUpToMinor',
  'early_orders_min as earlyOrdersMin',
  'arrives_within_days as arrivesWithinDays',
] as const;

export const returnRules = (db: Db): Promise<ReturnRule[]> =>
  own(db).selectFrom('orders.return_rule').select(COLUMNS).orderBy('currency').execute();

export async function putReturnRule(tx: Tx, rule: ReturnRule): Promise<void> {
  const values = {
    fee_minor: rule.feeMinor,
    early_up_to_minor: rule.earlyUpToMinor,
    early_orders_min: rule.earlyOrdersMin,
    arrives_within_days: rule.arrivesWithinDays,
  };
  await own(tx)
    .insertInto('orders.return_rule')
    .values({ currency: rule.currency, ...values })
    .onConflict((conflict) => conflict.column('currency').doUpdateSet(values))
    .execute();
}

const ruleOf = (db: Db, currency: string): Promise<ReturnRule | undefined> =>
  own(db)
    .selectFrom('orders.return_rule')
    .select(COLUMNS)
    .where('currency', '=', currency)
    .executeTakeFirst();

/** What is kept of a return's refund: nothing where any unit comes back through the seller's fault. */
export async function feeOf(db: Db, requestId: string, currency: string): Promise<number> {
  const lines = await own(db)
    .selectFrom('orders.return_request_line')
    .select('reason')
    .where('request_id', '=', requestId)
    .execute();
  if (lines.some(({ reason }) => isSellersFault(reason))) return 0;
  return (await ruleOf(db, currency))?.feeMinor ?? 0;
}

/** By when the goods must have come, where the rules let the money go back before; undefined where they don't. */
export async function earlyRefund(
  db: Db,
  request: LockedReturn,
  units: ReadonlyMap<string, number>,
  now: Date,
): Promise<string | undefined> {
  const { orderId, customerId, currency } = request.order;
  const rule = await ruleOf(db, currency);
  if (!rule || rule.earlyUpToMinor === null || customerId === null) return undefined;
  if (!(await isMembers(db, orderId))) return undefined;
  const { totalMinor } = await dueFor(db, request, units);
  if (totalMinor > rule.earlyUpToMinor) return undefined;
  const { rows } = await sql<{ isTrusted: boolean }>`
    select (select count(*) from (
        select from orders.order as o
        where customer_id = ${customerId} and exists (
          select from orders.order_line as line join orders.shipped_line as sent on sent.order_line_id = line.id
          where line.order_id = o.id)
        limit ${rule.earlyOrdersMin}) as sent) >= ${rule.earlyOrdersMin}
      and not exists (
        select from orders.order as o join orders.return_request as request on request.order_id = o.id
        where customer_id = ${customerId} and (request.state = 'refused' or exists (
          select from orders.return_inspection as found where found.request_id = request.id and outcome = 'refuse')))
      as "isTrusted"`.execute(db);
  if (!rows[0]?.isTrusted) return undefined;
  const { time_zone: timeZone } = await own(db)
    .selectFrom('orders.calendar')
    .select('time_zone')
    .executeTakeFirstOrThrow();
  return addDays(dayIn(timeZone, now), rule.arrivesWithinDays);
}
