import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { closePurchase, orderFromSupplier, receive } from './deliveries.ts';
import { aLocation, aVariant, stocked } from './factory.ts';
import { purchaseById, purchasesOf, transferById, transfersOf } from './on-the-way.ts';
import { receiveTransfer, sendTransfer } from './transfers.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

test('transfers are told while they are on their way, the soonest first, and once they have come', async ({
  db,
}) => {
  const { variantId, locationId: from } = await stocked(db, 10);
  const to = await aLocation(db);
  const [late, soon] = [randomUUID(), randomUUID()];
  const send = (id: string, expectedOn: string, quantity: number) =>
    inTransaction(db, (tx) => {
      const transfer = { id, fromLocationId: from, toLocationId: to, expectedOn, note: id };
      return sendTransfer(tx, { ...transfer, lines: [{ variantId, quantity }] }, NOW);
    });
  await send(late, '2026-12-09', 2);
  await send(soon, '2026-12-01', 3);
  expect(
    (await transfersOf(db, 'sent', { limit: 100 })).transfers.map(({ id, units }) => [id, units]),
  ).toEqual([
    [soon, 3],
    [late, 2],
  ]);
  await inTransaction(db, (tx) => receiveTransfer(tx, soon, [{ variantId, quantity: 1 }], NOW));
  expect((await transfersOf(db, 'sent', { limit: 100 })).transfers.map(({ id }) => id)).toEqual([late]);
  expect((await transfersOf(db, 'received', { limit: 100 })).transfers).toEqual([
    {
      id: soon,
      fromLocationId: from,
      toLocationId: to,
      sentAt: NOW,
      expectedOn: '2026-12-01',
      receivedAt: NOW,
      note: soon,
      units: 3,
      valueMinor: 0,
      receivedUnits: 1,
    },
  ]);
  expect((await transferById(db, soon))?.lines).toEqual([
    { variantId, quantity: 3, valueMinor: 0, receivedQuantity: 1 },
  ]);
  expect(await transferById(db, randomUUID())).toBeUndefined();
});

test('purchases are told with what has come of them, until they are closed', async ({ db }) => {
  const [variantId, locationId] = [await aVariant(db), await aLocation(db)];
  const [id, number] = [randomUUID(), randomUUID()];
  const lines = [{ variantId, quantity: 10, unitCostMinor: 250 }];
  const purchase = { id, number, supplier: 'Kolonna', locationId, expectedOn: '2026-12-01' };
  await inTransaction(db, (tx) => orderFromSupplier(tx, { ...purchase, lines }));
  const delivery = { id: randomUUID(), purchaseId: id, locationId, lines: [{ variantId, quantity: 4 }] };
  await inTransaction(db, (tx) => receive(tx, delivery, NOW));
  const told = { ...purchase, units: 10, receivedUnits: 4, costMinor: 2500 };
  expect((await purchasesOf(db, 'open', { limit: 100 })).purchases).toEqual([{ ...told, closedAt: null }]);
  await inTransaction(db, (tx) => closePurchase(tx, id, NOW));
  expect((await purchasesOf(db, 'open', { limit: 100 })).purchases).toEqual([]);
  expect((await purchasesOf(db, 'closed', { limit: 100 })).purchases).toEqual([{ ...told, closedAt: NOW }]);
  expect((await purchaseById(db, id))?.lines).toEqual([
    { variantId, quantity: 10, unitCostMinor: 250, receivedQuantity: 4 },
  ]);
  expect(await purchaseById(db, randomUUID())).toBeUndefined();
});

test('both lists are leafed through by a cursor: every row once, in order, also those of one day', async ({
  db,
}) => {
  const [variantId, locationId] = [await aVariant(db), await aLocation(db)];
  const days = ['2027-01-03', '2027-01-01', '2027-01-02', '2027-01-02', '2027-01-02'];
  const made: { id: string; expectedOn: string }[] = [];
  for (const expectedOn of days) {
    const [id, number] = [randomUUID(), randomUUID()];
    const lines = [{ variantId, quantity: 1, unitCostMinor: 1 }];
    await inTransaction(db, (tx) =>
      orderFromSupplier(tx, { id, number, supplier: 'Kiln', locationId, expectedOn, lines }),
    );
    made.push({ id, expectedOn });
  }
  const leafed = async (state: 'open' | 'closed') => {
    const ids: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await purchasesOf(db, state, { limit: 2, ...(cursor && { cursor }) });
      ids.push(...page.purchases.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    return ids.filter((id) => made.some((each) => each.id === id));
  };
  const byDay = made.toSorted((a, b) => (`${a.expectedOn} ${a.id}` < `${b.expectedOn} ${b.id}` ? -1 : 1));
  expect(await leafed('open')).toEqual(byDay.map(({ id }) => id));
  for (const { id } of made) await inTransaction(db, (tx) => closePurchase(tx, id, NOW));
  expect(await leafed('closed')).toEqual(
    made
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
});
