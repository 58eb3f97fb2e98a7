import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { anExperiment, aUnitOf, HALVES, step } from '#modules/experiments/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aLocation, aVariant, deliveryOf } from '../inventory/factory.ts';
import { receive } from '../inventory/index.ts';
import { assign } from './assignments.ts';
import { routeEvenLater } from './later.ts';
import { pickupRoute } from './pickup.ts';
import { routeFor } from './route.ts';
import { publishRules, rulesInForce, ruleSets } from './rule-sets.ts';
import { DEFAULT_RULES, type RuleSet } from './rules.ts';

const NOW = new Date('2026-11-20T08:00:00Z');

/** Two stores with three of a thing each, and rules on trial by which only the second is asked. */
async function twoStores(db: Db) {
  const variantId = await aVariant(db);
  const [first, second] = [`first-${randomUUID()}`, `second-${randomUUID()}`];
  const ids: string[] = [];
  for (const code of [first, second]) {
    const locationId = await aLocation(db, { code });
    ids.push(locationId);
    await inTransaction(db, (tx) => receive(tx, deliveryOf({ variantId, locationId }, 3), NOW));
  }
  const only = (code: string): RuleSet => ({
    ...DEFAULT_RULES,
    filters: [{ keep: 'locations', codes: [code] }],
  });
  const publish = async (rules: RuleSet, onTrial: boolean) =>
    inTransaction(db, async (tx) => {
      const [newest] = await ruleSets(tx, 1);
      const over = newest?.version ?? 0;
      return publishRules(tx, rules, { over, note: '', publishedBy: null, at: NOW, onTrial });
    });
  const inForce = await publish(only(first), false);
  const onTrial = await publish(only(second), true);
  return { variantId, inForce, onTrial, first: ids[0] ?? '', second: ids[1] ?? '' };
}

test('orders of one part go by the rules on trial, from the first quote on; the rest, and all once it stops, by those in force', async ({
  db,
  deps,
}) => {
  const { variantId, inForce, onTrial, first, second } = await twoStores(db);
  expect((await rulesInForce(db)).version).toBe(inForce);
  const plan = await anExperiment(deps, {
    seam: 'routing_rules',
    variants: HALVES('in_force', String(onTrial)),
    outcome: 'promise_days',
    countries: ['NL'],
  });
  const lines = [{ variantId, quantity: 1 }];
  const [usual, tried] = [aUnitOf(plan, 0), aUnitOf(plan, 1)];
  const route = async (unitId: string | undefined, region = 'NL') => {
    const found = await routeFor(db, lines, region, NOW, { unitId });
    const later = await routeEvenLater(db, lines, region, NOW, { unitId });
    expect(later).toEqual(found);
    return [found.parts[0]?.locationId, found.ruleSetVersion, found.trial?.variant];
  };
  expect(await route(undefined)).toEqual([first, inForce, undefined]);
  expect(await route(usual)).toEqual([first, inForce, 0]);
  expect(await route(tried)).toEqual([second, onTrial, 1]);
  expect(await route(tried, 'NL-north')).toEqual([second, onTrial, 1]);
  expect(await route(tried, 'DE')).toEqual([first, inForce, undefined]);
  expect(await route(tried, 'x-unspecified')).toEqual([first, inForce, undefined]);

  // Collected from the store's own shelf: no rule has a say, and nothing is tried.
  const transit = { transitDaysMin: 1, transitDaysMax: 3 };
  const asked = { at: NOW, transit, tried: { unitId: tried, regionCode: 'NL' } };
  expect(await pickupRoute(db, lines, first, asked)).not.toHaveProperty('trial');

  await step(deps, plan.id, 'stopped');
  expect(await route(tried)).toEqual([first, inForce, undefined]);
});

test('rules that nobody has kept are tried on nobody, and nobody is said to be the other part', async ({
  db,
  deps,
}) => {
  const { variantId, inForce } = await twoStores(db);
  const variants = HALVES('in_force', '999999');
  const plan = await anExperiment(deps, { seam: 'routing_rules', variants, outcome: 'parts' });
  for (const variant of [0, 1]) {
    const about = { unitId: aUnitOf(plan, variant) };
    const route = await routeFor(db, [{ variantId, quantity: 1 }], 'NL', NOW, about);
    expect([route.ruleSetVersion, route.trial]).toEqual([inForce, undefined]);
  }
  await step(deps, plan.id, 'stopped');
});

test('with what the rules chose it is written that they were tried, once', async ({ db, deps }) => {
  const { second, onTrial, variantId } = await twoStores(db);
  const plan = await anExperiment(deps, {
    seam: 'routing_rules',
    variants: HALVES('in_force', String(onTrial)),
    outcome: 'parts',
  });
  const orderId = randomUUID();
  const id = randomUUID();
  const part = { leavesOn: '2026-11-20', promisedFrom: '2026-11-21', promisedTo: '2026-11-23' };
  const reasons = { asked: [], askedCount: 0, excluded: {} };
  const decision = {
    orderId,
    ruleSetVersion: onTrial,
    reasons,
    at: NOW,
    trial: { experimentId: plan.id, variant: 1 },
  };
  for (const _time of ['first', 'retry'])
    await inTransaction(db, (tx) =>
      assign(tx, decision, [{ id, locationId: second, lines: [{ variantId, quantity: 1 }], ...part }]),
    );
  const { rows } = await sql<{ unit: string; variant: number }>`
    select unit_id as unit, variant from experiments.exposure where experiment_id = ${plan.id}`.execute(db);
  expect(rows).toEqual([{ unit: orderId, variant: 1 }]);
  await step(deps, plan.id, 'stopped');
});

test('rules on trial are never in force, and whoever saw an older version overwrites nothing', async ({
  db,
}) => {
  const { inForce, onTrial } = await twoStores(db);
  const publish = (over: number, onTrialToo: boolean, note = '') =>
    inTransaction(db, (tx) =>
      publishRules(tx, DEFAULT_RULES, { over, note, publishedBy: null, at: NOW, onTrial: onTrialToo }),
    );
  await expect(publish(inForce, false)).rejects.toMatchObject({ data: { version: onTrial } });
  const next = await publish(onTrial, false);
  expect([next, await publish(onTrial, false)]).toEqual([onTrial + 1, onTrial + 1]); // a retry
  await expect(publish(onTrial, true)).rejects.toMatchObject({ code: 'routing.rules_changed' });
  expect((await rulesInForce(db)).version).toBe(next);
});
