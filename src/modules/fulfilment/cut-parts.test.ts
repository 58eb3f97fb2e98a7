import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { cancelUnits } from '../orders/index.ts';
import { brokering } from './broker-again.ts';
import { aPlacedOrder, aSpreadVariant, levelOf, partsOf } from './factory.ts';
import { reject } from './reject.ts';
import { unfillables } from './unfillable.ts';

test('what an order lets go is not sent: its part shrinks, and ends when nothing is left of it', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [5]);
  const orderId = await aPlacedOrder(db, { [variantId]: 3 });
  const [part] = await partsOf(db, orderId);
  const lineId = part?.lines[0]?.orderLineId ?? '';
  const cancel = (quantity: number) =>
    inTransaction(db, (tx) =>
      cancelUnits(tx, {
        id: randomUUID(),
        orderId,
        lines: [{ lineId, quantity }],
        reason: '',
        actor: 'test',
      }),
    );
  const state = async () =>
    (await partsOf(db, orderId)).map((each) => [each.state, each.lines[0]?.remaining] as const);

  await cancel(1);
  await work();
  expect(await state()).toEqual([['assigned', 2]]);
  await cancel(2);
  await work();
  expect(await state()).toEqual([['cancelled', 0]]);
  expect(await levelOf(db, variantId, locationIds[0] ?? '')).toMatchObject({ onHand: 5, allocated: 0 });
});

test('units that nobody can give are let go before those that somebody keeps', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [3]);
  const orderId = await aPlacedOrder(db, { [variantId]: 3 });
  const [part] = await partsOf(db, orderId);
  const orderLineId = part?.lines[0]?.orderLineId ?? '';
  const broken = [{ orderLineId, quantity: 1, reason: 'damaged' as const }];
  await brokering(db, (tx) =>
    reject(tx, { id: randomUUID(), fulfilmentOrderId: part?.id ?? '', lines: broken }, new Date()),
  );
  const waiting = async () =>
    (await unfillables(db, 500)).filter((each) => each.orderId === orderId).map(({ quantity }) => quantity);
  expect(await waiting()).toEqual([1]);

  await inTransaction(db, (tx) =>
    cancelUnits(tx, {
      id: randomUUID(),
      orderId,
      lines: [{ lineId: orderLineId, quantity: 1 }],
      reason: '',
      actor: 'test',
    }),
  );
  await work();
  expect(await waiting()).toEqual([]);
  expect((await partsOf(db, orderId)).map((each) => each.lines[0]?.remaining)).toEqual([2]);
  expect(await levelOf(db, variantId, locationIds[0] ?? '')).toMatchObject({ onHand: 2, allocated: 2 });
});
