import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aShippedOrder, bringBack, request, send } from './factory.ts';
import { giveGoodsCostBack, noteGoodsCost } from './goods-cost.ts';

const entriesOf = async (db: Db, orderId: string) => {
  const { rows } = await sql<{ kind: string; units: number; value_minor: number }>`
    select kind, units, value_minor from orders.goods_cost_entry where order_id = ${orderId} order by id`.execute(
    db,
  );
  return rows.map(({ kind, units, value_minor: value }) => [kind, units, value]);
};

test('each unit’s cost is with its line from the parcel to the shelf, and what is spoilt is told apart', async ({
  db,
  databaseUrl,
}) => {
  const bought = await aShippedOrder(db, databaseUrl, { sent: 0 });
  const level = sql`where variant_id = ${bought.variantId}`;
  await sql`update inventory.stock_level set value_minor = 502 ${level}`.execute(db);
  await send(db, bought, 1);
  await send(db, bought, 2);
  await bringBack(db, bought, await request(db, bought, 2), { restock: 1, damage: 1 });
  await bringBack(db, bought, await request(db, bought, 1), { restock: 1 });

  expect(await entriesOf(db, bought.orderId)).toEqual([
    ['sent', 1, 100],
    ['sent', 2, 201], // of the 402 that four cost
    ['back', -2, -200],
    ['spoilt', 1, 100], // of the 401 that four cost together with those that lay there
    ['back', -1, -101],
  ]);
  const { rows } = await sql`select value_minor from inventory.stock_level ${level}`.execute(db);
  expect(rows).toEqual([{ value_minor: 402 }]); // 502 less the spoilt one
});

test('two lines of one variant share what it cost, and nothing is lost between them', async ({
  db,
  databaseUrl,
}) => {
  const [one, other] = [
    await aShippedOrder(db, databaseUrl, { sent: 0 }),
    await aShippedOrder(db, databaseUrl, { sent: 0 }),
  ];
  const moving = () => ({ ...one, documentId: randomUUID(), at: new Date() });
  const lines = [one, other].map(({ lineId }, n) => ({ lineId, variantId: 'a', units: n + 1 }));
  await inTransaction(db, (tx) =>
    noteGoodsCost(tx, 'sent', moving(), lines, [{ variantId: 'a', valueDeltaMinor: -100 }]),
  );
  const back = await inTransaction(db, (tx) => giveGoodsCostBack(tx, moving(), lines));

  expect(back.map(({ valueMinor }) => valueMinor)).toEqual([33, 67]);
  const again = await inTransaction(db, (tx) => giveGoodsCostBack(tx, moving(), lines));
  expect(again.map(({ valueMinor }) => valueMinor)).toEqual([0, 0]);
});

test('what is written stands: no entry is changed or taken away', async ({ db, databaseUrl }) => {
  const { orderId } = await aShippedOrder(db, databaseUrl);
  const change = sql`update orders.goods_cost_entry set value_minor = 1 where order_id = ${orderId}`;
  await expect(change.execute(db)).rejects.toThrow('append-only');
});
