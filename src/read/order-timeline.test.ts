import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { exchange, requestReturn, takeReturnStep } from '#modules/orders/index.ts';
import { anExchangeableOrder, aShippedOrder, placingDeps } from '#modules/orders/factory.ts';
import { seedMember } from '#modules/identity/index.ts';
import { GUEST, type Viewer } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test as base } from '#test/harness.ts';
import { orderTimeline } from './order-timeline.ts';

const test = base.extend('clerk', { scope: 'file' }, async ({ deps }): Promise<Viewer> => {
  const wish = { name: 'Cleo Clerk', email: 'cleo@example.com', password: 'a stoa is a covered walk' };
  const memberId = await seedMember(deps, { ...wish, staffRoles: ['service'] });
  return { ...GUEST, kind: 'member', memberId, staffRoles: ['service'] };
});

/** What the time line tells of returns, with who did it. */
async function told(db: Db, orderId: string) {
  const entries = await orderTimeline(db, orderId);
  return entries
    .filter(({ kind }) => /return|claim|exchange/.test(kind) && !kind.endsWith('_sent'))
    .map(({ kind, by, actorName }) => `${kind} by ${actorName ?? by}`);
}

type Step = Omit<Parameters<typeof takeReturnStep>[1], 'id' | 'requestId' | 'actor'>;

const stepsOf = async (db: Db, requestId: string, actor: string, steps: readonly Step[]) => {
  for (const step of steps)
    await inTransaction(db, (tx) =>
      takeReturnStep(tx, { id: randomUUID(), requestId, actor, ...step }, new Date()),
    );
};

test('the time line tells of a return from its start, each step, by whom, what was found and the mails', async ({
  db,
  databaseUrl,
  clerk,
  work,
}) => {
  const { orderId, lineId, locationId } = await aShippedOrder(db, databaseUrl);
  const id = randomUUID();
  const wish = { id, orderId, touchpoint: 'till', refundTo: 'original' as const };
  const lines = [{ lineId, quantity: 3, reason: 'does_not_fit' as const }];
  await inTransaction(db, (tx) =>
    requestReturn(tx, { ...wish, kind: 'return', lines }, { actor: 'guest' }, new Date()),
  );
  await stepsOf(db, id, `member:${clerk.memberId}`, [
    { to: 'approved' },
    { to: 'received', locationId },
    { to: 'inspected', lines: [{ lineId, restock: 1, damage: 1, refuse: 1 }] },
    { to: 'closed' },
  ]);
  await work();
  expect(await told(db, orderId)).toEqual([
    'return_requested by buyer',
    'return_approved by Cleo Clerk',
    'return_received by Cleo Clerk',
    'return_inspected by Cleo Clerk',
    'returned by Cleo Clerk',
    'return_closed by Cleo Clerk',
  ]);
  const timeline = await orderTimeline(db, orderId);
  const facts = (kind: string) => timeline.find((each) => each.kind === kind)?.facts;
  expect(facts('return_requested')).toEqual({
    returnId: id,
    touchpoint: 'till',
    units: 3,
    whyBack: 'does_not_fit',
  });
  expect(facts('return_inspected')).toEqual({ returnId: id, restocked: 1, damaged: 1, refused: 1 });
  expect(facts('returned')).toMatchObject({ amountMinor: 2002 });
  expect(
    timeline
      .filter(({ kind }) => kind.endsWith('_sent'))
      .map(({ kind }) => kind)
      .toSorted(),
  ).toEqual(['receipt_sent', 'return_approved_sent', 'return_refunded_sent', 'return_requested_sent']);
});

test('a claim is told from its start to its end', async ({ db, databaseUrl, clerk }) => {
  const { orderId, lineId } = await aShippedOrder(db, databaseUrl);
  const id = randomUUID();
  const wish = { id, orderId, touchpoint: 'service', refundTo: 'original' as const, carrier: 'test' };
  const lines = [{ lineId, quantity: 1, reason: 'damaged_on_arrival' as const }];
  const actor = `member:${clerk.memberId}`;
  await inTransaction(db, (tx) =>
    requestReturn(tx, { ...wish, kind: 'claim', lines }, { actor }, new Date()),
  );
  await stepsOf(db, id, actor, [{ to: 'approved' }]);
  expect((await told(db, orderId)).slice(0, 3)).toEqual([
    'claim_requested by Cleo Clerk',
    'claim_approved by Cleo Clerk',
    'returned by Cleo Clerk',
  ]);
});

test('an exchange is told by both of its orders', async ({ db, databaseUrl, clerk }) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const { orderId, lineId, otherId, locationId, cartId } = bought;
  const wish = {
    id: randomUUID(),
    orderId,
    kind: 'return' as const,
    touchpoint: 'web',
    refundTo: 'original' as const,
    lines: [{ lineId, quantity: 1, reason: 'does_not_fit' as const }],
    wanted: [{ variantId: otherId, quantity: 1 }],
    toPayMinor: 0,
  };
  const placed = await exchange(placingDeps(db), GUEST, wish, cartId);
  await stepsOf(db, wish.id, `member:${clerk.memberId}`, [
    { to: 'approved' },
    { to: 'received', locationId },
    { to: 'inspected', lines: [{ lineId, restock: 1, damage: 0, refuse: 0 }] },
  ]);
  expect((await told(db, orderId)).toSorted()).toEqual(
    [
      'return_requested by buyer',
      'exchange_ordered by buyer',
      'return_approved by Cleo Clerk',
      'return_received by Cleo Clerk',
      'return_inspected by Cleo Clerk',
      'exchange_released by system',
      'returned by Cleo Clerk',
      'return_closed by system',
    ].toSorted(),
  );
  expect(await told(db, placed.orderId)).toEqual(['exchange_of by buyer', 'exchange_released by system']);
});
