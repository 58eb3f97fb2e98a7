import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { idOf, newId } from '#platform/ids.ts';
import { creditInstead } from './credit-instead.ts';
import { paymentsErrors } from './errors.ts';
import { EXTERNAL } from './external-provider.ts';
import { ask, lockPayments } from './operations.ts';
import { own } from './own.ts';
import { openPayment, settleAnswer } from './payment.ts';
import { EXCHANGE } from './provider.ts';

interface Promised {
  orderId: string;
  attemptId: string;
  amountMinor: number;
  currency: string;
}

/** Goods that are to come back will pay so much of an order. It is taken when they have come. */
export async function promiseGoodsValue(tx: Tx, promised: Promised, now: Date): Promise<void> {
  if (promised.amountMinor === 0) return;
  const id = newId(now.getTime());
  await openPayment(tx, { id, provider: EXCHANGE, ...promised }, now);
  await settleAnswer(tx, id, { state: 'authorized', providerRef: id }, now);
}

interface Paying {
  id: string;
  orderId: string;
  toOrderId: string;
  /** At most: what the goods were taken to be worth is never exceeded. */
  amountMinor: number;
}

/** What was taken for goods that came back stays taken, and pays for the other order. Answers how much of it does. */
export async function payWithGoods(
  tx: Tx,
  { id, orderId, toOrderId, amountMinor }: Paying,
  now: Date,
): Promise<number> {
  // The newer order's payments first, as those do who give back what goods have paid.
  const promise = (await lockPayments(tx, toOrderId)).find(({ provider }) => provider === EXCHANGE);
  const wantedMinor = Math.min(amountMinor, promise?.toTakeMinor ?? 0);
  if (!promise || wantedMinor === 0) return 0;
  const sources = (await lockPayments(tx, orderId)).filter(({ toGiveBackMinor }) => toGiveBackMinor > 0);
  let rest = wantedMinor;
  for (const source of sources) {
    const part = Math.min(rest, source.toGiveBackMinor);
    if (part === 0) continue;
    const operation = { id: idOf('payments:goods', `${id} ${source.id}`), paymentId: source.id };
    await creditInstead(tx, { ...operation, amountMinor: part }, now);
    await sql`
      insert into payments.goods_value (payment_id, from_payment_id, amount_minor)
      values (${promise.id}, ${source.id}, ${part})
      on conflict (payment_id, from_payment_id)
        do update set amount_minor = goods_value.amount_minor + excluded.amount_minor`.execute(tx);
    rest -= part;
  }
  if (rest > 0) throw paymentsErrors.under_way({ orderId });
  const capture = { id: idOf('payments:goods', id), paymentId: promise.id, amountMinor: wantedMinor };
  assert(await ask(tx, { ...capture, kind: 'capture' }, now));
  return wantedMinor;
}

export interface GoodsValue {
  /** What goods have paid for the order, and are still to pay. */
  paidMinor: number;
  owedMinor: number;
  /** The order's payments, of whatever means. */
  payments: string[];
}

export async function goodsValueOf(db: Db, orderId: string): Promise<GoodsValue> {
  const payments = await own(db)
    .selectFrom('payments.payment')
    .select([
      'id',
      'provider',
      'captured_minor as capturedMinor',
      sql<number>`authorized_minor - captured_minor - voided_minor`.as('owedMinor'),
    ])
    .where('order_id', '=', orderId)
    .where('state', 'in', ['authorized', 'captured', 'cancelled'])
    .execute();
  const promise = payments.find(({ provider }) => provider === EXCHANGE);
  const { capturedMinor: paidMinor = 0, owedMinor = 0 } = promise ?? {};
  return { paidMinor, owedMinor, payments: payments.map(({ id }) => id) };
}

/** What is still owed for the goods need not be paid: too little to ask for. */
export async function letGoodsValueGo(
  tx: Tx,
  { id, orderId }: { id: string; orderId: string },
  now: Date,
): Promise<void> {
  const promise = (await lockPayments(tx, orderId)).find(({ provider }) => provider === EXCHANGE);
  if (!promise || promise.toTakeMinor === 0) return;
  const { id: paymentId, toTakeMinor: amountMinor } = promise;
  await own(tx)
    .insertInto('payments.reduction')
    .values({
      id,
      order_id: orderId,
      amount_minor: amountMinor,
      reason: 'rounding',
      actor: 'system',
      occurred_at: now,
    })
    .execute();
  assert(await ask(tx, { id: idOf('payments:goods_void', id), paymentId, kind: 'void', amountMinor }, now));
}

/** The goods will not come: what they were to pay is paid elsewhere. Answers how much; 0 for a repeat. */
export async function payGoodsElsewhere(
  tx: Tx,
  { id, orderId, currency, reference }: { id: string; orderId: string; currency: string; reference: string },
  now: Date,
): Promise<number> {
  const promise = (await lockPayments(tx, orderId)).find(({ provider }) => provider === EXCHANGE);
  if (!promise || promise.toTakeMinor === 0) return 0;
  const { id: paymentId, toTakeMinor: amountMinor } = promise;
  assert(await ask(tx, { id: idOf('payments:goods_void', id), paymentId, kind: 'void', amountMinor }, now));
  const paid = { id, orderId, attemptId: id, provider: EXTERNAL, amountMinor, currency };
  await openPayment(tx, paid, now);
  const providerRef = [reference, id].filter(Boolean).join(':');
  await settleAnswer(tx, id, { state: 'captured', providerRef }, now);
  return amountMinor;
}
