import { sql, type Updateable } from 'kysely';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { addJob } from '#platform/events.ts';
import { newId } from '#platform/ids.ts';
import { type Part, writeTogether } from '#platform/together.ts';
import { paymentsErrors } from './errors.ts';
import { ask, CARRY_OUT } from './operations.ts';
import { own } from './own.ts';
import { type AskedPayment, type PaymentAnswer, type PaymentProvider, takesCurrency } from './provider.ts';
import type { DB } from './tables.ts';

interface NewPayment {
  id: string;
  orderId: string;
  /** The try at placing the order: all its payments end together. */
  attemptId: string;
  provider: string;
  /** Where the provider's name for it is known beforehand. */
  providerRef?: string | undefined;
  accountId?: string;
  amountMinor: number;
  currency: string;
}

/** Writes a payment down before its provider is asked for it. */
export const openPayment = (tx: Tx, payment: NewPayment, now: Date): Promise<void> =>
  writeTogether(tx, [openedPayment(payment, now)]);

/** The same as a part of a statement that writes other things too. */
export function openedPayment(payment: NewPayment, now: Date): Part {
  const { id, orderId, attemptId, provider, providerRef, accountId, amountMinor, currency } = payment;
  if (!takesCurrency(provider, currency)) throw paymentsErrors.currency_not_taken({ currency });
  return {
    changes: [
      sql`payments_payment as (
        insert into payments.payment
          (id, order_id, attempt_id, provider, provider_ref, account_id, currency, amount_minor, created_at, state)
        values (${id}, ${orderId}, ${attemptId}, ${provider}, ${providerRef ?? null}, ${accountId ?? null}, ${currency},
          ${amountMinor}, ${now}, 'pending'))`,
      sql`payments_operation as (
        insert into payments.operation (id, payment_id, kind, amount_minor, state, asked_at)
        values (${id}, ${id}, 'authorize', ${amountMinor}, 'pending', ${now}))`,
    ],
  };
}

/** Asks for the money. The provider's name for the payment is written down before it can take any. */
export async function pay(db: Db, provider: PaymentProvider, asked: AskedPayment): Promise<PaymentAnswer> {
  const known = provider.refOf?.(asked.paymentId) ?? (await referenceOf(db, asked.paymentId));
  const providerRef = known ?? (await provider.open(asked));
  if (known === null) {
    const noted = await inTransaction(db, (tx) =>
      own(tx)
        .updateTable('payments.payment')
        .set({ provider_ref: providerRef })
        .where('id', '=', asked.paymentId)
        .where('state', '=', 'pending')
        .returning('id')
        .executeTakeFirst(),
    );
    // Given up meanwhile: what nobody was told the name of, nobody could cancel.
    if (!noted) return { state: 'declined', reason: 'cancelled' };
  }
  return provider.pay({ ...asked, providerRef });
}

/** What the provider says of a payment; undefined for one that it was never asked for. */
export async function find(
  db: Db,
  provider: PaymentProvider,
  paymentId: string,
): Promise<PaymentAnswer | undefined> {
  return provider.find({ paymentId, providerRef: await referenceOf(db, paymentId) });
}

async function referenceOf(db: Db, paymentId: string): Promise<string | null> {
  const payment = await own(db)
    .selectFrom('payments.payment')
    .select('provider_ref as providerRef')
    .where('id', '=', paymentId)
    .executeTakeFirst();
  return payment?.providerRef ?? null;
}

export type FinalAnswer = Extract<PaymentAnswer, { state: 'captured' | 'authorized' | 'declined' }>;

/** Writes down what a provider said of a payment. The first word counts, and a repeat changes nothing. */
export const settleAnswer = (tx: Tx, paymentId: string, answer: FinalAnswer, now: Date): Promise<void> =>
  writeTogether(tx, [settledAnswer(paymentId, answer, now)]);

/** The same as a part of a statement that writes other things too. */
export function settledAnswer(paymentId: string, answer: FinalAnswer, now: Date): Part {
  const isDeclined = answer.state === 'declined';
  const isCaptured = answer.state === 'captured';
  const said = isDeclined ? ['failed'] : isCaptured ? ['authorized', 'captured'] : ['authorized'];
  const ref = isDeclined ? null : answer.providerRef;
  const sums = isDeclined
    ? sql``
    : sql`, provider_ref = ${ref}, authorized_minor = settled.amount_minor,
        captured_minor = ${isCaptured ? sql`settled.amount_minor` : sql`0`}`;
  return {
    changes: [
      sql`payments_operation as (
        update payments.operation set state = ${isDeclined ? 'refused' : 'done'}, settled_at = ${now}
        where id = ${paymentId} and state = 'pending'
        returning amount_minor)`,
      sql`payments_payment as (
        update payments.payment set state = ${isDeclined ? 'failed' : answer.state} ${sums}
        from payments_operation as settled where payment.id = ${paymentId})`,
      sql`payments_entry as (
        insert into payments.entry (payment_id, operation_id, kind, amount_minor, provider_ref, reason, occurred_at)
        select ${paymentId}, ${paymentId}, kind, amount_minor, ${ref}, ${isDeclined ? answer.reason : ''}, ${now}
        from payments_operation, unnest(${said}::payments.entry_kind[]) as kind)`,
    ],
  };
}

const mark = (tx: Tx, id: string, values: Updateable<DB['payments.payment']>) =>
  own(tx).updateTable('payments.payment').set(values).where('id', '=', id).execute();

/** The order stands: what was held of gift cards and credit is spent. */
export async function spendHolds(tx: Tx, attemptId: string, now: Date): Promise<void> {
  for (const { id, amountMinor } of await holdsOf(tx, attemptId)) {
    await ask(tx, { id: newId(), paymentId: id, kind: 'capture', amountMinor }, now);
  }
}

/**
 * An attempt is given up: what was held of gift cards and credit is free, and what a provider took, or may yet take,
 * is given back by a job.
 */
export async function endAttempt(tx: Tx, attemptId: string, now: Date): Promise<void> {
  for (const { id, amountMinor } of await holdsOf(tx, attemptId)) {
    await ask(tx, { id: newId(), paymentId: id, kind: 'void', amountMinor }, now);
  }
  const open = await own(tx)
    .selectFrom('payments.payment')
    .select(['id', 'authorized_minor as authorizedMinor', 'captured_minor as capturedMinor'])
    .where('attempt_id', '=', attemptId)
    .where('account_id', 'is', null)
    .where('state', 'in', ['pending', 'authorized', 'captured'])
    .forUpdate()
    .execute();
  for (const { id, authorizedMinor, capturedMinor } of open) {
    const claims = { to_void_minor: authorizedMinor - capturedMinor, to_refund_minor: capturedMinor };
    await mark(tx, id, { state: 'cancelled', ...claims });
    await own(tx)
      .updateTable('payments.operation')
      .set({ state: 'refused', settled_at: now })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute();
    const operationId = newId();
    const operation = { id: operationId, payment_id: id, amount_minor: authorizedMinor, asked_at: now };
    await own(tx)
      .insertInto('payments.operation')
      .values({ ...operation, kind: 'cancel', state: 'pending' })
      .execute();
    await addJob(tx, CARRY_OUT, { operationId }, operationId);
  }
}

const holdsOf = (tx: Tx, attemptId: string) =>
  own(tx)
    .selectFrom('payments.payment')
    .select(['id', 'amount_minor as amountMinor'])
    .where('attempt_id', '=', attemptId)
    .where('account_id', 'is not', null)
    .where('state', '=', 'authorized')
    .orderBy('id')
    .forUpdate()
    .execute();
