import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aPayment, carryOut } from '#modules/payments/factory.ts';
import { giveBack, refusedRefunds, testProvider } from '#modules/payments/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser } from '../factory.ts';

test('staff see every ledger that is theirs, with files of the days they choose', async ({ app, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  const { body } = await desk.open('/desk/exports?from=2026-05-01&to=2026-05-31&format=json');
  expect(body).toContain(
    'href="/v1/exports/orders.json?from=2026-04-30T22%3A00%3A00.000Z&amp;to=2026-05-31T22%3A00%3A00.000Z"',
  );
  expect(body).toContain('href="/v1/exports/stock_positions.json?at=2026-05-31T22%3A00%3A00.000Z"');
  expect(body).toContain('href="/v1/exports/stock_levels.json"');
  expect(body).not.toContain('/v1/exports/audit');
  expect((await desk.open('/desk/exports?format=xls')).statusCode).toBe(400);
  expect((await aBrowser(app).open('/desk/exports')).statusCode).toBe(303);
});

test('the desk tells of a refused refund and sees to it, once, by those who serve buyers', async ({
  app,
  deps,
  db,
}) => {
  const orderId = randomUUID();
  await aPayment(db, orderId, 1000);
  const wish = { id: randomUUID(), orderId, amountMinor: 400, reason: 'It broke', actor: 'system' };
  await inTransaction(db, (tx) => giveBack(tx, wish, new Date()));
  const { rows } = await sql<{
    id: string;
  }>`select id from payments.operation where state = 'pending'`.execute(db);
  const refund = async () => ({ state: 'refused' as const, reason: '<disputed>' });
  await carryOut(deps, { operationId: rows[0]?.id }, () => ({ ...testProvider(db), refund }));

  const service = await aSignedInBrowser(app, deps, ['service']);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await service.open('/desk')).body).toContain('A refund was refused');
  expect((await merchant.open('/desk')).body).not.toContain('A refund was refused');
  expect((await merchant.open('/desk/refunds')).statusCode).toBe(403);
  const listed = (await service.open('/desk/refunds')).body;
  expect(listed).toContain('&lt;disputed>');
  expect(listed).toContain('€4.00');
  const address = `/desk/refunds/${rows[0]?.id}`;
  expect((await service.open(address)).body).toContain('has no account');
  expect((await service.send(address, { answer: 'by_hand', reference: ' ' })).statusCode).toBe(422);
  expect((await service.send(address, { answer: 'credit' })).statusCode).toBe(422);
  expect((await merchant.send(address, { answer: 'again' })).statusCode).toBe(403);
  expect(await refusedRefunds(db, { limit: 5 })).toHaveLength(1);
  const paid = { answer: 'by_hand', reference: 'SEPA 77' };
  for (const attempt of ['first', 'retry']) {
    const done = await service.send(address, paid);
    expect([done.statusCode, done.headers.location], attempt).toEqual([303, '/desk/refunds']);
  }
  expect((await service.open('/desk/refunds')).body).toContain('No refund waits for anybody');
});
