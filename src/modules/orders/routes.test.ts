import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { GUEST, type StaffRole } from '#platform/access.ts';
import { openDb } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { seedMember, signIn } from '../identity/index.ts';
import { aCart, aStockedVariant, aWish } from './factory.ts';

/** Somebody who is signed in, as a browser shows it. */
async function signedIn(deps: Deps, staffRoles?: StaffRole[]): Promise<{ cookie: string }> {
  const [email, password] = [`${randomUUID()}@example.com`, 'a stoa is a covered walk'];
  await seedMember(deps, { name: 'Ada', email, password, ...(staffRoles && { staffRoles }) });
  const ip = `10.1.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`;
  const cookies = await signIn(deps, { headers: {}, ip }, { email, password });
  return { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
}

const put = (url: string, payload: object, headers = {}) => ({
  method: 'PUT' as const,
  url,
  payload,
  headers,
});

test('a guest fills a cart, orders it, and sees the order', async ({ app, db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 4000);
  const [cartId, orderId] = [randomUUID(), randomUUID()];

  expect((await app.inject(put(`/v1/orders/carts/${cartId}`, {}))).json()).toMatchObject({
    id: cartId,
    lines: [],
  });
  const filled = await app.inject(put(`/v1/orders/carts/${cartId}/lines/${variantId}`, { quantity: 2 }));
  expect(filled.json()).toMatchObject({ goodsMinor: 8000, units: 2, lines: [{ variantId, available: 5 }] });
  const options = (await app.inject(`/v1/orders/carts/${cartId}/delivery-options`)).json();
  expect(options.deliveryOptions).toMatchObject([
    { code: 'standard', amountMinor: 0, freeFromMinor: 7500 },
    { code: 'express', amountMinor: 1295 },
  ]);
  const { orderId: _, ...wish } = aWish(cartId, 9295, { deliveryCode: 'express' });
  const placed = await app.inject(put(`/v1/orders/orders/${orderId}`, wish));
  expect(placed.statusCode).toBe(200);

  const seen = await app.inject(`/v1/orders/orders/${orderId}?cart=${cartId}`);
  expect(seen.json()).toMatchObject({
    number: placed.json().number,
    id: orderId,
    totalMinor: 9295,
    postageMinor: 1070,
  });
  for (const key of ['', `?cart=${randomUUID()}`]) {
    const refused = await app.inject(`/v1/orders/orders/${orderId}${key}`);
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toMatchObject({ type: '/problems/orders.order_not_found' });
  }
});

test('a guest buys in three calls: the cart with its lines, the ways home, the order', async ({
  app,
  db,
  databaseUrl,
}) => {
  const [one, other] = [
    await aStockedVariant(db, databaseUrl, 5, 1000),
    await aStockedVariant(db, databaseUrl, 5, 2000),
  ];
  const [cartId, orderId] = [randomUUID(), randomUUID()];
  const lines = [
    { variantId: one.variantId, quantity: 1 },
    { variantId: other.variantId, quantity: 2 },
  ];
  for (const attempt of ['first', 'retry']) {
    const filled = await app.inject(put(`/v1/orders/carts/${cartId}`, { lines }));
    expect(filled.json(), attempt).toMatchObject({ id: cartId, goodsMinor: 5000, units: 3, lines });
  }
  const url = `/v1/orders/carts/${cartId}/delivery-options?countryCode=NL`;
  const [standard] = (await app.inject(url)).json().deliveryOptions;
  const { orderId: _, ...wish } = aWish(cartId, standard.totalMinor);
  const placed = await app.inject(put(`/v1/orders/orders/${orderId}`, wish));
  expect(placed.json()).toMatchObject({ orderId });
});

test('a new cart goes by the settings of its moment, whoever changed them since the last', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1000);
  const opened = async () => {
    const given = { lines: [{ variantId, quantity: 1 }], deliverTo: { countryCode: 'NL', postcode: '1013' } };
    const { isTaxIncluded, taxMinor, totalMinor, deliveryOptions } = (
      await app.inject(put(`/v1/orders/carts/${randomUUID()}`, given))
    ).json();
    return { isTaxIncluded, taxMinor, totalMinor, delivered: deliveryOptions[0].totalMinor };
  };
  const included = { isTaxIncluded: true, taxMinor: 174, totalMinor: 1000, delivered: 1495 };
  expect(await opened()).toEqual(included);
  await using other = openDb(databaseUrl, { max: 1 });
  await sql`insert into pricing.tax_added (currency) values ('EUR')`.execute(other);
  expect(await opened()).toEqual({ isTaxIncluded: false, taxMinor: 210, totalMinor: 1210, delivered: 1809 });
  await sql`delete from pricing.tax_added`.execute(other);
  expect(await opened()).toEqual(included);
});

test('a cart that is made with a thing nobody sells is not made', async ({ app }) => {
  const [cartId, variantId] = [randomUUID(), randomUUID()];
  const lines = [{ variantId, quantity: 1 }];
  const refused = await app.inject(put(`/v1/orders/carts/${cartId}`, { lines }));
  expect(refused.json()).toMatchObject({ type: '/problems/orders.not_sold', data: { variantId } });
  expect((await app.inject(`/v1/orders/carts/${cartId}`)).statusCode).toBe(404);
});

test('a guest buys in two calls: the cart says how it gets there, as the list of ways does', async ({
  app,
  db,
  databaseUrl,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1000);
  const [cartId, orderId] = [randomUUID(), randomUUID()];
  const deliverTo = { countryCode: 'NL', postcode: '1013' };
  const lines = [{ variantId, quantity: 2 }];

  const opened = (await app.inject(put(`/v1/orders/carts/${cartId}`, { lines, deliverTo }))).json();

  const asked = `/v1/orders/carts/${cartId}/delivery-options?countryCode=NL&postcode=1013`;
  expect(opened).toMatchObject({ goodsMinor: 2000, taxMinor: 347, lines: [{ variantId, available: 5 }] });
  expect(opened.deliveryOptions).toEqual((await app.inject(asked)).json().deliveryOptions);
  expect(opened.deliveryOptions[0]).toMatchObject({ code: 'standard', totalMinor: 2495 });
  const { orderId: _, ...wish } = aWish(cartId, 2495);
  expect((await app.inject(put(`/v1/orders/orders/${orderId}`, wish))).statusCode).toBe(200);
  // What was ordered is no cart any more.
  const again = await app.inject(put(`/v1/orders/carts/${cartId}`, { lines, deliverTo }));
  expect(again.statusCode).toBe(404);
});

test('a new cart that is opened with lines is answered as it is read, and so is a retry', async ({
  app,
  db,
  databaseUrl,
}) => {
  const stocked = await Promise.all([3, 4, 5].map((units) => aStockedVariant(db, databaseUrl, units, 1000)));
  const lines = stocked.map(({ variantId }, index) => ({ variantId, quantity: index + 1 }));
  const url = `/v1/orders/carts/${randomUUID()}`;
  for (const given of [lines, lines.toReversed()]) {
    const opened = await app.inject(put(url, { lines: given, deliverTo: { countryCode: 'NL' } }));
    const { deliveryOptions: _, ...cart } = opened.json();
    expect(cart).toEqual((await app.inject(`${url}?countryCode=NL`)).json());
    expect(cart).toMatchObject({ units: 6, goodsMinor: 6000 });
    expect(cart.lines.length).toBe(3);
  }

  const unsold = { variantId: randomUUID(), quantity: 1 };
  const refused = await app.inject(
    put(`/v1/orders/carts/${randomUUID()}`, { lines: [...lines, unsold], deliverTo: { countryCode: 'NL' } }),
  );
  expect([refused.statusCode, refused.json().type]).toEqual([409, '/problems/orders.not_sold']);
});

describe('is refused as malformed', () => {
  test.for([0, -1, 100, 1_000_000, 1.5, '1', null])('a quantity of %o', async (quantity, { app }) => {
    const url = `/v1/orders/carts/${randomUUID()}/lines/${randomUUID()}`;
    const answer = await app.inject(put(url, { quantity }));
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: '/problems/platform.invalid' });
  });

  test.for([
    ['an unknown field', { discount: 100 }],
    ['no address', { address: undefined }],
    ['a name with a line break', { address: { ...aWish('', 0).address, name: 'Ada\nBcc: all' } }],
    ['a name with a zero byte', { address: { ...aWish('', 0).address, name: 'Ada\u0000' } }],
    ['a blank street', { address: { ...aWish('', 0).address, street: '   ' } }],
    ['an address that is no e-mail', { address: { ...aWish('', 0).address, email: 'ada' } }],
    ['a touchpoint that there is not', { touchpoint: 'telex' }],
    ['a negative total', { totalMinor: -1 }],
  ] as const)('an order with %s', async ([, change], { app }) => {
    const { orderId, ...wish } = { ...aWish(randomUUID(), 1), ...change };
    const answer = await app.inject(put(`/v1/orders/orders/${orderId}`, wish));
    expect(answer.statusCode).toBe(400);
  });
});

test('each refusal of an order is a problem document', async ({ app, db, databaseUrl }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 1);
  const cartId = await aCart(db, GUEST, { [variantId]: 1 });
  const refusals = [
    [{ totalMinor: 1 }, 409, 'total_changed'],
    [{ deliveryCode: 'by-air' }, 409, 'delivery_unknown'],
    [{ paymentToken: 'declined' }, 409, 'payment_declined'],
    [{ cartId: randomUUID() }, 404, 'cart_not_found'],
    [{ address: { ...aWish('', 0).address, countryCode: 'ZZ' } }, 422, 'country_unknown'],
  ] as const;
  for (const [change, status, code] of refusals) {
    const { orderId, ...wish } = { ...aWish(cartId, 1495), ...change };
    const answer = await app.inject(put(`/v1/orders/orders/${orderId}`, wish));
    expect(answer.json()).toMatchObject({ type: `/problems/orders.${code}`, status });
    expect(answer.statusCode).toBe(status);
  }
});

test('who may do what', async ({ app, db, databaseUrl, deps }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 9);
  const callers = {
    guest: {},
    ada: await signedIn(deps),
    eve: await signedIn(deps),
    service: await signedIn(deps, ['service']),
  };
  const opened = await app.inject(put(`/v1/orders/carts/${randomUUID()}`, {}, callers.ada));
  const adasCart = opened.json().id;
  await app.inject(put(`/v1/orders/carts/${adasCart}/lines/${variantId}`, { quantity: 1 }, callers.ada));
  const { orderId, ...wish } = aWish(adasCart, 1495);
  const line = `/v1/orders/carts/${adasCart}/lines/${variantId}`;
  const requests = {
    'read the cart': { url: `/v1/orders/carts/${adasCart}` },
    'change the cart': put(line, { quantity: 1 }),
    'order the cart': put(`/v1/orders/orders/${orderId}`, wish),
    'read the order': { url: `/v1/orders/orders/${orderId}?cart=${adasCart}` },
    'list their own': { url: '/v1/orders/my-orders' },
    'list everybody’s': { url: '/v1/orders/orders' },
  };
  const matrix = {
    'read the cart': { guest: 404, eve: 404, service: 404, ada: 200 },
    'change the cart': { guest: 404, eve: 404, service: 404, ada: 200 },
    'order the cart': { guest: 404, eve: 404, service: 404, ada: 200 },
    'read the order': { guest: 404, eve: 404, service: 200, ada: 200 },
    'list their own': { guest: 401, eve: 200, service: 200, ada: 200 },
    'list everybody’s': { guest: 401, eve: 403, service: 200, ada: 403 },
  };
  const seen: Record<string, Record<string, number>> = {};
  for (const [what, request] of Object.entries(requests)) {
    seen[what] = {};
    for (const who of ['guest', 'eve', 'service', 'ada'] as const) {
      const answer = await app.inject({ ...request, headers: callers[who] });
      seen[what][who] = answer.statusCode;
    }
  }
  expect(seen).toEqual(matrix);
  const mine = async (who: 'ada' | 'eve') =>
    (await app.inject({ url: '/v1/orders/my-orders', headers: callers[who] })).json();
  expect(await mine('ada')).toMatchObject({ orders: [{ id: orderId }], cursor: null });
  expect(await mine('eve')).toEqual({ orders: [], cursor: null });
});

test('the list of orders goes on where the page before ended', async ({ app, db, databaseUrl, deps }) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 9);
  const service = await signedIn(deps, ['service']);
  const placed: string[] = [];
  for (let count = 0; count < 3; count++) {
    const { orderId, ...wish } = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);
    await app.inject(put(`/v1/orders/orders/${orderId}`, wish));
    placed.unshift(orderId);
  }

  const first = (await app.inject({ url: '/v1/orders/orders?limit=2', headers: service })).json();
  const next = `/v1/orders/orders?limit=1&cursor=${first.cursor}`;
  const second = (await app.inject({ url: next, headers: service })).json();

  expect([...first.orders, ...second.orders].map(({ id }: { id: string }) => id)).toEqual(placed);
});

test.for([
  [
    'carts',
    300,
    (id: string) => ({ url: `/v1/orders/carts/${id}/lines/${randomUUID()}`, payload: { quantity: 1 } }),
  ],
  [
    'orders',
    60,
    (id: string) => ({
      url: `/v1/orders/orders/${id}`,
      payload: {
        cartId: randomUUID(),
        deliveryCode: 'x',
        totalMinor: 1,
        paymentToken: 'x',
        address: aWish('', 1).address,
      },
    }),
  ],
] as const)(
  '%s: a client that writes more than its share a minute waits, and nobody else does',
  async ([, max, ask], { app }) => {
    const send = (remoteAddress: string) =>
      app.inject({ method: 'PUT', remoteAddress, ...ask(randomUUID()) });
    const answers = await Promise.all(Array.from({ length: max }, () => send('10.1.2.3')));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));

    const refused = await send('10.1.2.3');

    expect(refused.statusCode).toBe(429);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.json()).toMatchObject({
      type: '/problems/platform.too_many_requests',
      status: 429,
      data: { retryAfterSeconds: expect.any(Number) },
    });
    expect((await send('10.1.2.4')).statusCode).toBe(404);
    const read = {
      method: 'GET',
      remoteAddress: '10.1.2.3',
      url: `/v1/orders/carts/${randomUUID()}`,
    } as const;
    expect((await app.inject(read)).statusCode).toBe(404);
  },
);
