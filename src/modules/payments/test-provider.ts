import { setTimeout as wait } from 'node:timers/promises';
import { type Selectable, sql } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { hasCode } from '#platform/start-fault.ts';
import { own } from './own.ts';
import type {
  AskedOperation,
  AskedPayment,
  OperationAnswer,
  PaymentAnswer,
  PaymentProvider,
} from './provider.ts';
import type { DB } from './tables.ts';

/** What a token does; `slow` answers late, and any other token is approved. */
const DECLINED = new Map([
  ['declined', 'card_declined'],
  ['expired', 'card_expired'],
]);
const SLOW_MILLISECONDS = 3000;

/**
 * The provider of demos and tests. Its books outlive the process, as a real one's would. The token `authorize` only
 * authorizes, whatever was asked; `redirect` sends the buyer to a page where they say yes or no.
 */
export function testProvider(db: Db): PaymentProvider {
  return {
    name: 'test',
    refOf,
    open: async ({ paymentId }) => refOf(paymentId),
    async pay(payment) {
      if (payment.token === 'slow') await wait(SLOW_MILLISECONDS);
      const entered = await enter(db, payment);
      const answer = entered ? answerOf(payment.paymentId, entered) : await find(db, payment.paymentId);
      if (answer?.state !== 'redirect') return answer ?? { state: 'waiting' };
      return { state: 'redirect', url: `${answer.url}?to=${encodeURIComponent(payment.returnUrl)}` };
    },
    find: ({ paymentId }) => find(db, paymentId),
    cancel: ({ paymentId }) =>
      inTransaction(db, async (tx) => {
        await own(tx)
          .insertInto('payments.test_payment')
          .values({ payment_id: paymentId, state: 'cancelled', amount_minor: 0, currency: 'XXX' })
          .onConflict((conflict) =>
            conflict.column('payment_id').doUpdateSet({
              state: 'cancelled',
              refunded_minor: sql`test_payment.captured_minor`,
              voided_minor: sql`test_payment.authorized_minor - test_payment.captured_minor`,
            }),
          )
          .execute();
      }),
    capture: (operation) => carryOut(db, 'capture', operation),
    void: (operation) => carryOut(db, 'void', operation),
    refund: (operation) => carryOut(db, 'refund', operation),
  };
}

const refOf = (paymentId: string) => `test-${paymentId}`;

type Known = Pick<Selectable<DB['payments.test_payment']>, 'state' | 'reason'>;

/** One statement, for a provider's books are no part of any transaction of ours. Undefined for what it knew before. */
async function enter(
  db: Db,
  { paymentId, amountMinor, currency, token, capture }: AskedPayment,
): Promise<Known | undefined> {
  const reason = DECLINED.get(token);
  const capturesAtOnce = capture === 'now' && token !== 'authorize';
  const isWaiting = token === 'redirect';
  const state = reason ? 'failed' : isWaiting ? 'pending' : capturesAtOnce ? 'captured' : 'authorized';
  const authorized = reason || isWaiting ? 0 : amountMinor;
  return own(db)
    .insertInto('payments.test_payment')
    .values({
      payment_id: paymentId,
      state,
      captures_at_once: capturesAtOnce,
      reason: reason ?? '',
      currency,
      amount_minor: amountMinor,
      authorized_minor: authorized,
      captured_minor: capturesAtOnce ? authorized : 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['state', 'reason'])
    .executeTakeFirst();
}

/** What the buyer said on the provider's page. A second answer changes nothing. */
export async function answerTestPayment(tx: Tx, paymentId: string, isApproved: boolean): Promise<void> {
  await own(tx)
    .updateTable('payments.test_payment')
    .set(
      isApproved
        ? {
            state: sql`case when captures_at_once then 'captured' else 'authorized' end::payments.payment_state`,
            authorized_minor: sql`amount_minor`,
            captured_minor: sql`case when captures_at_once then amount_minor else 0 end`,
          }
        : { state: 'failed', reason: 'card_declined' },
    )
    .where('payment_id', '=', paymentId)
    .where('state', '=', 'pending')
    .execute();
}

async function find(db: Db, paymentId: string): Promise<PaymentAnswer | undefined> {
  const payment = await own(db)
    .selectFrom('payments.test_payment')
    .select(['state', 'reason'])
    .where('payment_id', '=', paymentId)
    .executeTakeFirst();
  return payment && answerOf(paymentId, payment);
}

function answerOf(paymentId: string, { state, reason }: Known): PaymentAnswer {
  if (state === 'pending') return { state: 'redirect', url: `/payments/test/${paymentId}` };
  if (state === 'captured' || state === 'authorized') return { state, providerRef: refOf(paymentId) };
  return { state: 'declined', reason: state === 'cancelled' ? 'cancelled' : reason };
}

const BALANCE = { capture: 'captured_minor', void: 'voided_minor', refund: 'refunded_minor' } as const;

/** Its constraint is what a real provider's refusal is. */
async function carryOut(
  db: Db,
  kind: keyof typeof BALANCE,
  { operationId, paymentId, amountMinor }: AskedOperation,
): Promise<OperationAnswer> {
  const work = inTransaction(db, async (tx): Promise<OperationAnswer> => {
    const isNew = await own(tx)
      .insertInto('payments.test_operation')
      .values({ operation_id: operationId, payment_id: paymentId, kind, amount_minor: amountMinor })
      .onConflict((conflict) => conflict.doNothing())
      .returning('operation_id')
      .executeTakeFirst();
    if (isNew) {
      await sql`
        update payments.test_payment set ${sql.id(BALANCE[kind])} = ${sql.id(BALANCE[kind])} + ${amountMinor}::bigint
          ${kind === 'capture' ? sql`, state = 'captured'` : sql``}
        where payment_id = ${paymentId}`.execute(tx);
    }
    return { state: 'done', providerRef: `test-${operationId}` };
  });
  return work.catch((error: unknown) => {
    if (hasCode(error, CHECK_VIOLATION)) return { state: 'refused', reason: 'more_than_is_left' };
    throw error;
  });
}

const CHECK_VIOLATION = '23514';
