import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aCart, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { contactsOf, questionLink } from '#modules/satisfaction/index.ts';
import { GUEST } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

test('service notes on the order’s page what a customer asked, once, and settles it later: then the order’s page asks how it went', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1001);
  const { orderId } = aWish('', 0);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1001 + 495, { orderId });
  await placeOrder(placingDeps(db), GUEST, wish);
  const path = `/desk/orders/${orderId}`;
  const [desk, merchant] = [
    await aSignedInBrowser(app, deps, ['service']),
    await aSignedInBrowser(app, deps, ['merchant']),
  ];
  const empty = await desk.open(path);
  expect(empty.body).toContain('Nobody asked about this order yet.');
  const form = empty.body.slice(empty.body.indexOf(`action="${path}/contact"`));
  const id = fieldOf(form, 'id') ?? '';
  const facts = { id, matter: 'delivery', touchpoint: 'till', settled: 'no' };
  for (const _ of ['sent', 'again']) {
    const sent = await desk.send(`${path}/contact`, facts);
    expect([sent.statusCode, String(sent.headers.location)]).toEqual([303, expect.stringContaining(path)]);
  }
  expect(await contactsOf(db, orderId)).toMatchObject([
    { id, matter: 'delivery', touchpoint: 'till', isSettled: false },
  ]);
  expect(await questionLink(deps, orderId, 'order_page')).toBeUndefined();
  expect((await desk.open(path)).body).toMatch(/Delivery, Till, [^<]*: not settled yet/);
  const seen = await merchant.open(path);
  expect(seen.body).toContain('not settled yet');
  expect(seen.body).not.toContain(`${path}/contact`);
  for (const act of [`${path}/contact`, `${path}/contact/settlement`])
    expect((await merchant.send(act, act.endsWith('contact') ? facts : { id })).statusCode, act).toBe(403);

  expect((await desk.send(`${path}/contact/settlement`, { id })).statusCode).toBe(303);
  expect((await desk.open(path)).body).toMatch(/Delivery, Till, [^<]*: settled/);
  expect(await questionLink(deps, orderId, 'order_page')).toMatch(/^\/opinion\//);
  const figures = await desk.open('/desk/satisfaction');
  expect(figures.body).toContain('–: 0 of 0 matters. Not judged yet: 1.');
  expect((await desk.send(`${path}/contact/settlement`, { id: randomUUID() })).statusCode).toBe(404);
});
