import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { aGiftCard, aPayment, payingDeps } from './factory.ts';
import { holdParts } from './holds.ts';
import { carryOut, carryOutLeft } from './operations.ts';
import { capture, giveBack, moneyOf } from './order-money.ts';
import { spendHolds } from './payment.ts';
import type { AskedOperation, OperationAnswer, PaymentProvider } from './provider.ts';
import { testProvider } from './test-provider.ts';

const later = () => new Date(Date.now() + 120_000);

/** What a provider may do to whoever asks it. */
const MOODS = ['answers', 'declines', 'answers late', 'is away'] as const;

/** A provider that did a thing never says afterwards that it declined it. */
const done = new Set<string>();

function moody(db: Db, mood: (typeof MOODS)[number]): PaymentProvider {
  const provider = testProvider(db);
  const asks =
    (kind: 'capture' | 'void' | 'refund') =>
    async (operation: AskedOperation): Promise<OperationAnswer> => {
      if (mood === 'is away') throw new Error('the provider is away');
      if (mood === 'declines' && !done.has(operation.operationId))
        return { state: 'refused', reason: 'declined' };
      const answer = await provider[kind](operation);
      done.add(operation.operationId);
      if (mood === 'answers late') throw new Error('its answer was lost');
      return answer;
    };
  return { ...provider, capture: asks('capture'), void: asks('void'), refund: asks('refund') };
}

const pendingOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ id: string }>`
    select operation.id from payments.operation join payments.payment on payment.id = payment_id
    where order_id = ${orderId} and operation.state = 'pending' order by asked_at, operation.id`.execute(db);
  return rows.map(({ id }) => id);
};

/** Every way in which the books of an order could disagree; all are null or zero. */
async function disagreements(db: Db, orderId: string) {
  const { rows } = await sql`
    select payment.id, authorized_minor, captured_minor, voided_minor, refunded_minor,
      to_capture_minor + to_void_minor + to_refund_minor as claimed,
      (select coalesce(sum(amount_minor) filter (where kind = 'authorized'), 0) from payments.entry e where e.payment_id = payment.id) as authorized,
      (select coalesce(sum(amount_minor) filter (where kind = 'captured'), 0) from payments.entry e where e.payment_id = payment.id) as captured,
      (select coalesce(sum(amount_minor) filter (where kind = 'voided'), 0) from payments.entry e where e.payment_id = payment.id) as voided,
      (select coalesce(sum(amount_minor) filter (where kind = 'refunded'), 0) from payments.entry e where e.payment_id = payment.id) as refunded
    from payments.payment where order_id = ${orderId}`.execute(db);
  const { rows: books } = await sql`
    select p.id from payments.payment p join payments.test_payment b on b.payment_id = p.id
    where order_id = ${orderId} and (b.authorized_minor, b.captured_minor, b.voided_minor, b.refunded_minor)
      is distinct from (p.authorized_minor, p.captured_minor, p.voided_minor, p.refunded_minor)`.execute(db);
  const sums = rows as Record<string, unknown>[];
  const wrong = sums.filter(
    (row) =>
      Number(row['authorized']) !== row['authorized_minor'] ||
      Number(row['captured']) !== row['captured_minor'] ||
      Number(row['voided']) !== row['voided_minor'] ||
      Number(row['refunded']) !== row['refunded_minor'] ||
      row['claimed'] !== 0,
  );
  return { wrong, books };
}

/** By another way than the one that pages take: what is still promised, less what a provider would not give back. */
async function outstandingByPayments(db: Db, orderId: string): Promise<number> {
  const { rows } = await sql<{ outstanding: string }>`
    select coalesce(sum(authorized_minor - captured_minor - voided_minor), 0) - coalesce((
      select sum(operation.amount_minor) from payments.operation join payments.payment on payment.id = payment_id
      where order_id = ${orderId} and kind in ('void', 'refund') and operation.state = 'refused'), 0) as outstanding
    from payments.payment where order_id = ${orderId}`.execute(db);
  return Number(rows[0]?.outstanding);
}

const step = fc.oneof(
  fc.record({ what: fc.constant('capture' as const), amount: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ what: fc.constant('give back' as const), amount: fc.integer({ min: 1, max: 500 }) }),
  fc.record({
    what: fc.constant('provider' as const),
    mood: fc.constantFrom(...MOODS),
    times: fc.constantFrom(1, 2),
  }),
);

test('whatever happens to its payments: total = captured − refunded + reduced + outstanding, and the books agree', async ({
  db,
}) => {
  const history = fc.record({
    card: fc.integer({ min: 1, max: 1000 }),
    capture: fc.constantFrom('now' as const, 'later' as const),
    gift: fc.integer({ min: 0, max: 300 }),
    steps: fc.array(step, { maxLength: 8 }),
  });
  const run = fc.asyncProperty(history, async ({ card, capture: when, gift, steps }) => {
    const [orderId, attemptId, now] = [randomUUID(), randomUUID(), new Date()];
    const totalMinor = card + gift;
    if (gift > 0) {
      const { code } = await aGiftCard(db, gift);
      const asked = { orderId, attemptId, customerId: undefined, totalMinor, currency: 'EUR' };
      await inTransaction(db, async (tx) => {
        expect(await holdParts(tx, asked, [{ kind: 'gift_card', code }], now)).toBe(card);
        await spendHolds(tx, attemptId, now);
      });
    }
    await aPayment(db, orderId, card, when);
    for (const each of steps) {
      if (each.what === 'provider') {
        for (const operationId of await pendingOf(db, orderId)) {
          const asked = () => carryOut(payingDeps(db), { operationId }, () => moody(db, each.mood));
          await Promise.allSettled(Array.from({ length: each.times }, asked));
        }
        continue;
      }
      const id = randomUUID();
      const wish = { id, orderId, amountMinor: each.amount, reason: 'a test', actor: 'system' };
      const asked = inTransaction<unknown>(db, (tx) =>
        each.what === 'capture'
          ? capture(tx, { id, orderId, upToMinor: each.amount }, now)
          : giveBack(tx, wish, now),
      );
      await asked.catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error; // refused: more than is left, or just being taken
      });
    }
    await carryOutLeft(payingDeps(db, later));

    const { capturedMinor, refundedMinor, reducedMinor } = await moneyOf(db, orderId);
    const outstanding = totalMinor - reducedMinor - capturedMinor + refundedMinor;
    expect(outstanding).toBe(await outstandingByPayments(db, orderId));
    expect(await disagreements(db, orderId)).toEqual({ wrong: [], books: [] });
  });
  await fc.assert(run, { numRuns: 40 });
});

test('what is asked for at once is never more than there is, and each refusal has its name', async ({
  db,
}) => {
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000);
  const back = (amountMinor: number, id: string = randomUUID()) =>
    inTransaction(db, (tx) =>
      giveBack(tx, { id, orderId, amountMinor, reason: 'a test', actor: 'system' }, new Date()),
    );

  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => back(300)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'payments.more_than_is_left', data: { wantedMinor: 300, leftMinor: 100 } },
  });
  const id = randomUUID();
  expect([await back(100, id), await back(100, id)]).toEqual([true, false]);
  await expect(back(50, id)).rejects.toMatchObject({ code: 'payments.refund_differs' });
  await carryOutLeft(payingDeps(db, later));
  expect(await moneyOf(db, orderId)).toMatchObject({
    capturedMinor: 1000,
    refundedMinor: 1000,
    reducedMinor: 1000,
  });
});

test('what a capture is just taking is given back only once it is there', async ({ db }) => {
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000, 'later');
  await inTransaction(db, (tx) => capture(tx, { id: randomUUID(), orderId }, new Date()));
  const wish = { id: randomUUID(), orderId, amountMinor: 400, reason: 'a test', actor: 'system' };
  const back = () => inTransaction(db, (tx) => giveBack(tx, wish, new Date()));

  await expect(back()).rejects.toMatchObject({ code: 'payments.under_way' });
  await carryOutLeft(payingDeps(db, later));
  await back();
  await carryOutLeft(payingDeps(db, later));

  expect(await moneyOf(db, orderId)).toMatchObject({ capturedMinor: 1000, refundedMinor: 400 });
});

test('one card of 50 and twenty orders that would spend it at once: one does', async ({ db }) => {
  const { id: accountId, code } = await aGiftCard(db, 5000);
  const spend = () => {
    const asked = { orderId: randomUUID(), attemptId: randomUUID(), customerId: undefined };
    return inTransaction(db, (tx) =>
      holdParts(
        tx,
        { ...asked, totalMinor: 5000, currency: 'EUR' },
        [{ kind: 'gift_card', code }],
        new Date(),
      ),
    );
  };

  const answers = await Promise.allSettled(Array.from({ length: 20 }, spend));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { rows } = await sql`
    select balance_minor, (select sum(amount_minor)::int from payments.account_entry where account_id = account.id) as sum
    from payments.account where id = ${accountId}`.execute(db);
  expect(rows).toEqual([{ balance_minor: 0, sum: 0 }]);
});

test.for([
  ['an unknown code', { code: 'AAAA-BBBB-CCCC-DDDD' }, {}, 'EUR'],
  ['an expired card', {}, { expiresAt: new Date('2026-01-01T00:00:00Z') }, 'EUR'],
  ['a card in another currency', {}, {}, 'USD'],
] as const)('%s spends nothing', async ([, wish, facts, currency], { db }) => {
  const { code } = await aGiftCard(db, 5000, facts);
  const asked = {
    orderId: randomUUID(),
    attemptId: randomUUID(),
    customerId: undefined,
    totalMinor: 1,
    currency,
  };
  const holding = inTransaction(db, (tx) =>
    holdParts(tx, asked, [{ kind: 'gift_card', code, ...wish }], new Date()),
  );

  await expect(holding).rejects.toMatchObject({ code: 'payments.gift_card_unknown' });
});
