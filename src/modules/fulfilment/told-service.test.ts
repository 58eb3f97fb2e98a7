import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { ownConnection } from '#platform/following.ts';
import { test } from '#test/harness.ts';
import { aPlacedOrder, aSpreadVariant, partsOf } from './factory.ts';
import { takeStep } from './step.ts';
import { serviceBetween, serviceReachesTo } from './told-service.ts';

const MIGRATION = new URL('migrations/20261203T1000-fulfilment-service-entries.sql', import.meta.url);
const BEGINNING = { position: '0', number: '0' };

test('a transaction writes a part once, as it leaves it, and what is undone is not told', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  const [part] = await partsOf(db, orderId);
  const id = part?.id ?? '';
  const step = (to: 'accepted' | 'picked') => ({ id: crypto.randomUUID(), fulfilmentOrderId: id, to });
  const states = async () => {
    const { rows } = await sql<{ state: string; remaining: number }>`
      select state, (lines -> 0 ->> 'remaining')::integer as remaining from fulfilment.service_entry
      where fulfilment_order_id = ${id} order by service_entry.id`.execute(db);
    return rows.map(({ state, remaining }) => `${state} ${remaining}`);
  };
  expect(await states()).toEqual(['assigned 2']);
  await inTransaction(db, async (tx) => {
    await takeStep(tx, step('accepted'), new Date());
    await takeStep(tx, step('picked'), new Date());
    await sql`update fulfilment.fulfilment_order_line set cancelled = 1 where fulfilment_order_id = ${id}`.execute(
      tx,
    );
  });
  expect(await states()).toEqual(['assigned 2', 'picked 1']);
  const undone = inTransaction(db, async (tx) => {
    await sql`update fulfilment.fulfilment_order set state = 'packed' where id = ${id}`.execute(tx);
    throw new Error('not so');
  });
  await expect(undone).rejects.toThrow('not so');
  expect(await states()).toEqual(['assigned 2', 'picked 1']);
  await expect(sql`update fulfilment.service_entry set state = 'packed'`.execute(db)).rejects.toThrow(
    'is append-only',
  );
});

test('what was there before the ledger is in it when it is made, and is told', async ({
  db,
  databaseUrl,
}) => {
  const { variantId } = await aSpreadVariant(db, databaseUrl, [3]);
  const orderId = await aPlacedOrder(db, { [variantId]: 2 });
  const [part] = await partsOf(db, orderId);
  const returned = crypto.randomUUID();
  await sql`
    insert into orders.return (id, number, order_id, touchpoint, currency, region_code, returned_at, business_day, total_minor)
    values (${returned}, 'R1', ${orderId}, 'web', 'EUR', 'NL', '2026-11-20T10:00:00Z', '2026-11-20', 0)`.execute(
    db,
  );
  await sql`
    insert into orders.return_line (id, return_id, position, order_line_id, kind, variant_id, title, quantity,
      amount_minor, reason)
    select gen_random_uuid(), ${returned}, place, id, 'goods', variant_id, 'x', 1, 0, reason
    from orders.order_line, (values (1, 'wrong_item'), (2, 'damaged_on_arrival')) as each (place, reason)
    where order_id = ${orderId} and kind = 'goods'`.execute(db);
  // As the database was before.
  await sql`
    drop trigger note_service on fulfilment.fulfilment_order;
    drop trigger note_service on fulfilment.fulfilment_order_line;
    drop trigger note_service on fulfilment.unfillable;
    drop table fulfilment.service_entry;
    drop view fulfilment.service_now;
    drop table fulfilment.complaint;
    drop type fulfilment.complaint_kind;
    drop function fulfilment.note_service();
    alter table fulfilment.unfillable drop column let_go;
    alter table fulfilment.fulfilment_order drop column region_code, drop column touchpoint, drop column currency`.execute(
    db,
  );
  await inTransaction(db, (tx) => sql.raw(readFileSync(MIGRATION, 'utf8')).execute(tx));
  const { rows: complaints } = await sql`
    select return_id, order_id, kind, noted_at from fulfilment.complaint`.execute(db);
  const complaint = { return_id: returned, order_id: orderId, kind: 'damaged' };
  expect(complaints).toEqual([{ ...complaint, noted_at: new Date('2026-11-20T10:00:00Z') }]);
  const all = await sql<{ id: string }>`select id from fulfilment.fulfilment_order order by id`.execute(db);
  await using follower = await ownConnection(databaseUrl);
  const to = await serviceReachesTo(follower.connection, BEGINNING, 1000);
  expect(to?.position).toBe('0');
  const told = await serviceBetween(follower.connection, BEGINNING, to ?? BEGINNING, 'UTC');
  const parts = told.map(({ part_id: id }) => id).toSorted();
  expect(parts).toEqual(all.rows.map(({ id }) => id));
  const { rows: made } = await sql`
    select is_damaged, is_wrong, region_code, touchpoint, currency, state from fulfilment.service_entry
    where fulfilment_order_id = ${part?.id}`.execute(db);
  const [region, touchpoint, currency, state] = ['NL', 'web', 'EUR', 'assigned'];
  expect(made).toEqual([
    { is_damaged: true, is_wrong: false, region_code: region, touchpoint, currency, state },
  ]);
});
