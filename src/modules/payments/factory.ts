import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { readConfig } from '#platform/config.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { grantCredit, issueGiftCard } from './accounts.ts';
import { noteFees } from './fees.ts';
import { openPayment, pay, settleAnswer } from './payment.ts';
import { testProvider } from './test-provider.ts';
import { carryOutLeft } from './operations.ts';

export { carryOut } from './operations.ts';

export const payingDeps = (db: Db, now: () => Date = () => new Date()) => ({
  db,
  config: readConfig({}),
  now,
});

const SECRET = 'a secret of the tests, long enough';

export async function aGiftCard(db: Db, amountMinor: number, facts: { expiresAt?: Date } = {}) {
  const card = {
    id: randomUUID(),
    currency: 'EUR',
    amountMinor,
    reason: 'a test',
    actor: 'system',
    ...facts,
  };
  const { code } = await inTransaction(db, (tx) => issueGiftCard(tx, card, SECRET, new Date()));
  return { id: card.id, code };
}

/** Euro cents that a customer may spend here. */
export const someCredit = (db: Db, customerId: string, amountMinor: number): Promise<boolean> =>
  inTransaction(db, (tx) => {
    const id = randomUUID();
    return grantCredit(
      tx,
      { id, customerId, currency: 'EUR', amountMinor, reason: 'a test', actor: 'system' },
      new Date(),
    );
  });

/** A payment that the provider `test` took, or only authorized. */
export async function aPayment(
  db: Db,
  orderId: string,
  amountMinor: number,
  capture: 'now' | 'later' = 'now',
): Promise<string> {
  const [id, now] = [randomUUID(), new Date()];
  const payment = { id, orderId, attemptId: id, provider: 'test', amountMinor, currency: 'EUR' };
  await inTransaction(db, (tx) => openPayment(tx, payment, now));
  const asked = { paymentId: id, amountMinor, currency: 'EUR', token: 'approved', capture, returnUrl: '' };
  const answer = await pay(db, testProvider(db), asked);
  if (answer.state !== 'captured' && answer.state !== 'authorized') throw new Error(answer.state);
  await inTransaction(db, (tx) => settleAnswer(tx, id, answer, now));
  return id;
}

/** Notes what all payments cost. A transaction of another test's database holds everybody's entries back until it ends. */
export async function noteAllFees(deps: Parameters<typeof noteFees>[0]): Promise<void> {
  const { rows } = await sql<{ id: number }>`select coalesce(max(id), 0) as id from payments.entry`.execute(
    deps.db,
  );
  const isBehind = sql<{ isBehind: boolean }>`
    select entry_id < ${rows[0]?.id ?? 0} as "isBehind" from payments.fee_progress`;
  do await noteFees(deps);
  while ((await isBehind.execute(deps.db)).rows[0]?.isBehind);
}

/** Carries out all that providers are still to be asked. */
export const settleAll = (db: Db): Promise<void> =>
  carryOutLeft(payingDeps(db, () => new Date(Date.now() + 120_000)));
