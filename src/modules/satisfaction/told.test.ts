import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aLocation } from '#modules/inventory/factory.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { anAddressedOrder } from './factory.ts';
import { afterReturn, questionId } from './occasions.ts';

test('a return is of the store or warehouse that took it in, told again it stays so, and one that never came is of none', async ({
  db,
}) => {
  const orderId = await anAddressedOrder(db, {});
  const locationId = await aLocation(db);
  const aReturn = async (received: string | null) => {
    const returnId = randomUUID();
    await sql`
      insert into orders.return_request (id, order_id, kind, state, touchpoint, refund_to, location_id, requested_at, moved_at)
      values (${returnId}, ${orderId}, 'return', 'received', 'till', 'original', ${received}, now(), now())`.execute(
      db,
    );
    return returnId;
  };
  const tell = (returnId: string) =>
    inTransaction(db, (tx) =>
      afterReturn(tx, {
        returnId,
        orderId,
        number: 'R-1',
        customerId: null,
        touchpoint: 'till',
        source: 'stoa',
        regionCode: 'NL',
        currency: 'EUR',
        businessDay: '2026-11-02',
        occurredAt: '2026-11-02T10:00:00Z',
        lines: [],
      }),
    );
  const [came, onTrust, imported] = [await aReturn(locationId), await aReturn(null), randomUUID()];
  for (const returnId of [came, onTrust, imported]) await tell(returnId);
  await sql`update orders.return_request set location_id = ${locationId} where id = ${onTrust}`.execute(db);
  await tell(onTrust);
  const { rows } = await sql<{ id: string; location: string | null }>`
    select id, location_id as location from satisfaction.question where order_id = ${orderId}`.execute(db);
  expect(new Map(rows.map(({ id, location }) => [id, location]))).toEqual(
    new Map([
      [questionId('return', came), locationId],
      [questionId('return', onTrust), null],
      [questionId('return', imported), null],
    ]),
  );
});
