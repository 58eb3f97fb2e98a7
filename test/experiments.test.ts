import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { anExperiment, aUnitOf, HALVES, step } from '#modules/experiments/factory.ts';
import { experimentById, expose, keepLook, looksOf, tieCart, tieMember } from '#modules/experiments/index.ts';
import { aSpreadVariant } from '#modules/fulfilment/factory.ts';
import { brokering, fulfilmentOrderById, fulfilmentOrdersOf, reject } from '#modules/fulfilment/index.ts';
import { setConsent } from '#modules/identity/index.ts';
import { creditAll, creditFreshness } from '#modules/market/index.ts';
import { aCart, aMember, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { cancelUnits, placeOrder, readOrder } from '#modules/orders/index.ts';
import { publishRules, ruleSets, rulesInForce } from '#modules/routing/index.ts';
import { GUEST, type Viewer } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { outcomesOfExperiment } from '#read/experiment-outcomes.ts';
import { lookAtExperiments } from '../src/experiment-looks.ts';
import { test as base } from './harness.ts';
import { seeded } from '#platform/seeded.ts';

const test = base.extend('credit', { scope: 'file' }, async ({ db, deps }) => async () => {
  do await creditAll({ db, config: deps.config });
  while ((await creditFreshness(db)).isBehind);
});

const HOUR = 3_600_000;
const ZONE = 'Europe/Amsterdam';
const PRICE = 1_000;
const POSTAGE = 495;

/** Bought at this moment; the net of its goods, as the order has it. */
async function buy(
  db: Db,
  viewer: Viewer,
  variantId: string,
  { units, at, cartId }: { units: number; at: Date; cartId?: string },
): Promise<{ orderId: string; net: number; lineId: string }> {
  const cart = cartId ?? (await aCart(db, viewer, { [variantId]: units }));
  const wish = aWish(cart, units * PRICE + POSTAGE);
  await placeOrder(
    placingDeps(db, () => at),
    viewer,
    wish,
  );
  const { lines } = await readOrder(db, wish.orderId);
  const goods = lines.find(({ kind }) => kind === 'goods');
  return { orderId: wish.orderId, net: goods?.netMinor ?? 0, lineId: goods?.id ?? '' };
}

const sumsOf = (outcomes: readonly number[]) => ({
  units: outcomes.length,
  sum: outcomes.reduce((sum, each) => sum + each, 0),
  sumOfSquares: outcomes.reduce((sum, each) => sum + each * each, 0),
});

const agree = (db: Db, memberId: string, analytics: boolean) =>
  inTransaction(db, (tx) => setConsent(tx, { memberId }, { analytics }, { touchpoint: 'web' }));

test('over random histories a visitor’s orders are those of their carts and of the member they are, after they were exposed', async ({
  db,
  databaseUrl,
  deps,
  credit,
}) => {
  const random = seeded(5);
  const { variantId } = await aStockedVariant(db, databaseUrl, 1_000, PRICE);
  const start = new Date(deps.now().getTime() - 90 * HOUR);
  const at = (hours: number) => new Date(start.getTime() + hours * HOUR);
  const plan = await anExperiment(deps);
  // What each visitor is to count for, by their variant.
  const bought = new Map<string, { variant: number; orders: number; net: number; back: number }>();
  for (let n = 0; n < 24; n += 1) {
    const variant = n % 2;
    const visitor = aUnitOf(plan, variant);
    const shownAt = Math.floor(random() * 40);
    await expose(db, { experimentId: plan.id, variant }, visitor, at(shownAt));
    const counts = { variant, orders: 0, net: 0, back: 0 };
    bought.set(visitor, counts);
    const member = n % 3 === 0 ? await aMember(db) : undefined;
    const isCounted = n % 6 === 0;
    if (member) {
      await tieMember(db, member.memberId, visitor, at(shownAt));
      await agree(db, member.memberId, true);
      // The last word counts.
      if (!isCounted) await agree(db, member.memberId, false);
    }
    const orders = Math.floor(random() * 4);
    for (let order = 0; order < orders; order += 1) {
      const [units, hours, isTied] = [
        1 + Math.floor(random() * 3),
        Math.floor(random() * 80),
        random() < 0.5,
      ];
      const viewer = member ?? GUEST;
      const cartId = await aCart(db, viewer, { [variantId]: units });
      if (isTied) await tieCart(db, cartId, visitor, at(hours));
      const { orderId, net, lineId } = await buy(db, viewer, variantId, { units, at: at(hours), cartId });
      const isTheirs = hours >= shownAt && (isTied || (member !== undefined && isCounted));
      let back = 0;
      if (units > 1 && random() < 0.5) {
        const wish = {
          id: randomUUID(),
          orderId,
          lines: [{ lineId, quantity: 1 }],
          reason: 'mind',
          actor: 'guest',
        };
        await inTransaction(db, (tx) => cancelUnits(tx, wish, at(88)));
        const { rows } = await sql<{ net: number }>`
          select net_minor as net from orders.cancellation_line where order_line_id = ${lineId}`.execute(db);
        back = rows[0]?.net ?? 0;
      }
      if (!isTheirs) continue;
      counts.orders += 1;
      counts.net += net - back;
      counts.back += back;
    }
  }
  await credit();
  const experiment = await experimentById(db, plan.id);
  const found = await outcomesOfExperiment(deps.reads, experiment, { currency: 'EUR', now: at(89) });
  const arms = [0, 1].map((variant) => [...bought.values()].filter((each) => each.variant === variant));
  expect(arms.flat().some(({ back }) => back > 0)).toBe(true);
  expect(found).toEqual({
    exposed: [12, 12],
    outcomes: {
      conversion: arms.map((arm) => sumsOf(arm.map(({ orders }) => Math.min(orders, 1)))),
      net_sales: arms.map((arm) => sumsOf(arm.map(({ net }) => net))),
      taken_back: arms.map((arm) => sumsOf(arm.map(({ back }) => back))),
    },
  });
  // In a currency that nothing was sold in they have ordered, and brought nothing.
  const pounds = await outcomesOfExperiment(deps.reads, experiment, { currency: 'GBP', now: at(89) });
  expect(pounds.outcomes['conversion']).toEqual(found.outcomes['conversion']);
  expect(pounds.outcomes['net_sales']?.map(({ sum }) => sum)).toEqual([0, 0]);
  await step(deps, plan.id, 'stopped');
});

test('an order of a member counts once, for the browser that was exposed first; what another browser bought is that one’s', async ({
  db,
  databaseUrl,
  deps,
  credit,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 100, PRICE);
  const plan = await anExperiment(deps);
  const now = deps.now().getTime();
  const at = (hours: number) => new Date(now - (20 - hours) * HOUR);
  const member = await aMember(db);
  await agree(db, member.memberId, true);
  const [first, second, other] = [aUnitOf(plan, 1), aUnitOf(plan, 0), randomUUID()];
  await expose(db, { experimentId: plan.id, variant: 1 }, first, at(1));
  await expose(db, { experimentId: plan.id, variant: 0 }, second, at(2));
  for (const visitor of [first, second, other]) await tieMember(db, member.memberId, visitor, at(3));
  const { net } = await buy(db, member, variantId, { units: 1, at: at(4) });
  const cartId = await aCart(db, member, { [variantId]: 1 });
  await tieCart(db, cartId, other, at(5)); // a browser that was never exposed
  await buy(db, member, variantId, { units: 1, at: at(5), cartId });
  await credit();
  const experiment = await experimentById(db, plan.id);
  const { outcomes } = await outcomesOfExperiment(deps.reads, experiment, { currency: 'EUR', now: at(19) });
  expect(outcomes['conversion']?.map(({ sum }) => sum)).toEqual([0, 1]);
  expect(outcomes['net_sales']?.map(({ sum }) => sum)).toEqual([0, net]);
  await step(deps, plan.id, 'stopped');
  // What is bought after the end is nobody's.
  const late = await aCart(db, GUEST, { [variantId]: 1 });
  await tieCart(db, late, second, deps.now());
  await buy(db, GUEST, variantId, { units: 1, at: new Date(now + HOUR), cartId: late });
  const ended = await outcomesOfExperiment(deps.reads, await experimentById(db, plan.id), {
    currency: 'EUR',
    now: new Date(now + 2 * HOUR),
  });
  expect(ended.outcomes['conversion']?.map(({ sum }) => sum)).toEqual([0, 1]);
});

test('rules are tried on orders: each is exposed with what the rules chose, and its parts, promise and cancellation counted', async ({
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const one = await aStockedVariant(db, databaseUrl, 50, PRICE);
  const { rules, version } = await rulesInForce(db);
  const onTrial = await inTransaction(db, async (tx) => {
    const [newest] = await ruleSets(tx, 1);
    const about = {
      over: newest?.version ?? version,
      note: '',
      publishedBy: null,
      at: deps.now(),
      onTrial: true,
    };
    return publishRules(tx, { ...rules, locationsMax: 1 }, about);
  });
  const plan = await anExperiment(deps, {
    seam: 'routing_rules',
    variants: HALVES('in_force', String(onTrial)),
    outcome: 'parts',
  });
  const placed: { orderId: string; lineId: string }[] = [];
  for (let n = 0; n < 8; n += 1)
    placed.push(await buy(db, GUEST, one.variantId, { units: 1, at: deps.now() }));
  await work(); // fulfilment takes the orders
  const [first] = placed;
  if (!first) return;
  const wish = { ...first, id: randomUUID(), reason: 'mind', actor: 'guest' };
  await inTransaction(db, (tx) =>
    cancelUnits(tx, { ...wish, lines: [{ lineId: first.lineId, quantity: 1 }] }, deps.now()),
  );
  await work(); // and lets the part of what was cancelled go
  const { rows } = await sql<{ unit: string; variant: number; rules: number; days: number }>`
    select unit_id as unit, variant, rule_set_version as rules, "order".promised_to - business_day as days
    from experiments.exposure join routing.assignment on order_id = unit_id join orders."order" on "order".id = order_id
    where experiment_id = ${plan.id}`.execute(db);
  expect(rows.map(({ unit }) => unit).sort()).toEqual(placed.map(({ orderId }) => orderId).sort());
  for (const row of rows) expect(row.rules).toBe(row.variant === 0 ? version : onTrial);
  const arm = (variant: number) => rows.filter((row) => row.variant === variant);
  const look = (now: Date) =>
    experimentById(db, plan.id).then((each) =>
      outcomesOfExperiment(deps.reads, each, { currency: 'EUR', now }),
    );
  const { exposed, outcomes } = await look(deps.now());
  expect(exposed).toEqual([arm(0).length, arm(1).length]);
  expect(outcomes['parts']).toEqual([0, 1].map((each) => sumsOf(arm(each).map(() => 1))));
  expect(outcomes['promise_days']).toEqual([0, 1].map((each) => sumsOf(arm(each).map(({ days }) => days))));
  const isCancelled = ({ unit }: { unit: string }) => Number(unit === first.orderId);
  expect(outcomes['cancelled']).toEqual([0, 1].map((each) => sumsOf(arm(each).map(isCancelled))));
  // Nothing has gone or is due: what it costs, and whether it is late, is known of none.
  for (const name of ['late', 'cost_to_serve'])
    expect(outcomes[name]?.map(({ units }) => units)).toEqual([0, 0]);
  const later = await look(new Date(deps.now().getTime() + 60 * 24 * HOUR));
  const due = [0, 1].map((each) =>
    sumsOf(
      arm(each)
        .filter((row) => !isCancelled(row))
        .map(() => 1),
    ),
  );
  expect(later.outcomes['late']).toEqual(due);

  const before = [0, 1].map((each) => sumsOf(arm(each).map(() => 0)));
  expect([outcomes['split'], outcomes['rejected']]).toEqual([before, before]);
  const inTwo = await boughtInTwoParts(db, databaseUrl, deps.now());
  await work();
  const back = rows.find((row) => !isCancelled(row));
  await givenBack(db, back?.unit ?? '', deps.now());
  const after = await look(deps.now());
  const isBack = ({ unit }: { unit: string }) => Number(unit === back?.unit);
  const [ofFirst, ofSecond] = [[...arm(0).map(isBack), 0], arm(1).map(isBack)];
  expect(after.outcomes['rejected']).toEqual([sumsOf(ofFirst), sumsOf(ofSecond)]);
  expect(after.outcomes['split']).toEqual([sumsOf([...arm(0).map(() => 0), 1]), sumsOf(arm(1).map(() => 0))]);
  expect(inTwo.locations).toBe(2);
  await step(deps, plan.id, 'stopped');
});

/** Two units that lie at two places: who may be sent one part only cannot have them, and asks again as another. */
async function boughtInTwoParts(db: Db, databaseUrl: string, at: Date): Promise<{ locations: number }> {
  const { variantId, locationIds } = await aSpreadVariant(db, databaseUrl, [1, 1]);
  for (let tries = 0; tries < 40; tries += 1) {
    const wish = aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2 * PRICE + 495);
    const isPlaced = await placeOrder(
      placingDeps(db, () => at),
      GUEST,
      wish,
    ).then(
      () => true,
      () => false,
    );
    if (isPlaced) return { locations: locationIds.length };
  }
  throw new Error('Nobody was dealt the rules that split an order');
}

async function givenBack(db: Db, orderId: string, at: Date): Promise<void> {
  const [part] = await fulfilmentOrdersOf(db, orderId);
  const { id: fulfilmentOrderId, lines } = await fulfilmentOrderById(db, part?.id ?? '');
  const given = lines.map(({ orderLineId, quantity }) => ({
    orderLineId,
    quantity,
    reason: 'other' as const,
  }));
  await brokering(db, (tx) => reject(tx, { id: randomUUID(), fulfilmentOrderId, lines: given }, at));
}

/** So many visitors of each variant, of whom so many ordered. */
async function aCrowd(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  experimentId: string,
  arms: readonly { units: number; orders: number }[],
): Promise<void> {
  for (const [variant, { units, orders }] of arms.entries()) {
    await sql`
      with visitor as (
        insert into experiments.exposure (experiment_id, unit_id, variant, exposed_at)
        select ${experimentId}, gen_random_uuid(), ${variant}, ${now()}::timestamptz - interval '2 hours'
        from generate_series(1, ${units}::integer) returning unit_id
      ), cart as (
        insert into orders.cart (id, currency) select gen_random_uuid(), 'EUR' from generate_series(1, ${orders}::integer)
        returning id
      ), numbered as (select id, row_number() over () as n from cart),
      tied as (
        insert into experiments.visitor_cart (cart_id, visitor_id, tied_at)
        select id, unit_id, ${now()} from numbered join (select unit_id, row_number() over () as n from visitor) each using (n)
      )
      insert into orders."order" (id, number, cart_id, state, touchpoint, currency, region_code, placed_at, business_day,
        goods_minor, postage_minor, other_minor, total_minor)
      select gen_random_uuid(), id, id, 'paid', 'web', 'EUR', 'NL', ${now()}::timestamptz - interval '1 hour', current_date,
        0, 0, 0, 0 from numbered`.execute(db);
  }
}

test('what gets worse than is borne is stopped and its owner told; what is not dealt as planned is told and not judged', async ({
  deps,
  db,
  outbox,
  work,
}) => {
  const seam = {
    seam: 'home_first' as const,
    outcome: 'net_sales' as const,
    guardrails: [{ outcome: 'conversion' as const, worstBorne: 0.1 }],
  };
  const harmful = await anExperiment(deps, {
    ...seam,
    title: 'A harmful one',
    variants: HALVES('popular', 'newest'),
    plannedUnits: 4_000,
  });
  const uneven = await anExperiment(deps, {
    ...seam,
    title: 'An uneven one',
    seam: 'product_people',
    variants: HALVES('below', 'above'),
    plannedUnits: 4_000,
  });
  const harm = [
    { units: 1_000, orders: 300 },
    { units: 1_000, orders: 150 },
  ];
  await aCrowd(deps, harmful.id, harm);
  await aCrowd(deps, uneven.id, [
    { units: 1_300, orders: 390 },
    { units: 1_000, orders: 150 },
  ]);
  for (const _time of ['first', 'again']) await lookAtExperiments(deps);
  await work();
  const stopped = await experimentById(db, harmful.id);
  expect(stopped.state).toBe('stopped');
  expect(stopped.steps.at(-1)).toMatchObject({
    kind: 'stopped',
    actor: 'system',
    reason: 'guardrail: conversion',
  });
  const [look] = await looksOf(db, harmful.id, ZONE);
  expect(look?.outcomes['conversion']).toEqual(
    harm.map(({ units, orders }) => ({ units, sum: orders, sumOfSquares: orders })),
  );
  expect(await looksOf(db, harmful.id, ZONE)).toHaveLength(1);
  expect((await experimentById(db, uneven.id)).state).toBe('running');
  const looks = await looksOf(db, uneven.id, ZONE);
  expect(looks).toEqual([expect.objectContaining({ exposed: [1_300, 1_000] })]);
  expect(looks[0]?.ratioP).toBeLessThan(0.001);
  // Of a day the last look is told; of the days before too.
  const { exposed, outcomes } = looks[0] ?? { exposed: [], outcomes: {} };
  const before = ['2026-01-10T11:00:00Z', '2026-01-10T10:00:00Z', '2026-01-09T23:30:00Z'].map(
    (each) => new Date(each),
  );
  await inTransaction(db, async (tx) => {
    for (const lookedAt of before) await keepLook(tx, uneven.id, { exposed, outcomes, lookedAt, ratioP: 1 });
  });
  const daysIn = async (zone: string) =>
    (await looksOf(db, uneven.id, zone)).slice(1).map(({ lookedAt }) => lookedAt);
  expect(await daysIn('UTC')).toEqual([before[0], before[2]]);
  expect(await daysIn(ZONE)).toEqual([before[0]]); // half past midnight there
  const subjects = outbox
    .map(({ subject }) => subject)
    .filter((each) => each.includes('experiment'))
    .sort();
  expect(subjects).toEqual([
    'Stoa: the experiment “A harmful one” was stopped',
    'Stoa: the experiment “An uneven one” cannot be trusted',
  ]);
  // A ratio that was suspect once stays so, whatever comes after.
  await aCrowd(deps, uneven.id, [
    { units: 0, orders: 0 },
    { units: 300, orders: 0 },
  ]);
  await lookAtExperiments(deps);
  const [newest] = await looksOf(db, uneven.id, ZONE);
  expect([newest?.exposed, newest?.ratioP]).toEqual([[1_300, 1_300], looks[0]?.ratioP]);
  await step(deps, uneven.id, 'stopped');
});
