import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { test } from '#test/harness.ts';
import { someTerms } from './factory.ts';
import { endPromotion, promotionOf, putPromotion } from './promotions.ts';

const NOW = new Date('2026-06-01T00:00:00Z');

test('a promotion is written once, whatever the case of its code, and refused with a name when it can’t be', async ({
  db,
}) => {
  const id = newId();
  const terms = someTerms({ code: 'summer', usesMax: 3 });
  const put = (change: Parameters<typeof someTerms>[0], at = id) =>
    inTransaction(db, (tx) => putPromotion(tx, at, someTerms({ ...terms, ...change }), NOW));
  const written = await put({});
  expect(await put({})).toEqual(written);
  expect(written).toMatchObject({ id, code: 'SUMMER', uses: 0, validFrom: '2026-01-01T00:00:00.000Z' });

  const other = newId();
  for (const [change, code] of [
    [{ code: 'Summer' }, 'pricing.code_taken'],
    [{ code: null, currency: 'XXQ' }, 'pricing.currency_unknown'],
    [{ code: null, minGoodsMinor: 1 }, 'pricing.currency_missing'],
    [{ code: null, validTo: '2025-01-01T00:00:00Z' }, 'pricing.dates_reversed'],
    [{ code: null, brandIds: [randomUUID()] }, 'pricing.reference_unknown'],
  ] satisfies [Parameters<typeof someTerms>[0], string][]) {
    await expect(put(change, other)).rejects.toMatchObject({ code });
  }
  await expect(promotionOf(db, other)).rejects.toMatchObject({ code: 'pricing.promotion_not_found' });
  expect(await promotionOf(db, id)).toEqual(written);

  // Over: then the code is free, and what it was stays.
  await inTransaction(db, (tx) => endPromotion(tx, id, NOW));
  await expect(put({ name: 'Changed' })).rejects.toMatchObject({ code: 'pricing.promotion_ended' });
  expect(await put({ validFrom: NOW.toISOString() }, other)).toMatchObject({ code: 'SUMMER' });
});

test('the API refuses what makes no sense, and guests', async ({ app }) => {
  const url = `/v1/pricing/promotions/${randomUUID()}`;
  const answer = await app.inject({ method: 'PUT', url, payload: someTerms() });
  expect(answer.statusCode).toBe(401);
  expect((await app.inject('/v1/pricing/tax-rates')).statusCode).toBe(401);
  expect(
    (await app.inject({ method: 'PUT', url: `/v1/orders/carts/${randomUUID()}/codes/%20` })).statusCode,
  ).toBe(400);
  expect(
    (await app.inject({ method: 'PUT', url: `/v1/orders/carts/${randomUUID()}/codes/TEN` })).statusCode,
  ).toBe(404);
});
