import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aPromotion } from '../pricing/factory.ts';
import { addCode } from './cart-codes.ts';
import { cartOf } from './cart.ts';
import { aCart, aMember, aStockedVariant, aWish, placingDeps } from './factory.ts';
import { orderOf } from './order.ts';
import { placeOrder } from './place-order.ts';

const entered = (db: Db, cartId: string, code: string | null, viewer = GUEST) =>
  inTransaction(db, (tx) => addCode(tx, viewer, cartId, code ?? '', new Date()));

const countOf = async (db: Db, promotionId: string) => {
  const { rows } = await sql<{ uses: number; spent: number; taken: number; given: number }>`
    select uses, spent_minor as spent, count(*) filter (where kind = 'taken')::integer as taken,
      count(*) filter (where kind = 'given_back')::integer as given
    from pricing.promotion left join pricing.promotion_use on promotion_id = id
    where id = ${promotionId} group by id`.execute(db);
  return rows[0];
};

test('a code lowers the cart, the order, its tax and its event, by name', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 2420);
  const { id, code } = await aPromotion(db, {
    name: 'Half of it',
    effect: { kind: 'percent_off', basisPoints: 5000 },
  });
  const cartId = await aCart(db, GUEST, { [variantId]: 2 });

  await entered(db, cartId, code?.toLowerCase() ?? '');
  expect(await cartOf(db, GUEST, cartId, new Date(), { countryCode: 'NL' })).toMatchObject({
    goodsMinor: 4840,
    codes: [{ code, name: 'Half of it', refusal: null }],
    discounts: [{ promotionId: id, amountMinor: 2420 }],
    taxMinor: 420,
    totalMinor: 2420,
  });
  const wish = aWish(cartId, 2420 + 495);
  await placeOrder(placingDeps(db), GUEST, wish);
  await placeOrder(placingDeps(db), GUEST, wish);

  expect(await orderOf(db, GUEST, wish.orderId, cartId)).toMatchObject({
    goodsMinor: 2000,
    postageMinor: 409,
    taxMinor: 506,
    totalMinor: 2915,
    isTaxIncluded: true,
    discounts: [{ promotionId: id, name: 'Half of it', code, amountMinor: 2420 }],
    lines: [
      { unitPriceMinor: 2420, discountMinor: 2420, netMinor: 2000, taxMinor: 420, taxRate: 0.21 },
      { kind: 'postage', netMinor: 409, taxMinor: 86 },
    ],
  });
  const { rows } = await sql<{ payload: { lines: object[] } }>`
    select payload from platform.event where payload ->> 'orderId' = ${wish.orderId}`.execute(db);
  expect(rows[0]?.payload.lines).toMatchObject([
    { grossMinor: 4000, discountMinor: 2000, netMinor: 2000, taxMinor: 420 },
    { grossMinor: 409, discountMinor: 0, netMinor: 409, taxMinor: 86 },
  ]);
  expect(await countOf(db, id)).toEqual({ uses: 0, spent: 0, taken: 1, given: 0 });
});

test('twenty buyers of five uses: five get it, the others are told and pay nothing', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 50);
  const { id, code } = await aPromotion(db, { usesMax: 5 });
  const wishes = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const cartId = await aCart(db, GUEST, { [variantId]: 1 });
      await entered(db, cartId, code);
      return aWish(cartId, 900 + 495);
    }),
  );

  const answers = await Promise.allSettled(wishes.map((wish) => placeOrder(placingDeps(db), GUEST, wish)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue;
    // Who asked while there was one is told that it is gone; who asked later sees a price without it.
    expect(['pricing.promotion_used_up', 'orders.total_changed']).toContain(answer.reason.code);
  }
  expect(await countOf(db, id)).toEqual({ uses: 5, spent: 500, taken: 5, given: 0 });
});

test('what an attempt took is given back when it is given up, and the next one takes it again', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const { id, code } = await aPromotion(db, { usesMax: 1, budgetMinor: 100, currency: 'EUR' });
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  await entered(db, cartId, code);
  const wish = aWish(cartId, 1395);

  await expect(
    placeOrder(placingDeps(db), GUEST, { ...wish, paymentToken: 'declined' }),
  ).rejects.toMatchObject({
    code: 'orders.payment_declined',
  });
  expect(await countOf(db, id)).toEqual({ uses: 0, spent: 0, taken: 1, given: 1 });
  await placeOrder(placingDeps(db), GUEST, wish);
  expect(await countOf(db, id)).toEqual({ uses: 1, spent: 100, taken: 2, given: 1 });

  const other = await aCart(db, GUEST, { [variantId]: 1 });
  await expect(entered(db, other, code)).rejects.toMatchObject({
    code: 'orders.code_refused',
    data: { code, reason: 'used_up' },
  });
  expect((await cartOf(db, GUEST, other, new Date())).codes).toEqual([]);
});

describe('a limit for each member', () => {
  test('holds for each by themselves, also when they order twice at once', async ({ db, databaseUrl }) => {
    const { variantId } = await aStockedVariant(db, databaseUrl, 9);
    const { id, code } = await aPromotion(db, { usesPerMember: 1 });
    for (const viewer of [await aMember(db), await aMember(db)]) {
      const cartId = await aCart(db, viewer, { [variantId]: 1 });
      await entered(db, cartId, code, viewer);
      await placeOrder(placingDeps(db), viewer, aWish(cartId, 1395));
      const again = await aCart(db, viewer, { [variantId]: 1 });
      await expect(entered(db, again, code, viewer)).rejects.toMatchObject({ data: { reason: 'used_up' } });
    }
    expect(await countOf(db, id)).toMatchObject({ uses: 2, taken: 2 });
  });

  test('keeps guests out: an e-mail address is made in a minute', async ({ db, databaseUrl }) => {
    const { variantId } = await aStockedVariant(db, databaseUrl, 9);
    const { code } = await aPromotion(db, { usesPerMember: 1 });
    const cartId = await aCart(db, GUEST, { [variantId]: 1 });
    await expect(entered(db, cartId, code)).rejects.toMatchObject({ data: { reason: 'members_only' } });
  });
});

test('a price without tax has it added by the country it goes to', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 9);
  await sql`insert into pricing.tax_added values ('EUR')`.execute(db);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1000 + 495 + 210 + 104);
  const seen = await cartOf(db, GUEST, wish.cartId, new Date());
  expect(seen).toMatchObject({ isTaxIncluded: false, taxMinor: null, totalMinor: 1000 });

  await placeOrder(placingDeps(db), GUEST, wish);

  expect(await orderOf(db, GUEST, wish.orderId, wish.cartId)).toMatchObject({
    goodsMinor: 1000,
    postageMinor: 495,
    taxMinor: 314,
    totalMinor: 1809,
    isTaxIncluded: false,
  });
  await sql`delete from pricing.tax_added`.execute(db);
});

test('pricing takes two statements of a checkout', async ({ db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 9);
  const { code } = await aPromotion(db, { usesMax: 5 });
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  await entered(db, cartId, code);
  const statements: string[] = [];
  const deps = placingDeps(
    db.withPlugin({
      transformQuery: ({ node }) => {
        statements.push(JSON.stringify(node));
        return node;
      },
      transformResult: async ({ result }) => result,
    }),
  );

  await placeOrder(deps, GUEST, aWish(cartId, 1395));

  expect(statements.filter((statement) => statement.includes('pricing.'))).toHaveLength(2);
});
