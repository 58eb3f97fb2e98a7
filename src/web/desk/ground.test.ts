import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aCart, aLocation, aVariant, aWish, COLLECT, placingDeps } from '#modules/orders/factory.ts';
import { receive } from '#modules/inventory/index.ts';
import { placeOrder, putDeliveryMethod } from '#modules/orders/index.ts';
import { collectionCode } from '#modules/fulfilment/index.ts';
import { aPayment } from '#modules/payments/factory.ts';
import { anAddressedOrder } from '#modules/satisfaction/factory.ts';
import { creditAll, setTerritory } from '#modules/market/index.ts';
import { GUEST } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { arrivingParts } from '#read/arriving.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

/** What is on a page as it is read: tags gone, white space in one. */
const textOf = (html: string) =>
  html
    .replaceAll(/<(script|style)[^]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

async function stocked(db: Db, variantId: string, locationId: string, quantity: number) {
  const delivery = { id: randomUUID(), locationId, lines: [{ variantId, quantity }] };
  await inTransaction(db, (tx) => receive(tx, delivery, new Date()));
}

/** An order of two that another place sends to the store where its buyer collects it. */
async function aCollection(db: Db, databaseUrl: string, kind: 'store' | 'supplier' = 'store') {
  await inTransaction(db, (tx) => putDeliveryMethod(tx, COLLECT));
  const variantId = await aVariant(databaseUrl);
  const storeId = await aLocation(db, { name: 'Stoa Gouda' });
  const giverId = await aLocation(db, { kind, name: `Giver ${variantId.slice(0, 8)}` });
  await stocked(db, variantId, giverId, 5);
  const cartId = await aCart(db, GUEST, { [variantId]: 2 });
  const wish = aWish(cartId, 2000, { deliveryCode: 'collect', pickupLocationId: storeId });
  await placeOrder(placingDeps(db), GUEST, wish);
  return { ...wish, storeId, giverId };
}

test('a pick-up: the store sees it on its way, receives it, and hands it over for the code that the buyer’s page shows', async ({
  app,
  db,
  databaseUrl,
  deps,
  work,
}) => {
  const { orderId, cartId, storeId } = await aCollection(db, databaseUrl);
  await work();
  const { rows } = await sql<{ id: string }>`
    select id from fulfilment.fulfilment_order where order_id = ${orderId}`.execute(db);
  const id = rows[0]?.id ?? '';
  const path = `/desk/fulfilment/${id}`;
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const step = async (state: string) => {
    const stepId = fieldOf((await desk.open(path)).body, 'stepId') ?? '';
    expect((await desk.send(`${path}/step`, { stepId, state })).statusCode).toBe(303);
  };
  for (const state of ['accepted', 'picked', 'packed']) await step(state);
  const store = `store-${storeId}`;
  expect(await arrivingParts(db, { store, limit: 5 })).toEqual([]);
  const shipmentId = fieldOf((await desk.open(path)).body, 'shipmentId') ?? '';
  const parcel = { shipmentId, carrier: 'manual', tracking: '3SGOUDA', weight: '900' };
  expect((await desk.send(`${path}/shipment`, parcel)).statusCode).toBe(303);
  expect(await arrivingParts(db, { store, limit: 5 })).toMatchObject([
    { id, storeName: 'Stoa Gouda', units: 2, carrier: 'manual', trackingNumbers: ['3SGOUDA'] },
  ]);
  expect(textOf((await desk.open(`/desk/fulfilment?location=${store}`)).body)).toMatch(
    /On its way to a store .* Stoa Gouda Giver \w+ 2 3SGOUDA/,
  );
  const buyer = `/orders/${orderId}?cart=${cartId}`;
  const code = collectionCode(deps.config.secret, orderId);
  expect(textOf((await desk.open(buyer)).body)).not.toContain('Ready to collect at Stoa Gouda');

  await step('ready');
  expect(await arrivingParts(db, { store, limit: 5 })).toEqual([]);
  const shown = textOf((await desk.open(buyer)).body);
  expect(shown).toContain('Ready to collect at Stoa Gouda');
  expect(shown).toContain(`Your code at the counter: ${code}`);
  expect(shown).toMatch(/It is kept for you until \w+/);

  const form = (await desk.open(path)).body;
  for (const text of ['To be collected at Stoa Gouda.', 'Hand over', 'Order number or code'])
    expect(textOf(form)).toContain(text);
  const stepId = fieldOf(form, 'stepId') ?? '';
  const wrong = await desk.send(`${path}/collection`, { stepId, proof: 'AAAAAA' });
  expect([wrong.statusCode, fieldOf(wrong.body, 'proof')]).toEqual([409, 'AAAAAA']);
  expect((await desk.send(`${path}/collection`, { stepId, proof: code })).statusCode).toBe(303);
  expect(textOf((await desk.open(buyer)).body)).toContain('Collected at Stoa Gouda');
});

test('what serving costs is set by a form from a day on, and said for two lines in a parcel and handed over', async ({
  app,
  db,
  deps,
}) => {
  const code = `s${randomUUID().slice(0, 8)}`;
  await aLocation(db, { code, name: 'Stoa Breda' });
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const today = fieldOf((await desk.open('/desk/serve-rates')).body, 'from') ?? '';
  const typed = {
    location: code,
    from: today,
    currency: 'EUR',
    fixed: '4',
    per_line: '1,5',
    minute: '0.525',
    label: '4.85',
    packaging: '0.65',
    return_fixed: '3',
    return_per_line: '1.5',
    return_label: '3.95',
  };
  const wrong = await desk.send('/desk/serve-rates', { ...typed, from: '2020-01-01', minute: 'much' });
  expect(wrong.statusCode).toBe(422);
  expect(textOf(wrong.body)).toContain('Give today or a day to come.');
  expect(textOf(wrong.body)).toContain('Give an amount, like 0.52.');
  expect((await desk.send('/desk/serve-rates', typed)).statusCode).toBe(303);
  // (4 + 2 × 1.5) × 52.5 + 485 + 65
  expect(textOf((await desk.open('/desk/serve-rates')).body)).toMatch(
    /Stoa Breda [^€]* 4 \+ 1\.5 a line 52\.5 of the smallest coin €4\.85 \+ €0\.65 €9\.18 €4\.33 €7\.10/,
  );
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.send('/desk/serve-rates', typed)).statusCode).toBe(403);
});

test('what a contact costs is set by a form from a day on', async ({ app, deps }) => {
  const path = '/desk/serve-rates/contacts';
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const from = fieldOf((await desk.open(path)).body, 'from') ?? '';
  const typed = { from, currency: 'EUR', minutes: '6,5', minute: '0.525' };
  const wrong = await desk.send(path, { ...typed, minutes: 'many', minute: '-1', from: '2020-01-01' });
  expect(wrong.statusCode).toBe(422);
  for (const text of [
    'Give today or a day to come.',
    'Give minutes from 0 to 10,000.',
    'Give an amount, like 0.52.',
  ])
    expect(textOf(wrong.body)).toContain(text);
  expect((await desk.send(path, typed)).statusCode).toBe(303);
  expect(textOf((await desk.open(path)).body)).toMatch(/6\.5 €3\.41/); // 6.5 × 52.5
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.send(path, typed)).statusCode).toBe(403);
});

test('what a means of payment costs is set by a form from a day on', async ({ app, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const path = '/desk/payment-fees';
  const today = fieldOf((await desk.open(path)).body, 'from') ?? '';
  const typed = { means: 'cash', from: today, currency: 'EUR', percent: '0,75', fixed: '0.10', refund: '' };
  const wrong = await desk.send(path, {
    ...typed,
    means: 'stripe',
    from: '2020-01-01',
    percent: '51',
    fixed: 'x',
  });
  expect(wrong.statusCode).toBe(422);
  for (const fault of [
    'Choose a means of payment of the list.',
    'Give today or a day to come.',
    'Give a percentage from 0 to 50, like 1.4.',
    'Give an amount, like 0.52.',
  ])
    expect(textOf(wrong.body)).toContain(fault);
  expect((await desk.send(path, typed)).statusCode).toBe(303);
  expect(textOf((await desk.open(path)).body)).toMatch(/Cash [^€]* 0\.75 % €0\.10 €0\.00/);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  expect((await merchant.open(path)).statusCode).toBe(200);
  expect((await merchant.send(path, typed)).statusCode).toBe(403);
  const service = await aSignedInBrowser(app, deps, ['service']);
  expect((await service.open(path)).statusCode).toBe(403);
});

test('a fee that was noted wrong is found by its order and put right by a form that says why', async ({
  app,
  db,
  deps,
}) => {
  const orderId = await anAddressedOrder(db, {});
  const paymentId = await aPayment(db, orderId, 2495);
  const path = '/desk/payment-fees/corrections';
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  expect(textOf((await desk.open('/desk/payment-fees')).body)).toContain(
    'Put a fee right that was noted wrong',
  );
  expect(textOf((await desk.open(`${path}?order=none`)).body)).toContain(
    'There is no order with that number.',
  );
  const found = `${path}?order=T-${orderId}`;
  const { body } = await desk.open(found);
  expect(textOf(body)).toContain('Test provider: €24.95 taken Taking it cost €0.00, giving back €0.00.');
  const typed = {
    id: fieldOf(body, 'id') ?? '',
    order: `T-${orderId}`,
    payment: paymentId,
    kind: 'taking',
    becomes: '0,31',
    reason: 'The contract says so',
  };
  const wrongs: [Partial<typeof typed>, string][] = [
    [{ becomes: '-1' }, 'Give an amount, like 0.52.'],
    [{ becomes: '0' }, 'It comes to that already.'],
    [{ reason: ' ' }, 'Say why, so that others can follow it.'],
    [{ payment: randomUUID() }, 'That payment is not of this order.'],
  ];
  for (const [wrong, said] of wrongs) {
    const answer = await desk.send(path, { ...typed, ...wrong });
    expect([answer.statusCode, textOf(answer.body).includes(said)]).toEqual([422, true]);
  }
  for (const _ of ['sent', 'again']) expect((await desk.send(path, typed)).statusCode).toBe(303);
  const after = textOf((await desk.open(found)).body);
  expect(after).toContain('Taking it cost €0.31, giving back €0.00.');
  expect(after).toContain('taking it put at €0.31. The contract says so');
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const seen = await merchant.open(found);
  expect([seen.statusCode, seen.body.includes('name="becomes"')]).toEqual([200, false]);
  expect((await merchant.send(path, typed)).statusCode).toBe(403);
  const correction = { paymentId, isOfRefund: false, becomesMinor: 40, reason: 'Once more' };
  const put = (cookies: Map<string, string>) =>
    app.inject({
      method: 'PUT',
      url: `/v1/payments/fee-corrections/${randomUUID()}`,
      headers: {
        'sec-fetch-site': 'same-origin',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      payload: correction,
    });
  expect([(await put(desk.jar)).statusCode, (await put(merchant.jar)).statusCode]).toEqual([204, 403]);
});

test('territories are narrowed by store and region, and other exponents are tried before they are used', async ({
  app,
  db,
  deps,
}) => {
  const [near, far] = [`n${randomUUID().slice(0, 8)}`, `f${randomUUID().slice(0, 8)}`];
  const place = { latitude: 52, longitude: 5 };
  const stores = [
    {
      locationId: await aLocation(db, { code: near, name: 'Near', ...place }),
      attractiveness: 1,
      position: place,
    },
    {
      locationId: await aLocation(db, { code: far, name: 'Far', ...place }),
      attractiveness: 3,
      position: place,
    },
  ];
  const wish = { startsOn: '2026-01-01', note: '', setBy: null };
  await inTransaction(db, async (tx) => {
    await setTerritory(tx, { ...wish, id: randomUUID(), regionCode: 'DK', stores }, new Date());
    await setTerritory(
      tx,
      { ...wish, id: randomUUID(), regionCode: 'NO', stores: stores.slice(0, 1) },
      new Date(),
    );
  });
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const listed = async (query: string) => {
    const { body } = await desk.open(`/desk/territories?${query}`);
    const table = /<tbody>([^]*?)<\/tbody>/.exec(body)?.[1] ?? '';
    return ['Denmark', 'Norway'].filter((name) => textOf(table).includes(name));
  };
  expect(await listed('')).toEqual(['Denmark', 'Norway']);
  expect(await listed(`store=${far}`)).toEqual(['Denmark']);
  expect(await listed(`store=${near}&region=NO`)).toEqual(['Norway']);
  const sharing = { alpha: '2', beta: '1', floor: '1' };
  const send = (wanted: string, more: object = {}) =>
    desk.send('/desk/territories/sharing', { ...sharing, ...more, do: wanted });
  const tried = await send('preview');
  expect(tried.statusCode).toBe(200);
  // The same distance: 3 of 4 by size now, 9 of 10 by its square.
  expect(textOf(tried.body)).toContain('Denmark Far 75% 90% Denmark Near 25% 10%');
  expect(fieldOf((await desk.open('/desk/territories')).body, 'alpha')).toBe('1');
  expect((await send('set', { beta: 'far' })).statusCode).toBe(422);
  expect((await send('set')).statusCode).toBe(303);
  expect(fieldOf((await desk.open('/desk/territories')).body, 'alpha')).toBe('2');
});

test('an area is previewed with the orders of its postcodes, drawn by points, and divided from its cells', async ({
  app,
  db,
  deps,
  databaseUrl,
}) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const variantId = await aVariant(databaseUrl);
  await stocked(db, variantId, await aLocation(db), 5);
  const cartId = await aCart(db, GUEST, { [variantId]: 2 });
  await placeOrder(placingDeps(db), GUEST, aWish(cartId, 2495));
  const { rows } = await sql<{ country: string; postcode: string }>`
    select country_code as country, postcode from orders.order_address limit 1`.execute(db);
  const { country = '', postcode = '' } = rows[0] ?? {};
  const begin = postcode.replaceAll(' ', '').slice(0, 4);
  const all = await sql<{ count: number }>`
    select count(*)::integer as count from orders.order_address
    where country_code = ${country} and postcode like ${`${begin}%`}`.execute(db);
  const typed = { parent: country, code: '', name: '', by: 'postcodes', parts: begin, do: 'preview' };
  await creditAll(deps);
  const none = await desk.send('/desk/regions', { ...typed, parts: 'ZZZZ' });
  expect(textOf(none.body)).toContain('In the last 90 days these postcodes had 0 orders, no net sales.');
  const { rows: sold } = await sql<{ net: number }>`
    select sum(line.net_minor)::integer as net from orders.order_line line
    join orders.order_address address on address.order_id = line.order_id
    where kind = 'goods' and country_code = ${country} and postcode like ${`${begin}%`}`.execute(db);
  const count = all.rows[0]?.count === 1 ? '1 order' : `${all.rows[0]?.count} orders`;
  const net = `€${((sold[0]?.net ?? 0) / 100).toFixed(2)}`;
  // An open transaction of any other test holds the events back until it ends.
  const preview = async () => {
    await creditAll(deps);
    return textOf((await desk.send('/desk/regions', typed)).body);
  };
  await expect
    .poll(preview, { timeout: 20_000 })
    .toContain(`In the last 90 days these postcodes had ${count}, ${net} net sales.`);
  const points = '55.6, 8.5\n55.9, 8.5\n55.9, 9.2';
  const drawn = { parent: 'DK', code: 'DK-west', name: 'The West', by: 'outline', parts: points };
  expect(textOf((await desk.send('/desk/regions', { ...drawn, do: 'preview' })).body)).toMatch(
    /\d+ cells, 7\d\d km². In the last 90 days: 0 orders, no net sales\./,
  );
  expect((await desk.send('/desk/regions', { ...drawn, do: 'add' })).statusCode).toBe(303);
  const divide = (await desk.open('/desk/regions?area=DK-west')).body;
  expect(divide).toMatch(/<option[^>]*value="DK-west"[^>]*selected|selected[^>]*value="DK-west"/);
  const cells = /<textarea[^>]*>([^<]*)</.exec(divide)?.[1]?.trim().split('\n') ?? [];
  const part = { parent: 'DK-west', code: 'DK-west-1', name: 'A part', by: 'cells', parts: cells[0] ?? '' };
  expect((await desk.send('/desk/regions', part)).statusCode).toBe(303);
});

test('the desk’s sections stand in groups, and each viewer sees what they may open', async ({
  app,
  deps,
}) => {
  const groups = async (role: 'merchant' | 'service') => {
    const { body } = await (await aSignedInBrowser(app, deps, [role])).open('/desk/orders');
    const nav = /<nav[^>]*desk-nav[^]*?<\/nav>/.exec(body)?.[0] ?? '';
    expect(/<a href="([^"]+)" aria-current="page"/.exec(nav)?.[1]).toBe('/desk/orders');
    return [...nav.matchAll(/<section aria-labelledby="desk-(\w+)"[^]*?<\/section>/g)].map(
      ([text, group]) =>
        `${group}: ${[...text.matchAll(/href="\/desk\/?([^"]*)"/g)].map(([, href]) => href).join(' ')}`,
    );
  };
  const merchant = await groups('merchant');
  expect(merchant.slice(0, 2)).toEqual([
    'market:  market guidance experiments marketing credits territories regions',
    'sell: orders registers prices promotions taxes payment-fees',
  ]);
  expect(merchant.map((each) => each.split(':')[0])).toEqual([
    'market',
    'sell',
    'goods',
    'send',
    'return',
    'people',
    'settings',
  ]);
  expect(merchant[5]).toBe('people: retention satisfaction reviews makers organizations moderation legal');
  expect((await groups('service'))[0]).toBe('market:  market guidance experiments');
});
