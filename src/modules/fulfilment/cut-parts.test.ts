import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { cancelUnits } from '../orders/index.ts';
import { aPlacedOrder, aSpreadVariant, levelOf, partsOf } from './factory.ts';

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
