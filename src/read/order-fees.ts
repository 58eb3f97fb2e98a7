import { sql } from 'kysely';
import type { Db } from '#platform/db.ts';

/** What a payment of an order cost, as far as it is noted. */
export interface PaymentFees {
  paymentId: string;
  provider: string;
  currency: string;
  capturedMinor: number;
  refundedMinor: number;
  takingMinor: number;
  refundMinor: number;
  /** Put right by hand, the latest first. */
  corrections: {
    id: string;
    isOfRefund: boolean;
    amountMinor: number;
    becomesMinor: number;
    actor: string;
    reason: string;
    notedAt: string;
  }[];
}

/** Payments of the order with this number; undefined where there is no such order. */
export async function feesOfOrder(reads: Db, number: string): Promise<PaymentFees[] | undefined> {
  const { rows } = await sql<{ payments: PaymentFees[] | null }>`
    select (select json_agg(each order by created_at, "paymentId") from (
      select payment.id as "paymentId", payment.created_at, provider, payment.currency, captured_minor as "capturedMinor",
        refunded_minor as "refundedMinor",
        coalesce(sum(fee.amount_minor) filter (where not is_of_refund), 0) as "takingMinor",
        coalesce(sum(fee.amount_minor) filter (where is_of_refund), 0) as "refundMinor",
        coalesce(json_agg(json_build_object('id', fee.id, 'isOfRefund', is_of_refund, 'amountMinor', fee.amount_minor,
          'becomesMinor', becomes_minor, 'actor', actor, 'reason', fee.reason, 'notedAt', noted_at)
          order by noted_at desc, fee.id) filter (where actor is not null), '[]') as corrections
      from payments.payment left join payments.fee_entry fee on fee.payment_id = payment.id
      where payment.order_id = o.id group by payment.id) as each) as payments
    from orders.order o where o.number = ${number}`.execute(reads);
  const [order] = rows;
  return order && (order.payments ?? []);
}
