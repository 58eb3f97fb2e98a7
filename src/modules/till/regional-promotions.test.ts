import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { aWestWithDelft } from '#modules/market/factory.ts';
import { aCart, aVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { cartOf, ordersErrors, placeOrder, promisedOptions, readOrder } from '#modules/orders/index.ts';
import { aPromotion } from '#modules/pricing/factory.ts';
import { pricingErrors } from '#modules/pricing/index.ts';
import { GUEST } from '#platform/access.ts';
import type { Db } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anOpenTill, aSale } from './factory.ts';
import { factsAt } from './offline-facts.ts';
import { quoteAt } from './quote.ts';
import { enterSale } from './sale.ts';

const cash = (amountMinor: number) => ({ kind: 'cash' as const, amountMinor, tenderedMinor: amountMinor });
const address = (postcode: string) => ({
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Langestraat 1',
  postcode,
  city: 'Delft',
  countryCode: 'NL',
});

/** NL-west with NL-west-delft in it; 10 % off for the one by itself, 20 % more for the other by a code. */
async function regions(db: Db) {
  await aWestWithDelft(db);
  const off = (basisPoints: number) => ({ kind: 'percent_off' as const, basisPoints });
  const facts = { code: null, effect: off(1000), combination: 'here' };
  const west = await aPromotion(db, { ...facts, name: 'West', regionCodes: ['NL-west'] });
  const delft = await aPromotion(db, {
    ...facts,
    name: 'Delft',
    effect: off(2000),
    regionCodes: ['NL-west-delft'],
  });
  return { west, delft };
}

test('a promotion of an area holds in cart, checkout and API where the order is sent, at the till where it is handed over', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { cookie, memberId } = await aSignedInMember(deps, ['associate']);
  const { west, delft } = await regions(db);
  const variantId = await aVariant(databaseUrl, 1000);
  const inDelft = await anOpenTill(db, '2611 AB', variantId, memberId);
  const inUtrecht = await anOpenTill(db, '3511 AB', variantId, memberId);
  const placing = placingDeps(db);

  // The basket of 10.00: 2.80 off in Delft (10 %, then 20 % of the rest), 1.00 in the west, nothing beside it.
  const places: [
    at: { countryCode: string; postcode?: string } | undefined,
    totalMinor: number,
    ids: string[],
  ][] = [
    [undefined, 1000, []],
    [{ countryCode: 'NL' }, 1000, []],
    [{ countryCode: 'NL', postcode: '3511 AB' }, 1000, []],
    [{ countryCode: 'BE', postcode: '2611' }, 1000, []],
    [{ countryCode: 'NL', postcode: '2600 ZZ' }, 900, [west.id]],
    [{ countryCode: 'NL', postcode: '2611 ab' }, 720, [west.id, delft.id]],
  ];
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  for (const [at, totalMinor, promotionIds] of places) {
    const cart = await cartOf(db, GUEST, cartId, new Date(), at);
    const ids = cart.discounts.map(({ promotionId }) => promotionId);
    expect([cart.totalMinor, ids.toSorted()], JSON.stringify(at)).toEqual([
      totalMinor,
      promotionIds.toSorted(),
    ]);
    const { countryCode, postcode } = at ?? {};
    const ways = await promisedOptions(db, cart, countryCode, new Date(), postcode);
    expect(ways.find(({ code }) => code === 'standard')?.totalMinor, JSON.stringify(at)).toBe(
      totalMinor + 495,
    );
    const query = new URLSearchParams({ ...at });
    const answer = await app.inject(`/v1/orders/carts/${cartId}?${query.toString()}`);
    expect(answer.json<object>(), JSON.stringify(at)).toMatchObject({ totalMinor });
  }

  // What was shown for one place is not what another pays.
  const wish = (postcode: string, totalMinor: number) =>
    aWish(cartId, totalMinor, { address: address(postcode), deliveryCode: 'standard' });
  await expect(placeOrder(placing, GUEST, wish('2600 ZZ', 720 + 495))).rejects.toMatchObject({
    code: ordersErrors.total_changed.code,
    data: { totalMinor: 900 + 495 },
  });
  const sent = wish('2611 AB', 720 + 495);
  await placeOrder(placing, GUEST, sent);
  expect(await readOrder(db, sent.orderId)).toMatchObject({
    regionCode: 'NL-west-delft',
    totalMinor: 1215,
    discounts: expect.arrayContaining([
      expect.objectContaining({ promotionId: west.id }),
      expect.objectContaining({ promotionId: delft.id }),
    ]) as unknown,
  });

  // Over the counter the store counts, whatever postcode the buyer tells; what is sent goes by its address.
  const lines = [{ variantId, quantity: 1 }];
  const quoted = async (registerId: string, delivery?: object) => {
    const headers = { cookie, origin: 'http://localhost:80' };
    const payload = { registerId, lines, ...(delivery && { delivery }) };
    const answer = await app.inject({ method: 'POST', url: '/v1/till/quotes', headers, payload });
    return answer.json<{ totalMinor: number }>().totalMinor;
  };
  const delivery = (postcode: string) => ({ deliveryCode: 'standard', countryCode: 'NL', postcode });
  expect([
    await quoted(inDelft.registerId),
    await quoted(inUtrecht.registerId),
    await quoted(inDelft.registerId, delivery('3511 AB')),
    await quoted(inUtrecht.registerId, delivery('2611 AB')),
  ]).toEqual([720, 1000, 1495, 1215]);
  const sold = async (till: typeof inDelft, totalMinor: number, facts: object) => {
    const sale = aSale(till, { totalMinor, payments: [cash(totalMinor)], ...facts });
    await enterSale(placing, memberId, sale);
    return readOrder(db, sale.saleId);
  };
  expect(await sold(inDelft, 720, { postcode: '3511 AB' })).toMatchObject({
    totalMinor: 720,
    regionCode: 'NL',
  });
  expect(await sold(inUtrecht, 1000, { postcode: '2611 AB' })).toMatchObject({ regionCode: 'NL-west-delft' });
  const ship = { kind: 'ship' as const, deliveryCode: 'standard', address: address('2611 AB') };
  expect(await sold(inUtrecht, 1215, { delivery: ship })).toMatchObject({ totalMinor: 1215 });

  // A till that is cut off reckons by the same regions.
  const offline = await factsAt(db, inDelft.registerId, new Date());
  expect(offline.places).toEqual(['NL-west-delft', 'NL-west', 'NL']);
  expect((await factsAt(db, inUtrecht.registerId, new Date())).places).toEqual(['NL']);
  const basket = { registerId: inDelft.registerId, lines };
  expect((await quoteAt({ ...deps, ...placing }, memberId, basket)).discounts).toHaveLength(2);
});

test('a promotion names regions that there are', async ({ db }) => {
  await expect(aPromotion(db, { regionCodes: ['NL', 'NL-nowhere'] })).rejects.toMatchObject({
    code: pricingErrors.region_unknown.code,
    data: { regionCode: 'NL-nowhere' },
  });
});
