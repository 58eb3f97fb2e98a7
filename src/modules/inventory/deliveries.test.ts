import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { correct } from './corrections.ts';
import { closePurchase, type Delivery, orderFromSupplier, type Purchase, receive } from './deliveries.ts';
import { aLocation, aVariant } from './factory.ts';
import { incomingOf, positionAt } from './position.ts';
import { receiveTransfer, sendTransfer } from './transfers.ts';

const AT = new Date('2026-05-04T10:00:00Z');
const taken = (db: Db, delivery: Delivery, now = AT) => inTransaction(db, (tx) => receive(tx, delivery, now));

async function levelsAt(db: Db, locationId: string) {
  const { rows } = await sql<{ variantId: string; onHand: number; valueMinor: number }>`
    select variant_id as "variantId", on_hand as "onHand", value_minor as "valueMinor"
    from inventory.stock_level where location_id = ${locationId}`.execute(db);
  return new Map(rows.map(({ variantId, ...level }) => [variantId, level]));
}

const purchaseOf = (locationId: string, lines: Purchase['lines']): Purchase => {
  const id = randomUUID();
  return { id, number: `P-${id}`, supplier: 'Kolonna', locationId, expectedOn: '2026-05-20', lines };
};

test('a purchase is incoming until it has come, and costs what it cost to land', async ({ db }) => {
  const [locationId, jug, bowl] = [await aLocation(db), await aVariant(db), await aVariant(db)];
  const purchase = purchaseOf(locationId, [
    { variantId: jug, quantity: 10, unitCostMinor: 300 },
    { variantId: bowl, quantity: 4, unitCostMinor: 1000 },
  ]);
  for (const attempt of ['first', 'retry']) {
    await expect(
      inTransaction(db, (tx) => orderFromSupplier(tx, purchase)),
      attempt,
    ).resolves.toBeUndefined();
  }
  expect(await incomingOf(db, [jug])).toEqual([
    { variantId: jug, locationId, quantity: 10, expectedOn: '2026-05-20' },
  ]);

  const delivery = {
    id: randomUUID(),
    purchaseId: purchase.id,
    locationId,
    lines: [
      { variantId: jug, quantity: 6 },
      { variantId: bowl, quantity: 4 },
    ],
    freightMinor: 100,
    dutyMinor: 1,
  };
  await taken(db, delivery);
  await taken(db, delivery);

  // 1800 and 4000 of 5800 carry 101: 31.34… and 69.65…; the unit that is left goes to the larger remainder.
  expect(await levelsAt(db, locationId)).toEqual(
    new Map([
      [jug, { onHand: 6, valueMinor: 1831 }],
      [bowl, { onHand: 4, valueMinor: 4070 }],
    ]),
  );
  expect(await incomingOf(db, [jug, bowl])).toEqual([
    { variantId: jug, locationId, quantity: 4, expectedOn: '2026-05-20' },
  ]);
  await inTransaction(db, (tx) => closePurchase(tx, purchase.id, AT));
  expect(await incomingOf(db, [jug, bowl])).toEqual([]);
});

test('another delivery, purchase or number under a known id is refused, and changes nothing', async ({
  db,
}) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const purchase = purchaseOf(locationId, [{ variantId, quantity: 1, unitCostMinor: 5 }]);
  await inTransaction(db, (tx) => orderFromSupplier(tx, purchase));
  const more = { ...purchase, lines: [{ variantId, quantity: 2, unitCostMinor: 5 }] };
  await expect(inTransaction(db, (tx) => orderFromSupplier(tx, more))).rejects.toMatchObject({
    code: 'inventory.purchase_differs',
  });
  const sameNumber = { ...purchaseOf(locationId, purchase.lines), number: purchase.number };
  await expect(inTransaction(db, (tx) => orderFromSupplier(tx, sameNumber))).rejects.toMatchObject({
    code: 'inventory.purchase_differs',
  });
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity: 3 }] };
  await taken(db, delivery);
  const other = taken(db, { ...delivery, lines: [{ variantId, quantity: 4 }] });
  await expect(other).rejects.toMatchObject({ code: 'inventory.delivery_differs' });
  const ofNothing = taken(db, { ...delivery, id: randomUUID(), purchaseId: randomUUID() });
  await expect(ofNothing).rejects.toMatchObject({ code: 'inventory.purchase_not_found' });
  expect((await levelsAt(db, locationId)).get(variantId)).toEqual({ onHand: 3, valueMinor: 0 });
});

test('the average cost moves with each delivery, and leaves with what leaves, to the last penny', async ({
  db,
}) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const of = (quantity: number, unitCostMinor: number) => ({
    id: randomUUID(),
    locationId,
    lines: [{ variantId, quantity, unitCostMinor }],
  });
  await taken(db, of(2, 100));
  await taken(db, of(1, 101));
  const lose = (quantity: number) =>
    inTransaction(db, (tx) => {
      const lines = [{ variantId, locationId, quantity }];
      return correct(tx, { id: randomUUID(), kind: 'damage', lines }, AT);
    });
  await lose(1); // 301 / 3, rounded down
  expect((await levelsAt(db, locationId)).get(variantId)).toEqual({ onHand: 2, valueMinor: 201 });
  await lose(2);
  expect((await levelsAt(db, locationId)).get(variantId)).toEqual({ onHand: 0, valueMinor: 0 });
});

test('a transfer takes its cost along, and what was lost on the way stays visible', async ({ db }) => {
  const [from, to, variantId] = [await aLocation(db), await aLocation(db), await aVariant(db)];
  await taken(db, {
    id: randomUUID(),
    locationId: from,
    lines: [{ variantId, quantity: 10, unitCostMinor: 50 }],
  });
  const id = randomUUID();
  const lines = [{ variantId, quantity: 4 }];
  const transfer = { id, fromLocationId: from, toLocationId: to, expectedOn: '2026-05-06', lines };
  const send = (quantity = 4) =>
    inTransaction(db, (tx) => sendTransfer(tx, { ...transfer, lines: [{ variantId, quantity }] }, AT));
  await send();
  await send();
  await expect(send(5)).rejects.toMatchObject({ code: 'inventory.transfer_differs' });
  expect(await incomingOf(db, [variantId])).toEqual([
    { variantId, locationId: to, quantity: 4, expectedOn: '2026-05-06' },
  ]);

  const arrive = (quantity: number) =>
    inTransaction(db, (tx) => receiveTransfer(tx, id, [{ variantId, quantity }], AT));
  await expect(arrive(5)).rejects.toMatchObject({ code: 'inventory.more_than_was_sent' });
  await arrive(3);
  await arrive(3);
  await expect(arrive(2)).rejects.toMatchObject({ code: 'inventory.transfer_differs' });

  expect((await levelsAt(db, from)).get(variantId)).toEqual({ onHand: 6, valueMinor: 300 });
  expect((await levelsAt(db, to)).get(variantId)).toEqual({ onHand: 3, valueMinor: 150 });
  expect(await incomingOf(db, [variantId])).toEqual([]);
  const { rows } = await sql`
    select quantity, received_quantity from inventory.transfer_line where transfer_id = ${id}`.execute(db);
  expect(rows).toEqual([{ quantity: 4, received_quantity: 3 }]);
});

test('a correction is booked once, and another one under its id is refused', async ({ db }) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const id = randomUUID();
  const find = (quantity: number) =>
    inTransaction(db, (tx) => {
      const lines = [{ variantId, locationId, quantity }];
      return correct(tx, { id, kind: 'adjust', reason: 'found', lines }, AT);
    });
  await find(2);
  await find(2);
  await expect(find(3)).rejects.toMatchObject({ code: 'inventory.correction_differs' });
  expect((await levelsAt(db, locationId)).get(variantId)?.onHand).toBe(2);
});

test('the position of a past moment is what the ledger said then', async ({ db }) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const on = (day: string) => new Date(`2026-05-${day}T12:00:00Z`);
  const of = (quantity: number) => ({
    id: randomUUID(),
    locationId,
    lines: [{ variantId, quantity, unitCostMinor: 10 }],
  });
  await taken(db, of(5), on('01'));
  await taken(db, of(3), on('03'));
  const at = (day: string) => positionAt(db, on(day), { locationIds: [locationId] });
  const position = { variantId, locationId, reserved: 0, allocated: 0, damaged: 0 };
  expect(await at('02')).toEqual([{ ...position, onHand: 5, valueMinor: 50 }]);
  expect(await positionAt(db, on('03'), { variantIds: [variantId] })).toEqual([
    { ...position, onHand: 8, valueMinor: 80 },
  ]);
  expect(await positionAt(db, new Date('2026-04-30'), { locationIds: [locationId] })).toEqual([]);
});
