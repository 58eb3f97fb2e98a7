import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { addPin } from '#modules/boards/index.ts';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { knownCustomerOf, setConsent } from '#modules/identity/index.ts';
import { countCustomers } from '#modules/insight/customers-count.ts';
import { customerSeen, customersSeen } from '#modules/insight/customers.ts';
import { recordSale } from '#modules/insight/factory.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { freshness } from '#modules/insight/freshness.ts';
import { tastesOfMember } from '#modules/insight/tastes.ts';
import { aBuyer, aReview } from '#modules/reviews/factory.ts';
import { vote } from '#modules/reviews/index.ts';
import { aPiece } from '#modules/social/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { countCustomerTastes } from '../src/customer-tastes.ts';
import { erasePerson } from '../src/erasure.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';

vi.setConfig({ testTimeout: 60_000 });

const NOW = new Date('2026-06-30T12:00:00Z');
const TODAY = '2026-06-30';
const QUARTER_AGO = '2026-04-01'; // 90 days

const test = base
  .extend('then', { scope: 'file' }, async ({ deps }): Promise<Deps> => ({ ...deps, now: () => NOW }))
  .extend('count', { scope: 'file' }, async ({ then }) => async () => {
    const { signal } = new AbortController();
    do await catchUp(then, signal);
    while ((await freshness(then.db)).behind);
    await countCustomers(then);
    await countCustomerTastes(then);
  });

const agree = (deps: Deps, memberId: string, analytics: boolean) =>
  inTransaction(deps.db, (tx) => setConsent(tx, { memberId }, { analytics }, { touchpoint: 'web' }));

/** A product on the shelf of a category and a maker of its own. */
async function aShelf({ db }: Deps, title: string) {
  const [productId, categoryId, brandId] = [randomUUID(), randomUUID(), randomUUID()];
  await sql`insert into catalog.category (id, slug, name) values (${categoryId}, ${`c-${categoryId}`}, ${title})`.execute(
    db,
  );
  await sql`insert into catalog.brand (id, slug, name) values (${brandId}, ${`b-${brandId}`}, ${`Maker of ${title}`})`.execute(
    db,
  );
  await sql`
    insert into catalog.product (id, slug, title, category_id, brand_id, publication, published_at)
    values (${productId}, ${`p-${productId}`}, ${title}, ${categoryId}, ${brandId}, 'published', now())`.execute(
    db,
  );
  await sql`insert into catalog.variant (id, product_id, sku) values (${productId}, ${productId}, ${`V-${productId}`})`.execute(
    db,
  );
  return { productId, categoryId, brandId };
}

interface Happening {
  name: string;
  at: string;
  [column: string]: unknown;
}

const happened = ({ clickhouse }: Deps, ...all: Happening[]) =>
  clickhouse.insert({
    table: 'event',
    format: 'JSONEachRow',
    values: all.map(({ at, ...event }) => ({
      source_id: '00000000-0000-4000-8000-000000000007',
      message_id: randomUUID(),
      kind: 'track',
      touchpoint: 'web',
      keyed_at: at,
      occurred_at: at,
      received_at: at,
      ...event,
    })),
  });

const bought = (deps: Deps, customerId: string, productId: string, businessDay = TODAY) =>
  inTransaction(deps.db, (tx) =>
    recordSale(tx, { customerId, businessDay, lines: [{ grossMinor: 1000, productId }] }),
  );

test('tells what a customer is drawn to and what others have of them, with reasons, while they agree', async ({
  app,
  then,
  count,
}) => {
  const { db } = then;
  const [lamps, mugs] = [await aShelf(then, 'Lamps'), await aShelf(then, 'Mugs')];
  const alice = await aBuyer(then, lamps.productId);
  const bella = await aBuyer(then, mugs.productId);
  const cayla = await aBuyer(then, lamps.productId);
  for (const { memberId } of [alice, bella]) await agree(then, memberId, true);

  // Alice: looked at a lamp on one day (three times), saved it, bought it: 1 + 3 + 5, none of it long ago.
  const viewed = {
    name: 'Product Viewed',
    at: '2026-06-30 09:00:00.000',
    product_id: lamps.productId,
    member_id: alice.memberId,
  };
  await happened(
    then,
    viewed,
    { ...viewed, at: '2026-06-30 10:00:00.000' },
    { ...viewed, at: '2026-06-30 11:00:00.000' },
  );
  // Neither a robot's nor what came with a no, nor what lies more than a year back.
  await happened(then, { ...viewed, at: '2026-06-29 09:00:00.000', is_bot: true });
  await happened(then, { ...viewed, at: '2026-06-28 09:00:00.000', consent: { analytics: false } });
  await happened(then, { ...viewed, at: '2025-06-30 09:00:00.000' });
  const board = await aBoard(then, alice.memberId);
  const pin = await aPin(then, alice.memberId, board, { kind: 'product', productId: lamps.productId });
  await bought(then, alice.customerId, lamps.productId);
  // Bella bought a mug 90 days ago: half of 5, which is too little to tell anything of. And a lamp that she cancelled.
  await bought(then, bella.customerId, mugs.productId, QUARTER_AGO);
  await inTransaction(db, async (tx) => {
    const sale = {
      customerId: bella.customerId,
      businessDay: TODAY,
      lines: [{ grossMinor: 1000, productId: lamps.productId }],
    };
    const of = await recordSale(tx, sale);
    await recordSale(tx, { ...sale, isCancellation: true, of });
  });
  // Ten strangers bought mugs. With what Bella saves below everybody's taste is 15 of lamps, 2.5 + 50 of mugs.
  for (let n = 0; n < 10; n++) await bought(then, randomUUID(), mugs.productId);

  // What Alice said and made, and what Bella had of it. Bella saved to a board that nobody else sees, and to one that all see.
  const review = await aReview(then, alice, { productId: lamps.productId });
  await inTransaction(db, (tx) => vote(tx, bella, review, true, NOW));
  const look = await aPiece(then, alice.memberId, { kind: 'look', visibility: 'public' });
  for (const visibility of ['secret', 'public'] as const) {
    const boardId = await aBoard(then, bella.memberId, { visibility });
    const thing = { kind: 'product', productId: lamps.productId } as const;
    const wish = { id: randomUUID(), boardId, note: '', thing, savedFrom: pin };
    await inTransaction(db, (tx) => addPin(tx, { memberId: bella.memberId }, wish, NOW));
  }
  const page = { name: 'Look Viewed', kind: 'page', url: `https://shop.example/looks/${look}` };
  const order = {
    name: 'orders.order_placed.v1',
    kind: 'ledger',
    source_id: '00000000-0000-0000-0000-000000000000',
  };
  for (const [who, opened] of [
    [bella, '2026-06-20 10:00:00.000'],
    [bella, '2026-06-05 10:00:00.000'], // more than a week before any order
    [cayla, '2026-06-20 10:00:00.000'], // does not agree
    [alice, '2026-06-20 10:00:00.000'], // her own
  ] as const)
    await happened(then, { ...page, at: opened, member_id: who.memberId });
  for (const { memberId } of [bella, cayla, alice])
    await happened(
      then,
      { ...order, at: '2026-06-26 10:00:00.000', order_id: randomUUID(), member_id: memberId },
      { ...order, at: '2026-06-28 10:00:00.000', order_id: randomUUID(), member_id: memberId },
    );
  await happened(then, { name: 'Product Shared', at: '2026-06-21 10:00:00.000', member_id: alice.memberId });
  await count();

  const p = 15 / 67.5;
  const drawn = (own: { viewed: number; saved: number; bought: number; weight: number }, ofAll: number) =>
    [
      { kind: 'category', targetId: lamps.categoryId, title: 'Lamps' },
      { kind: 'brand', targetId: lamps.brandId, title: 'Maker of Lamps' },
    ].map((each) => ({
      ...each,
      ...own,
      ownShare: expect.closeTo(own.weight / ofAll, 9),
      allShare: expect.closeTo(p, 9),
      lift: expect.closeTo((own.weight + 20 * p) / ((ofAll + 20) * p), 9),
    }));
  const byKind = (one: { kind: string }, other: { kind: string }) => (one.kind > other.kind ? -1 : 1);
  const ofAlice = await customerSeen(db, alice.customerId);
  expect(ofAlice.interests.toSorted(byKind)).toMatchObject(
    drawn({ viewed: 1, saved: 1, bought: 1, weight: 9 }, 9),
  );
  const why =
    'In 365 days: days looked at 1, saves 1, orders 1. That is 100 percent of all these acts, where everybody has 22: 2.1 times as much, few acts counting less.';
  expect(ofAlice.interests.map(({ reason }) => reason)).toEqual([why, why]);
  const ofBella = await customerSeen(db, bella.customerId);
  expect(ofBella.interests.toSorted(byKind)).toMatchObject(
    drawn({ viewed: 0, saved: 2, bought: 0, weight: 6 }, 8.5),
  );

  const done = { reviews: 1, answers: 0, made: 1, shared: 1, helpful: 1, saved: 1, brought: 1 };
  expect(ofAlice.advocacy).toEqual({
    ...done,
    points: 13,
    segment: 'advocate',
    title: 'Advocate',
    reason:
      'In 365 days: reviews 1, answers 0, looks and posts 1, pages handed on 1; others who were helped 1, saves by others 1, orders by others after opening one of these 1. 13 points. At least 10 points, and others had something of it.',
  });
  expect(ofBella.advocacy).toBeNull();

  const listed = async (more: Partial<Parameters<typeof customersSeen>[1]>) => {
    const { customers, tastes } = await customersSeen(db, { currency: 'EUR', limit: 10, ...more });
    const ids = customers.map(({ customerId }) => customerId);
    expect([...tastes.keys()]).toEqual(ids);
    return ids.toSorted();
  };
  const [both, one] = [[alice.customerId, bella.customerId].toSorted(), [alice.customerId]];
  expect(await listed({})).toEqual(both);
  expect(await listed({ segment: 'advocate' })).toEqual(one);
  expect(await listed({ segment: 'voice' })).toEqual([]);
  expect(await listed({ interest: lamps.categoryId })).toEqual(both);
  expect(await listed({ interest: mugs.categoryId })).toEqual([]);

  const desk = await aSignedInBrowser(app, then, ['service']);
  const list = await desk.open(`/desk/customers?currency=EUR&segment=advocate&interest=${lamps.brandId}`);
  expect([
    list.statusCode,
    list.body.includes(alice.customerId),
    list.body.includes(bella.customerId),
  ]).toEqual([200, true, false]);
  const shown = await desk.open(`/desk/customers/${alice.customerId}`);
  expect([shown.body.includes(why), shown.body.includes('13 points.')]).toEqual([true, true]);
  const mine = await app.inject({ url: '/account/figures', headers: { cookie: alice.cookie } });
  expect([mine.statusCode, mine.body.includes(why), mine.body.includes('13 points.')]).toEqual([
    200,
    true,
    true,
  ]);
  const machine = await app.inject({ url: '/v1/insight/me', headers: { cookie: alice.cookie } });
  expect(machine.json()).toMatchObject({ interests: [{ reason: why }, { reason: why }], advocacy: done });

  // Two counts at once leave what one leaves.
  await Promise.all([countCustomerTastes(then), countCustomerTastes(then)]);
  expect(await customerSeen(db, alice.customerId)).toEqual(ofAlice);

  // Withdrawn, they are gone at once from whatever tells of them, and with the next count from the tables.
  await agree(then, alice.memberId, false);
  await expect(customerSeen(db, alice.customerId)).rejects.toMatchObject({ code: 'insight.consent_missing' });
  expect(await tastesOfMember(db, alice.memberId)).toEqual({ interests: [], advocacy: null });
  expect(await listed({ segment: 'advocate' })).toEqual([]);
  const later = { ...then, now: () => new Date('2026-06-30T13:00:00Z') };
  await countCustomerTastes(later);
  const kept = async () => {
    const { rows } = await sql<{ id: string }>`
      select customer_id as id from insight.customer_interest
      union select customer_id from insight.customer_advocacy`.execute(db);
    return rows.map(({ id }) => id);
  };
  expect(await kept()).toEqual([bella.customerId]);
  // A count that began before and ends after takes nothing of the later one's away, and leaves nothing of its own.
  await agree(then, alice.memberId, true);
  await countCustomerTastes(then);
  expect(await kept()).toEqual([bella.customerId]);
  await inTransaction(db, (tx) => erasePerson(tx, bella.memberId, NOW));
  expect(await kept()).toEqual([]);
});

test('a member who agrees and has bought nothing is drawn to what they save and look at; one who does not agree is nobody’s customer', async ({
  app,
  then,
  count,
}) => {
  const { db } = then;
  const [rugs, bowls] = [await aShelf(then, 'Rugs'), await aShelf(then, 'Bowls')];
  const [dora, emil] = [await aSignedInMember(then), await aSignedInMember(then)];
  await agree(then, dora.memberId, true);
  await agree(then, emil.memberId, true);
  await agree(then, emil.memberId, false);
  for (const { memberId } of [dora, emil]) {
    const board = await aBoard(then, memberId);
    await aPin(then, memberId, board, { kind: 'product', productId: rugs.productId });
    const looked = { name: 'Product Viewed', at: '2026-06-30 09:00:00.000', product_id: rugs.productId };
    await happened(then, { ...looked, member_id: memberId });
  }
  for (let n = 0; n < 12; n++) await bought(then, randomUUID(), bowls.productId);
  await count();
  const later = { ...then, now: () => new Date('2026-06-30T14:00:00Z') }; // of the counts above the latest holds
  await countCustomerTastes(later);
  const customerId = await knownCustomerOf(db, dora.memberId);
  expect(await knownCustomerOf(db, emil.memberId)).toBeUndefined();
  const { interests, figures } = await customerSeen(db, customerId ?? '');
  expect(figures).toEqual([]);
  expect(new Map(interests.map(({ kind, title }) => [kind, title]))).toEqual(
    new Map([
      ['brand', 'Maker of Rugs'],
      ['category', 'Rugs'],
    ]),
  );
  expect(interests).toHaveLength(2);
  expect(interests[0]).toMatchObject({ viewed: 1, saved: 1, bought: 0 });
  const own = await app.inject({ url: '/account/figures', headers: { cookie: dora.cookie } });
  expect(own.body).toContain('days looked at 1, saves 1, orders 0');
  await countCustomerTastes(later);
  expect(await knownCustomerOf(db, dora.memberId)).toBe(customerId);
  await agree(then, dora.memberId, false);
  expect(await tastesOfMember(db, dora.memberId)).toEqual({ interests: [], advocacy: null });
});
