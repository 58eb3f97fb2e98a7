import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { fulfilmentShipped } from '#events/fulfilment.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import { test } from '#test/harness.ts';
import { aGiftCard } from '../payments/factory.ts';
import { cancelUnits } from './index.ts';
import { aCart, aMember, aStockedVariant, aWish, freeUnits, placingDeps } from './factory.ts';
import { orderOf, readOrder } from './order.ts';
import { placeOrder } from './place-order.ts';

/** Three units of 10.01 each with a discount none, and postage. */
async function anOrder(db: Db, databaseUrl: string, facts: Parameters<typeof aWish>[2] = {}) {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 5, 1001);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 3 * 1001 + 495, facts);
  await placeOrder(placingDeps(db), GUEST, wish);
  const { lines } = await readOrder(db, wish.orderId);
  return { ...wish, variantId, locationId, lineId: lines[0]?.id ?? '' };
}

const cancel = (db: Db, orderId: string, facts: Partial<Parameters<typeof cancelUnits>[1]> = {}) =>
  inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId, reason: 'a test', actor: 'system', ...facts }),
  );

test('a unit goes, then the rest with the postage: stock, money, state and events follow', async ({
  db,
  databaseUrl,
  work,
  outbox,
}) => {
  const { orderId, variantId, lineId } = await anOrder(db, databaseUrl);
  await work();
  outbox.length = 0;
  const id = randomUUID();

  for (const attempt of ['first', 'retry']) {
    await cancel(db, orderId, { id, lines: [{ lineId, quantity: 1 }] });
    expect(await freeUnits(db, variantId), attempt).toBe(3);
  }
  await work();
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'partly_cancelled',
    capturedMinor: 3498,
    refundedMinor: 1001,
    reducedMinor: 1001,
    outstandingMinor: 0,
    lines: [{ cancelledQuantity: 1 }, { cancelledQuantity: 0 }],
  });
  await cancel(db, orderId);
  await work();

  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'cancelled',
    refundedMinor: 3498,
    outstandingMinor: 0,
  });
  expect(await freeUnits(db, variantId)).toBe(5);
  expect(outbox.map(({ to, subject }) => [to, subject.replace(/ST.*/, '')])).toEqual([
    ['ada@example.com', 'Stoa: cancelled of your order '],
    ['ada@example.com', 'Stoa: cancelled of your order '],
  ]);
  const { rows } = await sql<{ payload: object }>`
    select payload from platform.event where name = 'orders.units_cancelled.v1'
      and payload->>'orderId' = ${orderId} order by id`.execute(db);
  expect(rows).toMatchObject([
    {
      payload: {
        cancellationId: id,
        lines: [{ orderLineId: lineId, quantity: 1, netMinor: 828, taxMinor: 173 }],
      },
    },
    {
      payload: {
        lines: [
          { orderLineId: lineId, quantity: 2, netMinor: 1654, taxMinor: 348 },
          { kind: 'postage', netMinor: 409, taxMinor: 86 },
        ],
      },
    },
  ]);
});

test('more than is left, another order, an unknown line: refused, and nothing changed', async ({
  db,
  databaseUrl,
}) => {
  const { orderId, variantId, lineId } = await anOrder(db, databaseUrl);
  const other = await anOrder(db, databaseUrl);
  await cancel(db, other.orderId, { id: orderId });

  await expect(cancel(db, orderId, { lines: [{ lineId, quantity: 4 }] })).rejects.toMatchObject({
    code: 'orders.not_left',
    data: { lineId, wanted: 4, left: 3 },
  });
  await expect(cancel(db, orderId, { lines: [{ lineId: randomUUID(), quantity: 1 }] })).rejects.toMatchObject(
    {
      code: 'orders.line_unknown',
    },
  );
  await expect(cancel(db, orderId, { id: orderId })).rejects.toMatchObject({
    code: 'orders.cancellation_differs',
  });
  const asked = Array.from({ length: 6 }, () => cancel(db, orderId, { lines: [{ lineId, quantity: 1 }] }));
  const answers = await Promise.allSettled(asked);

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await freeUnits(db, variantId)).toBe(5);
  expect(await readOrder(db, orderId)).toMatchObject({ state: 'cancelled', reducedMinor: 3498 });
});

test('units that are gone from their place are not free there again', async ({ db, databaseUrl }) => {
  const { orderId, variantId, lineId } = await anOrder(db, databaseUrl);

  await cancel(db, orderId, { lines: [{ lineId, quantity: 2 }], stockIsGone: true });

  expect(await freeUnits(db, variantId)).toBe(2);
});

test('what was only authorized is taken as goods leave, and what is cancelled is let go', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { orderId, variantId, locationId, lineId } = await anOrder(db, databaseUrl, {
    paymentToken: 'authorize',
  });
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'placed',
    capturedMinor: 0,
    outstandingMinor: 3498,
  });
  const shipment = {
    orderId,
    fulfilmentOrderId: randomUUID(),
    shipmentId: randomUUID(),
    locationId,
    lines: [{ lineId, variantId, quantity: 1 }],
    occurredAt: new Date().toISOString(),
  };
  await inTransaction(db, (tx) => emit(tx, fulfilmentShipped, shipment));
  await work();
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'paid',
    capturedMinor: 1496,
    outstandingMinor: 2002,
  });

  await expect(cancel(db, orderId, { lines: [{ lineId, quantity: 3 }] })).rejects.toMatchObject({
    code: 'orders.not_left',
    data: { left: 2 },
  });
  await cancel(db, orderId);
  await work();

  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'partly_cancelled',
    capturedMinor: 1496,
    refundedMinor: 0,
    outstandingMinor: 0,
  });
});

test('a gift card pays first and gets back last; one that pays everything needs no card', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { id, code } = await aGiftCard(db, 5000);
  const balance = async () => {
    const { rows } = await sql<{
      left: number;
    }>`select balance_minor as left from payments.account where id = ${id}`.execute(db);
    return rows[0]?.left;
  };
  const payments = [{ kind: 'gift_card' as const, code: code.toLowerCase() }];
  const first = await anOrder(db, databaseUrl, { payments, paymentToken: '' });
  expect(await readOrder(db, first.orderId)).toMatchObject({
    state: 'paid',
    payments: [{ provider: 'gift_card', capturedMinor: 3498 }],
  });
  expect(await balance()).toBe(1502);

  const declined = anOrder(db, databaseUrl, { payments, paymentToken: 'declined' });
  await expect(declined).rejects.toMatchObject({ code: 'orders.payment_declined' });
  expect(await balance()).toBe(1502);

  const second = await anOrder(db, databaseUrl, { payments });
  expect(await readOrder(db, second.orderId)).toMatchObject({
    payments: [
      { provider: 'gift_card', capturedMinor: 1502 },
      { provider: 'test', capturedMinor: 1996 },
    ],
  });
  await cancel(db, second.orderId, { lines: [{ lineId: second.lineId, quantity: 1 }] });
  expect(await balance()).toBe(0);
  await cancel(db, second.orderId);
  await work();

  expect(await balance()).toBe(1502);
  expect(await readOrder(db, second.orderId)).toMatchObject({ refundedMinor: 3498, outstandingMinor: 0 });
});

test('who may cancel: the buyer before anything is sent, and staff for orders', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { orderId, cartId, lineId, locationId, variantId } = await anOrder(db, databaseUrl);
  const url = `/v1/orders/orders/${orderId}/cancellations/${randomUUID()}`;
  const put = (query: string) =>
    app.inject({ method: 'PUT', url: `${url}${query}`, payload: { lines: [{ lineId, quantity: 1 }] } });
  expect((await put('')).statusCode).toBe(404);
  expect((await put(`?cart=${randomUUID()}`)).statusCode).toBe(404);

  for (const attempt of ['first', 'retry']) {
    const answer = await put(`?cart=${cartId}`);
    expect([answer.statusCode, answer.json().state], attempt).toEqual([200, 'partly_cancelled']);
  }
  await sql`
    insert into orders.shipped_line (shipment_id, order_line_id, location_id, quantity)
    values (${randomUUID()}, ${lineId}, ${locationId}, 1)`.execute(db);
  const late = {
    method: 'PUT' as const,
    url: `/v1/orders/orders/${orderId}/cancellations/${randomUUID()}?cart=${cartId}`,
  };
  expect((await app.inject({ ...late, payload: {} })).json()).toMatchObject({
    type: '/problems/orders.has_left',
  });
  const stranger = await aMember(db);
  await expect(orderOf(db, stranger, orderId)).rejects.toMatchObject({ code: 'orders.order_not_found' });
  expect(await freeUnits(db, variantId)).toBe(3);
});
