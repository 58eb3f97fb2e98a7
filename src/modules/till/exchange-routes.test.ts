import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { levelsOf, receive } from '#modules/inventory/index.ts';
import { aVariant } from '#modules/orders/factory.ts';
import { orderInExchange, readOrder, returnsOf } from '#modules/orders/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { anOpenRegister, aRegister, aSoldOrder } from './factory.ts';
import { openShiftOf } from './shifts.ts';

type App = Awaited<ReturnType<typeof import('../../app.ts').buildApp>>;

const asking = (app: App, cookie: string) => async (path: string, payload: object) => {
  const method = path === 'quotes' ? ('POST' as const) : ('PUT' as const);
  const headers = { cookie, origin: 'http://localhost:80' };
  const answer = await app.inject({ method, url: `/v1/till/exchanges/${path}`, headers, payload });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
};

const drawerOf = async (db: Db, registerId: string) => (await openShiftOf(db, registerId))?.expectedMinor;

/** An order of one unit that was sold for 12.10 in cash, and another thing at a price beside it on the shelf. */
async function soldBeside(db: Db, databaseUrl: string, deps: Deps, otherMinor: number) {
  const { cookie, memberId } = await aSignedInMember(deps, ['associate']);
  const till = await anOpenRegister(db, databaseUrl, { units: 2, memberId });
  const { locationId, registerId } = till;
  const otherId = await aVariant(databaseUrl, otherMinor);
  const lines = [{ variantId: otherId, quantity: 2 }];
  await inTransaction(db, (tx) => receive(tx, { id: randomUUID(), locationId, lines }, new Date()));
  const { saleId: orderId } = await aSoldOrder(db, till);
  const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
  const line = { lineId, quantity: 1, reason: 'does_not_fit', found: 'restock' };
  const offer = { registerId, orderId, lines: [line], wanted: [{ variantId: otherId, quantity: 1 }] };
  const onHand = async () =>
    Promise.all(
      [till.variantId, otherId].map(async (variantId) => {
        const { levels } = await levelsOf(db, { locationId, variantId });
        return levels[0]?.onHand;
      }),
    );
  return { ...till, cookie, memberId, orderId, otherId, line, offer, onHand };
}

test('an exchange over the counter is priced by the API, done once however often and at once it is asked, and refused by name', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const sold = await soldBeside(db, databaseUrl, deps, 2000);
  const { registerId, orderId, line, offer, memberId } = sold;
  const beside = await aRegister(db, { locationId: sold.locationId });
  const shopper = await aSignedInMember(deps);
  const send = asking(app, sold.cookie);
  const id = randomUUID();
  const cash = { kind: 'cash', amountMinor: 790, tenderedMinor: 1000 };
  const wish = { ...offer, toPayMinor: 790, payments: [cash] };

  for (const [path, payload] of [
    ['quotes', offer],
    [id, wish],
  ] as const)
    expect((await asking(app, shopper.cookie)(path, payload)).status).toBe(403);
  expect(await send('quotes', offer)).toEqual({
    status: 200,
    body: { currency: 'EUR', worthMinor: 1210, totalMinor: 2000, toPayMinor: 790, backMinor: 0 },
  });

  const noSuch = randomUUID();
  for (const wrong of [
    { lines: [] },
    { lines: [{ ...line, quantity: 0 }] },
    { lines: [{ ...line, found: 'refuse' }] },
    { wanted: [] },
    { wanted: [{ variantId: sold.otherId, quantity: -1 }] },
    { wanted: [{ variantId: sold.otherId, quantity: 1_000_000 }] },
    { wanted: [{ variantId: sold.otherId, quantity: 1, unitPriceMinor: 1 }] },
    { payments: [{ kind: 'store_credit', amountMinor: 790 }] },
    { toPayMinor: -1 },
  ])
    expect((await send(id, { ...wish, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
  for (const [wrong, code] of [
    [{ registerId: noSuch }, 'till.register_not_found'],
    [{ registerId: beside.id }, 'till.no_open_shift'],
    [{ orderId: noSuch }, 'orders.order_not_found'],
    [{ lines: [{ ...line, quantity: 2 }] }, 'orders.not_returnable'],
    [{ lines: [{ ...line, lineId: noSuch }] }, 'orders.return_line_unknown'],
    [{ lines: [line, line] }, 'orders.return_line_twice'],
    [{ wanted: [{ variantId: noSuch, quantity: 1 }] }, 'orders.not_sold'],
    [{ refundTo: 'store_credit' }, 'orders.credit_for_members'],
    [{ toPayMinor: 700, payments: [{ ...cash, amountMinor: 700 }] }, 'orders.total_changed'],
    [{ payments: [] }, 'till.payments_differ'],
    [{ payments: [{ ...cash, tenderedMinor: 500 }] }, 'till.tendered_too_little'],
  ] as const)
    expect((await send(id, { ...wish, ...wrong })).body, code).toMatchObject({ type: `/problems/${code}` });
  const scarce = { wanted: [{ variantId: sold.otherId, quantity: 3 }], toPayMinor: 4790 };
  const paid = { payments: [{ ...cash, amountMinor: 4790, tenderedMinor: 5000 }] };
  expect((await send(id, { ...wish, ...scarce, ...paid })).status).toBe(409);
  expect([await returnsOf(db, orderId), await drawerOf(db, registerId), await sold.onHand()]).toEqual([
    [],
    11_210,
    [1, 2],
  ]);

  const answers = await Promise.all([1, 2, 3].map(() => send(id, wish)));
  const [first] = answers;
  const done = {
    returnId: id,
    orderId: orderInExchange(id),
    number: expect.stringMatching(/./) as unknown,
    currency: 'EUR',
    paidMinor: 790,
    changeMinor: 210,
    cashBackMinor: 0,
    exchangedAt: expect.stringMatching(/Z$/) as unknown,
    receiptCode: expect.stringMatching(/./) as unknown,
  };
  expect(first).toEqual({ status: 200, body: done });
  for (const answer of answers) expect(answer).toEqual(first);
  for (const other of [
    { registerId: beside.id },
    { lines: [{ ...line, reason: 'late' }] },
    { wanted: [{ variantId: sold.variantId, quantity: 1 }] },
    { payments: [{ kind: 'card', amountMinor: 790, reference: '0001' }] },
  ])
    expect(await send(id, { ...wish, ...other }), JSON.stringify(other)).toMatchObject({
      status: 409,
      body: { type: '/problems/till.sale_differs' },
    });
  expect([await drawerOf(db, registerId), await sold.onHand()]).toEqual([12_000, [2, 1]]);
  expect(await returnsOf(db, orderId)).toMatchObject([
    { id, state: 'closed', exchange: { valueMinor: 1210, paidMinor: 1210, owedMinor: 0 } },
  ]);
  expect(await readOrder(db, orderInExchange(id))).toMatchObject({
    totalMinor: 2000,
    outstandingMinor: 0,
    touchpoint: 'till',
  });
  const { rows } = await sql`
    select actor, data from identity.audit where action = 'goods_taken_in' and subject = ${`return:${id}`}`.execute(
    db,
  );
  const data = { registerId, orderId, refundTo: 'original', cashMinor: 0, inExchange: orderInExchange(id) };
  expect(rows).toEqual([{ actor: `member:${memberId}`, data }]);
});

test('what cheaper goods leave over is told to be given out of the drawer, and a retry tells it again', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const sold = await soldBeside(db, databaseUrl, deps, 500);
  const send = asking(app, sold.cookie);
  expect((await send('quotes', sold.offer)).body).toMatchObject({ toPayMinor: 0, backMinor: 710 });
  const id = randomUUID();
  const wish = { ...sold.offer, toPayMinor: 0, payments: [] };
  const colleague = asking(app, (await aSignedInMember(deps, ['associate'])).cookie);
  for (const [attempt, by] of Object.entries({ first: send, retry: send, 'by a colleague': colleague }))
    expect(await by(id, wish), attempt).toMatchObject({
      status: 200,
      body: { paidMinor: 0, changeMinor: 0, cashBackMinor: 710 },
    });
  expect(await drawerOf(db, sold.registerId)).toBe(10_500);
  expect(await readOrder(db, sold.orderId)).toMatchObject({ refundedMinor: 710, outstandingMinor: 0 });
});
