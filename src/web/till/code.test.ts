import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { memberCodeOf } from '#modules/identity/index.ts';
import { aStockedVariant, aWish, aCart, placed } from '#modules/orders/factory.ts';
import { cartFor, cartOf } from '#modules/orders/index.ts';
import { aRegister } from '#modules/till/factory.ts';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser } from '../factory.ts';

const member = (memberId: string) => ({ ...GUEST, kind: 'member' as const, memberId });

type Deps = Parameters<typeof aSignedInBrowser>[1];
type App = Parameters<typeof aSignedInBrowser>[0];

async function anAssociate(deps: Deps, app: App) {
  const register = await aRegister(deps.db);
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  associate.jar.set('stoa_register', register.id);
  return { register, associate };
}

/** Hashing a password is slow on purpose: one associate serves the customers of all tests but one. */
let counter: ReturnType<typeof anAssociate> | undefined;

/** An associate at a register, a customer, and a variant that is sold. */
async function aCounter(deps: Deps, app: App) {
  const { db, databaseUrl } = deps;
  counter ??= anAssociate(deps, app);
  const { register, associate } = await counter;
  const { variantId } = await aStockedVariant(db, databaseUrl, 9, 1000);
  const customer = await aSignedInBrowser(app, deps);
  const codeOf = () => inTransaction(db, (tx) => memberCodeOf(tx, customer.memberId, new Date()));
  return { register, variantId, associate, customer, codeOf };
}

const linesOf = async (deps: Deps, memberId: string) => {
  const cartId = await inTransaction(deps.db, (tx) => cartFor(tx, member(memberId), undefined));
  if (cartId === undefined) return { cartId: '', lines: [] };
  const { lines } = await cartOf(deps.db, member(memberId), cartId, new Date());
  return { cartId, lines: lines.map(({ variantId, quantity }) => [variantId, quantity]) };
};

test('what an associate shows waits in the customer’s own cart, and is named by order and event', async ({
  app,
  deps,
  db,
  work,
}) => {
  const { register, variantId, associate, customer, codeOf } = await aCounter(deps, app);
  const code = await codeOf();
  const shown = (await customer.open('/account/code')).body;
  expect(shown).toContain(code.replaceAll(/(.{4})(?=.)/g, '$1 '));
  expect(shown.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);

  const typed = `${code.slice(0, 4)} ${code.slice(4)}`.toLowerCase();
  expect((await associate.send('/till/code', { code: typed })).statusCode).toBe(303);
  for (let scan = 0; scan < 2; scan++)
    // the same post again is the same advice
    expect((await associate.send('/till/code/lines', { scan: variantId })).statusCode).toBe(303);
  const page = (await associate.open('/till/code')).body;
  expect(page).toContain('A vase · Sage');
  expect(page).not.toContain('Ada Example</h1>'); // who it is, is for those who may see it

  const { cartId, lines } = await linesOf(deps, customer.memberId);
  expect(lines).toEqual([[variantId, 1]]);
  expect(await linesOf(deps, associate.memberId)).toEqual({ cartId: '', lines: [] });
  const wish = aWish(cartId, 1495);
  await placed(deps, member(customer.memberId), wish);
  await work();
  const { rows } = await sql`
    select associate_id, payload ->> 'associateId' as said,
      (select location_id from orders.cart_advice where cart_id = ${cartId}) as place
    from orders.order o join platform.event on payload ->> 'orderId' = o.id::text and name = 'orders.order_placed.v1'
    where o.id = ${wish.orderId}`.execute(db);
  const associateId = associate.memberId;
  expect(rows).toEqual([{ associate_id: associateId, said: associateId, place: register.locationId }]);
});

test('the latest advice counts, for as many days as are set', async ({ app, deps, db }) => {
  const { register, variantId, associate, customer, codeOf } = await aCounter(deps, app);
  const { variantId: other } = await aStockedVariant(db, deps.databaseUrl, 9, 1000);
  const first = await aSignedInBrowser(app, deps, ['operations']);
  first.jar.set('stoa_register', register.id);
  const code = await codeOf();
  for (const [browser, scan] of [
    [first, other],
    [associate, variantId],
  ] as const) {
    await browser.send('/till/code', { code });
    await browser.send('/till/code/lines', { scan });
  }
  expect((await first.open('/till/code')).body).toContain('<h1>Ada Example</h1>');
  const { cartId } = await linesOf(deps, customer.memberId);
  await sql`update orders.cart_advice set noted_at = now() - interval '29 days' where associate_id = ${associate.memberId}`.execute(
    db,
  );
  await sql`update orders.cart_advice set noted_at = now() - interval '31 days' where associate_id = ${first.memberId}`.execute(
    db,
  );
  const wish = aWish(cartId, 2495);
  await placed(deps, member(customer.memberId), wish);
  const associateOf = async (orderId: string) =>
    (
      await sql<{
        who: string | null;
      }>`select associate_id as who from orders.order where id = ${orderId}`.execute(db)
    ).rows[0]?.who;
  expect(await associateOf(wish.orderId)).toBe(associate.memberId);

  await associate.send('/till/code/lines', { scan: variantId });
  await sql`update orders.cart_advice set noted_at = now() - interval '31 days' where associate_id = ${associate.memberId}`.execute(
    db,
  );
  const late = aWish((await linesOf(deps, customer.memberId)).cartId, 1495);
  await placed(deps, member(customer.memberId), late);
  expect(await associateOf(late.orderId)).toBeNull();
});

test('a renewed code is refused, also of a customer who is being served', async ({ app, deps }) => {
  const { variantId, associate, customer, codeOf } = await aCounter(deps, app);
  const code = await codeOf();
  await associate.send('/till/code', { code });
  expect((await customer.send('/account/code', {})).statusCode).toBe(303);
  expect(await codeOf()).not.toBe(code);
  const refused = await associate.send('/till/code/lines', { scan: variantId });
  expect(refused.statusCode).toBe(404);
  expect(refused.body).toContain('No customer has that code.');
  expect((await associate.send('/till/code', { code })).statusCode).toBe(404);
  expect((await linesOf(deps, customer.memberId)).lines).toEqual([]);
});

test('guesses are few, however many right codes lie between them', async ({ app, deps }) => {
  const { codeOf } = await aCounter(deps, app);
  const { associate } = await anAssociate(deps, app);
  const code = await codeOf();
  const guess = async () => (await associate.send('/till/code', { code: 'AAAABBBBCCCC' })).statusCode;
  for (let tries = 0; tries < 10; tries++) expect(await guess()).toBe(404);
  expect((await associate.send('/till/code', { code })).statusCode).toBe(303);
  await associate.send('/till/code/done', {});
  const more = await Promise.all(Array.from({ length: 12 }, guess));
  expect(more.filter((status) => status === 404)).toHaveLength(10);
  expect(more.filter((status) => status === 429)).toHaveLength(2);
  expect((await associate.send('/till/code', { code })).statusCode).toBe(429);
});

test('rubbish is refused by name, nobody advises themselves, and only the till may ask', async ({
  app,
  deps,
  db,
}) => {
  const { register, variantId, associate, customer, codeOf } = await aCounter(deps, app);
  for (const rubbish of ['x'.repeat(10_000), 'a\u0000b', '\u001b[2J']) {
    const refused = await associate.send('/till/code', { code: rubbish });
    expect([refused.statusCode, refused.body.includes('That is no code that we know how to read.')]).toEqual([
      422,
      true,
    ]);
  }
  const own = await inTransaction(db, (tx) => memberCodeOf(tx, associate.memberId, new Date()));
  expect((await associate.send('/till/code', { code: own })).body).toContain('That is your own code.');

  await associate.send('/till/code', { code: await codeOf() });
  const unknown = await associate.send('/till/code/lines', { scan: randomUUID() });
  expect([unknown.statusCode, unknown.body.includes('Nothing here is called')]).toEqual([404, true]);

  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  for (const browser of [merchant, customer]) {
    browser.jar.set('stoa_register', register.id);
    expect((await browser.open('/till/code')).statusCode).toBe(403);
    expect((await browser.send('/till/code/lines', { scan: variantId })).statusCode).toBe(403);
  }
  const guest = aBrowser(app);
  expect((await guest.open('/account/code')).headers['location']).toContain('/sign-in');
  expect((await guest.send('/till/code', { code: own })).statusCode).not.toBe(200);
});

test('a shelf label leads to the variant and remembers the store', async ({ app, deps, db }) => {
  const { variantId, locationId } = await aStockedVariant(db, deps.databaseUrl, 2);
  await sql`update catalog.variant set gtin = '4006381333931' where id = ${variantId}`.execute(db);
  const { rows } = await sql<{
    code: string;
  }>`select code from inventory.location where id = ${locationId}`.execute(db);
  const visitor = aBrowser(app);
  for (const label of [variantId, '4006381333931']) {
    const answer = await visitor.open(`/s/${label}?store=${rows[0]?.code}`);
    expect(answer.statusCode).toBe(302);
    expect(answer.headers['location']).toMatch(/^\/p\/p-[0-9a-f-]{36}\?option=Sage$/);
  }
  expect(visitor.jar.get('stoa_store')).toBe(rows[0]?.code);
  expect((await visitor.open(`/s/${randomUUID()}`)).statusCode).toBe(404);
  expect((await visitor.open(`/s/${variantId}?store=nowhere`)).cookies).toEqual([]);
});

test('a cart that somebody else holds is not reached by any code', async ({ app, deps, db }) => {
  const { variantId, associate, codeOf } = await aCounter(deps, app);
  const stranger = await aSignedInBrowser(app, deps);
  const strangersCart = await aCart(db, member(stranger.memberId), { [variantId]: 3 });
  await associate.send('/till/code', { code: await codeOf() });
  for (const path of [`/v1/orders/carts/${strangersCart}`])
    expect((await associate.open(path)).statusCode).toBe(404);
  await associate.send('/till/code/lines', { scan: variantId, cartId: strangersCart });
  await associate.send('/till/code/lines', { scan: variantId });
  expect((await linesOf(deps, stranger.memberId)).lines).toEqual([[variantId, 3]]);
  const { rows } = await sql`select from orders.cart_advice where cart_id = ${strangersCart}`.execute(db);
  expect(rows).toEqual([]);
});
