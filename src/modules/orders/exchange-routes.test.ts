import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { GUEST, type StaffRole } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aMachine, aSignedInMember } from '../identity/factory.ts';
import { anExchangeableOrder, freeUnits } from './factory.ts';
import { orderInExchange } from './exchange.ts';
import { returnsOf } from './returns.ts';

const ORIGIN = 'http://localhost:80';
type Bought = Awaited<ReturnType<typeof anExchangeableOrder>>;

const offerOf = ({ orderId, lineId, otherId }: Bought, quantity = 1) => ({
  orderId,
  lines: [{ lineId, quantity, reason: 'does_not_fit' }],
  wanted: [{ variantId: otherId, quantity }],
});

async function signedIn(deps: Deps, roles?: StaffRole[]) {
  const { cookie, memberId } = await aSignedInMember(deps, roles);
  const headers = { cookie, origin: ORIGIN };
  return { headers, viewer: { ...GUEST, kind: 'member' as const, memberId } };
}

const quote = (payload: object, headers = {}, cart?: string) => ({
  method: 'POST' as const,
  url: `/v1/orders/exchanges/quotes${cart ? `?cart=${cart}` : ''}`,
  payload,
  headers,
});

const put = (payload: object, headers = {}, cart?: string, id: string = randomUUID()) => ({
  method: 'PUT' as const,
  url: `/v1/orders/exchanges/${id}${cart ? `?cart=${cart}` : ''}`,
  payload,
  headers,
});

test('a guest with the cart asks what it costs, exchanges, and repeats it: one return and one order', async ({
  app,
  db,
  databaseUrl,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const offer = offerOf(bought, 2);
  const asked = await app.inject(quote(offer, {}, bought.cartId));
  expect([asked.statusCode, asked.json()]).toEqual([
    200,
    { currency: 'EUR', worthMinor: 2002, totalMinor: 2002, toPayMinor: 0, backMinor: 0 },
  ]);
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  const id = randomUUID();
  for (const attempt of ['first', 'retry']) {
    const answer = await app.inject(put({ ...offer, toPayMinor: 0 }, {}, bought.cartId, id));
    expect([answer.statusCode, answer.json()], attempt).toEqual([
      200,
      { id, orderId: orderInExchange(id), number: expect.any(String) },
    ]);
  }
  expect(await returnsOf(db, bought.orderId)).toMatchObject([{ id, exchange: { valueMinor: 2002 } }]);
  expect(await freeUnits(db, bought.otherId)).toBe(3);
  const shown = await app.inject(`/v1/orders/returns/${id}?cart=${bought.cartId}`);
  expect(shown.json()).toMatchObject({
    state: 'requested',
    exchange: { orderId: orderInExchange(id), owedMinor: 2002, releasedAt: null },
  });
});

describe('who may', () => {
  test('its buyer may, another member and a stranger may not', async ({ app, db, databaseUrl, deps }) => {
    const buyer = await signedIn(deps);
    const bought = await anExchangeableOrder(db, databaseUrl, { viewer: buyer.viewer });
    const offer = offerOf(bought);
    const other = await signedIn(deps);
    for (const [who, headers, cart] of [
      ['another member', other.headers, undefined],
      ['another member with the cart', other.headers, bought.cartId],
      ['a stranger', {}, undefined],
      ['a stranger with another cart', {}, randomUUID()],
      ['a guest with the member’s cart', {}, bought.cartId],
    ] as const) {
      for (const ask of [quote(offer, headers, cart), put({ ...offer, toPayMinor: 0 }, headers, cart)]) {
        const answer = await app.inject(ask);
        expect([answer.statusCode, answer.json().type], who).toEqual([
          404,
          '/problems/orders.order_not_found',
        ]);
      }
    }
    expect(await returnsOf(db, bought.orderId)).toEqual([]);
    expect((await app.inject(quote(offer, buyer.headers))).statusCode).toBe(200);
    expect((await app.inject(put({ ...offer, toPayMinor: 0 }, buyer.headers))).statusCode).toBe(200);
  });

  const ROLES: [StaffRole, number][] = [
    ['service', 200],
    ['operations', 200],
    ['merchant', 403],
    ['associate', 403],
  ];
  test.for(ROLES)('%s: %i', async ([role, status], { app, db, databaseUrl, deps }) => {
    const bought = await anExchangeableOrder(db, databaseUrl);
    const { headers } = await signedIn(deps, [role]);
    expect((await app.inject(quote(offerOf(bought), headers))).statusCode).toBe(status);
    const wish = { ...offerOf(bought), toPayMinor: 0, touchpoint: 'service' };
    expect((await app.inject(put(wish, headers))).statusCode).toBe(status);
    expect(await returnsOf(db, bought.orderId)).toHaveLength(status === 200 ? 1 : 0);
  });

  test('a machine needs orders:write, and says how the rest was paid', async ({
    app,
    db,
    databaseUrl,
    deps,
  }) => {
    const bought = await anExchangeableOrder(db, databaseUrl);
    const [reader, writer] = [await aMachine(deps, ['orders:read']), await aMachine(deps, ['orders:write'])];
    const by = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });
    const offer = { ...offerOf(bought), wanted: [{ variantId: bought.otherId, quantity: 2 }] };
    expect((await app.inject(quote(offer, by(reader)))).statusCode).toBe(403);
    expect((await app.inject(put({ ...offer, toPayMinor: 1500 }, by(reader)))).statusCode).toBe(403);
    expect((await app.inject(quote(offer, by(writer)))).json()).toMatchObject({ toPayMinor: 1500 });
    const paid = { ...offer, toPayMinor: 1500, paidElsewhere: 'counter 7' };
    // A buyer can't say of themselves that they paid.
    expect((await app.inject(put(paid, {}, bought.cartId))).statusCode).toBe(403);
    expect((await app.inject(put(paid, by(writer)))).statusCode).toBe(200);
    expect(await returnsOf(db, bought.orderId)).toMatchObject([{ exchange: { valueMinor: 1001 } }]);
  });
});

test('what can’t be exchanged is refused by its name, and nothing is written', async ({
  app,
  db,
  databaseUrl,
}) => {
  const [bought, others, hidden] = [
    await anExchangeableOrder(db, databaseUrl),
    await anExchangeableOrder(db, databaseUrl),
    await anExchangeableOrder(db, databaseUrl),
  ];
  await sql`
    update catalog.product set publication = 'draft'
    where id = (select product_id from catalog.variant where id = ${hidden.otherId})`.execute(db);
  const offer = offerOf(bought);
  const line = { lineId: bought.lineId, quantity: 1, reason: 'other' };
  const wrong: [string, number, object][] = [
    ['platform.invalid', 400, { ...offer, lines: [{ ...line, quantity: 0 }] }],
    ['platform.invalid', 400, { ...offer, lines: [] }],
    ['platform.invalid', 400, { ...offer, wanted: [{ variantId: bought.otherId, quantity: 0 }] }],
    ['platform.invalid', 400, { ...offer, wanted: [] }],
    ['orders.not_returnable', 409, { ...offer, lines: [{ ...line, quantity: 4 }] }],
    ['orders.return_line_unknown', 409, { ...offer, lines: [{ ...line, lineId: others.lineId }] }],
    ['orders.return_line_twice', 422, { ...offer, lines: [line, line] }],
    ['orders.not_sold', 409, { ...offer, wanted: [{ variantId: randomUUID(), quantity: 1 }] }],
    ['orders.not_sold', 409, { ...offer, wanted: [{ variantId: hidden.otherId, quantity: 1 }] }],
    ['orders.not_enough_stock', 409, { ...offer, wanted: [{ variantId: bought.otherId, quantity: 6 }] }],
    ['orders.exchange_currency', 409, { ...offer, currency: 'USD' }],
    ['orders.order_not_found', 404, { ...offer, orderId: others.orderId }],
  ];
  for (const [code, status, body] of wrong) {
    const about = `${code} ${JSON.stringify(body)}`;
    const asks = [put({ ...body, toPayMinor: 0 }, {}, bought.cartId), quote(body, {}, bought.cartId)];
    for (const ask of asks) {
      const answer = await app.inject(ask);
      expect([answer.statusCode, answer.json().type], about).toEqual([status, `/problems/${code}`]);
    }
  }
  const changed = await app.inject(put({ ...offer, toPayMinor: 1 }, {}, bought.cartId));
  expect([changed.statusCode, changed.json()]).toMatchObject([
    409,
    { type: '/problems/orders.total_changed', data: { totalMinor: 0, currency: 'EUR' } },
  ]);
  for (const each of [bought, others]) expect(await returnsOf(db, each.orderId)).toEqual([]);
  expect(await freeUnits(db, bought.otherId)).toBe(5);
});
