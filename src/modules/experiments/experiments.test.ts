import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aMember, aSignedInMember } from '../identity/factory.ts';
import { experimentById, experiments, putExperiment, type StepWish, takeStep } from './experiments.ts';
import { anExperiment, aPlan, aUnitOf, HALVES, step } from './factory.ts';
import { alertOwner } from './looks.ts';
import { eraseTrials, expose, runningExperiments, tieCart, tieMember, trialAt } from './trials.ts';

test('it is drafted, changed, started once, stopped and decided; each step again changes nothing', async ({
  db,
  deps,
}) => {
  const { memberId } = await aMember(deps, ['merchant']);
  const plan = aPlan(memberId);
  const put = (more: object = {}) =>
    inTransaction(db, (tx) => putExperiment(tx, `member:${memberId}`, { ...plan, ...more }, deps.now()));
  for (const _time of ['first', 'retry']) await put();
  await put({ title: 'Newest first, everywhere' });
  const wish = (kind: StepWish['kind'], chosen: string | null = null): StepWish => ({
    id: randomUUID(),
    experimentId: plan.id,
    kind,
    chosen,
    reason: 'enough',
  });
  const take = (each: StepWish) => inTransaction(db, (tx) => takeStep(tx, 'system', each, deps.now()));
  await expect(take(wish('stopped'))).rejects.toMatchObject({ code: 'experiments.step_out_of_order' });
  const started = wish('started');
  await Promise.all([take(started), take(started)]);
  await expect(take(wish('started'))).rejects.toMatchObject({ data: { state: 'running', isDecided: false } });
  await put({ title: 'Newest first, everywhere' }); // a late retry
  await expect(put({ title: 'Something else' })).rejects.toMatchObject({ code: 'experiments.not_a_draft' });
  await expect(take(wish('decided', 'newest'))).rejects.toMatchObject({ data: { state: 'running' } });
  await take(wish('stopped'));
  await expect(take(wish('decided', 'cheapest'))).rejects.toMatchObject({
    code: 'experiments.variant_unknown',
  });
  await take(wish('decided', 'newest'));
  await expect(take(wish('decided', 'newest'))).rejects.toMatchObject({ data: { isDecided: true } });
  const found = await experimentById(db, plan.id);
  expect(found.title).toBe('Newest first, everywhere');
  expect(found.steps.map(({ kind, chosen, actor }) => [kind, chosen, actor])).toEqual([
    ['drafted', null, `member:${memberId}`],
    ['drafted', null, `member:${memberId}`],
    ['started', null, 'system'],
    ['stopped', null, 'system'],
    ['decided', 'newest', 'system'],
  ]);
});

test('what does not fit is refused by name, and nothing is written', async ({ db, deps }) => {
  const { memberId } = await aMember(deps, ['merchant']);
  const plan = aPlan(memberId, { key: 'taken' });
  const put = (more: object) =>
    inTransaction(db, (tx) => putExperiment(tx, 'system', { ...plan, ...more }, deps.now()));
  await put({});
  const cases = [
    [{ id: randomUUID() }, 'key_taken'],
    [{ variants: HALVES('newest', 'popularity') }, 'variants_unfit'],
    [{ variants: HALVES('popularity', 'dearest') }, 'variants_unfit'],
    [{ variants: HALVES('popularity', '7') }, 'variants_unfit'],
    [{ variants: [...HALVES('popularity', 'newest'), { choice: 'price', weight: 1 }] }, 'variants_unfit'],
    [{ variants: HALVES('popularity', 'popularity') }, 'variants_unfit'],
    [{ outcome: 'parts' }, 'outcome_unfit'],
    [{ guardrails: [{ outcome: 'late', worstBorne: 0.1 }] }, 'outcome_unfit'],
    [
      {
        guardrails: [
          { outcome: 'net_sales', worstBorne: 0.1 },
          { outcome: 'net_sales', worstBorne: 0.2 },
        ],
      },
      'outcome_unfit',
    ],
    [{ ownerId: (await aMember(deps)).memberId }, 'owner_not_staff'],
  ] as const;
  for (const [wrong, code] of cases)
    await expect(put(wrong), code).rejects.toMatchObject({ code: `experiments.${code}` });
  // What decides may be guarded as well.
  await put({ guardrails: [{ outcome: 'conversion', worstBorne: 0.05 }] });
  expect((await experimentById(db, plan.id)).variants).toEqual(plan.variants);
});

test('of two that start at the same place one does', async ({ db, deps }) => {
  const plans = await Promise.all(
    [0, 1].map(async () => aPlan((await aMember(deps, ['merchant'])).memberId)),
  );
  for (const plan of plans)
    await inTransaction(db, (tx) =>
      putExperiment(
        tx,
        'system',
        { ...plan, seam: 'home_first', variants: HALVES('popular', 'newest') },
        deps.now(),
      ),
    );
  const ends = await Promise.allSettled(plans.map(({ id }) => step(deps, id, 'started')));
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = ends.find((end) => end.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'experiments.seam_in_use', data: { seam: 'home_first' } });
  const running = await experiments(db, { state: 'running', limit: 100 });
  expect(running.filter(({ seam }) => seam === 'home_first')).toHaveLength(1);
});

test('a unit is exposed once, however many say so at once, and to nothing that has stopped', async ({
  db,
  deps,
}) => {
  const plan = await anExperiment(deps, { countries: ['NL'] });
  const unit = aUnitOf(plan, 1);
  const running = await runningExperiments(db);
  const trial = trialAt(running, 'list_order', unit, 'NL');
  expect(trial).toMatchObject({ experimentId: plan.id, variant: 1, choice: 'newest' });
  expect(trialAt(running, 'list_order', unit, 'DE')).toBeUndefined();
  expect(trialAt(running, 'list_order', unit, undefined)).toBeUndefined();
  expect(trialAt(running, 'product_people', unit, 'NL')).toBeUndefined();
  if (!trial) return;
  const told = await Promise.all(Array.from({ length: 10 }, () => expose(db, trial, unit, deps.now())));
  expect(told).toEqual(Array.from({ length: 10 }, () => true));
  const exposures = async () => {
    const { rows } = await sql<{ variant: number }>`
      select variant from experiments.exposure where experiment_id = ${plan.id}`.execute(db);
    return rows.map(({ variant }) => variant);
  };
  expect(await exposures()).toEqual([1]);
  await step(deps, plan.id, 'stopped');
  expect(trialAt(await runningExperiments(db), 'list_order', unit, 'NL')).toBeUndefined();
  expect(await expose(db, trial, aUnitOf(plan, 1), deps.now())).toBe(false);
  expect(await exposures()).toEqual([1]);
  await expect(sql`update experiments.exposure set variant = 0`.execute(db)).rejects.toThrow(
    'is append-only',
  );
});

test('whoever is erased is tied to no browser and no cart; others stay', async ({ db, deps }) => {
  const [gone, stays] = [await aMember(deps), await aMember(deps)];
  const [visitor, other] = [randomUUID(), randomUUID()];
  for (const _time of ['first', 'retry']) {
    await tieMember(db, gone.memberId, visitor, deps.now());
    await tieMember(db, stays.memberId, other, deps.now());
  }
  const carts = [randomUUID(), randomUUID()] as const;
  await tieCart(db, carts[0], visitor, deps.now());
  await tieCart(db, carts[0], other, deps.now());
  await tieCart(db, carts[1], other, deps.now());
  await inTransaction(db, (tx) => eraseTrials(tx, gone.memberId));
  const { rows } = await sql<{ cart: string; visitor: string }>`
    select cart_id as cart, visitor_id as visitor from experiments.visitor_cart where cart_id in (${carts[0]}, ${carts[1]})`.execute(
    db,
  );
  expect(rows).toEqual([{ cart: carts[1], visitor: other }]);
  const { rows: members } = await sql<{ member: string }>`
    select member_id as member from experiments.visitor_member where visitor_id in (${visitor}, ${other})`.execute(
    db,
  );
  expect(members).toEqual([{ member: stays.memberId }]);
});

test('an owner is mailed once of each thing', async ({ db, deps, outbox, work }) => {
  const { memberId, email } = await aMember(deps, ['merchant']);
  const plan = aPlan(memberId, { title: 'Vases first' });
  await inTransaction(db, (tx) => putExperiment(tx, 'system', plan, deps.now()));
  const tell = (about: 'guardrail' | 'ratio') =>
    inTransaction(db, (tx) => alertOwner(tx, plan.id, about, deps.now()));
  await Promise.all([tell('guardrail'), tell('guardrail')]);
  await work();
  await tell('guardrail');
  await tell('ratio');
  await work();
  const mine = outbox.filter(({ to }) => to === email);
  expect(mine.map(({ subject }) => subject)).toEqual([
    'Stoa: the experiment “Vases first” was stopped',
    'Stoa: the experiment “Vases first” cannot be trusted',
  ]);
  expect(mine[0]?.text).toContain(`/desk/experiments/${plan.id}`);
});

test('the API: who answers for the shop writes, staff reads, others are refused', async ({ app, deps }) => {
  const merchant = await aSignedInMember(deps, ['merchant']);
  const service = await aSignedInMember(deps, ['service']);
  const { id, ...plan } = aPlan(merchant.memberId, {
    seam: 'product_people',
    variants: HALVES('below', 'above'),
  });
  const call = (cookie: string, method: 'GET' | 'PUT', path: string, payload?: object) =>
    app.inject({
      method,
      url: `/v1/experiments/${path}`,
      headers: { cookie, origin: 'http://localhost:80' },
      ...(payload && { payload }),
    });
  expect((await call(service.cookie, 'PUT', `experiments/${id}`, plan)).statusCode).toBe(403);
  expect((await call('', 'GET', 'experiments')).statusCode).toBe(401);
  expect((await call(merchant.cookie, 'PUT', `experiments/${id}`, plan)).statusCode).toBe(204);
  const begin = { experimentId: id, kind: 'started' };
  expect((await call(service.cookie, 'PUT', `steps/${randomUUID()}`, begin)).statusCode).toBe(403);
  const started = randomUUID();
  for (const _time of ['first', 'retry'])
    expect((await call(merchant.cookie, 'PUT', `steps/${started}`, begin)).statusCode).toBe(204);
  const again = await call(merchant.cookie, 'PUT', `steps/${randomUUID()}`, begin);
  expect([again.statusCode, again.json().type]).toEqual([
    409,
    expect.stringContaining('experiments.step_out_of_order'),
  ]);
  const listed = (await call(service.cookie, 'GET', 'experiments?state=running')).json();
  expect(listed.experiments.map((each: { id: string }) => each.id)).toContain(id);
  const read = (await call(service.cookie, 'GET', `experiments/${id}`)).json();
  expect(read.experiment).toMatchObject({ ...plan, id, state: 'running', stoppedAt: null });
  const results = (await call(service.cookie, 'GET', `experiments/${id}/results`)).json();
  expect(results).toMatchObject({
    currency: 'EUR',
    exposed: [0, 0],
    ratio: { pValue: 1, isSuspect: false },
    guardrails: [],
  });
  expect(results.outcomes[0]).toEqual({
    outcome: 'conversion',
    arms: [
      { units: 0, mean: null },
      { units: 0, mean: null },
    ],
    effects: [null],
  });
  const wrong = await call(merchant.cookie, 'PUT', `experiments/${randomUUID()}`, { ...plan, seam: 'price' });
  expect(wrong.statusCode).toBe(400);
  expect((await call(service.cookie, 'GET', `experiments/${randomUUID()}/results`)).statusCode).toBe(404);
  // For those that follow in this file's database.
  await step(deps, id, 'stopped');
});
