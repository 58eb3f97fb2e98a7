import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMember } from '#modules/identity/factory.ts';
import { customerOfMember, memberCodeOf, renewMemberCode } from '#modules/identity/index.ts';
import { levelsOf, receive, reserve, settle } from '#modules/inventory/index.ts';
import { aLocation, aVariant, placingDeps } from '#modules/orders/factory.ts';
import { putDeliveryMethod, readOrder } from '#modules/orders/index.ts';
import { aGiftCard, someCredit } from '#modules/payments/factory.ts';
import { assignmentsOf } from '#modules/routing/index.ts';
import { aPromotion } from '#modules/pricing/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { openConflicts, settleConflict } from './conflicts.ts';
import { anOpenRegister, aSale } from './factory.ts';
import { quoteAt, waysFrom } from './quote.ts';
import { enterSale } from './sale.ts';
import { entriesOf, shiftById } from './shifts.ts';

const refusedWith = (code: string) => expect.objectContaining({ code });
const cash = (amountMinor: number) => ({ kind: 'cash' as const, amountMinor, tenderedMinor: amountMinor });
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const ADDRESS = {
  email: 'ada@example.com',
  name: 'Ada Example',
  street: 'Lange Straße 1',
  postcode: '10115',
  city: 'Berlin',
  countryCode: 'DE',
};

async function shelved(db: Db, locationId: string, variantId: string, quantity: number) {
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity }] };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
}

const usesOf = async (db: Db, promotionId: string) => {
  const { rows } = await sql<{ uses: number; spent: number; ledger: number }>`
    select uses, spent_minor::int as spent, (select count(*)::int from pricing.promotion_use
      where promotion_id = p.id and kind = 'taken') as ledger
    from pricing.promotion p where id = ${promotionId}`.execute(db);
  return rows[0];
};

test('what is sent from elsewhere is taxed where it goes, leaves the other store and is paid at the till', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });
  const [variantId, elsewhere] = [await aVariant(databaseUrl, 1210), await aLocation(db)];
  await shelved(db, elsewhere, variantId, 3);
  const deps = placingDeps(db);
  const { registerId } = till;
  const lines = [{ variantId, quantity: 2 }];
  const to = { countryCode: 'DE', postcode: '10115' };

  const ways = await waysFrom(deps, till.memberId, { registerId, lines, to });
  const way = ways.find(({ code }) => code === 'standard');
  const quote = await quoteAt(deps, till.memberId, {
    registerId,
    lines,
    delivery: { deliveryCode: 'standard', countryCode: 'DE' },
  });
  const wish = aSale(till, {
    lines,
    delivery: { kind: 'ship', deliveryCode: 'standard', address: ADDRESS },
    totalMinor: quote.totalMinor,
    payments: [cash(quote.totalMinor)],
  });
  await enterSale(deps, till.memberId, wish);

  expect([way?.amountMinor, way?.totalMinor, quote.lines[0]?.taxRate]).toEqual([495, 2915, 0.19]);
  const order = await readOrder(db, wish.saleId);
  expect(order).toMatchObject({
    state: 'paid',
    regionCode: 'DE',
    pickupLocationId: null,
    address: { city: 'Berlin' },
    totalMinor: 2915,
    taxMinor: quote.taxMinor,
    capturedMinor: 2915,
    promisedFrom: way?.promise?.promisedFrom,
    promisedTo: way?.promise?.promisedTo,
  });
  expect(await assignmentsOf(db, wish.saleId)).toMatchObject([{ locationId: elsewhere }]);
  const { levels } = await levelsOf(db, { variantId, locationId: elsewhere });
  expect(levels[0]).toMatchObject({ onHand: 3, allocated: 2 });
  expect((await shiftById(db, till.shiftId)).expectedMinor).toBe(12_915);
});

test('what is collected in another store waits there, priced as there; the register’s shelf is not asked', async ({
  db,
  databaseUrl,
  work,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });
  const variantId = await aVariant(databaseUrl, 1210);
  const abroad = await aLocation(db, { countryCode: 'DE', postcode: '10115', city: 'Berlin', name: 'Mitte' });
  await shelved(db, abroad, variantId, 1);
  const deps = placingDeps(db);
  const { registerId } = till;
  const lines = [{ variantId, quantity: 1 }];
  const method = { code: 'collect', name: 'Collect', kind: 'pickup', position: 9, isActive: true } as const;
  const days = { transitDaysMin: 0, transitDaysMax: 0, regionCodes: [] };
  const rates = [{ currency: 'EUR', amountMinor: 0, freeFromMinor: null }];
  await inTransaction(db, (tx) => putDeliveryMethod(tx, { ...method, ...days, rates }));

  const ways = await waysFrom(deps, till.memberId, { registerId, lines, to: { countryCode: 'NL' } });
  const pickup = ways.find(({ kind }) => kind === 'pickup');
  const delivery = { deliveryCode: pickup?.code ?? '', locationId: abroad };
  const quote = await quoteAt(deps, till.memberId, { registerId, lines, delivery });
  const wish = aSale(till, {
    lines,
    delivery: { kind: 'pickup', ...delivery, contact: { name: 'Ada', email: 'ada@example.com' } },
    totalMinor: quote.totalMinor,
    payments: [{ kind: 'card', amountMinor: quote.totalMinor, reference: 'T-1' }],
  });
  await enterSale(deps, till.memberId, wish);
  await work();

  expect(pickup?.stores).toContainEqual(
    expect.objectContaining({ locationId: abroad, name: 'Mitte', city: 'Berlin' }),
  );
  expect(quote.lines[0]?.taxRate).toBe(0.19);
  expect(await readOrder(db, wish.saleId)).toMatchObject({
    state: 'paid',
    pickupLocationId: abroad,
    regionCode: 'DE',
    address: { name: 'Ada', city: 'Berlin' },
    outstandingMinor: 0,
  });
  const { rows } = await sql<{ location: string; state: string }>`
    select location_id as location, state from fulfilment.fulfilment_order where order_id = ${wish.saleId}`.execute(
    db,
  );
  expect(rows).toEqual([{ location: abroad, state: 'assigned' }]);
  expect((await shiftById(db, till.shiftId)).expectedMinor).toBe(10_000);
});

test('a gift card pays first and cash the rest; a card that is spent is refused and nothing is sold', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 3 });
  const card = await aGiftCard(db, 1000);
  const payments = [{ kind: 'gift_card' as const, amountMinor: 1000, code: card.code }, cash(210)];
  const wish = aSale(till, { payments });
  await enterSale(placingDeps(db), till.memberId, wish);

  const again = aSale(till, { payments });
  await expect(enterSale(placingDeps(db), till.memberId, again)).rejects.toEqual(
    refusedWith('payments.gift_card_unknown'),
  );

  const order = await readOrder(db, wish.saleId);
  const paid = order.payments.map(
    ({ provider, amountMinor, state }) => `${provider} ${amountMinor} ${state}`,
  );
  expect(paid.toSorted()).toEqual(['cash 210 captured', 'gift_card 1000 captured']);
  expect((await entriesOf(db, till.shiftId)).map(({ amountMinor }) => amountMinor)).toEqual([10_000, 210]);
  const { levels } = await levelsOf(db, till);
  expect(levels[0]).toMatchObject({ onHand: 2, reserved: 0, allocated: 0 });
});

test('a member buys by the code that they show, spends their credit and their own promotions, and is told once by mail', async ({
  db,
  databaseUrl,
  deps,
  outbox,
  work,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 5 });
  const { memberId } = await aMember(deps);
  const now = new Date();
  const code = await inTransaction(db, (tx) => memberCodeOf(tx, memberId, now));
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, memberId));
  await someCredit(db, customerId, 600);
  const promotion = await aPromotion(db, { usesPerMember: 1, budgetMinor: 500, currency: 'EUR' });
  const customer = { code: `${code.slice(0, 4)} ${code.slice(4).toLowerCase()}` };
  const codes = [promotion.code ?? ''];
  const lines = [{ variantId: till.variantId, quantity: 1 }];
  const { registerId } = till;

  const quote = await quoteAt(deps, till.memberId, { registerId, lines, codes, customer });
  const wish = aSale(till, {
    customer,
    codes,
    totalMinor: 1089,
    payments: [{ kind: 'store_credit', amountMinor: 600 }, cash(489)],
    receiptEmail: 'me@example.com',
  });
  const sold = await enterSale(deps, till.memberId, wish);
  await inTransaction(db, (tx) => renewMemberCode(tx, memberId, now));
  const retried = await enterSale(deps, till.memberId, wish);
  await work();

  expect([quote.totalMinor, quote.discounts]).toEqual([
    1089,
    [{ promotionId: promotion.id, name: 'Ten off', code: promotion.code, amountMinor: 121 }],
  ]);
  expect(retried).toEqual(sold);
  expect(await usesOf(db, promotion.id)).toEqual({ uses: 1, spent: 121, ledger: 1 });
  expect(await readOrder(db, wish.saleId)).toMatchObject({ discounts: [{ amountMinor: 121 }] });
  const mails = outbox.filter(({ to }) => to === 'me@example.com');
  expect(mails.map(({ subject }) => subject)).toEqual([`Stoa: your order ${sold.number}`]);
  expect(mails[0]?.text).toContain(`Thank you. This is the receipt of your order ${sold.number}.`);
  expect(mails[0]?.text).not.toContain('It goes to');
  const { rows } = await sql<{ email: string | null; isSent: boolean; buyer: string }>`
    select email, sent_at is not null as "isSent", o.customer_id as buyer
    from orders.receipt join orders.order o on o.id = order_id where order_id = ${wish.saleId}`.execute(db);
  expect(rows).toEqual([{ email: null, isSent: true, buyer: customerId }]);
  const stale = { registerId, lines, customer };
  await expect(quoteAt(deps, till.memberId, stale)).rejects.toEqual(refusedWith('till.customer_unknown'));
});

/** Made an hour after the drawer was opened: one unit at what was agreed. */
const anOfflineSale = (till: Parameters<typeof aSale>[0], offMinor: number, facts = {}) =>
  aSale(till, {
    soldAt: ago(10).toISOString(),
    lines: [
      { variantId: till.variantId, quantity: 1, agreed: { unitPriceMinor: 1300, discountMinor: offMinor } },
    ],
    totalMinor: 1300 - offMinor,
    payments: [cash(1300 - offMinor)],
    ...facts,
  });

test('what promotions took off without a connection is named on the order and counted as far as their limits allow', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 5, openedAt: ago(60) });
  const [once, endless] = [await aPromotion(db, { usesMax: 1 }), await aPromotion(db)];
  const granted = [
    { promotionId: once.id, amountMinor: 100 },
    { promotionId: endless.id, amountMinor: 50 },
    { promotionId: randomUUID(), amountMinor: 10 },
  ];
  const sales = [anOfflineSale(till, 160, { granted }), anOfflineSale(till, 160, { granted })];
  for (const sale of sales) await enterSale(placingDeps(db), till.memberId, sale);

  expect(await usesOf(db, once.id)).toEqual({ uses: 1, spent: 100, ledger: 1 });
  expect(await usesOf(db, endless.id)).toEqual({ uses: 0, spent: 0, ledger: 2 });
  for (const { saleId } of sales) {
    const { discounts, totalMinor } = await readOrder(db, saleId);
    expect(discounts).toHaveLength(2);
    expect(new Map(discounts.map(({ code, amountMinor }) => [code, amountMinor]))).toEqual(
      new Map([
        [once.code, 100],
        [endless.code, 50],
      ]),
    );
    expect(totalMinor).toBe(1140);
  }
  const more = anOfflineSale(till, 80, { granted: granted.slice(0, 1) });
  await expect(enterSale(placingDeps(db), till.memberId, more)).rejects.toEqual(
    refusedWith('orders.agreed_sums_differ'),
  );
});

test('a unit that was promised to a buyer at home and sold at the counter leaves the level short, and is told until somebody has seen to it', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1, openedAt: ago(60) });
  const { variantId, locationId, memberId, registerId } = till;
  const promised = randomUUID();
  await inTransaction(db, async (tx) => {
    await reserve(tx, promised, ago(-60), [{ variantId, locationId, quantity: 1 }]);
    await settle(tx, promised, 'allocate');
  });

  const wish = anOfflineSale(till, 0, { customer: { email: 'gone@example.com' } });
  const sold = await enterSale(placingDeps(db), memberId, wish);

  const conflict = { variantId, locationId, wanted: 1, available: 0 };
  expect(sold.conflicts).toEqual([conflict]);
  const { levels } = await levelsOf(db, { variantId, locationId });
  expect(levels[0]).toMatchObject({ onHand: 0, allocated: 1, short: 1, available: 0 });
  const { conflicts } = await openConflicts(db, locationId);
  expect(conflicts).toMatchObject([{ ...conflict, saleId: wish.saleId }]);

  await sql`
    insert into till.stock_conflict (id, order_id, register_id, variant_id, location_id, wanted, available, told_at)
    select gen_random_uuid(), ${wish.saleId}, ${registerId}, ${variantId}, ${locationId}, 1, 0, now() + n * interval '1 s'
    from generate_series(1, 100) as n`.execute(db);
  const first = await openConflicts(db, locationId);
  const second = await openConflicts(db, locationId, first.cursor ?? undefined);
  expect([first.conflicts.length, second.conflicts.length, second.cursor]).toEqual([100, 1, null]);
  const ids = [...first.conflicts, ...second.conflicts].map(({ id }) => id);
  expect(new Set(ids).size).toBe(101);

  const [conflictId = ''] = ids;
  for (const note of ['counted: the buyer at home gets another', 'a retry'])
    await inTransaction(db, (tx) => settleConflict(tx, { conflictId, memberId, note }, new Date()));
  const { rows } = await sql<{ note: string; by: string }>`
    select note, settled_by as by from till.stock_conflict where id = ${conflictId}`.execute(db);
  expect(rows).toEqual([{ note: 'counted: the buyer at home gets another', by: memberId }]);
  expect((await openConflicts(db, locationId)).conflicts.map(({ id }) => id)).not.toContain(conflictId);
});

test('several cards and cash pay one sale; each payment is one of the order’s', async ({
  db,
  databaseUrl,
}) => {
  const till = await anOpenRegister(db, databaseUrl, { units: 1 });
  const card = (amountMinor: number, reference: string) => ({
    kind: 'card' as const,
    amountMinor,
    reference,
  });
  const payments = [
    card(400, 'A-1'),
    card(400, 'A-2'),
    { kind: 'cash' as const, amountMinor: 410, tenderedMinor: 500 },
  ];
  const wish = aSale(till, { payments });
  const sold = await enterSale(placingDeps(db), till.memberId, wish);

  const order = await readOrder(db, wish.saleId);
  expect(sold.changeMinor).toBe(90);
  const paid = order.payments.map(({ provider, amountMinor }) => `${provider} ${amountMinor}`);
  expect(paid.toSorted()).toEqual(['cash 410', 'external 400', 'external 400']);
  expect([order.capturedMinor, order.outstandingMinor]).toEqual([1210, 0]);
});
