import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { type DeliveryMethod, deliveryMethods, putDeliveryMethod } from './delivery-methods.ts';
import { aCart, aStockedVariant, aWish, placingDeps } from './factory.ts';
import { orderOf } from './order.ts';
import { placeOrder } from './place-order.ts';

const BIKE: DeliveryMethod = {
  code: 'bike',
  name: 'By bicycle',
  kind: 'ship',
  transitDaysMin: 0,
  transitDaysMax: 1,
  position: 3,
  isActive: true,
  regionCodes: ['BE'],
  rates: [{ currency: 'EUR', amountMinor: 242, freeFromMinor: null }],
};

test('goes only where it is offered and while it is, and its postage is taxed', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 9);
  const put = (change: Partial<DeliveryMethod>) =>
    inTransaction(db, (tx) => putDeliveryMethod(tx, { ...BIKE, ...change }));
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1242, { deliveryCode: 'bike' });
  const place = () => placeOrder(placingDeps(db), GUEST, wish);
  const unknown = { code: 'orders.delivery_unknown', data: { deliveryCode: 'bike' } };

  await put({});
  await expect(place()).rejects.toMatchObject(unknown);
  await put({ regionCodes: ['BE', 'NL'], isActive: false });
  await expect(place()).rejects.toMatchObject(unknown);
  await put({ regionCodes: [] });
  await place();

  expect(await orderOf(db, GUEST, wish.orderId, wish.cartId)).toMatchObject({
    deliveryCode: 'bike',
    postageMinor: 200,
    totalMinor: 1242,
  });
});

test('is refused whole when a price or the days make no sense', async ({ db }) => {
  const before = await deliveryMethods(db);
  const [rate] = BIKE.rates;
  for (const [change, code] of [
    [{ transitDaysMin: 2 }, 'orders.days_reversed'],
    [{ rates: [rate, rate] }, 'orders.rate_twice'],
    [{ rates: [{ ...rate, currency: 'XXQ' }] }, 'pricing.currency_unknown'],
  ] as [Partial<DeliveryMethod>, string][]) {
    const wrong = { ...BIKE, code: 'wrong', ...change };
    await expect(inTransaction(db, (tx) => putDeliveryMethod(tx, wrong))).rejects.toMatchObject({ code });
  }
  expect(await deliveryMethods(db)).toEqual(before);
});
