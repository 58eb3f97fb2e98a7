import { setTimeout as wait } from 'node:timers/promises';
import { type Db, inTransaction } from '#platform/db.ts';
import { own } from './own.ts';
import type { PaymentAnswer, PaymentProvider } from './payment-provider.ts';

/** What a token does; `slow` answers late, and any other token is approved. */
const DECLINED = new Map([
  ['declined', 'card_declined'],
  ['expired', 'card_expired'],
]);
const SLOW_MILLISECONDS = 3000;

/** The provider of demos and tests. Its books outlive the process, as a real one's would. */
export function testProvider(db: Db): PaymentProvider {
  return {
    name: 'test',
    async pay({ paymentId, amountMinor, currency, token }) {
      if (token === 'slow') await wait(SLOW_MILLISECONDS);
      const state = DECLINED.has(token) ? 'failed' : 'captured';
      await inTransaction(db, (tx) =>
        own(tx)
          .insertInto('orders.test_payment')
          .values({ payment_id: paymentId, state, amount_minor: amountMinor, currency })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
      const answer = await find(db, paymentId);
      if (answer?.state === 'captured') return answer;
      return { state: 'declined', reason: DECLINED.get(token) ?? answer?.reason ?? 'cancelled' };
    },
    find: (paymentId) => find(db, paymentId),
    cancel: (paymentId) =>
      inTransaction(db, async (tx) => {
        const books = own(tx).insertInto('orders.test_payment');
        await books
          .values({ payment_id: paymentId, state: 'cancelled', amount_minor: 0, currency: 'XXX' })
          .onConflict((conflict) => conflict.column('payment_id').doUpdateSet({ state: 'cancelled' }))
          .execute();
      }),
  };
}

async function find(db: Db, paymentId: string): Promise<PaymentAnswer | undefined> {
  const payment = await own(db)
    .selectFrom('orders.test_payment')
    .select('state')
    .where('payment_id', '=', paymentId)
    .executeTakeFirst();
  if (!payment) return undefined;
  if (payment.state === 'captured') return { state: 'captured', providerRef: `test-${paymentId}` };
  return { state: 'declined', reason: payment.state === 'cancelled' ? 'cancelled' : 'card_declined' };
}
