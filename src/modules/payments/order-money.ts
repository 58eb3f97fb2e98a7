import assert from 'node:assert/strict';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { grantCredit } from './accounts.ts';
import { paymentsErrors } from './errors.ts';
import { creditInstead } from './credit-instead.ts';
import { payWithGoods } from './goods-value.ts';
import { ask, type LockedPayment, lockPayments, settleOperation } from './operations.ts';
import { own } from './own.ts';
import { EXTERNAL } from './external-provider.ts';
import { CAPTURES_ONCE, EXCHANGE } from './provider.ts';
import type { DB } from './tables.ts';

export interface OrderPayment {
  id: string;
  provider: string;
  state: DB['payments.payment']['state'];
  amountMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  /** Given back as store credit, or as other goods. */
  creditedMinor: number;
  /** Of these: as other goods. */
  exchangedMinor: number;
  /** Of a gift card: its last four characters. */
  codeEnd: string | null;
}

/** What became of an order's money. What is outstanding is total − reduced − captured + refunded + credited. */
export interface OrderMoney {
  payments: OrderPayment[];
  capturedMinor: number;
  refundedMinor: number;
  /** Given back as store credit or as other goods, in place of a refund. */
  creditedMinor: number;
  /** What the buyer need not pay any more, or gets back. */
  reducedMinor: number;
}

/** What `orderMoney` is made of, as a column of a statement about an order: its id is the value of `orderId`. */
export const moneyFacts = (orderId: RawBuilder<unknown>) => sql<MoneyFacts>`json_build_object(
  'payments', (
    select coalesce(json_agg(json_build_object('id', payment.id, 'provider', provider, 'state', state,
      'amountMinor', amount_minor, 'capturedMinor', captured_minor, 'refundedMinor', refunded_minor,
      'creditedMinor', credited_minor, 'codeEnd', code_end,
      'exchangedMinor', (select coalesce(sum(value.amount_minor - returned_minor), 0)
        from payments.goods_value as value where from_payment_id = payment.id))
      -- what a provider pays comes last
      order by payment.created_at, account_id, payment.id), '[]')
    from payments.payment left join payments.account on account.id = account_id
    where payment.order_id = ${orderId}),
  'reducedMinor', (
    select coalesce(sum(amount_minor), 0) from payments.reduction where reduction.order_id = ${orderId}))`;

interface MoneyFacts {
  payments: OrderPayment[];
  reducedMinor: number;
}

export async function moneyOf(db: Db, orderId: string): Promise<OrderMoney> {
  const { rows } = await sql<{
    money: MoneyFacts;
  }>`select ${moneyFacts(sql`${orderId}::uuid`)} as money`.execute(db);
  const [row] = rows;
  assert(row);
  return orderMoney(row.money);
}

export function orderMoney({ payments, reducedMinor }: MoneyFacts): OrderMoney {
  const sum = (column: 'capturedMinor' | 'refundedMinor' | 'creditedMinor') =>
    payments.reduce((total, payment) => total + payment[column], 0);
  return {
    payments,
    capturedMinor: sum('capturedMinor'),
    refundedMinor: sum('refundedMinor'),
    creditedMinor: sum('creditedMinor'),
    reducedMinor,
  };
}

export interface GivingBack {
  /** Made by the caller, so that a retry is the same. */
  id: string;
  orderId: string;
  amountMinor: number;
  reason: string;
  actor: string;
  /** Whose store credit what was taken becomes, in place of a refund. */
  creditTo?: { customerId: string; currency: string };
  /** The order for which it pays first, as far as that was promised there. */
  goodsTo?: string;
}

/**
 * The buyer owes this much less: what is only authorized is let go, and what was taken goes back to where it came
 * from, to cards before gift cards and credit, or becomes store credit. What is for other goods stays taken and pays
 * for them. False for a repeat.
 */
export async function giveBack(tx: Tx, wish: GivingBack, now: Date): Promise<boolean> {
  const { id, orderId, amountMinor, reason, actor, creditTo, goodsTo } = wish;
  if (goodsTo !== undefined) await lockPayments(tx, goodsTo);
  const payments = await lockPayments(tx, orderId);
  const isNew = await own(tx)
    .insertInto('payments.reduction')
    .values({ id, order_id: orderId, amount_minor: amountMinor, reason, actor, occurred_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!isNew) {
    await refuseAnother(tx, wish);
    return false;
  }
  if (payments.length === 0) throw paymentsErrors.not_paid_here({ orderId });
  const goodsMinor =
    goodsTo === undefined ? 0 : await payWithGoods(tx, { id, orderId, toOrderId: goodsTo, amountMinor }, now);
  const left = goodsMinor > 0 ? await lockPayments(tx, orderId) : payments;
  const sorted = left.toSorted((a, b) => rankOf(a) - rankOf(b));
  let rest = amountMinor - goodsMinor;
  let creditedMinor = 0;
  for (const kind of ['void', 'refund'] as const) {
    for (const payment of sorted) {
      const part = Math.min(rest, kind === 'void' ? payment.toTakeMinor : payment.toGiveBackMinor);
      if (part <= 0) continue;
      const operation = { id: idOf(`payments:${kind}`, `${id} ${payment.id}`), paymentId: payment.id };
      if (kind === 'refund' && creditTo) {
        await creditInstead(tx, { ...operation, amountMinor: part }, now);
        creditedMinor += part;
      } else await ask(tx, { ...operation, kind, amountMinor: part }, now);
      rest -= part;
    }
  }
  if (creditTo && creditedMinor > 0)
    await grantCredit(tx, { ...creditTo, id, amountMinor: creditedMinor, reason, actor }, now);
  if (rest === 0) return true;
  if (payments.some(({ onItsWayMinor }) => onItsWayMinor > 0)) throw paymentsErrors.under_way({ orderId });
  throw paymentsErrors.more_than_is_left({
    orderId,
    wantedMinor: amountMinor,
    leftMinor: amountMinor - rest,
  });
}

/** Cards first, then what other goods paid, then gift cards and credit. */
const rankOf = ({ accountId, provider }: LockedPayment): number =>
  accountId !== null ? 2 : provider === EXCHANGE ? 1 : 0;

async function refuseAnother(tx: Tx, { id, orderId, amountMinor }: GivingBack): Promise<void> {
  const known = await own(tx)
    .selectFrom('payments.reduction')
    .select(['order_id as orderId', 'amount_minor as amountMinor'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (known.orderId !== orderId || known.amountMinor !== amountMinor)
    throw paymentsErrors.refund_differs({ refundId: id });
}

/**
 * Takes what was only authorized, so that the order's payments come to `upToMinor` at least; all, where not told. What
 * is paid elsewhere is taken there, and what goods pay when they come.
 */
export async function capture(
  tx: Tx,
  { id, orderId, upToMinor = Infinity }: { id: string; orderId: string; upToMinor?: number },
  now: Date,
): Promise<void> {
  const payments = await lockPayments(tx, orderId);
  const keptOf = (each: LockedPayment) => each.capturedMinor + each.onItsWayMinor - each.creditedMinor;
  let rest = upToMinor - payments.reduce((sum, each) => sum + keptOf(each), 0);
  for (const { id: paymentId, provider, toTakeMinor } of payments) {
    if (provider === EXTERNAL || provider === EXCHANGE) continue;
    const amountMinor = CAPTURES_ONCE.has(provider) ? toTakeMinor : Math.min(rest, toTakeMinor);
    if (amountMinor <= 0 || rest <= 0) continue;
    await ask(
      tx,
      { id: idOf('payments:capture', `${id} ${paymentId}`), paymentId, kind: 'capture', amountMinor },
      now,
    );
    rest -= amountMinor;
  }
}

/** All that was only promised for an order elsewhere was taken there. A repeat changes nothing. */
export async function notePaidElsewhere(
  tx: Tx,
  { orderId, reference }: { orderId: string; reference: string },
  now: Date,
): Promise<void> {
  for (const { id: paymentId, provider, toTakeMinor } of await lockPayments(tx, orderId)) {
    if (provider !== EXTERNAL || toTakeMinor === 0) continue;
    const id = idOf('payments:elsewhere', paymentId);
    await ask(tx, { id, paymentId, kind: 'capture', amountMinor: toTakeMinor }, now);
    await settleOperation(tx, id, { state: 'done', providerRef: reference }, now);
  }
}
