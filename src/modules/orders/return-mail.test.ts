import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aShippedOrder } from './factory.ts';
import { mailReturn } from './return-mail.ts';
import { requestReturn } from './return-request.ts';

test('a return’s mail comes once, also when the worker that claimed it died: it is looked at when the claim is over', async ({
  db,
  databaseUrl,
  deps,
  outbox,
}) => {
  const { orderId, lineId } = await aShippedOrder(db, databaseUrl);
  const wish = {
    id: randomUUID(),
    orderId,
    kind: 'return' as const,
    touchpoint: 'web',
    refundTo: 'original' as const,
    lines: [{ lineId, quantity: 1, reason: 'changed_mind' as const }],
  };
  await inTransaction(db, (tx) => requestReturn(tx, wish, { actor: 'guest' }, new Date()));
  const payload = { requestId: wish.id, about: 'requested' };
  const away = { ...deps, mailer: () => Promise.reject(new Error('no route to host')) };
  await expect(mailReturn(away, payload)).rejects.toThrow('no route to host');

  const { rows: claims } = await sql<{ endsAt: Date }>`
    update orders.return_mail set claimed_at = ${deps.now()} where request_id = ${wish.id}
    returning claimed_at + interval '10 minutes' as "endsAt"`.execute(db);
  outbox.length = 0;
  await mailReturn(deps, payload);
  expect(outbox).toEqual([]);
  const { rows: jobs } = await sql<{ runAt: Date }>`
    select run_at as "runAt" from graphile_worker.jobs
    where key = ${`orders.mail_return:${wish.id} requested`}`.execute(db);
  expect(jobs.map(({ runAt }) => runAt)).toEqual(claims.map(({ endsAt }) => endsAt));

  const later = { ...deps, now: () => new Date(Date.now() + 11 * 60_000) };
  for (const _ of ['sent', 'sent already']) await mailReturn(later, payload);
  expect(outbox.map(({ subject }) => subject.replace(/ST-\S*/, '#'))).toEqual([
    'Stoa: your return of order #',
  ]);
});
