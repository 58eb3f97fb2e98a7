import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aCart, aStockedVariant, aWish } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { aMachine, aMember, aSignedInMember } from '#modules/identity/factory.ts';
import { customerOfMember, setConsent } from '#modules/identity/index.ts';
import { catchUpCollected } from '#modules/collector/follow-collected.ts';
import { resolveTouched } from '#modules/persons/resolve-touched.ts';
import { resolved, someEvidence } from '#modules/persons/factory.ts';
import { memberNode } from '#modules/persons/nodes.ts';
import { writeLetter } from '#modules/satisfaction/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { settled } from '#test/settled.ts';
import { erasePerson } from '../src/erasure.ts';
import { countCustomers } from '#modules/insight/customers-count.ts';
import { customerSeen, customersSeen } from '#modules/insight/customers.ts';
import { customerValueMinor, fitAmounts } from '#modules/insight/customer-value.ts';
import { generatedCustomers } from '#modules/insight/generated-customers.ts';
import {
  expectedPurchases,
  fitPurchases,
  type PurchaseHistory,
  stillHere,
} from '#modules/insight/purchase-model.ts';
import { recordSale, type Sale } from '#modules/insight/factory.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { freshness } from '#modules/insight/freshness.ts';
import { shiftDay } from '#modules/insight/periods.ts';

vi.setConfig({ testTimeout: 60_000 });

const NOW = new Date('2026-06-30T12:00:00Z');
const TODAY = '2026-06-30';
const MODELS = {
  purchases: { r: 0.8, alpha: 5, a: 0.8, b: 2.5 },
  amounts: { p: 6, q: 4, gamma: 1500 },
};
const daysAgo = (days: number) => shiftDay(TODAY, -days);

/** `count` takes the sales in and counts, as the night's job does at `now`. */
const test = base.extend('count', { scope: 'file' }, async ({ deps }) => async (now = NOW) => {
  const { signal } = new AbortController();
  do await catchUp(deps, signal);
  while ((await freshness(deps.db)).behind);
  await countCustomers({ ...deps, now: () => now });
});

const agree = (deps: Deps, memberId: string, granted: boolean) =>
  inTransaction(deps.db, (tx) => setConsent(tx, { memberId }, { analytics: granted }, { touchpoint: 'web' }));

async function aCustomer(deps: Deps, isAgreed = true) {
  const { memberId } = await aMember(deps);
  if (isAgreed) await agree(deps, memberId, true);
  return { memberId, customerId: await inTransaction(deps.db, (tx) => customerOfMember(tx, memberId)) };
}

const bought = (tx: Tx, customerId: string, currency: string, days: number, more: Partial<Sale> = {}) =>
  recordSale(tx, {
    customerId,
    currency,
    businessDay: daysAgo(days),
    lines: [{ grossMinor: 1000 }],
    ...more,
  });

const pageOf = (deps: Deps, currency: string) => customersSeen(deps.db, { currency, limit: 10 });

test('counts days, orders and net sales of those who agree, scored beside everybody', async ({
  deps,
  count,
}) => {
  const { db } = deps;
  const [often, once, silent] = [await aCustomer(deps), await aCustomer(deps), await aCustomer(deps, false)];
  await inTransaction(db, async (tx) => {
    const last = await bought(tx, often.customerId, 'SEK', 10, {
      lines: [
        { grossMinor: 5000, discountMinor: 500 },
        { kind: 'postage', grossMinor: 700 },
      ],
    });
    await bought(tx, often.customerId, 'SEK', 364);
    await bought(tx, often.customerId, 'SEK', 365);
    // What comes back is off; what was cancelled to the last unit was no order.
    await bought(tx, often.customerId, 'SEK', 5, { isReturn: true, of: last, lines: [{ grossMinor: 800 }] });
    const gone = await bought(tx, often.customerId, 'SEK', 2);
    await bought(tx, often.customerId, 'SEK', 1, { isCancellation: true, of: gone });
    await bought(tx, once.customerId, 'SEK', 400);
    await bought(tx, silent.customerId, 'SEK', 1, { lines: [{ grossMinor: 9000 }] });
    await bought(tx, randomUUID(), 'SEK', 30, { lines: [{ grossMinor: 10 }] });
    await bought(tx, often.customerId, 'SEK', -1);
  });
  await count();
  const { counted, customers } = await pageOf(deps, 'SEK');
  expect(counted).toMatchObject({
    customers: 4,
    purchasesFault: 'too_few_repeats',
    amountsFault: 'too_few_repeats',
  });
  expect(customers).toMatchObject([
    {
      ...often,
      recencyDays: 10,
      orders: 2,
      ordersEver: 3,
      netMinor: 4700,
      recencyScore: 4,
      ordersScore: 5,
      marginMinor: 4700,
      marginScore: 4,
      segments: [{ name: 'best' }],
      ...none,
    },
    {
      ...once,
      recencyDays: 400,
      orders: 0,
      ordersEver: 1,
      netMinor: 0,
      recencyScore: 1,
      ordersScore: 1,
      marginMinor: 0,
      marginScore: 1,
      segments: [{ name: 'quiet', reason: 'No order in 365 days. The last one was 400 days ago.' }],
      ...none,
    },
  ]);
});

test('is scored by what is left once goods and serving are paid for, where their cost is known', async ({
  deps,
  count,
}) => {
  const { db, clickhouse } = deps;
  const [dear, cheap] = [await aCustomer(deps), await aCustomer(deps)];
  await inTransaction(db, async (tx) => {
    await bought(tx, dear.customerId, 'PLN', 10, { lines: [{ grossMinor: 5000 }] });
    await bought(tx, cheap.customerId, 'PLN', 10, { lines: [{ grossMinor: 3000 }] });
  });
  const of = (customerId: string, days: number) => ({
    entry_id: String(900_000 + days),
    currency: 'PLN',
    region: 'PL',
    business_day: daysAgo(days),
    customer_id: customerId,
  });
  const goods = [
    { ...of(dear.customerId, 10), kind: 'sent', value_minor: 2500 },
    { ...of(dear.customerId, 9), kind: 'back', value_minor: -400 },
    { ...of(dear.customerId, 8), kind: 'spoilt', value_minor: 100 },
    { ...of(dear.customerId, 365), kind: 'sent', value_minor: 9000 }, // before the year
    { ...of(dear.customerId, -1), kind: 'sent', value_minor: 9000 }, // after the day
  ];
  const served = [
    { ...of(dear.customerId, 10), kind: 'work', amount_minor: 450 },
    { ...of(cheap.customerId, 11), kind: 'work', amount_minor: 300 },
  ];
  await clickhouse.insert({ table: 'goods_cost_entry', values: goods, format: 'JSONEachRow' });
  await clickhouse.insert({ table: 'serve_cost_entry', values: served, format: 'JSONEachRow' });
  await count(new Date('2026-06-30T12:30:00Z'));
  const { customers } = await pageOf(deps, 'PLN');
  expect(
    customers.map(({ netMinor, marginMinor, marginScore }) => [netMinor, marginMinor, marginScore]),
  ).toEqual([
    [5000, 5000 - 2500 + 400 - 100 - 450, 1],
    [3000, 2700, 5],
  ]);
});

test('who withdraws is gone at once, of two accounts both must agree, and who is erased leaves nothing', async ({
  deps,
  count,
}) => {
  const { db } = deps;
  const [one, two, three] = [await aCustomer(deps), await aCustomer(deps), await aCustomer(deps)];
  await inTransaction(db, async (tx) => {
    for (const { customerId } of [one, two, three]) await bought(tx, customerId, 'NOK', 3);
  });
  await count();
  const seen = async () => (await pageOf(deps, 'NOK')).customers.map(({ memberId }) => memberId).toSorted();
  expect(await seen()).toEqual([one.memberId, two.memberId, three.memberId].toSorted());
  await agree(deps, one.memberId, false);
  expect(await seen()).toEqual([two.memberId, three.memberId].toSorted());
  const refused = { code: 'insight.consent_missing', data: { purpose: 'analytics' } };
  await expect(customerSeen(db, one.customerId)).rejects.toMatchObject(refused);

  await resolved(db, someEvidence(memberNode(one.memberId), memberNode(two.memberId), { kind: 'match' }));
  expect(await seen()).toEqual([three.memberId]);
  await expect(customerSeen(db, two.customerId)).rejects.toMatchObject(refused);
  await agree(deps, one.memberId, true);
  expect(await seen()).toEqual([one.memberId, two.memberId, three.memberId].toSorted());

  await inTransaction(db, (tx) => erasePerson(tx, three.memberId, NOW));
  await expect(customerSeen(db, three.customerId)).rejects.toMatchObject({
    code: 'insight.customer_not_found',
  });
  await count(new Date('2026-06-30T13:00:00Z'));
  expect(await seen()).toEqual([one.memberId, two.memberId].toSorted());
});

test('expects orders and value by models of all customers, the same however often it is counted', async ({
  deps,
  count,
}) => {
  const { db } = deps;
  const generated = generatedCustomers(MODELS, { count: 250, seed: 7, ages: [20, 39], span: 0 });
  const told = generated.map(({ history: { repeats, lastAt, age }, amounts: { meanMinor } }) => {
    const days = Math.floor(age * 7);
    const last = Math.min(days, Math.max(repeats, Math.floor(lastAt * 7)));
    const count = Math.min(repeats, last);
    const history = { repeats: count, lastAt: count === 0 ? 0 : last / 7, age: days / 7 };
    return { history, amounts: { repeats: count, meanMinor: count === 0 ? 0 : Math.round(meanMinor) } };
  });
  const known = await aCustomer(deps);
  const mine = { history: { repeats: 2, lastAt: 20, age: 30 }, amounts: { repeats: 2, meanMinor: 4000 } };
  await inTransaction(db, async (tx) => {
    for (const { history, amounts } of told) await lived(tx, randomUUID(), history, amounts.meanMinor);
    await lived(tx, known.customerId, mine.history, 4000);
  });
  await count(new Date('2026-06-30T14:00:00Z'));
  const { figures: first } = await customerSeen(db, known.customerId);
  const purchases = fitPurchases([...told, mine].map(({ history }) => history));
  const amounts = fitAmounts([...told, mine].map((each) => each.amounts));
  if (typeof purchases === 'string' || typeof amounts === 'string') throw new Error('no fit');
  const models = { purchases: purchases.model, amounts: amounts.model };
  const value = customerValueMinor(models, mine, { weeks: 52, yearlyDiscount: 0.1 });
  expect(first).toMatchObject([{ purchasesFault: null, amountsFault: null, currency: 'DKK' }]);
  // The fit meets its customers in another order: the last digits differ.
  const [{ stillHere: chance, expectedOrders, expectedMinor } = none] = first;
  expect(chance).toBeCloseTo(stillHere(purchases.model, mine.history), 3);
  expect(expectedOrders).toBeCloseTo(expectedPurchases(purchases.model, mine.history, 52), 3);
  expect(Math.abs((expectedMinor ?? 0) - value)).toBeLessThan(value / 1000);
  expect(value).toBeGreaterThan(1000);

  const again = new Date('2026-06-30T15:00:00Z');
  await Promise.all([count(again), count(again)]);
  const { figures: second } = await customerSeen(db, known.customerId);
  expect(second.map((each) => ({ ...each, asOf: 0 }))).toEqual(first.map((each) => ({ ...each, asOf: 0 })));
});

const none = { stillHere: null, expectedOrders: null, expectedMinor: null };

/** Orders on the days of a history, the ones between the first and the last right after the first. */
async function lived(tx: Tx, customerId: string, { repeats, lastAt, age }: PurchaseHistory, minor: number) {
  const days = Math.round(age * 7);
  for (let order = 0; order <= repeats; order += 1) {
    const since = order === repeats ? Math.round(lastAt * 7) : order;
    await bought(tx, customerId, 'DKK', days - since, { lines: [{ grossMinor: minor || 1000 }] });
  }
}

test('over HTTP: pages without gap or repeat, refusals by name, and each member their own', async ({
  app,
  deps,
  count,
}) => {
  const { db } = deps;
  const mine = await aSignedInMember(deps);
  await agree(deps, mine.memberId, true);
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, mine.memberId));
  const others = [await aCustomer(deps), await aCustomer(deps)];
  const hidden = await aCustomer(deps, false);
  await inTransaction(db, async (tx) => {
    for (const each of [{ customerId }, ...others, hidden]) await bought(tx, each.customerId, 'CHF', 3);
  });
  await count(new Date('2026-06-30T16:00:00Z'));
  const { authorization } = await aMachine(deps, ['persons:read']);
  const machine = { authorization };
  const get = async (url: string, headers: Record<string, string>) => app.inject({ url, headers });
  const seen: string[] = [];
  let after = '';
  do {
    const answer = await get(`/v1/insight/customers?currency=CHF&limit=1${after}`, machine);
    expect(answer.statusCode).toBe(200);
    const { customers, next } = answer.json();
    for (const each of customers) seen.push(each.customerId);
    after = next ? `&after=${next}` : '';
  } while (after);
  expect(seen).toEqual([customerId, ...others.map((each) => each.customerId)].toSorted());

  const refused = await get(`/v1/insight/customers/${hidden.customerId}`, machine);
  expect([refused.statusCode, refused.json().type]).toEqual([403, '/problems/insight.consent_missing']);
  const unknown = await get(`/v1/insight/customers/${randomUUID()}`, machine);
  expect([unknown.statusCode, unknown.json().type]).toEqual([404, '/problems/insight.customer_not_found']);
  expect((await get('/v1/insight/me', { cookie: mine.cookie })).json().figures).toMatchObject([
    { memberId: mine.memberId, currency: 'CHF', orders: 1, netMinor: 1000 },
  ]);
  const merchant = await aSignedInMember(deps, ['merchant']);
  expect((await get('/v1/insight/customers?currency=CHF', { cookie: merchant.cookie })).statusCode).toBe(403);
});

const SOURCE = '00000000-0000-4000-8000-000000000007';

test('the desk shows customers with their reasons and one line of what happened, while they agree; the member sees the same', async ({
  app,
  deps,
  databaseUrl,
  work,
  count,
}) => {
  const { db, clickhouse } = deps;
  const place = await aStockedVariant(db, databaseUrl, 9);
  const member = await aSignedInBrowser(app, deps);
  const { rows } = await sql<{ id: string }>`
    select id from identity.member order by created_at desc limit 1`.execute(db);
  const memberId = rows[0]?.id ?? '';
  await agree(deps, memberId, true);
  const viewer = { kind: 'member', memberId, staffRoles: [], scopes: [] } as const;
  await placeOrder(deps, viewer, aWish(await aCart(db, viewer, { [place.variantId]: 1 }), 1495));
  await work();
  const letter = { id: randomUUID(), matter: 'payment', words: 'May I pay later?' } as const;
  await writeLetter(deps, { ...viewer, email: member.email }, '', letter);
  const ago = (minutes: number) =>
    new Date(Date.now() - minutes * 60_000).toISOString().slice(0, -1).replace('T', ' ');
  await clickhouse.insert({
    table: 'event',
    format: 'JSONEachRow',
    values: [200, 190, 100].map((minutes) => ({
      source_id: SOURCE,
      message_id: randomUUID(),
      kind: 'track',
      name: `Step ${minutes}`,
      member_id: memberId,
      touchpoint: 'web',
      keyed_at: ago(minutes),
      occurred_at: ago(minutes),
      received_at: ago(minutes),
    })),
  });
  await count(new Date());
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, memberId));

  const desk = await aSignedInBrowser(app, deps, ['service']);
  const list = await desk.open('/desk/customers?currency=EUR&segment=new');
  expect([list.statusCode, list.body.includes(`/desk/customers/${customerId}`)]).toEqual([200, true]);
  const others = await desk.open('/desk/customers?currency=EUR&segment=quiet');
  expect(others.body).not.toContain(customerId);
  const shown = await desk.open(`/desk/customers/${customerId}`);
  expect(shown.statusCode).toBe(200);
  const said = 'The first order is the only one, and at most 60 days ago: 0.';
  const visits =
    /<strong>Visit<\/strong><span> · [^<]*<\/span><span> · (\d+) steps?<\/span><span> · ([^<]*)</g;
  const history = (body: string) => [...body.matchAll(visits)].map(([, steps, names]) => [steps, names]);
  const expected = [
    ['1', 'Step 100'],
    ['2', 'Step 200 and Step 190'],
  ];
  expect([shown.body.includes(said), history(shown.body)]).toEqual([true, expected]);
  expect(shown.body).toContain('Kept because they bought it');
  const [, link = ''] = /href="([^"]*\?order=[^"]*)"/.exec(shown.body) ?? [];
  expect((await desk.open(link)).body).toContain('The stream knows no such order of theirs yet.');
  await settled(deps.db);
  await catchUpCollected(deps, AbortSignal.timeout(20_000));
  await resolveTouched(deps);
  const led = (await desk.open(link)).body.split('id="journey"')[1]?.split('</section>')[0] ?? '';
  expect([...led.matchAll(/Step \d+/g)].map(String)).toEqual(['Step 200', 'Step 190', 'Step 100']);
  const { authorization } = await aMachine(deps, ['persons:read']);
  const timeline = await app.inject({
    url: `/v1/insight/customers/${customerId}/timeline`,
    headers: { authorization },
  });
  expect([timeline.statusCode, timeline.json().entries]).toMatchObject([
    200,
    [
      { kind: 'case', matter: 'payment', words: null, touchpoint: 'web' },
      { kind: 'order', currency: 'EUR' },
      { kind: 'visit', steps: 1, names: ['Step 100'] },
      { kind: 'visit', steps: 2, names: ['Step 200', 'Step 190'] },
    ],
  ]);
  const own = await member.open('/account/figures');
  expect([own.statusCode, own.body.includes(said), history(own.body)]).toEqual([200, true, expected]);
  // To themself in the second person.
  const grounds = (body: string) =>
    [...body.matchAll(/<p class="soft">((?:Shown|Kept) because [^<]*)<\/p>/g)].map(([, text]) => text);
  expect(grounds(own.body)).toEqual([
    'Kept because you asked us',
    'Kept because you bought it',
    'Shown because you agreed',
    'Shown because you agreed',
  ]);
  expect(grounds((await desk.open(`/desk/customers/${customerId}`)).body)).toEqual([
    'Kept because they asked staff',
    'Kept because they bought it',
    'Shown because they agreed',
    'Shown because they agreed',
  ]);

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open('/desk/customers')).statusCode).toBe(403);
  expect((await merchant.open(`/desk/customers/${customerId}`)).statusCode).toBe(403);
  await agree(deps, memberId, false);
  const hidden = await desk.open(`/desk/customers/${customerId}`);
  expect([
    hidden.statusCode,
    hidden.body.includes('This customer is not shown'),
    history(hidden.body),
  ]).toEqual([403, true, []]);
  expect((await desk.open('/desk/customers?currency=EUR')).body).not.toContain(customerId);
  const off = await member.open('/account/figures');
  expect([off.body.includes('You have not agreed'), off.body.includes(said), history(off.body)]).toEqual([
    true,
    false,
    [],
  ]);
});
