import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { fulfilmentOrdersOf } from '#modules/fulfilment/index.ts';
import { levelsOf } from '#modules/inventory/index.ts';
import { placingDeps } from '#modules/orders/factory.ts';
import { readOrder } from '#modules/orders/index.ts';
import { giveBack } from '#modules/payments/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { payBackCash } from './drawer.ts';
import { anOpenRegister, aSale } from './factory.ts';
import { enterSale } from './sale.ts';
import { closeShift, entriesOf, shiftById } from './shifts.ts';

const levelOf = async (db: Db, at: { variantId: string; locationId: string }) => {
  const { levels } = await levelsOf(db, at);
  const { onHand, allocated, reserved, short } = levels[0] ?? {};
  return { onHand, allocated, reserved, short };
};

const refusedWith = (code: string) => expect.objectContaining({ code });

test('what is sold over the counter is paid, handed over, off the shelf and in the drawer at once', async ({
  db,
  databaseUrl,
  work,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 3 });
  const wish = aSale(till, {
    lines: [{ code: till.variantId.toUpperCase(), quantity: 2 }],
    totalMinor: 2420,
    payments: [
      { kind: 'cash', amountMinor: 420, tenderedMinor: 500 },
      { kind: 'card', amountMinor: 2000, reference: 'T-77' },
    ],
  });

  const sold = await enterSale(placingDeps(db), till.memberId, wish);

  expect(sold).toMatchObject({ saleId: wish.saleId, totalMinor: 2420, changeMinor: 80, conflicts: [] });
  expect(await readOrder(db, wish.saleId)).toMatchObject({
    state: 'paid',
    touchpoint: 'till',
    regionCode: 'NL',
    address: null,
    pickupLocationId: till.locationId,
    totalMinor: 2420,
    capturedMinor: 2420,
    outstandingMinor: 0,
    lines: [
      { kind: 'goods', variantId: till.variantId, quantity: 2 },
      { kind: 'postage', unitPriceMinor: 0 },
    ],
  });
  expect(await levelOf(db, till)).toEqual({ onHand: 1, allocated: 0, reserved: 0, short: 0 });
  const [part] = await fulfilmentOrdersOf(db, wish.saleId);
  expect(part).toMatchObject({ state: 'collected', locationId: till.locationId });
  expect(part?.acceptedAt && part.pickedAt && part.packedAt && part.readyAt && part.deliveredAt).toBeTruthy();
  const { rows } = await sql<{ associate: string; stored: string }>`
    select payload ->> 'associateId' as associate, o.associate_id as stored
    from platform.event join orders.order o on o.id::text = payload ->> 'orderId'
    where name = 'orders.order_placed.v1' and o.id = ${wish.saleId}`.execute(db);
  expect(rows).toEqual([{ associate: till.memberId, stored: till.memberId }]);
  expect((await entriesOf(db, till.shiftId)).map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
    ['float', 10_000],
    ['sale', 420],
  ]);
  await work();
  expect(await fulfilmentOrdersOf(db, wish.saleId)).toHaveLength(1);
});

test('a sale told again, also by twenty at once, is one sale; other content by its id is refused', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 5 });
  const wish = aSale(till);

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => enterSale(placingDeps(db), till.memberId, wish)),
  );

  expect(new Set(answers.map((answer) => JSON.stringify(answer, Object.keys(answer).toSorted()))).size).toBe(
    1,
  );
  expect(await levelOf(db, till)).toMatchObject({ onHand: 4 });
  expect((await shiftById(db, till.shiftId)).expectedMinor).toBe(11_210);
  const other = { ...wish, payments: [{ kind: 'cash' as const, amountMinor: 1210, tenderedMinor: 5000 }] };
  await expect(enterSale(placingDeps(db), till.memberId, other)).rejects.toEqual(
    refusedWith('till.sale_differs'),
  );
});

test('two sell the last unit at once: one does, and the other is told what is there', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });

  const tried = await Promise.allSettled(
    [1, 2].map(() => enterSale(placingDeps(db), till.memberId, aSale(till))),
  );

  const refused = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  expect(refused).toEqual([
    expect.objectContaining({
      code: 'inventory.insufficient_stock',
      data: { variantId: till.variantId, locationId: till.locationId, wanted: 1, available: 0 },
    }),
  ]);
  expect(await levelOf(db, till)).toEqual({ onHand: 0, allocated: 0, reserved: 0, short: 0 });
  expect((await shiftById(db, till.shiftId)).expectedMinor).toBe(11_210);
});

test('what was sold without a connection is entered at what was agreed, and what was not there is told', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, {
    units: 1,
    openedAt: new Date(Date.now() - 3_600_000),
  });
  const soldAt = new Date(Date.now() - 600_000).toISOString();
  await enterSale(placingDeps(db), till.memberId, aSale(till));
  const wish = aSale(till, {
    soldAt,
    lines: [{ variantId: till.variantId, quantity: 1, agreed: { unitPriceMinor: 1100, discountMinor: 100 } }],
    totalMinor: 1000,
    payments: [{ kind: 'cash', amountMinor: 1000, tenderedMinor: 1000 }],
  });

  const entered = await enterSale(placingDeps(db), till.memberId, wish);
  const again = await enterSale(placingDeps(db), till.memberId, wish);

  expect(entered.conflicts).toEqual([
    { variantId: till.variantId, locationId: till.locationId, wanted: 1, available: 0 },
  ]);
  expect(again).toEqual(entered);
  expect(await readOrder(db, wish.saleId)).toMatchObject({
    placedAt: new Date(soldAt),
    totalMinor: 1000,
    outstandingMinor: 0,
    lines: [{ unitPriceMinor: 1100, discountMinor: 100 }, {}],
  });
  expect(await levelOf(db, till)).toEqual({ onHand: 0, allocated: 0, reserved: 0, short: 0 });
  const lied = { ...wish, saleId: randomUUID(), totalMinor: 900, payments: [] };
  await expect(enterSale(placingDeps(db), till.memberId, lied)).rejects.toEqual(
    refusedWith('till.payments_differ'),
  );
});

test('a closed register sells nothing; what it had sold before comes into the shift of then', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, {
    units: 3,
    openedAt: new Date(Date.now() - 3_600_000),
  });
  const { shiftId, memberId, registerId } = till;
  const soldAt = new Date(Date.now() - 600_000).toISOString();
  const closing = { shiftId, countedMinor: 11_210, counts: { 5000: 2, 1210: 1 }, memberId };
  const closed = await inTransaction(db, (tx) => closeShift(tx, closing, new Date()));
  expect(closed).toMatchObject({ expectedMinor: 10_000, countedMinor: 11_210, differenceMinor: 1210 });

  await expect(enterSale(placingDeps(db), memberId, aSale(till))).rejects.toEqual(
    refusedWith('till.no_open_shift'),
  );
  await enterSale(placingDeps(db), memberId, aSale(till, { soldAt }));

  expect(await shiftById(db, shiftId)).toMatchObject({
    registerId,
    expectedMinor: 11_210,
    countedMinor: 11_210,
    differenceMinor: 0,
  });
});

test('what goes back in cash is paid out of a drawer once, and not more than lies in it', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 3 });
  const { registerId, memberId: actorId, shiftId } = till;
  const wish = aSale(till);
  await enterSale(placingDeps(db), actorId, wish);
  const back = {
    id: randomUUID(),
    orderId: wish.saleId,
    amountMinor: 500,
    reason: 'chipped',
    actor: 'system',
  };

  await inTransaction(db, (tx) => giveBack(tx, back, new Date()));
  const paid = await Promise.all(
    [1, 2].map(() =>
      inTransaction(db, (tx) => payBackCash(tx, { registerId, orderId: wish.saleId, actorId }, new Date())),
    ),
  );

  expect(paid.map(({ amountMinor }) => amountMinor).toSorted((a, b) => a - b)).toEqual([0, 500]);
  expect((await shiftById(db, shiftId)).expectedMinor).toBe(10_710);
  expect(await readOrder(db, wish.saleId)).toMatchObject({ refundedMinor: 500, outstandingMinor: 0 });
});

test('wrong sums, unknown codes and times that can’t be are refused by name', async ({ db, databaseUrl }) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 3 });
  const day = 86_400_000;
  const cases = {
    'orders.total_changed': {
      totalMinor: 1000,
      payments: [{ kind: 'cash' as const, amountMinor: 1000, tenderedMinor: 1000 }],
    },
    'till.tendered_too_little': {
      payments: [{ kind: 'cash' as const, amountMinor: 1210, tenderedMinor: 1200 }],
    },
    'till.payments_differ': { payments: [{ kind: 'card' as const, amountMinor: 1, reference: 'x' }] },
    'till.code_unknown': { lines: [{ code: 'no such thing', quantity: 1 }] },
    'till.line_twice': {
      lines: [
        { variantId: till.variantId, quantity: 1 },
        { code: till.variantId, quantity: 1 },
      ],
    },
    'till.customer_unknown': { customer: { email: 'nobody@example.com' } },
    'till.register_not_found': { registerId: randomUUID() },
    'till.associate_unknown': { associateId: randomUUID() },
    'till.sold_in_the_future': { soldAt: new Date(Date.now() + day).toISOString() },
    'till.sold_too_long_ago': { soldAt: new Date(Date.now() - 8 * day).toISOString() },
    'orders.not_sold': { lines: [{ variantId: randomUUID(), quantity: 1 }] },
    'payments.gift_card_unknown': {
      payments: [{ kind: 'gift_card' as const, amountMinor: 1210, code: 'x' }],
    },
  };
  for (const [code, facts] of Object.entries(cases)) {
    await expect(enterSale(placingDeps(db), till.memberId, aSale(till, facts)), code).rejects.toEqual(
      refusedWith(code),
    );
  }
  expect(await levelOf(db, till)).toMatchObject({ onHand: 3, allocated: 0, reserved: 0 });
  expect((await shiftById(db, till.shiftId)).expectedMinor).toBe(10_000);
});
