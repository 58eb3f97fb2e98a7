import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { openBulk } from '#platform/bulk.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { idOf } from '#platform/ids.ts';
import { test } from '#test/harness.ts';
import { creditOf } from '../payments/index.ts';
import { cancelUnits } from './cancel.ts';
import { aLocation, aMember, aPastOrder, aShippedOrder, bringBack, request, send, step } from './factory.ts';
import { readOrder } from './order.ts';
import { recordOrders } from './past.ts';
import { returnableOf } from './return-request.ts';
import { putReturnRule } from './return-rules.ts';
import { returnById, returnsOf } from './returns.ts';

const levelsOf = async (db: Db, variantId: string, locationId: string) => {
  const { rows } = await sql`
    select on_hand, damaged, value_minor from inventory.stock_level
    where variant_id = ${variantId} and location_id = ${locationId}`.execute(db);
  return rows[0];
};

test('it goes its way: approved, received elsewhere, inspected; stock, money, ledger and mails follow', async ({
  db,
  databaseUrl,
  work,
  outbox,
}) => {
  const bought = await aShippedOrder(db, databaseUrl);
  const { orderId, variantId, lineId } = bought;
  const elsewhere = await aLocation(db);
  await work();
  outbox.length = 0;
  const id = await request(db, bought, 3, { note: 'Too tall' });
  await work();
  await step(db, id, { to: 'approved', answer: 'Send it, please' });
  await step(db, id, { to: 'received', locationId: elsewhere });
  expect(await readOrder(db, orderId)).toMatchObject({ refundedMinor: 0, reducedMinor: 0 });
  const inspected = {
    id: randomUUID(),
    to: 'inspected' as const,
    lines: [{ lineId, restock: 1, damage: 1, refuse: 1 }],
  };
  for (const _attempt of ['first', 'retry']) await step(db, id, inspected);
  await work();

  expect(await levelsOf(db, variantId, elsewhere)).toMatchObject({ on_hand: 1, damaged: 1 });
  expect(await readOrder(db, orderId)).toMatchObject({
    totalMinor: 3498,
    refundedMinor: 2002,
    reducedMinor: 2002,
    outstandingMinor: 0,
  });
  const found = await returnById(db, id);
  expect(found).toMatchObject({
    state: 'inspected',
    refundMinor: 2002,
    lines: [{ quantity: 3, restocked: 1, damaged: 1, refused: 1 }],
    steps: [{ state: 'requested' }, { state: 'approved' }, { state: 'received' }, { state: 'inspected' }],
  });
  await step(db, id, { to: 'closed' });
  expect((await returnableOf(db, orderId))[0]?.left).toBe(1);
  expect(
    outbox.map(({ subject, text }) => [subject.replace(/ST-\S*/, '#'), text.includes('€20.02')]),
  ).toEqual([
    ['Stoa: your return of order #', false],
    ['Stoa: your return of order # is approved', false],
    ['Stoa: money back for your order #', true],
  ]);
  const { rows } = await sql<{ payload: object }>`
    select payload from platform.event where name = 'orders.return_recorded.v1'
      and payload->>'orderId' = ${orderId}`.execute(db);
  expect(rows).toMatchObject([
    {
      payload: {
        returnId: id,
        lines: [
          { orderLineId: lineId, kind: 'goods', quantity: 2, netMinor: 1655, taxMinor: 347, variantId },
        ],
      },
    },
  ]);
});

test('goods come back at the cost they left with, the last unit with the rest of it', async ({
  db,
  databaseUrl,
}) => {
  const bought = await aShippedOrder(db, databaseUrl, { sent: 0 });
  const { variantId, locationId } = bought;
  await sql`update inventory.stock_level set value_minor = 502 where variant_id = ${variantId}`.execute(db);
  await send(db, bought, 3); // three of five units that cost 502: 301 leave, 201 stay
  expect(await levelsOf(db, variantId, locationId)).toEqual({ on_hand: 2, damaged: 0, value_minor: 201 });

  const values: unknown[] = [];
  for (const _unit of [1, 2, 3]) {
    await bringBack(db, bought, await request(db, bought, 1), { restock: 1 });
    values.push(await levelsOf(db, variantId, locationId));
  }

  expect(values).toMatchObject([
    { value_minor: 301 },
    { value_minor: 401 },
    { on_hand: 5, value_minor: 502 },
  ]);
});

test('twenty ask at once for the last unit: one is taken back', async ({ db, databaseUrl }) => {
  const bought = await aShippedOrder(db, databaseUrl, { units: 2, sent: 1 });

  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => request(db, bought, 1)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const refused = answers.find(({ status }) => status === 'rejected');
  expect(refused).toMatchObject({
    reason: { code: 'orders.not_returnable', data: { wanted: 1, left: 0 } },
  });
  expect(await returnsOf(db, bought.orderId)).toHaveLength(1);
});

test('what is not there to be returned is refused by name, and nothing changes', async ({
  db,
  databaseUrl,
}) => {
  const bought = await aShippedOrder(db, databaseUrl, { sent: 2 });
  const unsent = await aShippedOrder(db, databaseUrl, { sent: 0 });
  const past = aPastOrder(randomUUID());
  await using bulk = await openBulk(databaseUrl);
  await bulk.run((each) => recordOrders(each, [past]));
  const line = { lineId: bought.lineId, quantity: 1, reason: 'other' as const };
  const asks = {
    'orders.not_returnable': () => request(db, bought, 3),
    'orders.return_line_unknown': () => request(db, { ...bought, lineId: unsent.lineId }, 1),
    'orders.return_line_twice': () => request(db, bought, 1, { lines: [line, line] }),
    'orders.order_not_found': () => request(db, { ...bought, orderId: randomUUID() }, 1),
    'orders.return_of_past': () => request(db, { ...bought, orderId: past.id }, 1),
    'orders.credit_for_members': () => request(db, bought, 1, { refundTo: 'store_credit' }),
    'orders.return_too_late': () =>
      request(db, bought, 1, { withinDays: 30, now: new Date(Date.now() + 31 * 86_400_000) }),
  };
  for (const [code, ask] of Object.entries(asks)) await expect(ask(), code).rejects.toMatchObject({ code });
  await expect(request(db, unsent, 1)).rejects.toMatchObject({ data: { wanted: 1, left: 0 } });
  const id = await request(db, unsent, 1).catch(() => request(db, bought, 2));
  await expect(request(db, unsent, 1, { id })).rejects.toMatchObject({ code: 'orders.return_differs' });
  await request(db, bought, 2, { id }); // a retry

  expect(await returnsOf(db, bought.orderId)).toMatchObject([{ id, lines: [{ quantity: 2 }] }]);
  expect(await returnsOf(db, unsent.orderId)).toEqual([]);
});

test('a step that is not open, of too many units or at no place is refused', async ({ db, databaseUrl }) => {
  const bought = await aShippedOrder(db, databaseUrl);
  const { lineId, locationId, variantId } = bought;
  const id = await request(db, bought, 2);
  const found = (restock: number, line = lineId) => [{ lineId: line, restock, damage: 0, refuse: 0 }];

  await expect(step(db, id, { to: 'inspected', lines: found(1) })).rejects.toMatchObject({
    code: 'orders.return_step_not_open',
    data: { state: 'requested', wanted: 'inspected' },
  });
  await expect(step(db, id, { to: 'received', locationId: randomUUID() })).rejects.toMatchObject({
    code: 'orders.return_location_unknown',
  });
  const stepId = randomUUID();
  await step(db, id, { id: stepId, to: 'received', locationId });
  await expect(step(db, id, { id: stepId, to: 'closed' })).rejects.toMatchObject({
    code: 'orders.return_step_differs',
  });
  await expect(step(db, id, { to: 'inspected', lines: found(3) })).rejects.toMatchObject({
    code: 'orders.inspected_too_many',
    data: { wanted: 3, left: 2 },
  });
  await expect(step(db, id, { to: 'inspected', lines: found(0) })).rejects.toMatchObject({
    code: 'orders.inspected_nothing',
  });
  await expect(step(db, id, { to: 'inspected', lines: found(1, randomUUID()) })).rejects.toMatchObject({
    code: 'orders.return_line_unknown',
  });
  await expect(step(db, id, { to: 'cancelled' })).rejects.toMatchObject({
    code: 'orders.return_step_not_open',
  });

  expect(await levelsOf(db, variantId, locationId)).toMatchObject({ on_hand: 2 });
  expect(await returnById(db, id)).toMatchObject({ state: 'received', refundMinor: null });
});

test('the postage comes back with everything when it was the seller’s fault; a fee is kept when it was not', async ({
  db,
  databaseUrl,
}) => {
  await inTransaction(db, (tx) =>
    putReturnRule(tx, {
      currency: 'EUR',
      feeMinor: 300,
      earlyUpToMinor: null,
      earlyOrdersMin: 1,
      arrivesWithinDays: 14,
      exchangeUpToMinor: null,
      exchangeOrdersMin: 1,
    }),
  );
  const wrong = await aShippedOrder(db, databaseUrl);
  await bringBack(db, wrong, await request(db, wrong, 1, { reason: 'wrong_item' }), { restock: 1 });
  expect(await readOrder(db, wrong.orderId)).toMatchObject({ reducedMinor: 1001 });
  await bringBack(db, wrong, await request(db, wrong, 2, { reason: 'late' }), { restock: 2 });
  expect(await readOrder(db, wrong.orderId)).toMatchObject({ reducedMinor: 3498, outstandingMinor: -3498 });

  const unwanted = await aShippedOrder(db, databaseUrl);
  const id = await request(db, unwanted, 3);
  await bringBack(db, unwanted, id, { restock: 3 });
  expect(await returnById(db, id)).toMatchObject({ feeMinor: 300, refundMinor: 2703 });
  await sql`delete from orders.return_rule`.execute(db);
});

test('a member has the money as credit, and it counts in the order’s sum', async ({
  db,
  databaseUrl,
  work,
}) => {
  const bought = await aShippedOrder(db, databaseUrl, { viewer: await aMember(db) });
  await bringBack(db, bought, await request(db, bought, 2, { refundTo: 'store_credit' }), { restock: 2 });
  await work();

  const order = await readOrder(db, bought.orderId);
  expect(order).toMatchObject({
    refundedMinor: 0,
    creditedMinor: 2002,
    reducedMinor: 2002,
    outstandingMinor: 0,
  });
  const { rows } = await sql<{ id: string }>`
    select customer_id as id from orders.order where id = ${bought.orderId}`.execute(db);
  expect(await creditOf(db, rows[0]?.id ?? '', 'EUR')).toMatchObject({ balanceMinor: 2002 });
  await bringBack(db, bought, await request(db, bought, 1), { restock: 1 });
  await work();
  expect(await readOrder(db, bought.orderId)).toMatchObject({ refundedMinor: 1001, outstandingMinor: 0 });
});

test('a lost parcel: approved, its money goes back, no stock moves', async ({ db, databaseUrl, work }) => {
  const bought = await aShippedOrder(db, databaseUrl);
  const { orderId, variantId, locationId } = bought;
  const id = await request(db, bought, 3, { kind: 'claim', reason: 'damaged_on_arrival' });
  const approval = { id: randomUUID(), to: 'approved' as const, carrier: 'test' };
  for (const _attempt of ['first', 'retry']) await step(db, id, approval);
  await expect(step(db, id, { to: 'received', locationId })).rejects.toMatchObject({
    code: 'orders.return_step_not_open',
  });
  await work();

  expect(await returnById(db, id)).toMatchObject({
    state: 'closed',
    carrier: 'test',
    refundMinor: 3498,
    steps: [
      { state: 'requested' },
      { state: 'approved' },
      { state: 'closed', id: idOf('orders:return_closed', approval.id) },
    ],
  });
  expect(await levelsOf(db, variantId, locationId)).toMatchObject({ on_hand: 2 });
  expect(await readOrder(db, orderId)).toMatchObject({ refundedMinor: 3498, outstandingMinor: 0 });
});

test('money goes back first to a member the rules trust, and once only', async ({ db, databaseUrl }) => {
  const terms = { feeMinor: 0, earlyOrdersMin: 2, arrivesWithinDays: 14 };
  const rule = { ...terms, currency: 'EUR', exchangeUpToMinor: null, exchangeOrdersMin: 1 };
  await inTransaction(db, (tx) => putReturnRule(tx, { ...rule, earlyUpToMinor: 2002 }));
  const viewer = await aMember(db);
  const first = await aShippedOrder(db, databaseUrl, { viewer });
  const early = async (bought: Awaited<ReturnType<typeof aShippedOrder>>, quantity: number) => {
    const id = await request(db, bought, quantity);
    await step(db, id, { to: 'approved' }, new Date('2027-01-10T12:00:00Z'));
    return returnById(db, id);
  };
  expect(await early(first, 1)).toMatchObject({ dueOn: null, refundMinor: null });
  const bought = await aShippedOrder(db, databaseUrl, { viewer });
  expect(await early(bought, 3)).toMatchObject({ dueOn: null, refundMinor: null });
  expect(await early(await aShippedOrder(db, databaseUrl), 1)).toMatchObject({ dueOn: null });
  const { id, ...trusted } = await early(first, 2);
  expect(trusted).toMatchObject({ dueOn: '2027-01-24', refundMinor: 2002, state: 'approved' });
  await expect(step(db, id, { to: 'cancelled' })).rejects.toMatchObject({
    code: 'orders.return_step_not_open',
  });

  await bringBack(db, first, id, { restock: 1, refuse: 1 });
  expect(await readOrder(db, first.orderId)).toMatchObject({ reducedMinor: 2002 });
  expect(await levelsOf(db, first.variantId, first.locationId)).toMatchObject({ on_hand: 3 });
  const next = await aShippedOrder(db, databaseUrl, { viewer });
  expect(await early(next, 1)).toMatchObject({ dueOn: null, refundMinor: null }); // one was refused
  await sql`delete from orders.return_rule`.execute(db);
});

test('what was cancelled and what came back add up to the line, to the last minor unit', async ({
  db,
  databaseUrl,
  work,
}) => {
  const bought = await aShippedOrder(db, databaseUrl, { sent: 1, paymentToken: 'authorize' });
  const { orderId, lineId } = bought;
  await sql`update orders.order_line set net_minor = 828, tax_minor = 173 where id = ${lineId}`.execute(db);
  await work();
  await bringBack(db, bought, await request(db, bought, 1), { restock: 1 });
  await send(db, bought, 1);
  await inTransaction(db, (tx) =>
    cancelUnits(tx, {
      id: randomUUID(),
      orderId,
      lines: [{ lineId, quantity: 1 }],
      reason: '',
      actor: 'system',
    }),
  );
  await bringBack(db, bought, await request(db, bought, 1), { restock: 1 });

  const { rows } = await sql`
    select (select json_agg(json_build_array(amount_minor, line.tax_minor) order by returned_at)
        from orders.return_line line join orders.return r on r.id = return_id where order_line_id = ${lineId}) as returned,
      (select json_agg(json_build_array(net_minor, tax_minor)) from orders.cancellation_line
        where order_line_id = ${lineId}) as cancelled`.execute(db);
  // 1001 in thirds: 333, 334, 334; of it the tax of 173: 57, 58, 58.
  expect(rows).toEqual([
    {
      returned: [
        [276, 57],
        [276, 58],
      ],
      cancelled: [[276, 58]],
    },
  ]);
});
