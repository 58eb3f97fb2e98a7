import { expect } from 'vitest';
import { seedMember, signIn } from '#modules/identity/index.ts';
import { followEvents, freshness } from '#modules/insight/index.ts';
import { recordPast } from '#platform/events.ts';
import { orderRecorded } from '#events/orders.ts';
import { inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { test as base } from '#test/harness.ts';

/** A browser's headers: of a guest, or of somebody who is signed in as staff. */
const test = base.extend('staff', { scope: 'file' }, async ({ deps }) => {
  const account = { email: 'desk@stoa.example', password: 'a stoa is a covered walk' };
  await seedMember(deps, { ...account, name: 'Daphne', staffRoles: ['merchant'] });
  const caller = { headers: { host: 'localhost', origin: 'http://localhost' }, ip: '127.0.0.1' };
  const cookies = await signIn(deps, caller, account);
  return { accept: 'text/html', cookie: cookies.map((each) => each.split(';', 1)[0]).join('; ') };
});

const MARKET = '/desk/market?currency=GBP';

test('the market page is for staff, and its table, map and CSV say the same total', async ({
  app,
  db,
  deps,
  staff,
}) => {
  const lines = [
    { kind: 'goods' as const, quantity: 3, grossMinor: 123_456 },
    { kind: 'postage' as const, quantity: 1, grossMinor: 595 },
  ].map((line) => ({
    ...line,
    lineId: newId(),
    productId: null,
    variantId: null,
    discountMinor: 0,
    netMinor: line.grossMinor,
  }));
  await inTransaction(db, async (tx) => {
    const facts = ['GB', 'x-channel-islands'].map((regionCode) => {
      const orderId = newId();
      const ids = { orderId, number: orderId, customerId: null, touchpoint: 'web', source: 'online-retail' };
      const own = lines.map((line) => ({ ...line, lineId: newId() }));
      const when = { businessDay: '2011-03-04', occurredAt: '2011-03-04T10:00:00Z' };
      return { id: newId(), payload: { ...ids, ...when, regionCode, currency: 'GBP', lines: own } };
    });
    await recordPast(tx, orderRecorded, facts);
  });
  const stop = new AbortController();
  const following = followEvents(deps, stop.signal);
  await expect.poll(async () => (await freshness(db)).behind, { timeout: 20_000 }).toBe(false);
  stop.abort();
  await following;

  const guest = await app.inject({ url: MARKET, headers: { accept: 'text/html' } });
  expect(guest.statusCode).not.toBe(200);
  expect(guest.body).not.toContain('2,481.02');
  const page = await app.inject({ url: MARKET, headers: staff });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('<td class="figures">£2,481.02</td>');
  expect(page.body).toContain('aria-label="United Kingdom: £1,234.56"');
  expect(page.body).toContain('href="/desk/market?period=all&amp;currency=GBP&amp;region=GB"');
  const unplaced = /Not on the map:.*?<\/p>/s.exec(page.body)?.[0];
  expect(unplaced).toContain('Channel Islands');
  const csv = await app.inject({ url: MARKET.replace('market', 'market.csv'), headers: staff });
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.body).toBe(
    [
      'Region code,Region,Net sales (GBP),Orders,Units,Average order (GBP),Returns (GBP),Invoiced (GBP)',
      'GB,United Kingdom,1234.56,1,3,1234.56,0.00,1240.51',
      'x-channel-islands,Channel Islands,1234.56,1,3,1234.56,0.00,1240.51',
      'Total,,2469.12,2,6,1234.56,0.00,2481.02',
      '',
    ].join('\r\n'),
  );
});

test('every metric can be chosen, and every drill-down opened', async ({ app, staff }) => {
  for (const filter of [
    'metric=average_order',
    'metric=fees&region=GB&by=day',
    'from=2011-03-04&to=2011-03-04&touchpoint=web',
  ]) {
    const page = await app.inject({ url: `${MARKET}&${filter}`, headers: staff });
    expect(page.statusCode, filter).toBe(200);
  }
});

test('a filter that is none is refused, and the first page says what will be there', async ({
  app,
  staff,
}) => {
  expect((await app.inject({ url: `${MARKET}&metric=profit`, headers: staff })).statusCode).toBe(400);
  const home = await app.inject({ url: '/desk', headers: staff });
  expect(home.statusCode).toBe(200);
  expect(home.body).toContain('Here you will see what sells, and where');
});
