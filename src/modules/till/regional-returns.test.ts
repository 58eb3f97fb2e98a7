import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aRegionalPrice } from '#modules/catalog/factory.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { aWestWithDelft } from '#modules/market/factory.ts';
import {
  aCart,
  aProduct,
  aStockedVariant,
  aWish,
  bringBack,
  placed,
  placingDeps,
  request,
  send,
} from '#modules/orders/factory.ts';
import { quoteExchange, readOrder } from '#modules/orders/index.ts';
import { aPromotion } from '#modules/pricing/factory.ts';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anOpenTill, aSale } from './factory.ts';
import { enterSale } from './sale.ts';

const cash = (amountMinor: number) => ({ kind: 'cash' as const, amountMinor, tenderedMinor: amountMinor });

test('what comes back gives what was paid in its region, and what is wanted for it costs what it does where it goes', async ({
  db,
  databaseUrl,
  work,
}) => {
  await aWestWithDelft(db);
  const [variantId, otherId] = [randomUUID(), randomUUID()];
  await aProduct(databaseUrl, { [variantId]: 1000, [otherId]: 1500 });
  const dear = await aStockedVariant(db, databaseUrl, 5, 5000);
  const { locationId } = dear;
  const priceId = await aRegionalPrice(db, variantId, 'NL-west-delft', 700);
  await aRegionalPrice(db, dear.variantId, 'NL-west', 4000);
  const lines = [variantId, otherId].map((id) => ({ variantId: id, quantity: 5 }));
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  const inDelft = { ...aWish('', 0).address, postcode: '2611 AB', city: 'Delft' };
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 3 }), 2100 + 495, { address: inDelft });
  await placed(placingDeps(db), GUEST, wish);
  const order = await readOrder(db, wish.orderId);
  const bought = { ...wish, variantId, locationId, lineId: order.lines[0]?.id ?? '' };
  await send(db, bought, 3);
  await aRegionalPrice(db, variantId, 'NL-west-delft', 900, priceId);

  await bringBack(db, bought, await request(db, bought, 1), { restock: 1 });
  await work();
  expect(await readOrder(db, wish.orderId)).toMatchObject({ reducedMinor: 700, refundedMinor: 700 });

  const quote = (wanted: string) =>
    quoteExchange(
      placingDeps(db),
      GUEST,
      {
        orderId: wish.orderId,
        lines: [{ lineId: bought.lineId, quantity: 1, reason: 'does_not_fit' }],
        wanted: [{ variantId: wanted, quantity: 1 }],
        touchpoint: 'web',
      },
      wish.cartId,
    );
  expect(await quote(otherId)).toMatchObject({ toPayMinor: 0 });
  expect(await quote(dear.variantId)).toMatchObject({ toPayMinor: 3300 });
});

test('what a till sold alone at its region’s price and promotion is entered so, whatever they are when it is back', async ({
  db,
  databaseUrl,
  deps,
}) => {
  const { memberId } = await aSignedInMember(deps, ['associate']);
  await aWestWithDelft(db);
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1000);
  const priceId = await aRegionalPrice(db, variantId, 'NL-west-delft', 700);
  const till = await anOpenTill(db, '2611 AB', variantId, memberId);
  const off = { kind: 'percent_off' as const, basisPoints: 1000 };
  const terms = { code: null, name: 'West', effect: off, regionCodes: ['NL-west'] };
  const { id: promotionId } = await aPromotion(db, terms);
  // Cut off: a unit of 7.00 less a tenth. Back again, it costs 9.00 there, and the promotion is for others.
  const sold = aSale(till, {
    lines: [{ variantId, quantity: 1, agreed: { unitPriceMinor: 700, discountMinor: 70 } }],
    granted: [{ promotionId, amountMinor: 70 }],
    soldAt: new Date().toISOString(),
    totalMinor: 630,
    payments: [cash(630)],
  });
  await aRegionalPrice(db, variantId, 'NL-west-delft', 900, priceId);
  const entered = await enterSale(placingDeps(db), memberId, sold);
  expect(entered.conflicts).toEqual([]);
  const order = await readOrder(db, sold.saleId);
  expect(order).toMatchObject({
    regionCode: 'NL-west-delft',
    totalMinor: 630,
    capturedMinor: 630,
    outstandingMinor: 0,
    discounts: [{ promotionId, name: 'West', amountMinor: 70 }],
    lines: [{ unitPriceMinor: 700, discountMinor: 70 }, { kind: 'postage' }],
  });
  // Who buys with the till in touch pays what holds now.
  const now = aSale(till, { totalMinor: 630, payments: [cash(630)] });
  await expect(enterSale(placingDeps(db), memberId, now)).rejects.toMatchObject({
    code: 'orders.total_changed',
    data: { totalMinor: 810 },
  });
});
