import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { feeNoted } from '#events/payments.ts';
import type { Tx } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { type Actor, record } from '../identity/index.ts';
import { paymentsErrors } from './errors.ts';
import { own } from './own.ts';
import { REPORTING } from './providers.ts';

export const FEE_MINOR_MAX = 10_000_000;

export interface FeeCorrection {
  /** Made by the caller, so that a retry is the same correction. */
  id: string;
  paymentId: string;
  /** Of giving money back; else of taking it. */
  isOfRefund: boolean;
  /** What all of it cost in the end, in the payment's currency. */
  becomesMinor: number;
  reason: string;
}

/**
 * Puts right what a payment's fees come to, where a rate made them and not a provider that tells: an entry of the difference, dated with the
 * last one that it puts right. The same correction again is a retry. Whoever corrects the same payment at once waits for the other.
 */
export async function correctFee(tx: Tx, actor: Actor, wish: FeeCorrection, now: Date): Promise<void> {
  const { id, paymentId, isOfRefund, becomesMinor, reason } = wish;
  const payment = await own(tx)
    .selectFrom('payments.payment')
    .select(['order_id as orderId', 'provider', 'currency', 'created_at as createdAt'])
    .where('id', '=', paymentId)
    .forUpdate()
    .executeTakeFirst();
  if (!payment) throw paymentsErrors.payment_unknown({ paymentId });
  if (REPORTING.has(payment.provider)) throw paymentsErrors.fee_is_reported({ provider: payment.provider });
  const { orderId, currency } = payment;
  const earlier = await own(tx)
    .selectFrom('payments.fee_entry')
    .select([
      'payment_id as paymentId',
      'is_of_refund as isOfRefund',
      'becomes_minor as becomesMinor',
      'reason',
    ])
    .where('id', '=', id)
    .executeTakeFirst();
  if (earlier) {
    if (isDeepStrictEqual({ id, ...earlier }, wish)) return;
    throw paymentsErrors.fee_correction_differs({ correctionId: id });
  }
  const { rows } = await sql<{ isMinor: number; lastAt: Date | null }>`
    select coalesce(sum(amount_minor), 0)::float8 as "isMinor", max(occurred_at) as "lastAt"
    from payments.fee_entry where payment_id = ${paymentId} and is_of_refund = ${isOfRefund}`.execute(tx);
  const { isMinor = 0, lastAt = null } = rows[0] ?? {};
  const amountMinor = becomesMinor - isMinor;
  if (amountMinor === 0) throw paymentsErrors.fee_is_right({ paymentId, feeMinor: becomesMinor });
  const at = lastAt ?? payment.createdAt;
  const made = await own(tx)
    .insertInto('payments.fee_entry')
    .values({
      id,
      reference: referenceOf(id),
      payment_id: paymentId,
      is_of_refund: isOfRefund,
      amount_minor: amountMinor,
      provider_minor: amountMinor,
      provider_currency: currency,
      occurred_at: at,
      noted_at: now,
      becomes_minor: becomesMinor,
      actor,
      reason,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) throw paymentsErrors.fee_correction_differs({ correctionId: id });
  await record(tx, actor, 'fee_corrected', `order:${orderId}`, {
    correctionId: id,
    paymentId,
    isOfRefund,
    wasMinor: isMinor,
    becomesMinor,
    currency,
    reason,
  });
  const facts = { orderId, paymentId, feeId: id, isOfRefund, amountMinor, currency };
  await emit(tx, feeNoted, { ...facts, occurredAt: at.toISOString() });
}

const referenceOf = (id: string) => `correction:${id}`;
