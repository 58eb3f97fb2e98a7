import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { recordSale } from '#modules/insight/factory.ts';
import { followEvents, freshness } from '#modules/insight/index.ts';
import { aLocation, aVariant, deliveryOf } from '#modules/inventory/factory.ts';
import { positionAt, receive } from '#modules/inventory/index.ts';
import { STAFF_ROLES } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { fileOf } from '#read/exports/files.ts';
import { ledgerNamed, LEDGERS } from '#read/exports/ledgers.ts';
import { NOT_EXPORTED } from '#read/exports/not-exported.ts';
import { test } from '#test/harness.ts';
import { buildApp } from './app.ts';

/** Machines under load take longer than a poll waits by itself. */
const PATIENCE = { timeout: 20_000 };
const NEVER = new AbortController().signal;

/** The lines of a ledger as JSON, as somebody gets it who may see everything. */
async function rowsOf(
  deps: Deps,
  name: string,
  more: { after?: string; at?: Date; from?: Date; to?: Date } = {},
) {
  const ledger = ledgerNamed(name);
  let text = '';
  for await (const part of fileOf(deps, ledger, 'json', { isPersonal: true, ...more }, NEVER))
    text += part.text;
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, string | number | null>);
}

const anOrder = async (db: Db, facts: { note?: string; currency?: string } = {}) => {
  const id = randomUUID();
  const { note = null, currency = 'EUR' } = facts;
  await sql`insert into orders."order" (id, number, state, touchpoint, currency, region_code, placed_at, business_day,
      goods_minor, postage_minor, other_minor, total_minor, tax_minor, is_tax_included, gift_note, source)
    values (${id}, ${`T-${id}`}, 'placed', 'web', ${currency}, 'NL', '2026-05-04T10:00:00.5Z', '2026-05-04',
      1020, 0, 0, 1234, 214, true, ${note}, 'test')`.execute(db);
  await sql`insert into orders.order_address (order_id, email, name, street, postcode, city, country_code, phone)
    values (${id}, 'ada@example.com', '=1+1', 'Oude Delft 1', '2611', 'Delft', 'NL', '+31 15 123')`.execute(
    db,
  );
  return id;
};

test('orders leave as exact CSV and JSON: money twice, moments in UTC, no formula, and personal columns only for who may', async ({
  app,
  db,
  deps,
}) => {
  const id = await anOrder(db, { note: 'For "Ada",\nwith love' });
  await anOrder(db, { currency: 'JPY' });
  const service = await aSignedInMember(deps, ['service']);
  const merchant = await aSignedInMember(deps, ['merchant']);
  const read = async (url: string, cookie: string) => app.inject({ url, headers: { cookie } });

  const csv = await read('/v1/exports/orders.csv', service.cookie);
  expect(csv.statusCode).toBe(200);
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.headers['content-disposition']).toBe('attachment; filename="orders.csv"');
  const [head] = csv.body.split('\r\n');
  expect(head).toBe(
    'id,number,source,external_ref,customer_id,state,touchpoint,region_code,currency,placed_at,business_day,delivery_code,promised_from,promised_to,pickup_location_id,goods_minor,goods,postage_minor,postage,other_minor,other,tax_minor,tax,total_minor,total,is_tax_included,gift_note,email,name,street,postcode,city,country_code,phone,cursor',
  );
  expect(csv.body).toContain(
    `${id},T-${id},test,,,placed,web,NL,EUR,2026-05-04T10:00:00.5Z,2026-05-04,,,,,1020,10.20,0,0.00,0,0.00,214,2.14,1234,12.34,true,"For ""Ada"",\nwith love",ada@example.com,'=1+1,Oude Delft 1,2611,Delft,NL,'+31 15 123,${id}\r\n`,
  );
  expect(csv.body).toMatch(/,JPY,.*,1020,1020,0,0,0,0,214,214,1234,1234,/);

  const json = await read('/v1/exports/orders.json', merchant.cookie);
  expect(json.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  const line = json.body.split('\n').find((each) => each.includes(id)) ?? '';
  expect(line).toBe(
    `{"id":"${id}","number":"T-${id}","source":"test","external_ref":null,"customer_id":null,"state":"placed","touchpoint":"web","region_code":"NL","currency":"EUR","placed_at":"2026-05-04T10:00:00.5Z","business_day":"2026-05-04","delivery_code":null,"promised_from":null,"promised_to":null,"pickup_location_id":null,"goods_minor":1020,"goods":"10.20","postage_minor":0,"postage":"0.00","other_minor":0,"other":"0.00","tax_minor":214,"tax":"2.14","total_minor":1234,"total":"12.34","is_tax_included":true,"country_code":"NL","cursor":"${id}"}`,
  );
  for (const secret of ['ada@example.com', 'Oude Delft', 'with love', '2611'])
    expect(json.body).not.toContain(secret);
});

test('every ledger is read, has a currency where it has money, and goes on after a cursor', async ({
  db,
  deps,
}) => {
  for (const ledger of LEDGERS) {
    const texts: string[] = [];
    for await (const { text } of fileOf(deps, ledger, 'csv', { isPersonal: true }, NEVER)) texts.push(text);
    const names = texts[0]?.split('\r\n')[0]?.split(',') ?? [];
    expect(names.at(-1), ledger.name).toBe('cursor');
    if (names.some((name) => name.endsWith('_minor'))) expect(names, ledger.name).toContain('currency');
    expect(
      names.some((name) => /secret|hash|password|token$/.test(name)),
      ledger.name,
    ).toBe(false);
  }
  expect(LEDGERS).toHaveLength(new Set(LEDGERS.map(({ name }) => name)).size);

  await Promise.all([anOrder(db), anOrder(db), anOrder(db)]);
  const all = await rowsOf(deps, 'orders');
  const [first] = all;
  expect(await rowsOf(deps, 'orders', { after: String(first?.['cursor']) })).toEqual(all.slice(1));
  expect(await rowsOf(deps, 'orders', { after: String(all.at(-1)?.['cursor']) })).toEqual([]);
  expect(await rowsOf(deps, 'orders', { from: new Date('2026-05-04T10:00:00.501Z') })).toEqual([]);
  expect(await rowsOf(deps, 'orders', { to: new Date('2026-05-04T10:00:00.5Z') })).toEqual([]);
  expect(await rowsOf(deps, 'orders', { from: new Date('2026-05-04T10:00:00.5Z') })).toEqual(all);
  await expect(rowsOf(deps, 'orders', { after: 'nothing' })).rejects.toThrow('exports.cursor_unknown');
  await expect(rowsOf(deps, 'stock_levels', { from: new Date() })).rejects.toThrow('exports.filter_unfit');
});

test('every append-only table is exported, or has a reason why not', async ({ db }) => {
  const { rows } = await sql<{ name: string }>`
    select distinct tgrelid::regclass::text as name from pg_trigger
    where tgfoid = 'platform.forbid_change'::regproc order by name`.execute(db);
  expect(rows.length).toBeGreaterThan(20);
  const known = new Set([...LEDGERS.map(({ table }) => table), ...Object.keys(NOT_EXPORTED)]);
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

test('guests, members and machines without the scope export nothing; staff and others what is theirs to read', async ({
  app,
  deps,
}) => {
  const member = await aSignedInMember(deps);
  const without = await aMachine(deps, ['orders:read']);
  const machine = await aMachine(deps, ['exports:read']);
  const statuses = async (headers: Record<string, string>) =>
    Promise.all(
      ['', '/orders.csv', '/sale_credits.json', '/audit.csv', '/nothing.csv'].map(
        async (path) => (await app.inject({ url: `/v1/exports${path}`, headers })).statusCode,
      ),
    );
  expect(await statuses({})).toEqual([401, 401, 401, 401, 401]);
  expect(await statuses({ cookie: member.cookie })).toEqual([403, 403, 403, 403, 403]);
  expect(await statuses({ authorization: without.authorization })).toEqual([403, 403, 403, 403, 403]);
  expect(await statuses({ authorization: machine.authorization })).toEqual([200, 200, 200, 403, 404]);
  const ofRole = {
    admin: [200, 200, 200, 200, 404],
    merchant: [200, 200, 200, 403, 404],
    operations: [200, 200, 200, 403, 404],
    service: [200, 200, 403, 403, 404],
    associate: [403, 403, 403, 403, 403],
  };
  for (const role of STAFF_ROLES) {
    const { cookie } = await aSignedInMember(deps, [role]);
    expect(await statuses({ cookie }), role).toEqual(ofRole[role]);
  }
  const headers = { authorization: machine.authorization };
  const { ledgers } = (await app.inject({ url: '/v1/exports', headers })).json<{
    ledgers: { name: string; isFollowed: boolean; columns: { name: string; unit: string | null }[] }[];
  }>();
  const orders = ledgers.find(({ name }) => name === 'orders');
  expect(orders?.columns.map(({ name }) => name)).not.toContain('email');
  expect(orders?.columns.filter(({ name }) => name.startsWith('total'))).toEqual([
    { name: 'total_minor', kind: 'number', unit: 'minor units of currency', isPersonal: false },
    { name: 'total', kind: 'decimal', unit: 'currency', isPersonal: false },
  ]);
  expect(ledgers.filter(({ isFollowed }) => isFollowed).map(({ name }) => name)).toEqual([
    'payment_entries',
    'marketing_spend',
    'account_entries',
    'account_blocks',
    'sale_credits',
    'stock_movements',
    'goods_costs',
    'serve_costs',
    'service_entries',
    'events',
  ]);
});

test('the sums of exported movements are the levels and the positions of a past moment', async ({
  db,
  deps,
}) => {
  const [locationId, variantId] = [await aLocation(db), await aVariant(db)];
  const at = new Date('2026-05-01T00:00:00Z');
  const days = ['2026-04-01T00:00:00Z', '2026-06-01T00:00:00Z'].map((day) => new Date(day));
  for (const day of days)
    await inTransaction(db, (tx) => receive(tx, deliveryOf({ locationId, variantId }, 7), day));

  const movements = (await rowsOf(deps, 'stock_movements')).filter((row) => row['variant_id'] === variantId);
  const [level] = (await rowsOf(deps, 'stock_levels')).filter((row) => row['variant_id'] === variantId);
  const [position] = (await rowsOf(deps, 'stock_positions', { at })).filter(
    (row) => row['variant_id'] === variantId,
  );
  const sum = (name: string) => movements.reduce((total, row) => total + Number(row[name]), 0);
  expect([sum('on_hand_delta'), sum('value_delta_minor')]).toEqual([
    level?.['on_hand'],
    level?.['value_minor'],
  ]);
  expect(level?.['on_hand']).toBe(14);
  const [known] = await positionAt(db, at, { variantIds: [variantId] });
  expect(position).toMatchObject({ on_hand: 7, value_minor: known?.valueMinor, location_id: locationId });
  expect(await rowsOf(deps, 'stock_positions', { at: new Date('2026-03-01T00:00:00Z') })).toEqual([]);
});

test('what is written while a ledger is exported is in the next export, though its number is lower', async ({
  db,
  deps,
}) => {
  const write = (name: string) =>
    sql`insert into identity.audit (actor, action, data) values ('system', ${name}, '{}')`;
  const [open, close] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = inTransaction(db, async (tx) => {
    await write('slow').execute(tx);
    open.resolve();
    await close.promise;
  });
  await open.promise;
  await write('fast').execute(db);
  const exported = rowsOf(deps, 'audit');
  // It waits for the slow one, whose number is lower than one that is there already.
  await expect
    .poll(
      async () =>
        (
          await sql`select from pg_stat_activity where query like '%pg_locks%virtualtransaction = any%'
      and datname = current_database() and pid <> pg_backend_pid()`.execute(db)
        ).rows.length,
      PATIENCE,
    )
    .toBe(1);
  close.resolve();
  await slow;
  expect((await exported).slice(-2).map((row) => row['action'])).toEqual(['slow', 'fast']);
});

test('two hundred thousand rows pass through the memory of three thousand, and the rest follows from a cursor', async ({
  db,
  deps,
}) => {
  await sql`insert into inventory.reservation (id, state, expires_at)
    select gen_random_uuid(), 'released', '2026-05-01' from generate_series(1, 200000)`.execute(db);
  let [made, taken, waitingMax, bytesMax] = [0, 0, 0, 0];
  const question = { isPersonal: false };
  async function* counted() {
    for await (const part of fileOf(deps, ledgerNamed('reservations'), 'csv', question, NEVER)) {
      made += part.rows;
      waitingMax = Math.max(waitingMax, made - taken);
      bytesMax = Math.max(bytesMax, part.text.length);
      yield part;
    }
  }
  let cursor = '';
  for await (const part of Readable.from(counted())) {
    const { rows, text } = part as { rows: number; text: string };
    taken += rows;
    if (taken === 199_000) cursor = text.trimEnd().split(',').at(-1) ?? '';
  }
  expect([made, taken]).toEqual([200_000, 200_000]);
  expect(waitingMax).toBeLessThanOrEqual(3_000);
  expect(bytesMax).toBeLessThan(200_000);
  expect(await rowsOf(deps, 'reservations', { after: cursor })).toHaveLength(1_000);
});

test('who goes away frees the connection; a fifth export at once is refused until then', async ({
  db,
  deps,
}) => {
  const app = await buildApp(deps);
  const { cookie } = await aSignedInMember(deps, ['admin']);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const open = async (): Promise<IncomingMessage> => {
    const request = get({
      port,
      host: '127.0.0.1',
      path: '/v1/exports/reservations.json',
      headers: { cookie },
      agent: false,
    });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer;
  };
  const running = async () =>
    (
      await sql`select from pg_stat_activity
        where datname = current_database() and query like 'fetch forward%from ledger' and pid <> pg_backend_pid()`.execute(
        db,
      )
    ).rows.length;
  const answers = await Promise.all([open(), open(), open(), open()]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  await expect.poll(running, PATIENCE).toBe(4); // nobody reads on, so each waits with its cursor open
  const refused = await app.inject({ url: '/v1/exports/reservations.json', headers: { cookie } });
  expect(refused.json()).toMatchObject({
    type: '/problems/exports.too_many_at_once',
    status: 429,
    data: { retryAfterSeconds: 10 },
  });
  for (const answer of answers) answer.destroy();
  await expect.poll(running, PATIENCE).toBe(0);
  const { statusCode } = await app.inject({ url: '/v1/exports/orders.csv', headers: { cookie } });
  expect(statusCode).toBe(200);
  await app.close();
});

test('sale entries come from the numbers’ own ledger, and go on after a cursor', async ({ db, deps }) => {
  await inTransaction(db, async (tx) => {
    const sold = await recordSale(tx, {
      currency: 'CHF',
      lines: [{ grossMinor: 1_000, discountMinor: 100 }],
    });
    await recordSale(tx, { currency: 'CHF', isReturn: true, of: sold, lines: [{ grossMinor: 400 }] });
  });
  const stop = new AbortController();
  const following = followEvents(deps, stop.signal);
  await expect.poll(async () => (await freshness(db)).behind, { timeout: 20_000 }).toBe(false);
  stop.abort();
  await following;
  const rows = await rowsOf(deps, 'sale_entries');
  const facts = rows.map((row) => [row['net_minor'], row['net'], row['is_return'], row['business_day']]);
  expect(facts).toHaveLength(2);
  expect(facts).toContainEqual([-400, '-4.00', true, '2026-06-01']);
  expect(facts).toContainEqual([900, '9.00', false, '2026-06-01']);
  expect(rows[0]).toMatchObject({
    occurred_at: '2026-06-01T12:00:00.000Z',
    product_id: null,
    currency: 'CHF',
  });
  expect(await rowsOf(deps, 'sale_entries', { after: String(rows[0]?.['cursor']) })).toEqual(rows.slice(1));
  expect(await rowsOf(deps, 'sale_entries', { from: new Date('2026-06-02T00:00:00Z') })).toEqual([]);
});
