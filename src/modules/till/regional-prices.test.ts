import { expect } from 'vitest';
import { aRegionalPrice } from '#modules/catalog/factory.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { aWestWithDelft } from '#modules/market/factory.ts';
import { aVariant, placingDeps } from '#modules/orders/factory.ts';
import { ordersErrors, readOrder } from '#modules/orders/index.ts';
import { test } from '#test/harness.ts';
import { anOpenTill, aSale } from './factory.ts';
import { enterSale } from './sale.ts';

const cash = (amountMinor: number) => ({ kind: 'cash' as const, amountMinor, tenderedMinor: amountMinor });

test('a till sells at the prices of its store, alone as well, and what it sends at those of the address', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { cookie, memberId } = await aSignedInMember(deps, ['associate']);
  await aWestWithDelft(db);
  const variantId = await aVariant(databaseUrl, 1000);
  await aRegionalPrice(db, variantId, 'NL', 900);
  const delftId = await aRegionalPrice(db, variantId, 'NL-west-delft', 700);
  const inDelft = await anOpenTill(db, '2611 AB', variantId, memberId);
  const inUtrecht = await anOpenTill(db, '3511 AB', variantId, memberId);
  const asked = async (path: string) =>
    (await app.inject({ url: `/v1/till/${path}`, headers: { cookie } })).json<never>();
  const item = (unitPriceMinor: number) => ({ items: [{ variantId, unitPriceMinor }] });

  // What a till keeps for when it is cut off, and what it finds while it is not.
  const catalog = (registerId: string, since = '') => asked(`catalog?registerId=${registerId}${since}`);
  const [{ sku }] = ((await catalog(inDelft.registerId)) as { items: [{ sku: string }] }).items;
  const lookup = (registerId: string) => asked(`lookup?registerId=${registerId}&code=${sku}`);
  expect(await catalog(inDelft.registerId)).toMatchObject(item(700));
  expect(await catalog(inUtrecht.registerId)).toMatchObject(item(900));
  expect(await lookup(inDelft.registerId)).toMatchObject(item(700));
  expect(await lookup(inUtrecht.registerId)).toMatchObject(item(900));

  const lines = [{ variantId, quantity: 1 }];
  const quoted = async (registerId: string, delivery?: object) => {
    const headers = { cookie, origin: 'http://localhost:80' };
    const payload = { registerId, lines, ...(delivery && { delivery }) };
    const answer = await app.inject({ method: 'POST', url: '/v1/till/quotes', headers, payload });
    return answer.json<{ totalMinor: number }>().totalMinor;
  };
  const delivery = (countryCode: string, postcode: string) => ({
    deliveryCode: 'standard',
    countryCode,
    postcode,
  });
  expect([
    await quoted(inDelft.registerId),
    await quoted(inUtrecht.registerId),
    await quoted(inUtrecht.registerId, delivery('NL', '2611 AB')),
    await quoted(inDelft.registerId, delivery('BE', '2611')),
  ]).toEqual([700, 900, 1195, 1495]);

  const placing = placingDeps(db);
  const sold = async (till: typeof inDelft, totalMinor: number, facts: object = {}) => {
    const sale = aSale(till, { totalMinor, payments: [cash(totalMinor)], ...facts });
    await enterSale(placing, memberId, sale);
    return readOrder(db, sale.saleId);
  };
  // Carried away it costs what it costs in the store, wherever its buyer lives.
  const unitPrice = async (...sale: Parameters<typeof sold>) =>
    (await sold(...sale)).lines[0]?.unitPriceMinor;
  expect(await unitPrice(inDelft, 700, { postcode: '3511 AB' })).toBe(700);
  expect(await unitPrice(inUtrecht, 900, { postcode: '2611 AB' })).toBe(900);
  await expect(sold(inUtrecht, 700)).rejects.toMatchObject({
    code: ordersErrors.total_changed.code,
    data: { totalMinor: 900 },
  });

  // A till that comes back is told of a price that was changed where it stands.
  await aRegionalPrice(db, variantId, 'NL-west-delft', 650, delftId);
  const since = `&changedSince=${new Date(Date.now() - 1000).toISOString()}`;
  expect(await catalog(inDelft.registerId, since)).toMatchObject(item(650));
  expect(await catalog(inUtrecht.registerId, since)).toMatchObject(item(900));
});
