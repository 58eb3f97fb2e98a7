import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aRegionalPrice } from '../catalog/factory.ts';
import { aCart, aStockedVariant, aWish, paymentsOf, placingDeps } from './factory.ts';
import { addCode } from './cart-codes.ts';
import { aPromotion } from '../pricing/factory.ts';
import { readOrder } from './order.ts';
import { placeOrder } from './place-order.ts';

const [OLD, NEW, POSTAGE] = [1000, 800, 495];

/** What came of a buyer who was shown this total: what they paid for one unit, or what they were told it costs. */
async function outcome(db: Db, cartId: string, totalMinor: number) {
  const wish = aWish(cartId, totalMinor);
  try {
    await placeOrder(placingDeps(db), GUEST, wish);
  } catch (error) {
    const payments = await paymentsOf(db, wish.orderId);
    const { code, data } = error as { code: string; data: { totalMinor: number } };
    return { shown: totalMinor, refused: code, told: data.totalMinor, payments };
  }
  const { lines, totalMinor: total, capturedMinor } = await readOrder(db, wish.orderId);
  const goods = lines.filter(({ kind }) => kind === 'goods');
  const netMinor = lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0);
  return { shown: totalMinor, unit: goods[0]?.unitPriceMinor, total, capturedMinor, sum: netMinor };
}

const bought = (unit: number) => {
  const total = unit + POSTAGE;
  return { shown: total, unit, total, capturedMinor: total, sum: total };
};

const refused = (shown: number, told: number) => ({
  shown: shown + POSTAGE,
  refused: 'orders.total_changed',
  told: told + POSTAGE,
  payments: [],
});

test('while a price changes, each buyer pays what they were shown for all of it, or is told the other price and pays nothing', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 1000, 5000);
  const offerId = await aRegionalPrice(db, variantId, 'NL', OLD);
  for (let round = 0; round < 5; round++) {
    const [before, after] = round % 2 === 0 ? [OLD, NEW] : [NEW, OLD];
    const carts = await Promise.all(Array.from({ length: 16 }, () => aCart(db, GUEST, { [variantId]: 1 })));
    const buyers = carts.map((cartId, n) => outcome(db, cartId, (n % 2 ? OLD : NEW) + POSTAGE));
    const [ends] = await Promise.all([
      Promise.all(buyers),
      aRegionalPrice(db, variantId, 'NL', after, offerId),
    ]);
    const possible = [bought(OLD), bought(NEW), refused(OLD, NEW), refused(NEW, OLD)];
    for (const end of ends) expect(possible).toContainEqual(end);
    const late = await aCart(db, GUEST, { [variantId]: 1 });
    expect(await outcome(db, late, before + POSTAGE)).toEqual(refused(before, after));
    expect(await outcome(db, late, after + POSTAGE)).toEqual(bought(after));
  }
});

test('a promotion of an area that ends while its buyers pay is taken off whole, or not at all', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 100, OLD);
  const code = `WEST${randomUUID().slice(0, 6).toUpperCase()}`;
  await aPromotion(db, {
    code,
    regionCodes: ['NL'],
    currency: 'EUR',
    effect: { kind: 'amount_off', amountMinor: OLD - NEW, per: 'order' },
    usesMax: 6,
  });
  const carts = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const cartId = await aCart(db, GUEST, { [variantId]: 1 });
      await inTransaction(db, (tx) => addCode(tx, GUEST, cartId, code, new Date()));
      return cartId;
    }),
  );
  const ends = await Promise.all(carts.map((cartId) => outcome(db, cartId, NEW + POSTAGE)));
  const got = ends.filter((end) => 'total' in end);
  expect(got).toHaveLength(6);
  for (const end of got) expect(end).toMatchObject({ total: NEW + POSTAGE, capturedMinor: NEW + POSTAGE });
  for (const end of ends.filter((each) => 'refused' in each)) {
    expect(['pricing.promotion_used_up', 'orders.total_changed']).toContain(end.refused);
    expect(end.payments).toEqual([]);
  }
});
