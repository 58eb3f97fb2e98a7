import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST, type Viewer } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aGiftCard } from '../payments/factory.ts';
import { cancelUnits } from './cancel.ts';
import { exchange, type ExchangeWish, orderInExchange, quoteExchange } from './exchange.ts';
import { chargeExchange, endExchange } from './exchange-end.ts';
import {
  aMember,
  anExchangeableOrder,
  aShippedOrder,
  aStockedVariant,
  freeUnits,
  placingDeps,
  send,
} from './factory.ts';
import { readOrder } from './order.ts';
import { requestReturn } from './return-request.ts';
import { putReturnRule } from './return-rules.ts';
import { type ReturnStep, takeReturnStep } from './return-step.ts';
import { returnById, returnsOf } from './returns.ts';
import { resendClaim } from './resend.ts';

type Bought = Awaited<ReturnType<typeof anExchangeableOrder>>;
const CLERK: Viewer = { ...GUEST, kind: 'member', memberId: randomUUID(), staffRoles: ['service'] };

const wishOf = (
  { orderId, lineId, otherId }: Pick<Bought, 'orderId' | 'lineId' | 'otherId'>,
  quantity: number,
  facts: Partial<ExchangeWish> = {},
): ExchangeWish => ({
  id: randomUUID(),
  orderId,
  kind: 'return',
  touchpoint: 'web',
  refundTo: 'original',
  lines: [{ lineId, quantity, reason: 'does_not_fit' }],
  wanted: [{ variantId: otherId, quantity }],
  toPayMinor: 0,
  ...facts,
});

const swap = (db: Db, bought: Bought, quantity: number, facts: Partial<ExchangeWish> = {}) => {
  const wish = wishOf(bought, quantity, facts);
  return exchange(placingDeps(db), GUEST, wish, bought.cartId).then((placed) => ({ ...placed, id: wish.id }));
};

const step = (db: Db, requestId: string, facts: Partial<ReturnStep> & Pick<ReturnStep, 'to'>) =>
  inTransaction(db, (tx) =>
    takeReturnStep(tx, { id: randomUUID(), requestId, actor: 'system', ...facts }, new Date()),
  );

async function comesBack(
  db: Db,
  { lineId, locationId }: Pick<Bought, 'lineId' | 'locationId'>,
  requestId: string,
  found: { restock?: number; damage?: number; refuse?: number },
) {
  await step(db, requestId, { to: 'received', locationId });
  await step(db, requestId, {
    to: 'inspected',
    lines: [{ lineId, restock: 0, damage: 0, refuse: 0, ...found }],
  });
}

const partsOf = async (db: Db, orderId: string) => {
  const { rows } = await sql`
    select location_id as at, quantity from fulfilment.fulfilment_order part
    join fulfilment.fulfilment_order_line on fulfilment_order_id = part.id where order_id = ${orderId}`.execute(
    db,
  );
  return rows;
};

test('another size costs nothing: it is kept until the goods have come, then sent, and both orders add up', async ({
  db,
  databaseUrl,
  work,
  outbox,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const wish = wishOf(bought, 2);
  const quote = await quoteExchange(placingDeps(db), GUEST, wish, bought.cartId);
  expect(quote).toEqual({ currency: 'EUR', worthMinor: 2002, totalMinor: 2002, toPayMinor: 0, backMinor: 0 });
  const { orderId } = await exchange(placingDeps(db), GUEST, wish, bought.cartId);
  await work();

  expect(await freeUnits(db, bought.otherId)).toBe(3);
  expect(await partsOf(db, orderId)).toEqual([]);
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'placed',
    totalMinor: 2002,
    outstandingMinor: 2002,
    inExchange: { requestId: wish.id, ofOrderId: bought.orderId, releasedAt: null },
    lines: [{ quantity: 2, unitPriceMinor: 1001, netMinor: 1655, taxMinor: 347 }, { kind: 'postage' }],
  });
  expect(await readOrder(db, bought.orderId)).toMatchObject({ reducedMinor: 0, creditedMinor: 0 });

  outbox.length = 0;
  await comesBack(db, bought, wish.id, { restock: 1, damage: 1 });
  await work();
  expect(await returnById(db, wish.id)).toMatchObject({
    state: 'closed',
    refundMinor: 2002,
    exchange: { orderId, valueMinor: 2002, paidMinor: 2002, owedMinor: 0 },
  });
  expect(await readOrder(db, bought.orderId)).toMatchObject({
    capturedMinor: 3498,
    refundedMinor: 0,
    creditedMinor: 2002,
    reducedMinor: 2002,
    outstandingMinor: 0,
    payments: [{ creditedMinor: 2002, exchangedMinor: 2002 }],
  });
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'paid',
    capturedMinor: 2002,
    outstandingMinor: 0,
    payments: [{ provider: 'exchange', capturedMinor: 2002 }],
  });
  expect(await partsOf(db, orderId)).toEqual([{ at: bought.locationId, quantity: 2 }]);
  expect(outbox.map(({ subject }) => subject)).toEqual([]); // no money went back
});

test('what comes back short is owed: the order waits until it is paid for, or is let go', async ({
  db,
  databaseUrl,
  work,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const { id, orderId } = await swap(db, bought, 2);
  await comesBack(db, bought, id, { restock: 1, refuse: 1 });
  await work();
  expect(await returnById(db, id)).toMatchObject({ exchange: { paidMinor: 1001, owedMinor: 1001 } });
  expect(await partsOf(db, orderId)).toEqual([]);
  const charge = { id: randomUUID(), requestId: id, reference: 'counter 7' };
  for (const _attempt of ['first', 'retry'])
    await inTransaction(db, (tx) => chargeExchange(tx, CLERK, charge, new Date()));
  await expect(
    inTransaction(db, (tx) => chargeExchange(tx, CLERK, { ...charge, id: randomUUID() }, new Date())),
  ).rejects.toMatchObject({ code: 'orders.exchange_nothing_owed' });
  await work();
  expect(await readOrder(db, orderId)).toMatchObject({ capturedMinor: 2002, outstandingMinor: 0 });
  expect(await partsOf(db, orderId)).toMatchObject([{ quantity: 2 }]);

  const other = await anExchangeableOrder(db, databaseUrl);
  const second = await swap(db, other, 3);
  await comesBack(db, other, second.id, { restock: 2, refuse: 1 });
  const line = (await readOrder(db, second.orderId)).lines[0]?.id ?? '';
  const some = { id: randomUUID(), orderId: second.orderId, reason: 'a test', actor: 'system' };
  await expect(
    inTransaction(db, (tx) => cancelUnits(tx, { ...some, lines: [{ lineId: line, quantity: 1 }] })),
  ).rejects.toMatchObject({ code: 'orders.is_kept' });
  const end = { id: randomUUID(), requestId: second.id };
  for (const _attempt of ['first', 'retry'])
    await inTransaction(db, (tx) => endExchange(tx, CLERK, end, new Date()));
  await work();
  // The two units that came are paid in money now; the first order's card has it.
  expect(await readOrder(db, second.orderId)).toMatchObject({
    state: 'cancelled',
    capturedMinor: 2002,
    refundedMinor: 2002,
    reducedMinor: 3003,
    outstandingMinor: 0,
  });
  expect(await readOrder(db, other.orderId)).toMatchObject({
    capturedMinor: 3498,
    refundedMinor: 2002,
    creditedMinor: 0,
    reducedMinor: 2002,
    outstandingMinor: 0,
  });
  expect(await freeUnits(db, other.otherId)).toBe(5);
});

test('a refused or cancelled return leaves nobody with both: it is let go, or owed', async ({
  db,
  databaseUrl,
  work,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const refused = await swap(db, bought, 1);
  await step(db, refused.id, { to: 'refused', answer: 'Worn' });
  expect(await returnById(db, refused.id)).toMatchObject({
    state: 'refused',
    exchange: { state: 'placed', owedMinor: 1001, releasedAt: null },
  });
  const cancelled = await swap(db, bought, 1);
  await step(db, cancelled.id, { to: 'cancelled' });
  await work();
  expect(await readOrder(db, cancelled.orderId)).toMatchObject({ state: 'cancelled', outstandingMinor: 0 });
  expect(await partsOf(db, cancelled.orderId)).toEqual([]);
  expect(await freeUnits(db, bought.otherId)).toBe(4);

  // Its buyer lets the new order go, and the goods come: they are paid in money.
  const alone = await swap(db, bought, 1);
  const all = { id: randomUUID(), orderId: alone.orderId, reason: 'the buyer', actor: 'guest' };
  await inTransaction(db, (tx) => cancelUnits(tx, all));
  await comesBack(db, bought, alone.id, { restock: 1 });
  await work();
  expect(await readOrder(db, bought.orderId)).toMatchObject({ refundedMinor: 1001, outstandingMinor: 0 });
  expect(await partsOf(db, alone.orderId)).toEqual([]);
});

test('another product costs what it does today: a card, a gift card or the counter pays the rest, and what is over goes back', async ({
  db,
  databaseUrl,
  work,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const dear = await aStockedVariant(db, databaseUrl, 5, 5000);
  const cheap = await aStockedVariant(db, databaseUrl, 5, 600);
  const wanted = [{ variantId: dear.variantId, quantity: 1 }];
  await expect(swap(db, bought, 1, { wanted })).rejects.toMatchObject({
    code: 'orders.total_changed',
    data: { totalMinor: 3999 },
  });
  const { code } = await aGiftCard(db, 1000);
  const gift = { payments: [{ kind: 'gift_card' as const, code }] };
  const asked = { wanted, toPayMinor: 3999, paymentToken: 'approved', ...gift };
  const paid = await swap(db, bought, 1, asked);
  const noted = wishOf(bought, 1, { wanted, toPayMinor: 3999, paidElsewhere: 'counter 7' });
  await expect(exchange(placingDeps(db), GUEST, noted, bought.cartId)).rejects.toMatchObject({
    code: 'platform.not_allowed',
  });
  const counter = await exchange(placingDeps(db), CLERK, noted, undefined);
  const over = await swap(db, bought, 1, { wanted: [{ variantId: cheap.variantId, quantity: 1 }] });
  await work();

  expect(await readOrder(db, paid.orderId)).toMatchObject({
    totalMinor: 5000,
    capturedMinor: 3999,
    outstandingMinor: 1001,
  });
  for (const id of [paid.id, noted.id, over.id]) await comesBack(db, bought, id, { restock: 1 });
  await work();
  for (const { orderId } of [paid, counter, over])
    expect(await readOrder(db, orderId)).toMatchObject({ outstandingMinor: 0, state: 'paid' });
  expect(await readOrder(db, bought.orderId)).toMatchObject({
    reducedMinor: 3003,
    creditedMinor: 2602,
    refundedMinor: 401,
    outstandingMinor: 0,
  });
});

test('a declined card leaves neither return nor order, and the goods are free', async ({
  db,
  databaseUrl,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const dear = await aStockedVariant(db, databaseUrl, 1, 5000);
  const asked = { wanted: [{ variantId: dear.variantId, quantity: 1 }], toPayMinor: 3999 };
  await expect(swap(db, bought, 1, { ...asked, paymentToken: 'declined' })).rejects.toMatchObject({
    code: 'orders.payment_declined',
  });
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  expect(await freeUnits(db, dear.variantId)).toBe(1);
  const again = await swap(db, bought, 1, { ...asked, paymentToken: 'approved' });
  expect(await returnsOf(db, bought.orderId)).toMatchObject([{ exchange: { orderId: again.orderId } }]);
});

test('to a member whom the rules trust it is sent with the approval, and is owed until the goods come', async ({
  db,
  databaseUrl,
  work,
}) => {
  const terms = { feeMinor: 300, earlyUpToMinor: null, earlyOrdersMin: 1, arrivesWithinDays: 14 };
  const rule = { ...terms, currency: 'EUR', exchangeUpToMinor: 2002, exchangeOrdersMin: 1 };
  await inTransaction(db, (tx) => putReturnRule(tx, rule));
  const viewer = await aMember(db);
  const bought = await anExchangeableOrder(db, databaseUrl, { viewer });
  const made = async (units: number) => {
    const wish = wishOf(bought, units);
    const { orderId } = await exchange(placingDeps(db), viewer, wish, undefined);
    await step(db, wish.id, { to: 'approved' });
    await work();
    return { id: wish.id, orderId };
  };
  const early = await made(2);
  expect(await partsOf(db, early.orderId)).toMatchObject([{ quantity: 2 }]);
  const owed = await returnById(db, early.id);
  expect([owed.refundMinor, owed.dueOn === null, owed.exchange?.owedMinor]).toEqual([null, false, 2002]);
  const line = (await readOrder(db, early.orderId)).lines[0]?.id ?? '';
  await send(db, { ...bought, orderId: early.orderId, lineId: line, variantId: bought.otherId }, 2);
  await expect(step(db, early.id, { to: 'cancelled' })).rejects.toMatchObject({
    code: 'orders.exchange_sent',
  });
  await comesBack(db, bought, early.id, { restock: 2 });
  await work();
  expect(await readOrder(db, early.orderId)).toMatchObject({ outstandingMinor: 0 });

  const late = await made(1);
  await step(db, late.id, { to: 'closed' });
  expect(await returnById(db, late.id)).toMatchObject({ state: 'closed', exchange: { owedMinor: 1001 } });
  const charge = { id: randomUUID(), requestId: late.id, reference: '' };
  await inTransaction(db, (tx) => chargeExchange(tx, CLERK, charge, new Date()));
  expect(await readOrder(db, late.orderId)).toMatchObject({ capturedMinor: 1001, outstandingMinor: 0 });
  await sql`delete from orders.return_rule`.execute(db);
});

test('a lost parcel is sent again for nothing, once, and stock leaves as for any order', async ({
  db,
  databaseUrl,
  work,
}) => {
  const bought = await aShippedOrder(db, databaseUrl);
  const requestId = randomUUID();
  const lines = [{ lineId: bought.lineId, quantity: 2, reason: 'other' as const }];
  const claim = { id: requestId, orderId: bought.orderId, touchpoint: 'web', refundTo: 'original' as const };
  await inTransaction(db, (tx) =>
    requestReturn(tx, { ...claim, kind: 'claim', lines }, { actor: 'guest' }, new Date()),
  );
  const approval = { id: randomUUID(), requestId, carrier: 'test' };
  await expect(resendClaim(placingDeps(db), GUEST, approval)).rejects.toMatchObject({
    code: 'platform.not_allowed',
  });
  await Promise.all(Array.from({ length: 3 }, () => resendClaim(placingDeps(db), CLERK, approval)));
  await work();

  const orderId = orderInExchange(requestId);
  expect(await returnById(db, requestId)).toMatchObject({
    state: 'closed',
    carrier: 'test',
    refundMinor: 2002,
    exchange: { orderId, paidMinor: 2002, owedMinor: 0 },
  });
  expect(await readOrder(db, orderId)).toMatchObject({
    state: 'paid',
    totalMinor: 2002,
    outstandingMinor: 0,
  });
  expect(await readOrder(db, bought.orderId)).toMatchObject({ refundedMinor: 0, outstandingMinor: 0 });
  expect(await partsOf(db, orderId)).toMatchObject([{ quantity: 2 }]);
  expect(await freeUnits(db, bought.variantId)).toBe(0);
});

test('each exchange that can’t be is refused by its name, and nothing changes', async ({
  db,
  databaseUrl,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl, { others: 1 });
  const unpaid = await anExchangeableOrder(db, databaseUrl, { paymentToken: 'authorize', sent: 1 });
  const nowhere = await anExchangeableOrder(db, databaseUrl);
  await sql`delete from orders.order_address where order_id = ${nowhere.orderId}`.execute(db);
  const twice = { ...wishOf(bought, 1).lines[0], quantity: 1 } as ExchangeWish['lines'][number];
  const asks = {
    'orders.not_returnable': () => swap(db, bought, 4),
    'orders.return_line_twice': () => swap(db, bought, 1, { lines: [twice, twice] }),
    'orders.not_enough_stock': () => swap(db, bought, 2),
    'orders.exchange_currency': () => swap(db, bought, 1, { currency: 'USD' }),
    'orders.not_sold': () => swap(db, bought, 1, { wanted: [{ variantId: randomUUID(), quantity: 1 }] }),
    'orders.credit_for_members': () => swap(db, bought, 1, { refundTo: 'store_credit' }),
    'orders.exchange_unpaid': () => swap(db, unpaid, 1),
    'orders.exchange_without_address': () => swap(db, nowhere, 1),
    'orders.delivery_unknown': () => swap(db, bought, 1, { deliveryCode: 'by-balloon' }),
  };
  for (const [code, ask] of Object.entries(asks)) await expect(ask(), code).rejects.toMatchObject({ code });
  const stranger = exchange(placingDeps(db), GUEST, wishOf(bought, 1), randomUUID());
  await expect(stranger).rejects.toMatchObject({ code: 'orders.order_not_found' });

  for (const { orderId } of [bought, unpaid, nowhere]) expect(await returnsOf(db, orderId)).toEqual([]);
  expect(await freeUnits(db, bought.otherId)).toBe(1);
});

test('at once: the same id ten times is one, the same unit and the last of the wanted go once, and a cancel either waits or wins', async ({
  db,
  databaseUrl,
}) => {
  const [same, last] = [
    await anExchangeableOrder(db, databaseUrl, { units: 1 }),
    await anExchangeableOrder(db, databaseUrl, { others: 1 }),
  ];
  const wish = wishOf(same, 1);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => exchange(placingDeps(db), GUEST, wish, same.cartId)),
  );
  expect(new Set(answers.map(({ orderId }) => orderId)).size).toBe(1);
  await expect(
    exchange(placingDeps(db), GUEST, { ...wish, orderId: last.orderId }, last.cartId),
  ).rejects.toMatchObject({
    code: 'orders.return_differs',
  });
  expect(await returnsOf(db, same.orderId)).toHaveLength(1);
  expect(await freeUnits(db, same.otherId)).toBe(4);

  const unit = await anExchangeableOrder(db, databaseUrl, { units: 1 });
  const units = await Promise.allSettled([swap(db, unit, 1), swap(db, unit, 1), swap(db, unit, 1)]);
  expect(units.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(units.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'orders.not_returnable' },
  });
  const wanted = await Promise.allSettled([swap(db, last, 1), swap(db, last, 1), swap(db, last, 1)]);
  expect(wanted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(wanted.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'orders.not_enough_stock' },
  });

  const part = await anExchangeableOrder(db, databaseUrl, { sent: 1 });
  const rest = { id: randomUUID(), orderId: part.orderId, reason: 'a test', actor: 'system' };
  await Promise.all([swap(db, part, 1), inTransaction(db, (tx) => cancelUnits(tx, rest))]);
  const both = await readOrder(db, part.orderId);
  expect(both).toMatchObject({ state: 'partly_cancelled', reducedMinor: 2002 });
  expect((await returnsOf(db, part.orderId))[0]?.exchange).toMatchObject({ owedMinor: 1001 });
});
