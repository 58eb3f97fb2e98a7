import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/stripe-test.ts';
import { settle } from '../inventory/index.ts';
import { carryOut } from '../payments/factory.ts';
import { cancelUnits } from './cancel.ts';
import { addLine, openCart } from './cart.ts';
import { aCart, aStockedVariant, aWish, freeUnits, placed } from './factory.ts';
import { readOrder } from './order.ts';
import { comeBack, placeOrder } from './place-order.ts';
import { settleCheckout, settlePayments } from './settle-payments.ts';

async function aPurchase(db: Db, databaseUrl: string, paymentToken: string) {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 3, 1000);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2495, { paymentToken });
  return { wish, variantId, locationId };
}

const paymentIdOf = async (db: Db, orderId: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    select id from payments.payment where order_id = ${orderId} order by created_at desc limit 1`.execute(db);
  return rows[0]?.id ?? '';
};

/** As the worker would: every operation of the order that is still to be carried out. */
async function carryOutAll(deps: Deps, orderId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select operation.id from payments.operation join payments.payment on payment.id = payment_id
    where order_id = ${orderId} and operation.state = 'pending'`.execute(deps.db);
  for (const { id } of rows) await carryOut(deps, { operationId: id });
}

const after = (deps: Deps, minutes: number): Deps => ({
  ...deps,
  now: () => new Date(Date.now() + minutes * 60_000),
});

test('a card that Stripe takes is an order, charged once however often it is sent', async ({
  db,
  databaseUrl,
  selling,
  stripe,
}) => {
  const { wish } = await aPurchase(db, databaseUrl, 'pm_card_visa');

  const first = await placed(selling, GUEST, wish);
  expect(await placed(selling, GUEST, wish)).toEqual(first);

  const intent = stripe.intentOf(await paymentIdOf(db, wish.orderId));
  expect(intent).toMatchObject({ status: 'succeeded', amount: 2495, amount_received: 2495, currency: 'eur' });
  expect(await readOrder(db, wish.orderId)).toMatchObject({ state: 'paid', outstandingMinor: 0 });
});

test('a currency of which Stripe takes no thousandths is refused by name: nothing is asked for, or held', async ({
  db,
  databaseUrl,
  selling,
  stripe,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 3);
  await sql`
    insert into catalog.offer (id, variant_id, currency, amount_minor)
    values (${randomUUID()}, ${variantId}, 'KWD', 5120)`.execute(db);
  await sql`
    insert into orders.delivery_rate (delivery_code, currency, amount_minor) values ('standard', 'KWD', 0)`.execute(
    db,
  );
  const cartId = await inTransaction(db, async (tx) => {
    const id = await openCart(tx, GUEST, undefined, 'KWD');
    await addLine(tx, GUEST, id, { variantId, quantity: 2 }, new Date());
    return id;
  });
  const wish = aWish(cartId, 10_240, { paymentToken: 'pm_card_visa' });

  await expect(placeOrder(selling, GUEST, wish)).rejects.toMatchObject({
    code: 'payments.currency_not_taken',
    data: { currency: 'KWD' },
  });
  expect(await freeUnits(db, variantId)).toBe(3);
  expect(stripe.intentOf(await paymentIdOf(db, wish.orderId))).toBeUndefined();
});

test.for([
  ['pm_card_chargeDeclined', 'card_declined'],
  ['pm_card_expired', 'card_expired'],
] as const)(
  '%s is declined: no order, and the stock is free',
  async ([token, reason], { db, databaseUrl, selling }) => {
    const { wish, variantId } = await aPurchase(db, databaseUrl, token);

    await expect(placeOrder(selling, GUEST, wish)).rejects.toMatchObject({
      code: 'orders.payment_declined',
      data: { reason },
    });
    expect(await freeUnits(db, variantId)).toBe(3);
  },
);

test.for([['pm_card_authenticationRequired'], ['']] as const)(
  'with the token “%s” the buyer is sent away, and their coming back finishes the order',
  async ([token], { db, databaseUrl, selling, stripe }) => {
    const { wish, variantId } = await aPurchase(db, databaseUrl, token);

    expect(await placeOrder(selling, GUEST, wish)).toMatchObject({
      redirectUrl: expect.stringMatching(/^https:\/\/(hooks|checkout)\.stripe\.test\//),
    });
    await settlePayments(after(selling, 5)); // they are still there
    expect(await freeUnits(db, variantId)).toBe(1);
    stripe.approve(await paymentIdOf(db, wish.orderId));

    expect(await comeBack(selling, GUEST, wish)).toMatchObject({ orderId: wish.orderId });
    expect(await readOrder(db, wish.orderId)).toMatchObject({ state: 'paid', capturedMinor: 2495 });
  },
);

test('who comes back without having paid finds their cart as it was, and Stripe takes nothing any more', async ({
  db,
  databaseUrl,
  selling,
  stripe,
}) => {
  const { wish, variantId } = await aPurchase(db, databaseUrl, 'pm_card_authenticationRequired');
  await placeOrder(selling, GUEST, wish);
  const paymentId = await paymentIdOf(db, wish.orderId);

  await expect(comeBack(selling, GUEST, wish)).rejects.toMatchObject({ data: { reason: 'abandoned' } });
  await carryOutAll(selling, wish.orderId);

  expect(await freeUnits(db, variantId)).toBe(3);
  expect(stripe.intentOf(paymentId)?.status).toBe('canceled');
});

test.for([
  ['does not answer', '/confirm'],
  ['acts, and its answer is lost', '/confirm'],
  ['is broken', '/confirm'],
  ['answers nonsense', '/confirm'],
  ['acts, and its answer is lost', '/payment_intents'],
] as const)(
  'when Stripe once “%s” (%s), the money is taken once',
  async ([how, path], { db, databaseUrl, selling, stripe }) => {
    const { wish } = await aPurchase(db, databaseUrl, 'pm_card_visa');
    stripe.expectTrouble({ path, how });

    await placeOrder(selling, GUEST, wish).catch(() => placeOrder(selling, GUEST, wish)); // as a buyer would

    expect(await readOrder(db, wish.orderId)).toMatchObject({ state: 'paid', capturedMinor: 2495 });
  },
);

test('when Stripe is away for good, the job finds out what became of the payment', async ({
  db,
  databaseUrl,
  selling,
  stripe,
}) => {
  const taken = await aPurchase(db, databaseUrl, 'pm_card_visa');
  stripe.expectTrouble({ path: '/confirm', how: 'acts, and its answer is lost' });
  stripe.expectTrouble({ path: '/confirm', how: 'does not answer' });
  await expect(placeOrder(selling, GUEST, taken.wish)).rejects.toThrow('connection');
  const never = await aPurchase(db, databaseUrl, 'pm_card_visa');
  for (let count = 0; count < 2; count++) stripe.expectTrouble({ path: '/confirm', how: 'does not answer' });
  await expect(placeOrder(selling, GUEST, never.wish)).rejects.toThrow('connection');

  await settlePayments(after(selling, 1));
  await carryOutAll(selling, never.wish.orderId);

  expect(await readOrder(db, taken.wish.orderId)).toMatchObject({ state: 'paid', capturedMinor: 2495 });
  expect(await freeUnits(db, never.variantId)).toBe(3);
  expect(stripe.intentOf(await paymentIdOf(db, never.wish.orderId))?.status).toBe('canceled');
});

test('a payment that succeeds after the hold ran out is an order while the goods are there, else refunded', async ({
  db,
  databaseUrl,
  selling,
  stripe,
}) => {
  const outcomes: unknown[] = [];
  for (const isSold of [false, true]) {
    const { wish, variantId } = await aPurchase(db, databaseUrl, '');
    await placeOrder(selling, GUEST, wish);
    const paymentId = await paymentIdOf(db, wish.orderId);
    stripe.approve(paymentId);
    await inTransaction(db, (tx) => settle(tx, paymentId, 'release')); // as the job for expired holds does
    if (isSold) {
      const other = aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2495, { paymentToken: 'pm_card_visa' });
      await placeOrder(selling, GUEST, other);
    }

    await settlePayments(after(selling, 16));
    await carryOutAll(selling, wish.orderId);

    const { rows } = await sql<{ kept: number; isOrder: boolean }>`
      select captured_minor - refunded_minor as kept,
        exists (select from orders.order where id = payment.order_id) as "isOrder"
      from payments.payment where id = ${paymentId}`.execute(db);
    outcomes.push({ ...rows[0], refunded: stripe.intentOf(paymentId)?.refunded ?? -1 });
  }
  expect(outcomes).toEqual([
    { kept: 2495, isOrder: true, refunded: 0 },
    { kept: 0, isOrder: false, refunded: 2495 },
  ]);
});

test('a message finishes the order of a buyer who never came back; sent twice or late it changes nothing', async ({
  db,
  databaseUrl,
  selling,
  stripe,
  shop,
}) => {
  const { wish } = await aPurchase(db, databaseUrl, 'pm_card_authenticationRequired');
  await placeOrder(selling, GUEST, wish);
  const paymentId = await paymentIdOf(db, wish.orderId);
  const about = { metadata: { payment_id: paymentId } };
  stripe.approve(paymentId);
  const paid = stripe.message('payment_intent.succeeded', about);
  // The older one comes later: what counts is what Stripe says when it is asked.
  const older = stripe.message('payment_intent.payment_failed', about);

  for (const message of [paid, paid, older]) expect((await shop.inject(message)).statusCode).toBe(200);

  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from platform.event
    where name = 'payments.payment_answered.v1' and payload->>'paymentId' = ${paymentId}`.execute(db);
  expect(rows).toEqual([{ count: 2 }]);
  await settleCheckout(after(selling, 0.01), wish);
  await settleCheckout(after(selling, 0.01), wish);
  expect(await readOrder(db, wish.orderId)).toMatchObject({ state: 'paid', capturedMinor: 2495 });
});

test('a message that is not signed as it should be is refused; one of another kind is ignored', async ({
  stripe,
  shop,
}) => {
  const good = stripe.message('payment_intent.succeeded', { metadata: { payment_id: randomUUID() } });
  const old = stripe.message(
    'payment_intent.succeeded',
    {},
    { timestamp: Math.floor(Date.now() / 1000) - 3600 },
  );
  const answers = [
    good,
    stripe.message('customer.created', { id: 'cus_1' }),
    stripe.message('payment_intent.succeeded', { metadata: { payment_id: "'; drop table" } }),
    { ...good, payload: good.payload.replace('succeeded', 'canceled') },
    { ...good, headers: { 'content-type': 'application/json' } },
    { ...good, payload: 'nonsense' },
    old,
  ];
  const statuses: number[] = [];
  for (const message of answers) statuses.push((await shop.inject(message)).statusCode);
  expect(statuses).toEqual([200, 200, 200, 400, 400, 400, 400]);
});

test('captured on shipment: taken when the first parcel leaves, less what was cancelled; the rest by refund', async ({
  db,
  databaseUrl,
  selling,
  stripe,
  work,
}) => {
  const { payments } = selling.config;
  const config = { ...selling.config, payments: { ...payments, capture: 'shipment' as const } };
  const { wish, variantId, locationId } = await aPurchase(db, databaseUrl, 'pm_card_visa');
  await placeOrder({ ...selling, config }, GUEST, wish);
  const { orderId } = wish;
  const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
  const intent = stripe.intentOf(await paymentIdOf(db, orderId));
  expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 2495 });
  const cancel = (id: string) =>
    inTransaction(db, (tx) =>
      cancelUnits(tx, { id, orderId, lines: [{ lineId, quantity: 1 }], reason: '', actor: 'system' }),
    );
  await cancel(randomUUID());
  await carryOutAll(selling, orderId);
  const facts = { orderId, fulfilmentOrderId: randomUUID(), shipmentId: randomUUID(), locationId };
  const lines = [{ lineId, variantId, quantity: 1 }];
  await inTransaction(db, (tx) =>
    emit(tx, fulfilmentShipped, { ...facts, lines, occurredAt: new Date().toISOString() }),
  );
  await work().catch(() => undefined); // its own deps know of no Stripe: the operation is left to us
  await carryOutAll(selling, orderId);

  expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1495 });
  expect(await readOrder(db, orderId)).toMatchObject({ capturedMinor: 1495, outstandingMinor: 0 });
});
