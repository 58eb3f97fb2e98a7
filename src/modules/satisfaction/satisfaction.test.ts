import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { customerOfMember } from '#modules/identity/index.ts';
import { aCart, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { chooseNotices } from '#modules/social/index.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { answerQuestion, openQuestion } from './answers.ts';
import { eraseSatisfaction } from './erase.ts';
import { anAddressedOrder, anOwedQuestion } from './factory.ts';
import { satisfactionBy, satisfactionConsistency } from './figures.ts';
import { answerToken, questionOfToken } from './links.ts';
import { mailQuestion, stopQuestions } from './mail-question.ts';
import { afterDelivery, questionId } from './occasions.ts';
import { isDrawn } from './questions.ts';
import { changeSettings } from './rules.ts';
import { questionLink } from './shown.ts';

const DAY_MS = 86_400_000;
const at = (deps: Deps, now: Date): Deps => ({ ...deps, now: () => now });
const anEmail = () => `${randomUUID()}@example.com`;

const outcomeOf = async (db: Db, id: string) =>
  (
    await sql<{ outcome: string }>`select outcome from satisfaction.asked where question_id = ${id}`.execute(
      db,
    )
  ).rows[0]?.outcome;

const ledgerOf = async (db: Db, id: string) =>
  (
    await sql<{ version: number; score: number; way: string }>`
      select version, score, way from satisfaction.answer where question_id = ${id} order by version`.execute(
      db,
    )
  ).rows;

test('each occasion of an order owes one question, with its touch point, region and place', async ({
  db,
  databaseUrl,
  work,
}) => {
  const { variantId, locationId } = await aStockedVariant(db, databaseUrl, 5);
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  const { orderId } = await placeOrder(placingDeps(db), GUEST, aWish(cartId, 1495));
  await work();
  const delivered = {
    orderId,
    fulfilmentOrderId: randomUUID(),
    shipmentId: randomUUID(),
    locationId,
    lines: [],
    occurredAt: '2026-11-05T10:00:00Z',
  };
  for (const _ of ['told', 'told again']) await inTransaction(db, (tx) => afterDelivery(tx, delivered));
  const { rows } = await sql`
    select id, occasion, scale, touchpoint, region_code, location_id from satisfaction.question
    where order_id = ${orderId} order by occasion`.execute(db);
  const common = { touchpoint: 'web', region_code: 'NL' };
  expect(rows).toEqual([
    {
      id: questionId('purchase', orderId),
      occasion: 'purchase',
      scale: 'csat',
      location_id: null,
      ...common,
    },
    {
      id: questionId('delivery', delivered.shipmentId),
      occasion: 'delivery',
      scale: 'nps',
      location_id: locationId,
      ...common,
    },
  ]);
});

test('the lot draws as many as the rule says, and always the same', () => {
  const ids = Array.from({ length: 10_000 }, (_, each) => questionId('purchase', String(each)));
  const drawn = ids.filter((id) => isDrawn(id, 20)).length;
  expect(drawn).toBeGreaterThan(1840); // 2000 ± 4 √(10000 · 0.2 · 0.8)
  expect(drawn).toBeLessThan(2160);
  expect(ids.filter((id) => isDrawn(id, 0))).toEqual([]);
  expect(ids.every((id) => isDrawn(id, 100))).toBe(true);
});

test('a drawn question is mailed once, tried again after a failure, and no other to that person for some days', async ({
  deps,
  db,
  outbox,
}) => {
  const email = anEmail();
  const asked = async () => anOwedQuestion(db, { orderId: await anAddressedOrder(db, { email }) });
  const [first, second, third] = [await asked(), await asked(), await asked()];
  const broken = { ...deps, mailer: () => Promise.reject(new Error('no server')) };
  await expect(mailQuestion(broken, { questionId: first })).rejects.toThrow('no server');
  for (const _ of ['sent', 'again']) await mailQuestion(deps, { questionId: first });
  const sent = outbox.filter(({ to }) => to === email);
  expect(sent).toHaveLength(1);
  const token = answerToken(deps.config, first, 'mail');
  expect(sent[0]?.text).toContain(`${deps.config.publicUrl}/opinion/${token}?score=5`);
  expect(sent[0]?.unsubscribe).toBe(`${deps.config.publicUrl}/opinion/stop?question=${token}`);
  await mailQuestion(deps, { questionId: second });
  expect([await outcomeOf(db, first), await outcomeOf(db, second)]).toEqual(['mailed', 'resting']);
  await mailQuestion(at(deps, new Date(Date.now() + 31 * DAY_MS)), { questionId: third });
  expect(await outcomeOf(db, third)).toBe('mailed');

  const { rows } = await sql<{ id: string }>`
    select payload ->> 'questionId' as id from platform.event where name = 'satisfaction.asked.v1'
      and payload ->> 'questionId' = any(${[first, second, third]})`.execute(db);
  expect(rows.map(({ id }) => id).sort()).toEqual([first, third].sort());
});

test('of many questions to one person at once one is mailed', async ({ deps, db, outbox }) => {
  const email = anEmail();
  const ids = await Promise.all(
    Array.from({ length: 8 }, async () =>
      anOwedQuestion(db, { orderId: await anAddressedOrder(db, { email }) }),
    ),
  );
  await Promise.all(ids.map((id) => mailQuestion(deps, { questionId: id })));
  expect(outbox.filter(({ to }) => to === email)).toHaveLength(1);
  const outcomes = await Promise.all(ids.map((id) => outcomeOf(db, id)));
  expect(outcomes.filter((outcome) => outcome === 'resting')).toHaveLength(7);
});

test('nobody is mailed who said no, has no address, has answered, or whose occasion is long over', async ({
  deps,
  db,
  outbox,
}) => {
  const { memberId } = await aSignedInMember(deps);
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, memberId));
  await inTransaction(db, (tx) =>
    chooseNotices(tx, memberId, [{ kind: 'review_asked', inPage: true, byMail: false }]),
  );
  const ofMember = { orderId: await anAddressedOrder(db, { email: anEmail(), customerId }), customerId };
  const guest = anEmail();
  const guests = async () => anOwedQuestion(db, { orderId: await anAddressedOrder(db, { email: guest }) });
  const [stopped, later] = [await guests(), await guests()];
  expect(await stopQuestions(deps, answerToken(deps.config, stopped, 'receipt'))).toBe(false);
  expect(await stopQuestions(deps, answerToken(deps.config, stopped, 'mail'))).toBe(true);
  const answered = await anOwedQuestion(db, { orderId: await anAddressedOrder(db, { email: anEmail() }) });
  const reply = { id: randomUUID(), score: 4, words: '' };
  await answerQuestion(deps, answerToken(deps.config, answered, 'order_page'), reply);
  const old = await anOwedQuestion(db, {
    orderId: await anAddressedOrder(db, { email: anEmail() }),
    occurredAt: new Date(Date.now() - 61 * DAY_MS),
  });
  const switched = await anOwedQuestion(db, ofMember);
  const nowhere = await anOwedQuestion(db, { orderId: await anAddressedOrder(db, {}) });
  const before = outbox.length;
  const ids = [switched, later, answered, old, nowhere];
  for (const id of ids) await mailQuestion(deps, { questionId: id });
  expect(outbox.length).toBe(before);
  expect(await Promise.all(ids.map((id) => outcomeOf(db, id)))).toEqual([
    'switched_off',
    'switched_off',
    'answered',
    'over',
    'no_address',
  ]);
});

test('an answer is a row, a change another; a retry is none; late, off the scale and forged is refused', async ({
  deps,
  db,
}) => {
  const id = await anOwedQuestion(db, { orderId: await anAddressedOrder(db, { email: anEmail() }) });
  const token = answerToken(deps.config, id, 'mail');
  const wish = { id: randomUUID(), score: 2, words: ' It came late. ' };
  for (const _ of ['sent', 'again']) await answerQuestion(deps, token, wish);
  await expect(answerQuestion(deps, token, { ...wish, score: 3 })).rejects.toMatchObject({
    code: 'satisfaction.answer_differs',
  });
  await expect(answerQuestion(deps, token, { ...wish, id: randomUUID(), score: 6 })).rejects.toMatchObject({
    code: 'satisfaction.score_off_scale',
    data: { lowest: 1, highest: 5 },
  });
  await Promise.all(
    [3, 4].map((score) => answerQuestion(deps, token, { id: randomUUID(), score, words: '' })),
  );
  const ledger = await ledgerOf(db, id);
  expect(ledger.map(({ version }) => version)).toEqual([1, 2, 3]);
  expect(new Set(ledger.map(({ score }) => score))).toEqual(new Set([2, 3, 4]));
  const late = at(deps, new Date(Date.now() + 15 * DAY_MS));
  const anew = { id: randomUUID(), score: 5, words: '' };
  await expect(answerQuestion(late, token, anew)).rejects.toMatchObject({
    code: 'satisfaction.answer_final',
  });
  const other = await anOwedQuestion(db, { occurredAt: new Date(Date.now() - 61 * DAY_MS) });
  await expect(answerQuestion(deps, answerToken(deps.config, other, 'mail'), anew)).rejects.toMatchObject({
    code: 'satisfaction.question_over',
  });

  const forged = token.replace('.m.', '.r.');
  expect(questionOfToken(deps.config, forged)).toBeUndefined();
  await expect(answerQuestion(deps, forged, anew)).rejects.toMatchObject({
    code: 'satisfaction.link_unknown',
  });
  const { rows } = await sql<{ version: number; score: number }>`
    select (payload ->> 'version')::integer as version, (payload ->> 'score')::integer as score
    from platform.event where name = 'satisfaction.answered.v1' and payload ->> 'questionId' = ${id}
    order by 1`.execute(db);
  expect(rows).toEqual(ledger.map(({ version, score }) => ({ version, score })));
  await expect(sql`update satisfaction.answer set score = 5`.execute(db)).rejects.toThrow('append-only');
});

test('paper reads nothing of what was said; erased, the words are gone and the score stays', async ({
  deps,
  db,
}) => {
  const email = anEmail();
  const orderId = await anAddressedOrder(db, { email });
  const id = await anOwedQuestion(db, { orderId });
  const wish = { id: randomUUID(), score: 1, words: 'A private matter' };
  await answerQuestion(deps, answerToken(deps.config, id, 'receipt'), wish);
  const given = async (way: 'mail' | 'receipt') =>
    (await openQuestion(deps, answerToken(deps.config, id, way))).given;
  expect([await given('mail'), await given('receipt')]).toEqual([{ score: 1, words: wish.words }, undefined]);
  await inTransaction(db, (tx) => eraseSatisfaction(tx, { email: email.toUpperCase() }));
  expect(await given('mail')).toEqual({ score: 1, words: '' });
});

test('who answered one question is shown no other for a while', async ({ deps, db }) => {
  const email = anEmail();
  const [one, two] = [await anAddressedOrder(db, { email }), await anAddressedOrder(db, { email })];
  const [first] = [await anOwedQuestion(db, { orderId: one }), await anOwedQuestion(db, { orderId: two })];
  expect(await questionLink(deps, two, 'order_page')).toMatch(/^\/opinion\//);
  const reply = { id: randomUUID(), score: 5, words: '' };
  await answerQuestion(deps, answerToken(deps.config, first, 'order_page'), reply);
  expect(await questionLink(deps, one, 'order_page')).toBeUndefined();
  expect(await questionLink(deps, two, 'order_page')).toBeUndefined();
  const later = at(deps, new Date(Date.now() + 31 * DAY_MS));
  expect(await questionLink(later, two, 'order_page')).toMatch(/^\/opinion\//);
});

test('figures add the last answers up, by day in the retailer’s time zone, region, store and touch point', async ({
  deps,
  db,
}) => {
  const day = '2031-03-30'; // the clocks of Amsterdam go forward
  const store = randomUUID();
  const says = async (facts: Parameters<typeof anOwedQuestion>[1], ...scores: number[]) => {
    const occurredAt = facts?.occurredAt ?? new Date(`${day}T12:00:00Z`);
    const id = await anOwedQuestion(db, { ...facts, occurredAt });
    const then = at(deps, new Date(occurredAt.getTime() + 1000));
    for (const score of scores)
      await answerQuestion(then, answerToken(deps.config, id, 'order_page'), {
        id: randomUUID(),
        score,
        words: '',
      });
  };
  await inTransaction(db, (tx) =>
    changeSettings(tx, 'system', { restDays: 30, openDays: 60, changeDays: 14 }),
  );
  const orderId = await anAddressedOrder(db, {});
  await says({ occurredAt: new Date('2031-03-29T22:59:59Z') }, 5); // 23:59:59 of the day before
  await says({ occurredAt: new Date('2031-03-29T23:00:00Z'), regionCode: 'DE' }, 1, 5);
  await says({ touchpoint: 'till', locationId: store }, 4);
  await says({ touchpoint: 'till', locationId: store }, 3);
  await says({});
  await says({ occasion: 'delivery', orderId }, 10);
  await says({ occasion: 'delivery', orderId }, 6);
  await says({ occasion: 'delivery', orderId, occurredAt: new Date('2031-03-30T21:59:59Z') }, 9);
  await says({ occurredAt: new Date('2031-03-30T22:00:00Z') }, 1); // the day after

  const asked = { from: day, to: day };
  const by = (key: Parameters<typeof satisfactionBy>[2], more = {}) =>
    satisfactionBy(db, { ...asked, ...more }, key, 'Europe/Amsterdam');
  const { total } = await by('none');
  expect(total).toMatchObject({ owed: 7, mailed: 0, answered: 6 });
  expect(total.csat).toMatchObject({ n: 3, content: 2, value: 2 / 3 });
  expect(total.nps).toMatchObject({ n: 3, promoters: 2, detractors: 1 });
  expect(total.nps.value).toBeCloseTo(100 / 3, 9);
  const shown = async (key: Parameters<typeof satisfactionBy>[2]) =>
    (await by(key)).rows.map((row) => [row.key, row.answered, row.csat.content]);
  expect(await shown('region')).toEqual([
    ['DE', 1, 1],
    ['NL', 5, 1],
  ]);
  expect(await shown('store')).toEqual([
    ['', 4, 1],
    [store, 2, 1],
  ]);
  expect(await shown('touchpoint')).toEqual([
    ['till', 2, 1],
    ['web', 4, 1],
  ]);
  expect(await shown('day')).toEqual([[day, 6, 2]]);
  expect((await by('none', { store })).total).toMatchObject({ owed: 2, answered: 2 });
  const { csat } = await satisfactionConsistency(db, asked, 'Europe/Amsterdam');
  expect(csat.touchpoints.map(({ touchpoint, n, score }) => [touchpoint, n, score])).toEqual([
    ['till', 2, 0.5],
    ['web', 1, 1],
  ]);
  expect(csat.worst?.touchpoint).toBe('till');
});

test('the API starts a case once, answers it by its link, and shows the figures to staff', async ({
  app,
  deps,
}) => {
  const { authorization } = await aMachine(deps, ['orders:write', 'insight:read']);
  const id = randomUUID();
  const put = (payload: object) =>
    app.inject({
      method: 'PUT',
      url: `/v1/satisfaction/questions/${id}`,
      headers: { authorization },
      payload,
    });
  const occasion = { occasion: 'case', regionCode: 'BE', occurredAt: '2032-01-05T10:00:00Z' };
  for (const _ of ['sent', 'again']) expect((await put(occasion)).statusCode).toBe(200);
  const differs = await put({ ...occasion, regionCode: 'NL' });
  expect([differs.statusCode, differs.json<{ type: string }>().type]).toEqual([
    409,
    '/problems/satisfaction.question_differs',
  ]);
  const unknown = await app.inject({
    method: 'PUT',
    url: `/v1/satisfaction/questions/${randomUUID()}`,
    headers: { authorization },
    payload: { ...occasion, occasion: 'purchase', orderId: randomUUID() },
  });
  expect(unknown.statusCode).toBe(422);
  const answered = await app.inject({
    method: 'PUT',
    url: `/v1/satisfaction/answers/${randomUUID()}`,
    payload: { token: answerToken(deps.config, id, 'mail'), score: 5, words: 'Kind.' },
  });
  expect(answered.statusCode).toBe(200);
  const figures = await app.inject({
    url: '/v1/satisfaction/figures?from=2032-01-05&to=2032-01-05&by=occasion',
    headers: { authorization },
  });
  expect(figures.json<{ rows: unknown[] }>().rows).toMatchObject([
    { key: 'case', owed: 1, answered: 1, csat: { n: 1, content: 1, value: 1, isSmall: true } },
  ]);
  const guest = await app.inject({ url: '/v1/satisfaction/figures?from=2032-01-05&to=2032-01-05' });
  expect(guest.statusCode).toBe(401);
});
