import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPublishedProduct, aRegionalPrice } from '#modules/catalog/factory.ts';
import { changePrice, priceOf } from '#modules/catalog/index.ts';
import { adjustments } from '#modules/guidance/index.ts';
import { catchUp, recordSale } from '#modules/insight/factory.ts';
import { businessDayAt, freshness, shiftDay } from '#modules/insight/index.ts';
import { aLocation } from '#modules/inventory/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { proposePrices } from '../src/propose-prices.ts';
import { aSignedInBrowser, fieldOf } from '../src/web/factory.ts';
import { test } from './harness.ts';

const WEEKS = 52;

test('a price is proposed from what was sold at others, is set on the desk once, and of others it is said why not', async ({
  app,
  db,
  databaseUrl,
  clickhouse,
  deps,
}) => {
  const today = businessDayAt(deps.now(), deps.config.timeZone);
  const monday = shiftDay(today, -((new Date(today).getUTCDay() + 6) % 7));
  const [vase, lamp, rug, cup] = await Promise.all(
    ['Vase', 'Lamp', 'Rug', 'Cup'].map((title) => aPublishedProduct(db, title, { amountMinor: 2_000 })),
  );
  if (!vase || !lamp || !rug || !cup) throw new Error('four products');
  const locationId = await aLocation(db, { countryCode: 'NL' });
  const bought = (variantId: string, unitCostMinor?: number) => ({
    id: randomUUID(),
    locationId,
    lines: [{ variantId, quantity: 500, ...(unitCostMinor !== undefined && { unitCostMinor }) }],
  });
  await inTransaction(db, async (tx) => {
    await receive(tx, bought(vase.variantId, 1_000), deps.now());
    await receive(tx, bought(lamp.variantId, 1_000), deps.now());
    await receive(tx, bought(rug.variantId), deps.now());
    // In turns of six weeks the vase costs 17.00 and 20.00, and answers with −3; in the last four weeks it sells half.
    for (let week = 0; week < WEEKS; week++) {
      const businessDay = shiftDay(monday, -7 * (WEEKS - week));
      const priceMinor = Math.floor(week / 6) % 2 === 1 ? 1_700 : 2_000;
      const times = week < 48 ? 1 : 0.5;
      const vases = Math.round(60 * (priceMinor / 2_000) ** -3 * times);
      const sold = (variantId: string, quantity: number, each: number, regionCode = 'NL') =>
        recordSale(tx, {
          businessDay,
          regionCode,
          lines: [{ variantId, quantity, grossMinor: quantity * each }],
        });
      await sold(vase.variantId, vases, priceMinor);
      // The lamp falls as well, and always cost the same; nobody knows what the rug costs; the cup goes its way.
      await sold(lamp.variantId, 20 * times, 2_000);
      await sold(rug.variantId, 20 * times, 2_000, 'DE');
      await sold(cup.variantId, 400, 2_000);
      // In Belgium the vase has a price of its own, and nobody knows of a fall there.
      await sold(vase.variantId, 10, 2_500, 'BE');
    }
  });
  await aRegionalPrice(db, vase.variantId, 'BE', 2_500);
  do await catchUp({ databaseUrl, clickhouse }, new AbortController().signal);
  while ((await freshness(db)).behind);

  const look = await proposePrices(deps);
  expect(look).toEqual({
    day: today,
    currency: 'EUR',
    looked: 3,
    proposed: 1,
    unsure: 1,
    uncosted: 1,
    noBetter: 0,
  });
  const found = (await adjustments(db, { limit: 20 })).filter(({ kind }) => kind === 'reprice');
  expect(found).toMatchObject([
    {
      kind: 'reprice',
      region: '',
      state: 'open',
      facts: {
        variantId: vase.variantId,
        wasMinor: 2_000,
        becomesMinor: 1_600,
        costMinor: 1_000,
        reason: 'sales_fell',
        unitsNow: 120,
        coverNow: null,
        prices: 2,
        weeks: 52,
        others: 0,
      },
    },
  ]);
  const [open] = found;
  if (open?.kind !== 'reprice') throw new Error('one proposal');
  expect(open.facts.elasticity.value).toBeCloseTo(-3, 1);
  // 120 × 0.8⁻³ × 6.00 above cost, beside 120 × 10.00.
  expect(Math.abs((open.expectedMinor ?? 0) - (120 * 0.8 ** -3 * 600 - 120_000))).toBeLessThan(1_500);
  // Tonight again: the same stands.
  await proposePrices(deps);
  expect((await adjustments(db, { state: 'open', limit: 20 })).map(({ id }) => id)).toContain(open.id);

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const page = (await merchant.open('/desk/guidance')).body;
  expect(page).toContain('€16.00 in place of €20.00');
  expect(page).toContain('3 left their own past. For 1 there is a proposal. Of 1 too little is known');
  expect(page).not.toContain('value="accepted"');
  const path = `/desk/guidance/prices/${open.id}`;
  expect(page).toContain(`href="${path}"`);
  const operations = await aSignedInBrowser(app, deps, ['operations']);
  expect((await operations.open(path)).statusCode).toBe(403);
  const form = (await merchant.open(path)).body;
  expect([fieldOf(form, 'amount'), form.includes('it holds')]).toEqual(['16.00', false]);
  const typed = { id: fieldOf(form, 'id') ?? '', amount: '16.00' };
  for (const [amount, status, text] of [
    ['-1', 422, 'aria-invalid="true"'],
    ['20.00', 422, 'Write another price'],
    ['0', 422, 'Write another price'],
  ] as const) {
    const refused = await merchant.send(path, { ...typed, amount });
    expect([refused.statusCode, refused.body.includes(text)], amount).toEqual([status, true]);
  }
  for (const attempt of ['first', 'retry'])
    expect((await merchant.send(path, typed)).statusCode, attempt).toBe(303);
  const price = async () => (await priceOf(db, [vase.variantId], 'EUR', deps.now())).get(vase.variantId);
  expect(await price()).toMatchObject({ amountMinor: 1_600 });
  expect((await adjustments(db, { id: open.id, limit: 1 }))[0]?.state).toBe('accepted');
  const { rows } = await sql<{ count: number; details: object }>`
    select count(*)::integer as count, min(data::text)::jsonb as details from identity.audit
    where action = 'price_changed'`.execute(db);
  expect(rows).toMatchObject([
    { count: 1, details: { sku: vase.sku, beforeMinor: 2_000, amountMinor: 1_600, marketCode: 'world' } },
  ]);
  expect((await merchant.open(path)).body).not.toContain('name="amount"');

  // Somebody else changes it meanwhile, or it is over: nothing is overwritten.
  const change = (wasMinor: number, amountMinor: number, offerId = open.facts.offerId) =>
    inTransaction(db, (tx) => changePrice(tx, 'system', { offerId, wasMinor, amountMinor }, deps.now()));
  await expect(change(2_000, 1_800)).rejects.toMatchObject({
    code: 'catalog.price_moved',
    data: { amountMinor: 1_600 },
  });
  await expect(change(1_600, 1_800, randomUUID())).rejects.toMatchObject({ code: 'catalog.price_over' });
  await expect(change(1_600, 0)).rejects.toMatchObject({ code: 'catalog.price_unfit' });
  const racing = await Promise.allSettled(
    [1_650, 1_700, 1_750, 1_800].map((amount) => change(1_600, amount)),
  );
  expect(racing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
