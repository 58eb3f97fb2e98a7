import { sql } from 'kysely';
import type { Viewer } from '#platform/access.ts';
import type { Db, Tx } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { actorOf, record } from '../identity/index.ts';
import { grantCredit } from './accounts.ts';
import { creditInstead } from './credit-instead.ts';
import { paymentsErrors } from './errors.ts';
import { ask, lockPayments, settleOperation } from './operations.ts';
import { own } from './own.ts';
import { customerOf } from './staff-acts.ts';

/** A refund that a provider refused for good, and that nobody has seen to yet. */
export interface RefusedRefund {
  operationId: string;
  orderId: string;
  provider: string;
  amountMinor: number;
  currency: string;
  reason: string;
  refusedAt: Date;
}

const UNANSWERED = sql`payments.operation
  where operation.state = 'refused' and operation.kind = 'refund'
    and not exists (select from payments.refusal where refusal.operation_id = operation.id)`;

/** The oldest first, since somebody waits for their money; or `only` one of them. */
export async function refusedRefunds(
  db: Db,
  { after, only, limit }: { after?: string | undefined; only?: string; limit: number },
): Promise<RefusedRefund[]> {
  const beyond = after
    ? sql`and (settled_at, id) > (select settled_at, id from payments.operation where id = ${after})`
    : sql``;
  const one = only ? sql`and operation.id = ${only}` : sql``;
  const { rows } = await sql<RefusedRefund>`
    with refused as (select operation.* from ${UNANSWERED} ${beyond} ${one} order by settled_at, id limit ${limit})
    select refused.id as "operationId", order_id as "orderId", provider, refused.amount_minor as "amountMinor",
      currency, coalesce(entry.reason, '') as reason, settled_at as "refusedAt"
    from refused join payments.payment on payment.id = refused.payment_id
    left join payments.entry on operation_id = refused.id and entry.kind = 'failed'
    order by settled_at, refused.id`.execute(db);
  return rows;
}

export async function refusedRefundCount(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from ${UNANSWERED}`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

export type RefusalAnswer =
  /** The provider is asked once more. */
  | { answer: 'again' }
  /** It becomes the member's store credit. */
  | { answer: 'credit'; memberId: string }
  /** It was paid outside: the reference is what the bank calls that. */
  | { answer: 'by_hand'; reference: string };

/** Sees to a refused refund, once: the same answer again is a retry, another is refused. */
export async function answerRefusal(
  tx: Tx,
  viewer: Viewer,
  operationId: string,
  wish: RefusalAnswer,
  now: Date,
): Promise<void> {
  const refused = await refusedOperation(tx, operationId);
  const { orderId, paymentId, amountMinor, currency } = refused;
  await lockPayments(tx, orderId);
  const actor = actorOf(viewer);
  const reference = wish.answer === 'by_hand' ? wish.reference : '';
  const isNew = await own(tx)
    .insertInto('payments.refusal')
    .values({ operation_id: operationId, answer: wish.answer, reference, actor, answered_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('operation_id')
    .executeTakeFirst();
  if (!isNew) return refuseOtherAnswer(tx, operationId, wish.answer, reference);
  const id = idOf('payments:refusal', operationId);
  if (wish.answer === 'credit') {
    const reason = `refund ${operationId} was refused`;
    const customerId = await customerOf(tx, wish.memberId);
    await creditInstead(tx, { id, paymentId, amountMinor }, now);
    await grantCredit(tx, { id, customerId, currency, amountMinor, reason, actor }, now);
  } else {
    const isClaimed = await ask(tx, { id, paymentId, kind: 'refund', amountMinor }, now);
    if (!isClaimed)
      throw paymentsErrors.more_than_is_left({ orderId, wantedMinor: amountMinor, leftMinor: 0 });
    if (wish.answer === 'by_hand') {
      await settleOperation(tx, id, { state: 'done', providerRef: reference }, now);
    }
  }
  const facts = { operationId, answer: wish.answer, amountMinor, currency, ...(reference && { reference }) };
  await record(tx, actor, 'refund_seen_to', `order:${orderId}`, facts);
}

async function refusedOperation(tx: Tx, operationId: string) {
  const refused = await own(tx)
    .selectFrom('payments.operation as operation')
    .innerJoin('payments.payment as payment', 'payment.id', 'operation.payment_id')
    .select([
      'payment.order_id as orderId',
      'payment.id as paymentId',
      'operation.amount_minor as amountMinor',
      'payment.currency',
    ])
    .where('operation.id', '=', operationId)
    .where('operation.kind', '=', 'refund')
    .where('operation.state', '=', 'refused')
    .executeTakeFirst();
  if (!refused) throw paymentsErrors.refund_not_refused({ operationId });
  return refused;
}

async function refuseOtherAnswer(
  tx: Tx,
  operationId: string,
  answer: RefusalAnswer['answer'],
  reference: string,
): Promise<void> {
  const known = await own(tx)
    .selectFrom('payments.refusal')
    .select(['answer', 'reference'])
    .where('operation_id', '=', operationId)
    .executeTakeFirstOrThrow();
  if (known.answer !== answer || known.reference !== reference)
    throw paymentsErrors.refund_answered({ operationId });
}
