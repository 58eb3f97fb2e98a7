import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aLocation, aVariant } from '#modules/inventory/factory.ts';
import { orderFromSupplier, post, receive } from '#modules/inventory/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { adjustments, decide } from './adjustments.ts';
import { propose } from './propose.ts';
import { seeded } from '#platform/seeded.ts';
import { normal, poisson } from './generated-market.ts';
import { loss, safetyLevels } from './safety-levels.ts';

const DAY_MS = 86_400_000;
const place = { variantId: 'v', locationId: 'l', countryCode: 'NL', safety: 0 };
const stocked = (count: number, shipped: (nth: number) => number) =>
  Array.from({ length: count }, (_, nth) => ({ atFirst: 10, shipped: shipped(nth) }));
const out = (count: number) => Array.from({ length: count }, () => ({ atFirst: 0, shipped: 0 }));

test('the reserve is z·√(L·σd² + d²·σL²), and what it saves the share by which the loss of a delivery shrinks', () => {
  expect(loss(0)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 7);
  expect(loss(1)).toBeCloseTo(0.0833155, 6);
  // 0 and 4 by turns on forty days: 2 a day, σ² = 160/39; deliveries of 6, 8 and 10 days: 8, σ = 2.
  const days = [...stocked(40, (nth) => (nth % 2) * 4), ...out(10)];
  const varies = Math.sqrt((8 * 160) / 39 + 4 * 4);
  const level = Math.ceil(1.645 * varies);
  const share = 1 - loss(level / varies) / loss(0);
  expect(safetyLevels([{ ...place, days, leadDays: [6, 8, 10] }])).toEqual([
    {
      ...place,
      level: 12,
      daysOut: 10,
      perDay: 2,
      perDayVaries: 2.03,
      leadDays: 8,
      leadDaysVary: 2,
      deliveries: 3,
      lostUnits: 20,
      savedUnits: Math.round(20 * share),
      savedDays: Math.round(10 * share),
    },
  ]);
  expect(Math.round(20 * share)).toBe(19);
  const none = [
    { ...place, days, leadDays: [6, 8] },
    { ...place, days, leadDays: [6, 8, 10], safety: 12 },
    { ...place, days: [...stocked(13, () => 2), ...out(10)], leadDays: [6, 8, 10] },
    { ...place, days: [...stocked(40, (nth) => nth % 2), ...out(1)], leadDays: [6, 8, 10] },
    { ...place, days: [...stocked(40, () => 2), ...out(10)], leadDays: [8, 8, 8] },
  ];
  expect(safetyLevels(none)).toEqual([]);
});

test('on generated places the reserve lasts until the next delivery about as often as it says', () => {
  const counts = { proposed: 0, deliveries: 0, ranOut: 0, ranOutWithout: 0 };
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const pace = 1 + 4 * random();
    // A day's demand varies by more than chance: some days are busy.
    const demand = () => poisson(random, pace * (random() < 0.3 ? 2 : 0.571));
    const lead = () => Math.max(1, Math.round(10 + 3 * normal(random)));
    const days = [...stocked(70, demand), ...out(21)];
    const [level] = safetyLevels([{ ...place, days, leadDays: Array.from({ length: 8 }, lead) }]);
    if (!level) continue;
    counts.proposed += 1;
    for (let delivery = 0; delivery < 100; delivery++) {
      const sold = Array.from({ length: lead() }, demand).reduce((sum, units) => sum + units, 0);
      const expected = level.perDay * level.leadDays;
      counts.deliveries += 1;
      counts.ranOut += sold > expected + level.level ? 1 : 0;
      counts.ranOutWithout += sold > expected ? 1 : 0;
    }
  }
  // Said is one in twenty: what is estimated of 70 days and eight deliveries, of demand that leans to one side, lasts in 92 of 100.
  expect(counts).toEqual({ proposed: 200, deliveries: 20_000, ranOut: 1_579, ranOutWithout: 9_720 });
});

test('a place that ran out is proposed a reserve from its own ledger, and accepting sets it once', async ({
  deps,
  db,
}) => {
  const variantId = await aVariant(db);
  const locationId = await aLocation(db, { countryCode: 'NL' });
  const at = (days: number) => new Date(deps.now().getTime() - days * DAY_MS);
  const purchase = async (ordered: number, came: number, quantity: number) => {
    const id = randomUUID();
    const lines = [{ variantId, quantity, unitCostMinor: 100 }];
    await inTransaction(db, (tx) =>
      orderFromSupplier(tx, {
        id,
        number: id,
        supplier: 'Clay & Co',
        locationId,
        expectedOn: '2026-01-01',
        lines,
      }),
    );
    await sql`update inventory.purchase set created_at = ${at(ordered)} where id = ${id}`.execute(db);
    const delivered = { id: randomUUID(), purchaseId: id, locationId, lines: [{ variantId, quantity }] };
    await inTransaction(db, (tx) => receive(tx, delivered, at(came)));
  };
  const sent = (days: number, quantity: number) =>
    inTransaction(db, async (tx) => {
      const cause = { id: randomUUID(), at: at(days) };
      for (const kind of ['reserve', 'allocate', 'ship'] as const)
        await post(tx, kind, cause, [{ variantId, locationId, quantity }]);
    });
  await purchase(206, 200, 1);
  await sent(199, 1);
  await purchase(158, 150, 1);
  await sent(149, 1);
  // On the first of the days that are looked at it gets 80, and sends 4 every other day: in stock on 39 mornings of 91.
  await purchase(100.5, 90.5, 80);
  for (let day = 0; day < 40; day += 2) await sent(89.5 - day, 4);
  await propose(deps);
  const ours = async () =>
    (await adjustments(db, { limit: 100 })).filter(({ kind }) => kind === 'raise_safety');
  const [found, ...more] = await ours();
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    region: 'NL',
    state: 'open',
    facts: {
      variantId,
      locationId,
      safety: 0,
      leadDays: 8,
      leadDaysVary: 2,
      deliveries: 3,
      priceMinor: null,
    },
  });
  const decision = {
    id: randomUUID(),
    adjustmentId: found?.id ?? '',
    verdict: 'accepted' as const,
    reason: '',
  };
  for (const _attempt of ['first', 'retry'])
    await inTransaction(db, (tx) => decide(tx, 'system', decision, deps.now()));
  const { rows } = await sql<{ safety: number }>`
    select safety from inventory.stock_level where variant_id = ${variantId} and location_id = ${locationId}`.execute(
    db,
  );
  expect(rows).toEqual([{ safety: 12 }]);
});
