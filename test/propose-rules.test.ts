import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { receive } from '#modules/inventory/index.ts';
import { adjustments, bestChange, changesOf } from '#modules/guidance/index.ts';
import { aCart, aLocation, aVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { publishRules, rulesInForce } from '#modules/routing/index.ts';

import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from './harness.ts';
import { proposeRules } from '../src/propose-rules.ts';
import { aSignedInBrowser, fieldOf } from '../src/web/factory.ts';

test('of changes one at a time the one that saves the most and makes nothing worse is the best', () => {
  const changes = changesOf({
    filters: [],
    weights: { promise: 50, cost: 90, distance: 0, load: 10 },
    split: 'never',
    locationsMax: 1,
    parcel: { baseMinor: 1, perKmMinor: 1 },
  });
  expect(changes.map(({ name, to }) => `${name} ${to}`)).toEqual([
    'cost 100',
    'cost 70',
    'promise 70',
    'promise 30',
    'distance 20',
    'load 30',
    'load 0',
    'split between_lines',
    'split within_line',
    'locations_max 2',
  ]);
  expect(changes.map(({ rules }) => rules.weights.cost)).toEqual([100, 70, ...Array(8).fill(90)]);
  const today = {
    orders: 200,
    units: 300,
    fillRate: 0.9,
    onTime: 0.8,
    costMinor: 1_000,
    splitShare: 0,
    unfillable: 20,
    parcels: 180,
  };
  const tried = (to: string, more: Partial<typeof today>) => ({
    name: 'cost' as const,
    from: '1',
    to,
    outcome: { ...today, ...more },
  });
  const best = (...all: ReturnType<typeof tried>[]) => bestChange(today, all)?.to;
  expect(best(tried('cheap', { costMinor: 900 }), tried('cheaper', { costMinor: 800 }))).toBe('cheaper');
  expect(best(tried('cheap', { costMinor: 900 }), tried('late', { costMinor: 800, onTime: 0.79 }))).toBe(
    'cheap',
  );
  expect(
    best(
      tried('less', { costMinor: 800, fillRate: 0.89 }),
      tried('turns away', { costMinor: 800, unfillable: 21 }),
    ),
  ).toBe(undefined);
  expect(best(tried('hardly', { costMinor: 991 }))).toBe(undefined);
  expect(best(tried('sooner', { onTime: 0.81 }), tried('dear', { onTime: 1, costMinor: 1_001 }))).toBe(
    'sooner',
  );
  expect(best(tried('same', {}))).toBe(undefined);
});

test('a rule by which the orders of four weeks would have been cheaper is proposed once, and opens its form', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const variantId = await aVariant(databaseUrl);
  const near = await aLocation(db, {
    code: `a-${randomUUID()}`, // of two that are as good the first by its code
    latitude: 52.13,
    longitude: 5.29,
  });
  const far = await aLocation(db, {
    code: `b-${randomUUID()}`,
    latitude: 40.42,
    longitude: -3.7,
    countryCode: 'ES',
  });
  await sql`update inventory.location set capacity_per_day = 40 where id = ${near}`.execute(db);
  const { rules, version } = await rulesInForce(db);
  const load = { ...rules, weights: { promise: 0, cost: 0, distance: 0, load: 1 } };
  const about = { over: version, note: '', publishedBy: null, at: new Date() };
  await inTransaction(db, async (tx) => {
    await publishRules(tx, load, about);
    for (const locationId of [near, far])
      await receive(tx, { id: randomUUID(), locationId, lines: [{ variantId, quantity: 60 }] }, new Date());
  });
  const buy = async () =>
    placeOrder(placingDeps(db), GUEST, aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1_495));
  for (let order = 0; order < 29; order++) await buy();
  const proposals = async () =>
    (await adjustments(db, { state: 'open', limit: 50 })).filter(({ kind }) => kind === 'change_rules');
  await proposeRules(deps);
  expect(await proposals()).toEqual([]); // too few orders
  await buy();
  await proposeRules(deps);
  const [found] = await proposals();
  expect(found).toMatchObject({
    subject: `change_rules ${version + 1} cost 20`,
    region: '',
    expectedUnits: 0,
    facts: {
      version: version + 1,
      rule: 'cost',
      was: '0',
      becomes: '20',
      orders: 30,
      tried: { costMinor: 30 * 456, parcels: 30, fillRate: 1, inTime: 30 },
    },
  });
  expect(found?.expectedMinor).toBe(29 * (750 - 456));
  await proposeRules(deps);
  expect((await proposals()).map(({ id }) => id)).toEqual([found?.id]);

  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const { body } = await desk.open('/desk/guidance');
  expect(body).toContain('Routing, weight of cost: 20 in place of 0');
  expect(body).toContain('€85.26 less to send and 0 orders more in time');
  expect(body).toContain('href="/desk/routing?rule=cost&amp;to=20"');
  const form = (await desk.open('/desk/routing?rule=cost&to=20')).body;
  expect([fieldOf(form, 'cost'), fieldOf(form, 'load')]).toEqual(['20', '1']);
  expect(form).toContain('a change that guidance proposes');
  expect(fieldOf((await desk.open('/desk/routing')).body, 'cost')).toBe('0');

  const better = { ...load, weights: { ...load.weights, cost: 20 } };
  await inTransaction(db, (tx) => publishRules(tx, better, { ...about, over: version + 1 }));
  await proposeRules(deps);
  expect(await proposals()).toEqual([]);
});
