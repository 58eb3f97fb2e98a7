import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { levelsOf } from '#modules/inventory/index.ts';
import { aMember, aShippedOrder } from '#modules/orders/factory.ts';
import { readOrder, requestReturn, returnById, returnsOf } from '#modules/orders/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anOpenRegister, aRegister, aSoldOrder } from './factory.ts';
import { openShiftOf } from './shifts.ts';

type App = Awaited<ReturnType<typeof import('../../app.ts').buildApp>>;

const asking = (app: App, cookie: string) => async (path: string, payload: object) => {
  const headers = { cookie, origin: 'http://localhost:80' };
  const answer = await app.inject({ method: 'PUT', url: `/v1/till/${path}`, headers, payload });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
};

const drawerOf = async (db: Db, registerId: string) => (await openShiftOf(db, registerId))?.expectedMinor;
const told = (code: string) => ({ status: 409, body: { type: `/problems/${code}` } });

async function recorded(db: Db, returnId: string) {
  const { rows } = await sql<{ actor: string; data: object }>`
    select actor, data from identity.audit where action = 'goods_taken_in' and subject = ${`return:${returnId}`}`.execute(
    db,
  );
  return rows;
}

test('goods are taken back by the API once, however often and at once it is asked; other content is refused', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { cookie, memberId } = await aSignedInMember(deps, ['associate']);
  const shopper = await aSignedInMember(deps);
  const till = await anOpenRegister(db, databaseUrl, { units: 3, memberId });
  const { registerId, variantId, locationId } = till;
  const beside = await aRegister(db, { locationId });
  const { saleId: orderId } = await aSoldOrder(db, till);
  const lineId = (await readOrder(db, orderId)).lines[0]?.id ?? '';
  const put = asking(app, cookie);
  const line = { lineId, quantity: 1, reason: 'changed_mind', found: 'restock' };
  const wish = { registerId, orderId, lines: [line] };
  const path = `take-backs/${randomUUID()}`;

  expect((await asking(app, shopper.cookie)(path, wish)).status).toBe(403);
  for (const wrong of [
    { lines: [] },
    { lines: [{ ...line, quantity: 0 }] },
    { lines: [{ ...line, found: 'stolen' }] },
    { refundTo: 'cash' },
    { refundMinor: 1 },
  ])
    expect((await put(path, { ...wish, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
  const refused = [
    [{ registerId: randomUUID() }, 'till.register_not_found'],
    [{ orderId: randomUUID() }, 'orders.order_not_found'],
    [{ lines: [{ ...line, quantity: 2 }] }, 'orders.not_returnable'],
    [{ lines: [line, line] }, 'orders.return_line_twice'],
    [{ refundTo: 'store_credit' }, 'orders.credit_for_members'],
    [{ registerId: beside.id }, 'till.no_open_shift'],
  ] as const;
  for (const [wrong, code] of refused)
    expect((await put(path, { ...wish, ...wrong })).body, code).toMatchObject({ type: `/problems/${code}` });
  expect(await returnsOf(db, orderId)).toEqual([]);

  const answers = await Promise.all([1, 2, 3].map(() => put(path, wish)));
  const taken = {
    orderId,
    state: 'closed',
    currency: 'EUR',
    refundMinor: 1210,
    cashMinor: 1210,
    lines: [{ lineId, quantity: 1, restocked: 1, damaged: 0, refused: 0 }],
  };
  const returnId = path.split('/')[1] ?? '';
  for (const answer of answers) expect(answer).toEqual({ status: 200, body: { returnId, ...taken } });
  for (const other of [
    { registerId: beside.id },
    { lines: [{ ...line, found: 'damage' }] },
    { lines: [{ ...line, reason: 'late' }] },
    { refundTo: 'store_credit' },
  ])
    expect(await put(path, { ...wish, ...other }), JSON.stringify(other)).toMatchObject(
      told('till.taken_differs'),
    );
  expect(
    await put(`take-ins/${returnId}`, { registerId, lines: [{ lineId, quantity: 1, found: 'restock' }] }),
  ).toMatchObject(told('till.taken_differs'));
  expect(await drawerOf(db, registerId)).toBe(10_000);
  expect((await levelsOf(db, { locationId, variantId })).levels[0]).toMatchObject({ onHand: 3 });
  expect(await recorded(db, returnId)).toEqual([
    { actor: `member:${memberId}`, data: { registerId, orderId, refundTo: 'original', cashMinor: 1210 } },
  ]);
});

test('an announced return is taken in by the API once; a repeat that brings or finds something else is refused', async ({
  app,
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const { cookie, memberId } = await aSignedInMember(deps, ['associate']);
  const till = await anOpenRegister(db, databaseUrl, { units: 1, memberId });
  const { registerId, locationId } = till;
  const elsewhere = await anOpenRegister(db, databaseUrl, { units: 1, memberId });
  const order = await aShippedOrder(db, databaseUrl, { viewer: await aMember(db) });
  const { orderId, lineId, variantId } = order;
  await work();
  const returnId = randomUUID();
  const asked = { id: returnId, orderId, kind: 'return' as const, touchpoint: 'web' };
  const lines = [{ lineId, quantity: 3, reason: 'does_not_fit' as const }];
  await inTransaction(db, (tx) =>
    requestReturn(tx, { ...asked, refundTo: 'store_credit', lines }, { actor: 'guest' }, new Date()),
  );
  const put = asking(app, cookie);
  const path = `take-ins/${returnId}`;
  const line = { lineId, quantity: 2, found: 'restock' };
  const wish = { registerId, lines: [line] };

  for (const [wrong, code] of [
    [{ lines: [{ ...line, quantity: 4 }] }, 'orders.inspected_too_many'],
    [{ lines: [{ ...line, lineId: randomUUID() }] }, 'orders.return_line_unknown'],
    [{ lines: [line, line] }, 'orders.return_line_twice'],
  ] as const)
    expect((await put(path, { ...wish, ...wrong })).body, code).toMatchObject({ type: `/problems/${code}` });
  expect((await put(`take-ins/${randomUUID()}`, wish)).status).toBe(404);
  expect((await returnById(db, returnId)).state).toBe('requested');

  // Two registers at once with different findings: one of them is what happened.
  const other = { registerId: elsewhere.registerId, lines: [{ ...line, quantity: 1, found: 'damage' }] };
  const answers = await Promise.all([put(path, wish), put(path, other)]);
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
  const [won, lost] = answers[0]?.status === 200 ? [wish, other] : [other, wish];
  const [units, damaged] = won === wish ? [2, 0] : [1, 1];
  const taken = {
    returnId,
    orderId,
    state: 'closed',
    currency: 'EUR',
    refundMinor: units * 1001,
    cashMinor: 0,
    lines: [{ lineId, quantity: 3, restocked: units - damaged, damaged, refused: 0 }],
  };
  for (const attempt of ['retry', 'again'])
    expect(await put(path, won), attempt).toEqual({ status: 200, body: taken });
  for (const changed of [
    lost,
    { ...won, lines: [{ ...line, quantity: 3 }] },
    { ...won, lines: [{ ...line, quantity: units, found: 'refuse' }] },
  ])
    expect(await put(path, changed), JSON.stringify(changed)).toMatchObject(told('till.taken_differs'));
  expect(await readOrder(db, orderId)).toMatchObject({ creditedMinor: units * 1001, refundedMinor: 0 });
  const at = won === wish ? locationId : elsewhere.locationId;
  expect((await levelsOf(db, { locationId: at, variantId })).levels[0]).toMatchObject({
    onHand: units - damaged,
  });
  expect(await recorded(db, returnId)).toHaveLength(1);
});
