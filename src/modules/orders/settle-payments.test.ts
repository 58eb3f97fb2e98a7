import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { settle } from '../inventory/index.ts';
import { cartOf, setQuantity } from './cart.ts';
import { beginCheckout } from './checkout.ts';
import { aCart, aStockedVariant, aWish, freeUnits, ordersOf, paymentsOf, placingDeps } from './factory.ts';
import { renewLease } from './lease.ts';
import { placeOrder } from './place-order.ts';
import { followCheckouts, settleCheckout, settlePayments } from './settle-payments.ts';
import { type AskedPayment, type PaymentProvider, testProvider } from '../payments/index.ts';

// A crash between any two steps of placing an order.

/** Minutes later, when requests that died are no longer waited for. */
const later = (minutes: number) => () => new Date(Date.now() + minutes * 60_000);
const seconds = (count: number) => later(count / 60);

async function begun(db: Db, databaseUrl: string) {
  const { variantId } = await aStockedVariant(db, databaseUrl, 4);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 3495);
  const checkout = await beginCheckout(placingDeps(db), GUEST, wish, { name: 'test' });
  const { totalMinor: amountMinor, currency } = checkout.draft;
  const asked = { paymentId: checkout.attemptId, amountMinor, currency, token: 'approved' };
  const payment = {
    ...asked,
    capture: 'now' as const,
    returnUrl: '',
    providerRef: `test-${checkout.attemptId}`,
  };
  return { variantId, wish, checkout, payment };
}

test('before the provider was asked: no order, no money, the stock free, the cart as it was', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, wish, payment } = await begun(db, databaseUrl);
  expect(await freeUnits(db, variantId)).toBe(1);
  await expect(
    inTransaction(db, (tx) => setQuantity(tx, GUEST, wish.cartId, { variantId, quantity: 1 }, new Date())),
  ).rejects.toMatchObject({ code: 'orders.cart_is_being_ordered' });

  await settlePayments(placingDeps(db, seconds(8)));
  await settleCheckout(placingDeps(db, seconds(8)), wish);
  expect(await paymentsOf(db, wish.orderId)).toEqual([{ state: 'pending', settled: false, taken: null }]);
  await settleCheckout(placingDeps(db, seconds(11)), wish);
  await work();

  expect(await paymentsOf(db, wish.orderId)).toEqual([
    { state: 'cancelled', settled: true, taken: 'cancelled' },
  ]);
  expect(await freeUnits(db, variantId)).toBe(4);
  expect(await cartOf(db, GUEST, wish.cartId, new Date())).toMatchObject({ units: 3 });
  // A request that was only slow comes too late: the provider takes nothing.
  expect(await testProvider(db).pay(payment)).toEqual({ state: 'declined', reason: 'cancelled' });
});

test('after the provider took the money: the order is found and finished', async ({ db, databaseUrl }) => {
  const { variantId, wish, payment } = await begun(db, databaseUrl);
  await testProvider(db).pay(payment);
  const other = await begun(db, databaseUrl);
  const provider = testProvider(db);
  const find: PaymentProvider['find'] = (known) =>
    known.paymentId === other.checkout.attemptId
      ? Promise.reject(new Error('the provider is away'))
      : provider.find(known);

  for (const minutes of [3, 4]) {
    const settling = settlePayments(placingDeps(db, later(minutes)), { ...provider, find });
    await expect(settling).rejects.toThrow('1 payments could not be settled');
  }

  expect(await ordersOf(db, wish.cartId)).toEqual([wish.orderId]);
  expect(await paymentsOf(db, wish.orderId)).toEqual([
    { state: 'captured', settled: true, taken: 'captured' },
  ]);
  expect(await freeUnits(db, variantId)).toBe(1);
  expect(await placeOrder(placingDeps(db), GUEST, wish)).toMatchObject({ orderId: wish.orderId });
});

test('is finished or undone by who follows, once the lease has ended and not before', async ({
  db,
  databaseUrl,
}) => {
  const { wish, checkout } = await begun(db, databaseUrl);
  const stopping = new AbortController();
  const faults: unknown[] = [];
  let at = seconds(8);
  const following = followCheckouts({ ...placingDeps(db), now: () => at() }, stopping.signal, (fault) =>
    faults.push(fault),
  );
  const other = await begun(db, databaseUrl);
  await inTransaction(db, (tx) => renewLease(tx, checkout.attemptId, seconds(30)()));
  at = seconds(15);

  await expect.poll(() => paymentsOf(db, other.wish.orderId)).toMatchObject([{ state: 'cancelled' }]);
  expect(await paymentsOf(db, wish.orderId)).toEqual([{ state: 'pending', settled: false, taken: null }]);
  at = seconds(41);
  await expect.poll(() => paymentsOf(db, wish.orderId)).toMatchObject([{ state: 'cancelled' }]);
  stopping.abort();
  await following;
  expect(faults).toEqual([]);
});

test('is not taken for one while the provider thinks: the lease is renewed', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 4);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 3495);
  const leased = async () => {
    const { rows } = await sql<{ until: Date }>`
      select worked_on_until as until from orders.checkout where order_id = ${wish.orderId}`.execute(db);
    return rows[0]?.until.getTime();
  };
  const provider = testProvider(db);
  const slow = {
    ...provider,
    pay: async (payment: AskedPayment & { providerRef: string }) => {
      const first = await leased();
      await expect.poll(leased, { timeout: 10_000 }).toBeGreaterThan(first ?? Infinity);
      return provider.pay(payment);
    },
  };

  await placeOrder(placingDeps(db), GUEST, wish, slow);

  expect(await ordersOf(db, wish.cartId)).toEqual([wish.orderId]);
});

test('after the provider declined: the stock is free and the cart open', async ({ db, databaseUrl }) => {
  const { variantId, wish, payment } = await begun(db, databaseUrl);
  await testProvider(db).pay({ ...payment, token: 'declined' });

  await settlePayments(placingDeps(db, later(3)));

  expect(await paymentsOf(db, wish.orderId)).toEqual([{ state: 'failed', settled: true, taken: 'failed' }]);
  expect(await freeUnits(db, variantId)).toBe(4);
  expect(await cartOf(db, GUEST, wish.cartId, new Date())).toMatchObject({ units: 3 });
});

test('while the order was recorded: nothing of it stands, and the retry finishes it', async ({
  db,
  databaseUrl,
}) => {
  const { variantId, wish } = await begun(db, databaseUrl);
  const dying = testProvider(db);
  await expect(
    placeOrder(placingDeps(db), GUEST, wish, {
      ...dying,
      pay: async (payment) => {
        await dying.pay(payment);
        throw new Error('the process died');
      },
    }),
  ).rejects.toThrow('the process died');
  expect(await ordersOf(db, wish.cartId)).toEqual([]);

  await placeOrder(placingDeps(db), GUEST, wish);

  expect(await ordersOf(db, wish.cartId)).toEqual([wish.orderId]);
  expect(await freeUnits(db, variantId)).toBe(1);
  expect(await paymentsOf(db, wish.orderId)).toHaveLength(1);
});

test('between giving up and telling the provider: the money goes back all the same', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, wish, checkout, payment } = await begun(db, databaseUrl);
  await testProvider(db).pay(payment);
  // The hold ran out, and somebody else bought what it held.
  await inTransaction(db, (tx) => settle(tx, checkout.attemptId, 'release'));
  await placeOrder(placingDeps(db), GUEST, aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2495));
  await settlePayments(placingDeps(db, later(20)));
  expect(await paymentsOf(db, wish.orderId)).toEqual([
    { state: 'cancelled', settled: false, taken: 'captured' },
  ]);

  await work();

  expect(await paymentsOf(db, wish.orderId)).toEqual([
    { state: 'cancelled', settled: true, taken: 'cancelled' },
  ]);
  expect(await ordersOf(db, wish.cartId)).toEqual([]);
  expect(await freeUnits(db, variantId)).toBe(2);
});
