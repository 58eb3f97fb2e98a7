import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST, type StaffRole } from '#platform/access.ts';
import { reject } from '#modules/fulfilment/index.ts';
import { brokering } from '#modules/fulfilment/index.ts';
import {
  aCart,
  aShippedOrder,
  aStockedVariant,
  aWish,
  bringBack,
  costsTold,
  tellSent,
  placingDeps,
  request,
  send,
} from '#modules/orders/factory.ts';
import { placeOrder, readOrder } from '#modules/orders/index.ts';
import { setServeRate } from '#modules/market/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { orderTimeline } from '#read/order-timeline.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

/** Three units of 10.01 and the postage, paid: 34.98. */
async function anOrder(db: Db, databaseUrl: string) {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1001);
  const { orderId } = aWish('', 0);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 3 * 1001 + 495, { orderId });
  await placeOrder(placingDeps(db), GUEST, { ...wish, giftNote: 'For Mimi' });
  const { lines } = await readOrder(db, orderId);
  return { orderId, lineId: lines[0]?.id ?? '' };
}

test('cancelling, refunding and the receipt: each form sent twice is one act, told in the time line by name', async ({
  app,
  db,
  databaseUrl,
  deps,
  work,
  outbox,
}) => {
  const { orderId, lineId } = await anOrder(db, databaseUrl);
  await work();
  outbox.length = 0;
  const desk = await aSignedInBrowser(app, deps, ['service']);
  const path = `/desk/orders/${orderId}`;
  const { rows } = await sql<{ id: string }>`
    select id from fulfilment.fulfilment_order where order_id = ${orderId}`.execute(db);
  const rejection = {
    id: randomUUID(),
    fulfilmentOrderId: rows[0]?.id ?? '',
    actorId: desk.memberId,
    lines: [{ orderLineId: lineId, quantity: 1, reason: 'damaged' as const }],
  };
  await brokering(db, (tx) => reject(tx, rejection, new Date()));

  const id = fieldOf((await desk.open(path)).body, 'id') ?? '';
  const wrong = await desk.send(`${path}/cancellation`, { id, [`units-${lineId}`]: '1,5', reason: ' ' });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('A whole number, or nothing.');
  expect(wrong.body).toContain('Say why, in at most 200 letters.');
  const tooMany = await desk.send(`${path}/cancellation`, { id, [`units-${lineId}`]: '4', reason: 'x' });
  expect(tooMany.statusCode).toBe(409);
  expect((await readOrder(db, orderId)).state).toBe('paid');
  const acts: [string, Record<string, string>][] = [
    ['cancellation', { id, [`units-${lineId}`]: '1', reason: 'the glaze is cracked' }],
    ['refund', { id: randomUUID(), amount: '5,00', reason: 'late' }],
    ['receipt', { id: randomUUID() }],
  ];
  for (const [act, fields] of acts) {
    for (const attempt of ['first', 'again'])
      expect((await desk.send(`${path}/${act}`, fields)).statusCode, `${act} ${attempt}`).toBe(303);
    await work();
  }
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'partly_cancelled',
    reducedMinor: 1501,
    refundedMinor: 1501,
    outstandingMinor: 0,
  });
  expect(outbox.map(({ subject }) => subject.replace(/ST.*/, ''))).toEqual(
    ['Stoa: cancelled of your order ', 'Your order '].map((subject, index) =>
      index === 0 ? subject : expect.any(String),
    ),
  );
  const trail = await sql<{ action: string }>`
    select action from identity.audit where subject = ${`order:${orderId}`} order by id`.execute(db);
  expect(trail.rows.map(({ action }) => action)).toEqual([
    'units_cancelled',
    'refund_made',
    'receipt_resent',
  ]);

  const timeline = await orderTimeline(db, orderId);
  const told = timeline.map(({ kind, by }) => `${kind} by ${by}`);
  expect(told.toSorted()).toEqual(
    [
      'placed by buyer',
      'authorized by system',
      'captured by system',
      'assigned by system',
      'receipt_sent by system',
      'rejected by staff',
      'unfillable by system',
      'found by system', // the cancelled unit is the one that nobody could give
      'cancelled by staff',
      'refunded by system',
      'cancellation_sent by system',
      'given_back by staff',
      'refunded by system',
      'receipt_sent_again by staff',
    ].toSorted(),
  );
  expect(timeline.find(({ kind }) => kind === 'cancelled')).toMatchObject({
    actorName: 'Ada Example',
    facts: { units: 1, amountMinor: 1001, reason: 'the glaze is cracked' },
  });
  expect(timeline.find(({ kind }) => kind === 'assigned')?.facts).toMatchObject({
    units: 3,
    rank: 1,
    rules: 1,
  });
  const shown = (await desk.open(path)).body;
  for (const text of [
    'Given back by the location',
    'the glaze is cracked',
    '€15.01',
    'Ada Example',
    'Long Street 1',
  ])
    expect(shown, text).toContain(text);
});

const ROLES: [StaffRole, boolean][] = [
  ['service', true],
  ['operations', true],
  ['admin', true],
  ['merchant', false],
];
test.for(ROLES)(
  '%s sees the buyer and may act for them: %s',
  async ([role, may], { app, db, databaseUrl, deps }) => {
    const { orderId } = await anOrder(db, databaseUrl);
    const staff = await aSignedInBrowser(app, deps, [role]);
    const path = `/desk/orders/${orderId}`;
    const { statusCode, body } = await staff.open(path);
    expect(statusCode).toBe(200);
    const answered = (await staff.open(`/v1/orders/orders/${orderId}`)).body;
    for (const text of ['Ada Example', 'Long Street 1', 'ada@example.com', 'For Mimi']) {
      const page = body.replace(/class="desk-who">[^<]*/, '');
      expect(page.includes(text), `${text} on the page`).toBe(may);
      expect(answered.includes(text), `${text} in the answer`).toBe(may);
    }
    expect(answered).toContain(orderId);
    const acted = await staff.send(`${path}/refund`, { id: randomUUID(), amount: '1', reason: 'x' });
    expect(acted.statusCode).toBe(may ? 303 : 403);
    const { rows } = await sql<{ id: string }>`
    select id from routing.assignment where order_id = ${orderId}`.execute(db);
    const slip = await staff.open(`/v1/fulfilment/fulfilment-orders/${rows[0]?.id}/packing-slip`);
    expect(slip.statusCode === 403).toBe(!may);
  },
);

test('an order that is not there is not found', async ({ app, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['service']);
  expect((await desk.open(`/desk/orders/${randomUUID()}`)).statusCode).toBe(404);
  expect((await desk.open('/desk/orders/nonsense')).statusCode).toBe(404);
});

test('what an order brings: net sales less what its goods cost, what came back damaged, and how much is known', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const order = await aShippedOrder(db, databaseUrl, { sent: 0 });
  await sql`update inventory.stock_level set value_minor = 2000 where variant_id = ${order.variantId}`.execute(
    db,
  );
  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  const told = async () => {
    const { body } = await desk.open(`/desk/orders/${order.orderId}`);
    const from = body.indexOf('id="margin"');
    const text = body.slice(from, body.indexOf('</section>', from)).replaceAll(/<[^>]*>/g, ' ');
    return text.replaceAll(/\s+/g, ' ');
  };
  const { lines } = await readOrder(db, order.orderId);
  const net = lines[0]?.netMinor ?? 0;
  const euros = (minor: number) => `€${(minor / 100).toFixed(2)}`;
  expect(await told()).toContain(`Contribution margin 1 ${euros(net)} 0 of 3 pieces`);
  await send(db, order, 3);
  expect(await told()).toContain(
    `Net sales ${euros(net)} Cost of goods -€12.00 Contribution margin 1 ${euros(net - 1200)} 3 of 3 pieces`,
  );
  await bringBack(db, order, await request(db, order, 3), { restock: 2, damage: 1 });
  expect(await told()).toContain(
    'Net sales €0.00 Cost of goods €0.00 Contribution margin 1 €0.00 Came back damaged, at cost -€4.00 Contribution margin 2 -€4.00',
  );
  const rate = { locationId: order.locationId, startsOn: '2020-01-01', currency: 'EUR', minutesFixed: 4 };
  const costs = { minutesPerLine: 1, minuteMinor: 50, labelMinor: 410, packagingMinor: 60 };
  await inTransaction(db, (tx) => setServeRate(tx, { ...rate, ...costs }, new Date()));
  await tellSent(db, order, 3);
  await costsTold(db);
  expect(await told()).toContain(
    'Contribution margin 1 €0.00 Work -€2.50 Labels -€4.10 Packaging -€0.60 Came back damaged, at cost -€4.00 Contribution margin 2 -€11.20',
  );
});
