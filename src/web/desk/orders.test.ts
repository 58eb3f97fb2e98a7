import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { GUEST, type StaffRole } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { aCart, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { cancelUnits, placeOrder } from '#modules/orders/index.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { aSignedInBrowser } from '../factory.ts';

/** An order of its own buyer, of its own goods: two units of 10.01 and the postage. */
async function anOrder(db: Db, databaseUrl: string, name: string) {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5, 1001);
  const email = `${randomUUID()}@example.com`;
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 2 }), 2 * 1001 + 495);
  await placeOrder(placingDeps(db), GUEST, { ...wish, address: { ...wish.address, email, name } });
  const { rows } = await sql<{ number: string; ref: string; code: string }>`
    select number, provider_ref as ref, (
      select place.code from routing.assignment a join inventory.location place on place.id = location_id
      where a.order_id = o.id) as code
    from orders.order o join payments.payment p on p.order_id = o.id where o.id = ${wish.orderId}`.execute(
    db,
  );
  const [row] = rows;
  return {
    id: wish.orderId,
    variantId,
    email,
    number: row?.number ?? '',
    ref: row?.ref ?? '',
    code: row?.code ?? '',
  };
}

test('the list finds an order by all that it is known by, and filters by each of its facts', async ({
  app,
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const one = await anOrder(db, databaseUrl, 'Grace Murray Hopper');
  const other = await anOrder(db, databaseUrl, 'Alan Turing');
  await work();
  await sql`
    insert into fulfilment.shipment (id, fulfilment_order_id, order_id, location_id, carrier, asked_at)
    select ${randomUUID()}::uuid, id, order_id, location_id, 'manual', now() from fulfilment.fulfilment_order
    where order_id = ${one.id}`.execute(db);
  await sql`
    insert into fulfilment.parcel (shipment_id, position, weight_grams, tracking_number)
    select id, 1, 10, 'TRACK-77' from fulfilment.shipment where order_id = ${one.id}`.execute(db);
  const desk = await aSignedInBrowser(app, deps, ['service']);
  const listed = async (fields: Record<string, string>, by = desk) => {
    const { statusCode, body } = await by.open(`/desk/orders?${new URLSearchParams(fields).toString()}`);
    expect(statusCode).toBe(200);
    return [one, other].filter(({ id }) => body.includes(`/desk/orders/${id}`));
  };
  for (const words of [
    one.number,
    one.number.toLowerCase(),
    one.email.toUpperCase(),
    'hopper grace',
    one.variantId.toUpperCase(),
    'TRACK-77',
    one.ref,
  ])
    expect(await listed({ words }), words).toEqual([one]);
  expect(await listed({ words: one.number.slice(-5) })).toContain(one);
  for (const words of [`${one.number}%`, '____', 'nobody', `x${one.email}`, 'ada@example.com'])
    expect(await listed({ words }), words).toEqual([]);

  await inTransaction(db, (tx) =>
    cancelUnits(tx, { id: randomUUID(), orderId: other.id, reason: 'a test', actor: 'system' }),
  );
  await sql`
    update fulfilment.fulfilment_order set first_promised_to = '2026-01-02' where order_id = ${one.id}`.execute(
    db,
  );
  await sql`
    insert into fulfilment.unfillable (id, order_id, order_line_id, variant_id, quantity, reason, since)
    select ${randomUUID()}::uuid, order_id, id, variant_id, 1, 'expired', now() from orders.order_line
    where order_id = ${one.id} and kind = 'goods'`.execute(db);
  await sql`update payments.payment set captured_minor = 2000 where order_id = ${one.id}`.execute(db);
  expect(await listed({})).toEqual([one, other]);
  for (const fields of [
    { state: 'paid' },
    { state: 'paid', touchpoint: 'web', region: 'NL', currency: 'EUR' },
    { location: one.code },
    { late: 'yes' },
    { unfillable: 'yes' },
    { late: 'yes', unfillable: 'yes', words: 'Hopper' },
  ])
    expect(await listed(fields), JSON.stringify(fields)).toEqual([one]);
  expect(await listed({ outstanding: 'yes' })).toContain(one);
  for (const fields of [
    { state: 'placed' },
    { touchpoint: 'till' },
    { region: 'DE' },
    { currency: 'GBP' },
    { from: '2035-01-01' },
    { to: '2020-01-01' },
    { total_from: '24.98' },
    { total_to: '24,96' },
    { late: 'yes', state: 'cancelled' },
  ] as Record<string, string>[])
    expect(await listed(fields), JSON.stringify(fields)).toEqual([]);
  expect(await listed({ total_from: '24.97', total_to: '24.97' })).toEqual([one, other]);
  // What an address can't mean is left out.
  expect(await listed({ state: 'lost', from: '2026-02-31', after: 'x', total_from: 'much' })).toEqual([
    one,
    other,
  ]);
});

const ROLES: [StaffRole, boolean][] = [
  ['service', true],
  ['operations', true],
  ['admin', true],
  ['merchant', false],
];
test.for(ROLES)(
  '%s sees who the buyers are: %s, in the list, the search and the file',
  async ([role, sees], { app, db, databaseUrl, deps }) => {
    const name = `Kind${role} Buyer`;
    const order = await anOrder(db, databaseUrl, name);
    const staff = await aSignedInBrowser(app, deps, [role]);
    const query = `?words=${order.number}`;
    expect((await staff.open(`/desk/orders${query}`)).body.includes(name)).toBe(sees);
    const file = (await staff.open(`/desk/orders.csv${query}`)).body;
    expect(file).toContain(order.number);
    expect(file.includes(name)).toBe(sees);
    for (const words of [name, order.email]) {
      const found = (await staff.open(`/desk/orders?${new URLSearchParams({ words }).toString()}`)).body;
      expect(found.includes(`/desk/orders/${order.id}`), words).toBe(sees);
    }
  },
);
