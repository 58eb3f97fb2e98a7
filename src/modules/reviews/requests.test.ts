import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { reviewToken } from './author.ts';
import { aReceivedLine, aReviewedProduct } from './factory.ts';
import { mailRequest, planRequest, stopRequests } from './requests.ts';

test('a buyer is asked once for each order, by a link that opens the form, and not after saying no', async ({
  deps,
  db,
  outbox,
}) => {
  const productId = await aReviewedProduct(db);
  const email = `${randomUUID()}@example.com`;
  const order = async () => {
    const { orderId } = await aReceivedLine(db, productId, null);
    await sql`
      insert into orders.order_address (order_id, email, name, street, postcode, city, country_code)
      values (${orderId}, ${email}, 'Ada', 'A 1', '1011', 'Delft', 'NL')`.execute(db);
    return orderId;
  };
  const [first, second, failing] = [await order(), await order(), await order()];
  const { rows } = await sql`
    select due_at, sent_at from reviews.request where order_id = ${first}`.execute(db);
  expect(rows).toEqual([{ due_at: new Date('2026-11-19T10:00:00Z'), sent_at: null }]);
  await inTransaction(db, (tx) => planRequest(tx, first, '2026-11-20T10:00:00Z')); // its second parcel

  await mailRequest(deps, { orderId: first });
  await mailRequest(deps, { orderId: first });
  const sent = () => outbox.filter(({ to }) => to === email);
  expect(sent()).toHaveLength(1);
  expect(sent()[0]?.text).toContain(
    `/p/p-${productId}/review?order=${encodeURIComponent(reviewToken(deps.config, first))}`,
  );

  const broken = { ...deps, mailer: () => Promise.reject(new Error('no server')) };
  await expect(mailRequest(broken, { orderId: failing })).rejects.toThrow('no server');
  await mailRequest(deps, { orderId: failing });
  expect(sent()).toHaveLength(2);

  await stopRequests(deps, reviewToken(deps.config, first));
  await mailRequest(deps, { orderId: second });
  expect(sent()).toHaveLength(2);
});
