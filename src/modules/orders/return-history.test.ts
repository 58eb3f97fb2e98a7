import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { test } from '#test/harness.ts';
import { settleAll } from '../payments/factory.ts';
import { cancelUnits } from './cancel.ts';
import { exchange, orderInExchange } from './exchange.ts';
import { anExchangeableOrder, placingDeps, send } from './factory.ts';
import { readOrder } from './order.ts';
import { requestReturn } from './return-request.ts';
import { takeReturnStep } from './return-step.ts';
import { returnsOf } from './returns.ts';

const RUNS = Number(process.env['STOA_RUNS'] ?? 4);

const units = fc.integer({ min: 1, max: 2 });
const act = fc.oneof(
  fc.record({ what: fc.constantFrom('send' as const, 'cancel' as const), units }),
  fc.record({ what: fc.constantFrom('return' as const, 'claim' as const, 'exchange' as const), units }),
  fc.record({ what: fc.constantFrom('cancel the last' as const, 'let go' as const), units }),
  fc.record({
    what: fc.constant('inspect' as const),
    units,
    found: fc.constantFrom('restock', 'damage', 'refuse'),
  }),
);

/** What stock must be: of each variant, what was there, less what was sent, with what came back. */
async function stockOf(db: Db, variantId: string) {
  const { rows } = await sql<{ level: string; free: string; ledger: string; gone: string; back: string }>`
    select sum(on_hand) as level, sum(on_hand - allocated - reserved) as free,
      (select sum(on_hand_delta) from inventory.stock_movement where variant_id = ${variantId}) as ledger,
      (select coalesce(sum(sent.quantity), 0) from orders.shipped_line sent
        join orders.order_line line on line.id = order_line_id where variant_id = ${variantId}) as gone,
      (select coalesce(sum(found.quantity), 0) from orders.return_inspection found
        join orders.order_line line on line.id = order_line_id
        where variant_id = ${variantId} and outcome = 'restock') as back
    from inventory.stock_level where variant_id = ${variantId}`.execute(db);
  const row = rows[0];
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
}

test('whatever is sent, cancelled, given back, claimed and exchanged: money, stock and units add up', async ({
  db,
  databaseUrl,
}) => {
  const history = fc.array(act, { minLength: 4, maxLength: 12 });
  const run = fc.asyncProperty(history, async (acts) => {
    const order = await anExchangeableOrder(db, databaseUrl, { units: 4, sent: 1, others: 6 });
    const { orderId, lineId, otherId, locationId, cartId } = order;
    const now = new Date();
    const opened: string[] = [];
    const exchanged: string[] = [];
    const inStep = (requestId: string, facts: object) =>
      inTransaction(db, (tx) =>
        takeReturnStep(
          tx,
          { id: randomUUID(), requestId, actor: 'system', to: 'received', locationId, ...facts },
          now,
        ),
      );
    const left = async () => {
      const { rows } = await sql<{ left: number }>`
        select (quantity - (select coalesce(sum(quantity), 0) from orders.shipped_line where order_line_id = line.id)
          - (select coalesce(sum(quantity), 0) from orders.cancellation_line where order_line_id = line.id))::integer as left
        from orders.order_line line where id = ${lineId}`.execute(db);
      return rows[0]?.left ?? 0;
    };
    const base = (quantity: number) => ({
      id: randomUUID(),
      orderId,
      touchpoint: 'web',
      refundTo: 'original' as const,
      lines: [{ lineId, quantity, reason: 'other' as const }],
    });
    const does = {
      send: async (count: number) => {
        if ((await left()) >= count) await send(db, order, count);
      },
      cancel: async (count: number) => {
        const wish = { id: randomUUID(), orderId, reason: 'a test', actor: 'system' };
        await inTransaction(db, (tx) => cancelUnits(tx, { ...wish, lines: [{ lineId, quantity: count }] }));
      },
      return: async (count: number) => {
        const wish = { ...base(count), kind: 'return' as const };
        await inTransaction(db, (tx) => requestReturn(tx, wish, { actor: 'guest' }, now));
        opened.push(wish.id);
      },
      claim: async (count: number) => {
        const wish = { ...base(count), kind: 'claim' as const };
        await inTransaction(db, (tx) => requestReturn(tx, wish, { actor: 'guest' }, now));
        await inStep(wish.id, { to: 'approved' });
      },
      exchange: async (count: number) => {
        const wish = { ...base(count), kind: 'return' as const, toPayMinor: 0 };
        const wanted = [{ variantId: otherId, quantity: count }];
        await exchange(placingDeps(db), GUEST, { ...wish, wanted }, cartId);
        opened.push(wish.id);
        exchanged.push(orderInExchange(wish.id));
      },
      'cancel the last': async () => {
        const id = opened.pop();
        if (id !== undefined) await inStep(id, { to: 'cancelled' });
      },
      'let go': async () => {
        const id = exchanged.at(-1);
        const wish = { id: randomUUID(), orderId: id ?? '', reason: 'a test', actor: 'system' };
        if (id !== undefined) await inTransaction(db, (tx) => cancelUnits(tx, wish));
      },
      inspect: async (count: number, found: string) => {
        const id = opened.pop();
        if (id === undefined) return;
        await inStep(id, {});
        const asked = (await returnsOf(db, orderId)).find((each) => each.id === id)?.lines[0]?.quantity ?? 0;
        const none = { lineId, restock: 0, damage: 0, refuse: 0 };
        await inStep(id, { to: 'inspected', lines: [{ ...none, [found]: Math.min(asked, count) }] });
      },
    };
    for (const each of acts) {
      await does[each.what](each.units, 'found' in each ? each.found : '').catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error; // refused by name: nothing changed
      });
      await settleAll(db);
    }

    const requests = await returnsOf(db, orderId);
    const owed = new Map(requests.map((each) => [each.exchange?.orderId, each.exchange?.owedMinor ?? 0]));
    for (const id of [orderId, ...exchanged]) {
      const { totalMinor, reducedMinor, capturedMinor, refundedMinor, creditedMinor, ...rest } =
        await readOrder(db, id);
      // By another way: what the goods have still to pay is all that may be outstanding.
      const outstanding = totalMinor - reducedMinor - capturedMinor + refundedMinor + creditedMinor;
      expect([rest.outstandingMinor, outstanding]).toEqual([owed.get(id) ?? 0, owed.get(id) ?? 0]);
    }
    const first = await readOrder(db, orderId);
    const paid = requests.reduce((sum, each) => sum + (each.exchange?.paidMinor ?? 0), 0);
    const values = await Promise.all(exchanged.map((id) => readOrder(db, id)));
    const undone = values.reduce((sum, each) => sum + each.refundedMinor, 0);
    expect(first.creditedMinor).toBe(paid - undone);
    const own = await stockOf(db, order.variantId);
    expect([own['level'], own['ledger']]).toEqual([
      6 - (own['gone'] ?? 0) + (own['back'] ?? 0),
      own['level'],
    ]);
    const other = await stockOf(db, otherId);
    const wanted = values.reduce(
      (sum, { lines }) => sum + (lines[0]?.quantity ?? 0) - (lines[0]?.cancelledQuantity ?? 0),
      0,
    );
    expect([other['level'], other['free']]).toEqual([6, 6 - wanted]);
  });
  await fc.assert(run, { numRuns: RUNS });
});
