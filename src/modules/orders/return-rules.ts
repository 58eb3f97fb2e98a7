import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import { addDays, dayIn } from '#platform/days.ts';
import type { Db, Tx } from '#platform/db.ts';
import { actorOf, record } from '../identity/index.ts';
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
  /** Up to what value that which is wanted in exchange is sent before the goods have come; null: never. */
  exchangeUpToMinor: number | null;
  exchangeOrdersMin: number;
}

const COLUMNS = [
  'currency',
  'fee_minor as feeMinor',
  'early_up_to_minor as earlyUpToMinor',
  'early_orders_min as earlyOrdersMin',
  'arrives_within_days as arrivesWithinDays',
  'exchange_up_to_minor as exchangeUpToMinor',
  'exchange_orders_min as exchangeOrdersMin',
] as const;

export const returnRules = (db: Db): Promise<ReturnRule[]> =>
  own(db).selectFrom('orders.return_rule').select(COLUMNS).orderBy('currency').execute();

export async function putReturnRule(tx: Tx, rule: ReturnRule): Promise<void> {
  const values = {
    fee_minor: rule.feeMinor,
    early_up_to_minor: rule.earlyUpToMinor,
    early_orders_min: rule.earlyOrdersMin,
    arrives_within_days: rule.arrivesWithinDays,
    exchange_up_to_minor: rule.exchangeUpToMinor,
    exchange_orders_min: rule.exchangeOrdersMin,
  };
  await own(tx)
    .insertInto('orders.return_rule')
    .values({ currency: rule.currency, ...values })
    .onConflict((conflict) => conflict.column('currency').doUpdateSet(values))
    .execute();
}

/** The same by staff, with an entry in the audit trail. */
export async function setReturnRule(tx: Tx, viewer: Viewer, rule: ReturnRule): Promise<void> {
  await putReturnRule(tx, rule);
  const { currency, feeMinor, earlyUpToMinor, earlyOrdersMin, exchangeUpToMinor, exchangeOrdersMin } = rule;
  await record(tx, actorOf(viewer), 'return_rule_set', `return_rule:${currency}`, {
    feeMinor,
    ...(earlyUpToMinor !== null && { earlyUpToMinor, earlyOrdersMin }),
    ...(exchangeUpToMinor !== null && { exchangeUpToMinor, exchangeOrdersMin }),
    arrivesWithinDays: rule.arrivesWithinDays,
  });
}

const ruleOf = (db: Db, currency: string): Promise<ReturnRule | undefined> =>
  own(db)
    .selectFrom('orders.return_rule')
    .select(COLUMNS)
    .where('currency', '=', currency)
    .executeTakeFirst();

/** What is kept of a return's refund: nothing of an exchange, or where a unit comes back through the seller's fault. */
export async function feeOf(
  db: Db,
  { id: requestId, order: { currency }, exchange }: LockedReturn,
): Promise<number> {
  if (exchange) return 0;
  const lines = await own(db)
    .selectFrom('orders.return_request_line')
    .select('reason')
    .where('request_id', '=', requestId)
    .execute();
  if (lines.some(({ reason }) => isSellersFault(reason))) return 0;
  return (await ruleOf(db, currency))?.feeMinor ?? 0;
}

/** By when the goods must have come, where the rules let money or other goods go first; undefined where they don't. */
export async function earlyRefund(
  db: Db,
  request: LockedReturn,
  units: ReadonlyMap<string, number>,
  now: Date,
): Promise<string | undefined> {
  const { orderId, customerId, currency } = request.order;
  const rule = await ruleOf(db, currency);
  const upToMinor = request.exchange ? rule?.exchangeUpToMinor : rule?.earlyUpToMinor;
  if (!rule || typeof upToMinor !== 'number' || customerId === null) return undefined;
  const ordersMin = request.exchange ? rule.exchangeOrdersMin : rule.earlyOrdersMin;
  if (!(await isMembers(db, orderId))) return undefined;
  const { totalMinor } = await dueFor(db, request, units);
  if (totalMinor > upToMinor) return undefined;
  const { rows } = await sql<{ isTrusted: boolean }>`
    select (select count(*) from (
        select from orders.order as o
        where customer_id = ${customerId} and exists (
          select from orders.order_line as line join orders.shipped_line as sent on sent.order_line_id = line.id
          where line.order_id = o.id)
        limit ${ordersMin}) as sent) >= ${ordersMin}
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
