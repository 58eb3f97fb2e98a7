import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { paymentCaptured, refundRefused } from '#events/payments.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { addJob, emit } from '#platform/events.ts';
import { idOf } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { creditAccount } from './accounts.ts';
import { CASH } from './cash-provider.ts';
import { MAIL_REFUND_REFUSED } from './mail-refund-refused.ts';
import { own } from './own.ts';
import { EXCHANGE, type OperationAnswer, type PaymentProvider } from './provider.ts';
import { providerNamed } from './providers.ts';
import type { DB } from './tables.ts';

export const CARRY_OUT = 'payments.carry_out';

interface NewOperation {
  /** Made by the caller, so that a retry is the same operation. */
  id: string;
  paymentId: string;
  kind: 'capture' | 'void' | 'refund';
  amountMinor: number;
}

const LEFT = {
  capture: sql`authorized_minor - captured_minor - to_capture_minor - voided_minor - to_void_minor`,
  void: sql`authorized_minor - captured_minor - to_capture_minor - voided_minor - to_void_minor`,
  refund: sql`captured_minor - refunded_minor - to_refund_minor - credited_minor`,
};
const CLAIM = { capture: 'to_capture_minor', void: 'to_void_minor', refund: 'to_refund_minor' } as const;
const SUM = { capture: 'captured_minor', void: 'voided_minor', refund: 'refunded_minor' } as const;
const SAID = { capture: 'captured', void: 'voided', refund: 'refunded' } as const;

/**
 * Claims the amount and writes down what the provider is to be asked, together; false when less is left. What is
 * paid in cash or from an account of ours is done at once. The caller holds the payment's row.
 */
export async function ask(tx: Tx, operation: NewOperation, now: Date): Promise<boolean> {
  const { id, paymentId, kind, amountMinor } = operation;
  const claim = sql.id(CLAIM[kind]);
  const { rows } = await sql<{ isAtOnce: boolean }>`
    update payments.payment set ${claim} = ${claim} + ${amountMinor}::bigint
    where id = ${paymentId} and ${LEFT[kind]} >= ${amountMinor}::bigint
    returning account_id is not null or provider in (${CASH}, ${EXCHANGE}) as "isAtOnce"`.execute(tx);
  const [claimed] = rows;
  if (!claimed) return false;
  await own(tx)
    .insertInto('payments.operation')
    .values({ id, payment_id: paymentId, kind, amount_minor: amountMinor, state: 'pending', asked_at: now })
    .execute();
  if (claimed.isAtOnce) await settleOperation(tx, id, { state: 'done' }, now);
  else await addJob(tx, CARRY_OUT, { operationId: id }, id);
  return true;
}

/** Writes what came of an operation: its entry, and the sums of its payment. The same answer again changes nothing. */
export async function settleOperation(tx: Tx, id: string, answer: OperationAnswer, now: Date): Promise<void> {
  const settled = await own(tx)
    .updateTable('payments.operation')
    .set({ state: answer.state, settled_at: now })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .returning(['payment_id as paymentId', 'kind', 'amount_minor as amountMinor'])
    .executeTakeFirst();
  if (!settled) return;
  const { paymentId, kind, amountMinor } = settled;
  assert(kind !== 'authorize');
  if (kind === 'cancel') return settleCancel(tx, id, paymentId, now);
  const [claim, sum] = [sql.id(CLAIM[kind]), sql.id(SUM[kind])];
  const isDone = answer.state === 'done';
  const { rows } = await sql<{ accountId: string | null; orderId: string; provider: string }>`
    update payments.payment set ${claim} = ${claim} - ${amountMinor}::bigint
      ${isDone ? sql`, ${sum} = ${sum} + ${amountMinor}::bigint` : sql``}
      ${isDone && kind === 'capture' ? sql`, state = 'captured'` : sql``}
      ${isDone && kind === 'void' ? sql`, state = ${ALL_VOIDED(amountMinor)}` : sql``}
    where id = ${paymentId}
    returning account_id as "accountId", order_id as "orderId", provider`.execute(tx);
  const [payment] = rows;
  assert(payment);
  const ref = answer.state === 'done' ? answer.providerRef : undefined;
  const reason = answer.state === 'refused' ? answer.reason : '';
  await enter(
    tx,
    { paymentId, operationId: id, kind: isDone ? SAID[kind] : 'failed', amountMinor, ref, reason },
    now,
  );
  const { accountId, orderId, provider } = payment;
  if (!isDone) {
    if (kind !== 'refund') return;
    await emit(tx, refundRefused, { orderId, paymentId, operationId: id, amountMinor, reason });
    return addJob(tx, MAIL_REFUND_REFUSED, { reason }, id);
  }
  if (kind === 'capture') {
    if (!accountId) await emit(tx, paymentCaptured, { orderId, paymentId, amountMinor });
  } else if (accountId) {
    const back = kind === 'void' ? 'returned' : 'refunded';
    await creditAccount(tx, { accountId, causeId: id, amountMinor, kind: back }, now);
  } else if (provider === EXCHANGE && kind === 'refund')
    await giveGoodsValueBack(tx, { operationId: id, paymentId, amountMinor }, now);
}

const ALL_VOIDED = (amountMinor: number) =>
  sql`case when captured_minor + to_capture_minor = 0 and voided_minor + ${amountMinor}::bigint = authorized_minor
    then 'cancelled' else state end`;

/** What goods paid for is given back: it is the first order's money again, and goes back by its payments. */
async function giveGoodsValueBack(
  tx: Tx,
  { operationId, paymentId, amountMinor }: { operationId: string; paymentId: string; amountMinor: number },
  now: Date,
): Promise<void> {
  const sources = await own(tx)
    .selectFrom('payments.goods_value')
    .select([
      'from_payment_id as fromId',
      (eb) => eb('amount_minor', '-', eb.ref('returned_minor')).as('leftMinor'),
    ])
    .where('payment_id', '=', paymentId)
    .orderBy('from_payment_id')
    .forUpdate()
    .execute();
  let rest = amountMinor;
  for (const { fromId, leftMinor } of sources) {
    const part = Math.min(rest, Number(leftMinor));
    if (part === 0) continue;
    await uncredit(tx, { paymentId, fromId, operationId, amountMinor: part }, now);
    rest -= part;
  }
  assert.equal(rest, 0);
}

async function uncredit(
  tx: Tx,
  {
    paymentId,
    fromId,
    operationId,
    amountMinor,
  }: Record<'paymentId' | 'fromId' | 'operationId', string> & { amountMinor: number },
  now: Date,
): Promise<void> {
  await sql`
    update payments.goods_value set returned_minor = returned_minor + ${amountMinor}::bigint
    where payment_id = ${paymentId} and from_payment_id = ${fromId}`.execute(tx);
  await own(tx)
    .updateTable('payments.payment')
    .set((eb) => ({ credited_minor: eb('credited_minor', '-', amountMinor) }))
    .where('id', '=', fromId)
    .execute();
  const id = idOf('payments:goods_back', `${operationId} ${fromId}`);
  await enter(tx, { paymentId: fromId, operationId: id, kind: 'uncredited', amountMinor }, now);
  assert(await ask(tx, { id, paymentId: fromId, kind: 'refund', amountMinor }, now));
}

/** All of a payment that was given up is back, or was never taken. */
async function settleCancel(tx: Tx, operationId: string, paymentId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ voided: number; refunded: number }>`
    update payments.payment set voided_minor = voided_minor + to_void_minor, to_void_minor = 0,
      refunded_minor = refunded_minor + to_refund_minor, to_refund_minor = 0
    from (select id, to_void_minor as voided, to_refund_minor as refunded
          from payments.payment where id = ${paymentId} for update) as before
    where payment.id = before.id returning before.voided, before.refunded`.execute(tx);
  const [back] = rows;
  assert(back);
  const { voided, refunded } = back;
  if (refunded > 0) await enter(tx, { paymentId, operationId, kind: 'refunded', amountMinor: refunded }, now);
  if (voided > 0 || refunded === 0)
    await enter(tx, { paymentId, operationId, kind: 'voided', amountMinor: voided }, now);
}

interface NewEntry {
  paymentId: string;
  operationId: string;
  kind: DB['payments.entry']['kind'];
  amountMinor: number;
  ref?: string | undefined;
  reason?: string;
}

export async function enter(tx: Tx, entry: NewEntry, now: Date): Promise<void> {
  await own(tx)
    .insertInto('payments.entry')
    .values({
      payment_id: entry.paymentId,
      operation_id: entry.operationId,
      kind: entry.kind,
      amount_minor: entry.amountMinor,
      provider_ref: entry.ref ?? null,
      reason: entry.reason ?? '',
      occurred_at: now,
    })
    .execute();
}

type ProviderOf = (name: string) => PaymentProvider;
const Payload = Type.Object({ operationId: Type.String() });

/**
 * Job. Asks the provider for one thing, outside any transaction, and writes down what came of it. It may run twice
 * or at once: the provider knows the operation by our id. What throws is tried again.
 */
export async function carryOut(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  payload: unknown,
  provider: ProviderOf = (name) => providerNamed(deps, name),
): Promise<void> {
  const { operationId } = Value.Parse(Payload, payload);
  const operation = await own(deps.db)
    .selectFrom('payments.operation as operation')
    .innerJoin('payments.payment as payment', 'payment.id', 'operation.payment_id')
    .select([
      'operation.kind',
      'operation.amount_minor as amountMinor',
      'payment.id as paymentId',
      'payment.provider',
      'payment.provider_ref as providerRef',
      'payment.currency',
      sql<boolean>`captured_minor + to_capture_minor = 0 and ${LEFT.void} = 0`.as('endsIt'),
    ])
    .where('operation.id', '=', operationId)
    .where('operation.state', '=', 'pending')
    .where('operation.kind', '<>', 'authorize')
    .executeTakeFirst();
  if (!operation) return;
  const answer = await askProvider(provider(operation.provider), { operationId, ...operation });
  await inTransaction(deps.db, (tx) => settleOperation(tx, operationId, answer, deps.now()));
}

type Loaded = Parameters<PaymentProvider['capture']>[0] & { kind: DB['payments.operation']['kind'] };

async function askProvider(
  provider: PaymentProvider,
  { kind, ...operation }: Loaded,
): Promise<OperationAnswer> {
  assert(kind !== 'authorize');
  if (kind !== 'cancel') return provider[kind](operation);
  await provider.cancel(operation);
  return { state: 'done' };
}

const LEFT_MAX = 500;
const PATIENCE_SECONDS = 60;

/** Job. What the queue no longer knows of, or gave up on, is asked for again. */
export async function carryOutLeft(
  deps: Pick<Deps, 'db' | 'config' | 'now'>,
  provider?: ProviderOf,
): Promise<void> {
  const before = new Date(deps.now().getTime() - PATIENCE_SECONDS * 1000);
  const left = await own(deps.db)
    .selectFrom('payments.operation')
    .select('id')
    .where('state', '=', 'pending')
    .where('kind', '<>', 'authorize')
    .where('asked_at', '<', before)
    .orderBy('asked_at')
    .limit(LEFT_MAX)
    .execute();
  const faults: unknown[] = [];
  for (const { id } of left) {
    // One that can't be done keeps none of the others waiting.
    await carryOut(deps, { operationId: id }, provider).catch((error: unknown) => faults.push(error));
  }
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} operations could not be carried out`);
}

export type LockedPayment = Awaited<ReturnType<typeof lockPayments>>[number];

/** An order's payments, locked in one order. What can still be taken, and what can be given back, of each. */
export const lockPayments = (tx: Tx, orderId: string) =>
  own(tx)
    .selectFrom('payments.payment')
    .select([
      'id',
      'provider',
      'account_id as accountId',
      'captured_minor as capturedMinor',
      'credited_minor as creditedMinor',
      sql<number>`${LEFT.capture}`.as('toTakeMinor'),
      sql<number>`${LEFT.refund}`.as('toGiveBackMinor'),
      'to_capture_minor as onItsWayMinor',
    ])
    .where('order_id', '=', orderId)
    .where('state', 'in', ['authorized', 'captured'])
    .orderBy('id')
    .forUpdate()
    .execute();
