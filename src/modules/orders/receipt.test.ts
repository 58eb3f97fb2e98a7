import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { addJob } from '#platform/events.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aCart, aMember, aStockedVariant, aWish, placed, placingDeps } from './factory.ts';
import { placeOrder } from './place-order.ts';
import { mailReceipt, queueReceipts } from './receipt.ts';

test('a guest gets one receipt, with the way back to the order', async ({
  db,
  databaseUrl,
  deps,
  outbox,
  work,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1250);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2995);
  const address = { ...wish.address, email: 'guest@example.com', name: '<b>Gus</b>' };
  const { number } = await placed(placingDeps(db), GUEST, { ...wish, address });

  await work();
  await inTransaction(db, (tx) => addJob(tx, 'orders.mail_receipt', { orderId: wish.orderId }, 'again'));
  await work();

  const mails = outbox.filter(({ to }) => to === 'guest@example.com');
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toBe(`Stoa: your order ${number}`);
  expect(mails[0]?.text).toContain('2 × A vase (Colour: Sage)  €25.00');
  expect(mails[0]?.text).toContain('Total  €29.95');
  expect(mails[0]?.text).toContain(`${deps.config.publicUrl}/orders/${wish.orderId}?cart=${wish.cartId}`);
  expect(mails[0]?.html).toContain('&lt;b&gt;Gus&lt;/b&gt;');
  expect(mails[0]?.html).not.toContain('<b>Gus</b>');
});

test("a member's receipt does not carry the cart", async ({ db, databaseUrl, outbox, work }) => {
  const ada = await aMember(db);
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const wish = aWish(await aCart(db, ada, { [variantId]: 1 }), 1495);
  const address = { ...wish.address, email: 'member@example.com' };
  await placeOrder(placingDeps(db), ada, { ...wish, address });

  await work();

  const [mail] = outbox.filter(({ to }) => to === 'member@example.com');
  expect(mail?.text).toMatch(new RegExp(`/orders/${wish.orderId}#via=c[\\w-]{38}\n`));
});

test('a mail server that is away, or a worker that died, is no reason for no receipt', async ({
  db,
  databaseUrl,
  deps,
  outbox,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);
  const { orderId } = wish;
  const address = { ...wish.address, email: 'patient@example.com' };
  await placeOrder(placingDeps(db), GUEST, { ...wish, address });
  await inTransaction(db, (tx) => queueReceipts(tx, [orderId]));

  const away = { ...deps, mailer: () => Promise.reject(new Error('no route to host')) };
  await expect(mailReceipt(away, { orderId })).rejects.toThrow('no route to host');
  const { rows: claims } = await sql<{ endsAt: Date }>`
    update orders.receipt set claimed_at = ${deps.now()} where order_id = ${orderId}
    returning claimed_at + interval '10 minutes' as "endsAt"`.execute(db);
  await mailReceipt(deps, { orderId });
  const { rows: jobs } = await sql<{ runAt: Date }>`
    select run_at as "runAt" from graphile_worker.jobs where key = ${`orders.mail_receipt:${orderId}`}`.execute(
    db,
  );
  expect(jobs.map(({ runAt }) => runAt)).toEqual(claims.map(({ endsAt }) => endsAt));
  expect(outbox.filter(({ to }) => to === 'patient@example.com')).toEqual([]);
  const later = { ...deps, now: () => new Date(Date.now() + 11 * 60_000) };
  for (const _ of ['sent', 'sent already']) await mailReceipt(later, { orderId });

  expect(outbox.filter(({ to }) => to === 'patient@example.com')).toHaveLength(1);
});
