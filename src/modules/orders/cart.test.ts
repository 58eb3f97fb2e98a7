import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { addLine, cartFor, cartOf, openCart, removeLine, setQuantity } from './cart.ts';
import { beginCheckout } from './checkout.ts';
import { aCart, aMember, aStockedVariant, aVariant, aWish, placingDeps } from './factory.ts';

const now = () => new Date();

test('a cart is priced when it is read', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 4, 250);
  const gone = await aVariant(databaseUrl, 100);
  const cartId = await aCart(db, GUEST, { [variantId]: 2, [gone]: 1 });

  const inEuro = await cartOf(db, GUEST, cartId, now());
  expect(inEuro).toMatchObject({ id: cartId, currency: 'EUR', units: 3, goodsMinor: 600 });
  expect(inEuro.lines).toMatchObject([
    { variantId, quantity: 2, netMinor: 500, available: 4, variant: { title: 'A vase', amountMinor: 250 } },
    { variantId: gone, quantity: 1, netMinor: 100, available: 0, variant: { amountMinor: 100 } },
  ]);

  await archive(db, gone);
  const later = await cartOf(db, GUEST, cartId, now());
  expect(later).toMatchObject({ units: 3, goodsMinor: 500 });
  expect(later.lines[1]).toEqual({ variantId: gone, quantity: 1, netMinor: 0, available: 0, variant: null });
});

test('what is no longer sold can not be ordered', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 4);
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  await archive(db, variantId);

  await expect(
    beginCheckout(placingDeps(db), GUEST, aWish(cartId, 495), { name: 'test' }),
  ).rejects.toMatchObject({
    code: 'orders.not_sold',
    data: { variantId },
  });
});

const archive = (db: Db, variantId: string) =>
  sql`
  update catalog.product set publication = 'archived'
  where id = (select product_id from catalog.variant where id = ${variantId})`.execute(db);

test('adding and setting stop at 99, and removing twice is a retry', async ({ db, databaseUrl }) => {
  const variantId = await aVariant(databaseUrl);
  const cartId = await aCart(db, GUEST, { [variantId]: 60 });
  const line = (quantity: number) => ({ variantId, quantity });

  expect(await inTransaction(db, (tx) => addLine(tx, GUEST, cartId, line(60), now()))).toBe(99);
  expect(await inTransaction(db, (tx) => setQuantity(tx, GUEST, cartId, line(5), now()))).toBe(5);
  for (const _ of ['first', 'retry']) {
    await inTransaction(db, (tx) => removeLine(tx, GUEST, cartId, variantId));
  }
  expect(await cartOf(db, GUEST, cartId, now())).toMatchObject({ lines: [], units: 0 });
});

test('a variant that is not sold can not be added', async ({ db }) => {
  const cartId = await aCart(db, GUEST, {});
  const variantId = randomUUID();
  await expect(
    inTransaction(db, (tx) => addLine(tx, GUEST, cartId, { variantId, quantity: 1 }, now())),
  ).rejects.toMatchObject({ code: 'orders.not_sold', data: { variantId } });
});

test("a member's cart is nobody else's", async ({ db, databaseUrl }) => {
  const [ada, eve] = [await aMember(db), await aMember(db)];
  const variantId = await aVariant(databaseUrl);
  const cartId = await aCart(db, ada, { [variantId]: 1 });

  expect(await inTransaction(db, (tx) => cartFor(tx, ada, undefined))).toBe(cartId);
  expect(await inTransaction(db, (tx) => cartFor(tx, GUEST, cartId))).toBeUndefined();
  for (const stranger of [eve, GUEST]) {
    const refusal = { code: 'orders.cart_not_found' };
    await expect(cartOf(db, stranger, cartId, now())).rejects.toMatchObject(refusal);
    const adding = inTransaction(db, (tx) =>
      addLine(tx, stranger, cartId, { variantId, quantity: 1 }, now()),
    );
    await expect(adding).rejects.toMatchObject(refusal);
  }
});

test('twenty devices at once open one cart', async ({ db }) => {
  const ada = await aMember(db);
  const opening = Array.from({ length: 20 }, () =>
    inTransaction(db, (tx) => openCart(tx, ada, undefined, 'EUR')),
  );
  expect(new Set(await Promise.all(opening)).size).toBe(1);
});

describe("a guest's cart becomes the member's", () => {
  test('quantities added, 99 at most, once, however often the browser asks', async ({ db, databaseUrl }) => {
    const ada = await aMember(db);
    const [a, b, c] = [await aVariant(databaseUrl), await aVariant(databaseUrl), await aVariant(databaseUrl)];
    const members = await aCart(db, ada, { [a]: 2, [b]: 90 });
    const guests = await aCart(db, GUEST, { [a]: 3, [b]: 20, [c]: 1 });

    const asked = Array.from({ length: 10 }, () => inTransaction(db, (tx) => cartFor(tx, ada, guests)));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([members]));

    const { lines } = await cartOf(db, ada, members, now());
    const quantities = Object.fromEntries(lines.map(({ variantId, quantity }) => [variantId, quantity]));
    expect(quantities).toEqual({ [a]: 5, [b]: 99, [c]: 1 });
    await expect(cartOf(db, GUEST, guests, now())).rejects.toMatchObject({ code: 'orders.cart_not_found' });
  });

  test('while the member adds on another device: nothing is lost', async ({ db, databaseUrl }) => {
    const ada = await aMember(db);
    const variantId = await aVariant(databaseUrl);
    const members = await aCart(db, ada, {});
    const guests = await Promise.all(Array.from({ length: 5 }, () => aCart(db, GUEST, { [variantId]: 3 })));

    await Promise.all([
      ...guests.map((guest) => inTransaction(db, (tx) => cartFor(tx, ada, guest))),
      ...Array.from({ length: 10 }, () =>
        inTransaction(db, (tx) => addLine(tx, ada, members, { variantId, quantity: 2 }, now())),
      ),
    ]);

    expect((await cartOf(db, ada, members, now())).units).toBe(5 * 3 + 10 * 2);
  });

  test('not while it is being paid for', async ({ db, databaseUrl }) => {
    const ada = await aMember(db);
    const { variantId } = await aStockedVariant(db, databaseUrl, 5);
    const guests = await aCart(db, GUEST, { [variantId]: 1 });
    await beginCheckout(placingDeps(db), GUEST, aWish(guests, 1495), { name: 'test' });

    expect(await inTransaction(db, (tx) => cartFor(tx, ada, guests))).toBeUndefined();

    expect(await cartOf(db, GUEST, guests, now())).toMatchObject({ units: 1 });
  });
});
