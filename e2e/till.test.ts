import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aMember } from '#modules/identity/factory.ts';
import { customerOfMember, memberCodeOf } from '#modules/identity/index.ts';
import { aGiftCard, someCredit } from '#modules/payments/factory.ts';
import { aPromotion } from '#modules/pricing/factory.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aTablet, aTill, expectAccessible, originOf, scan } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

const salesAt = async (db: Db, registerId: string) => {
  const { rows } = await sql<{ totalMinor: number; entries: number }>`
    select o.total_minor::int as "totalMinor", count(entry.id)::int as entries
    from till.sale sale join orders."order" o on o.id = sale.order_id
      left join till.drawer_entry entry on entry.order_id = o.id
    where sale.register_id = ${registerId} group by o.id order by o.id`.execute(db);
  return rows;
};

test('an associate sells by scanner and keyboard, also while cut off, and every sale is entered once', async ({
  app,
  deps,
}) => {
  const { db } = deps;
  const origin = await originOf(app);
  const { register, sku, title, cookies } = await aTill(app, deps, 2);
  const context = await aTablet(origin, cookies);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  await page.goto(`${origin}/till/sell`);
  await page.getByText('Connected').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expectAccessible(page);

  // Rubbish is named, and changes nothing.
  await scan(page, '8'.repeat(200));
  await page.getByText('The scanner sent more than any code holds.').waitFor();
  await scan(page, 'NO-SUCH-0001');
  await page.getByText('Nothing has the code “NO-SUCH-0001”.').waitFor();

  // Sold online, for cash with change: no mouse.
  await scan(page, sku);
  await page.getByText('2 here').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('F4');
  await page.getByRole('dialog').waitFor();
  await expectAccessible(page);
  await page.keyboard.type('50');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sold' }).waitFor();
  await expect(page.getByText('Change to give').innerText()).resolves.toContain('€25.50');
  await page.getByText(/^Receipt /).waitFor();
  await expectAccessible(page);
  expect(await salesAt(db, register.id)).toEqual([{ totalMinor: 2450, entries: 1 }]);

  // Cut off: two more, the second beyond what is on the shelf, and the page loaded again between.
  await context.setOffline(true);
  await page.getByText('No connection').waitFor();
  await page.keyboard.press('Enter'); // on "New sale", which has the focus
  for (const waiting of ['1 sale waits', '2 sales wait']) {
    await scan(page, sku);
    await page.getByRole('article', { name: title }).waitFor();
    await page.keyboard.press('F4');
    await page.getByRole('button', { name: '€25.00' }).press('Enter');
    await page.getByText('Written down').waitFor();
    await page.getByText(waiting).waitFor();
    await page.reload();
    await page.getByText(waiting).waitFor();
  }
  expect(await salesAt(db, register.id)).toHaveLength(1);

  // Back, in two tabs at once.
  const other = await context.newPage();
  await other.goto(`${origin}/till/sell`);
  await other.getByText('2 sales wait').waitFor();
  await context.setOffline(false);
  await page.getByText('No sale waits').waitFor({ timeout: 40_000 });
  expect(await salesAt(db, register.id)).toEqual(Array(3).fill({ totalMinor: 2450, entries: 1 }));

  // What the books did not have is told until somebody has read it.
  await page.getByRole('button', { name: '1 sale to look at' }).press('Enter');
  await page.getByText(`${title}: 1 sold that the books do not have here.`).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^I have seen it/ }).press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect(page.getByRole('button', { name: /to look at/ }).count()).resolves.toBe(0);
  expect(faults).toEqual([]);
});

/** What each sale of a register was paid with, and where it went, in the order of the sales. */
const paidAt = async (db: Db, registerId: string) => {
  const { rows } = await sql<{ paid: string[]; total: number; way: string; hasMail: boolean }>`
    select array(select kind || ' ' || amount_minor from till.sale_payment p where p.order_id = o.id order by position) as paid,
      o.total_minor::int as total, o.delivery_code as way,
      exists (select from orders.receipt r where r.order_id = o.id and r.email is not null) as "hasMail"
    from till.sale sale join orders."order" o on o.id = sale.order_id
    where sale.register_id = ${registerId} order by sale.entered_at`.execute(db);
  return rows;
};

test('an associate parks and resumes, serves a member by their code, and is paid by gift card, credit and card: no mouse', async ({
  app,
  deps,
}) => {
  const { db } = deps;
  const origin = await originOf(app);
  const { register, sku, title, cookies } = await aTill(app, deps, 5);
  const { memberId } = await aMember(deps);
  const code = await inTransaction(db, (tx) => memberCodeOf(tx, memberId, new Date()));
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, memberId));
  await someCredit(db, customerId, 500);
  const card = await aGiftCard(db, 1000);
  const promotion = await aPromotion(db, { usesPerMember: 1 });
  const page = await (await aTablet(origin, cookies)).newPage();
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  // From then on the till knows where it stands: what is scanned before is refused.
  const known = page.waitForResponse(/\/v1\/till\/catalog/);
  await page.goto(`${origin}/till/sell`);
  await known;
  const press = (role: 'button' | 'radio', name: string, key = 'Enter') =>
    page.getByRole(role, { name, exact: true }).press(key);
  const type = async (text: string) => {
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };

  await scan(page, sku);
  await page.getByRole('article', { name: title }).waitFor();
  const isFocused = async (id: string) => {
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(id);
  };
  await page.keyboard.press('F9');
  await isFocused('sell-code');
  await type(promotion.code ?? '');
  await page
    .getByText(promotion.code ?? '')
    .first()
    .waitFor();
  await page.keyboard.press('F6');
  await page.getByRole('dialog').waitFor();
  await type('Ada');
  await page.getByText('Parked as Ada.').waitFor();
  await page.keyboard.press('F7');
  await press('button', 'Take up Ada');
  await page.getByRole('article', { name: title }).waitFor();
  await page.keyboard.press('F8');
  await isFocused('sell-customer');
  await type(code);
  await page.getByText('Member, by their code').waitFor();
  await page.getByText('Ten off').first().waitFor();
  await page.getByRole('textbox', { name: /Send the receipt/ }).fill('ada@example.com');

  // 24.50 less ten percent.
  await page.keyboard.press('F4');
  await page.getByRole('heading', { name: /22\.05/ }).waitFor();
  await press('radio', 'Gift card', ' ');
  await page.getByLabel('Gift card’s code').fill(card.code);
  await page.getByLabel('Amount').fill('10');
  await page.keyboard.press('Enter');
  await press('radio', 'Store credit', ' ');
  await page.getByLabel('Amount').fill('5');
  await page.keyboard.press('Enter');
  await press('radio', 'Card', ' ');
  await expectAccessible(page);
  await press('button', 'Test terminal approves');
  await page.getByRole('heading', { name: 'Sold' }).waitFor();
  await page.getByText(/^Receipt /).waitFor();

  // Sent home from here, at the server's promise and price.
  await page.keyboard.press('Enter');
  await scan(page, sku);
  await page.getByRole('article', { name: title }).waitFor();
  await press('button', 'Collect elsewhere or send');
  await page.getByRole('dialog').waitFor();
  for (const text of ['ada@example.com', 'Ada', 'Lange Straße 1', '10115', 'Berlin', 'DE']) {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
    if (text !== 'DE') await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'How it gets there' }).waitFor();
  await expectAccessible(page);
  await page.getByRole('list', { name: 'How it gets there' }).getByRole('button').first().press('Enter');
  await page.getByText('€29.45').first().waitFor();
  await page.keyboard.press('F4');
  await press('radio', 'Card', ' ');
  await press('button', 'Test terminal approves');
  await page.getByRole('heading', { name: 'Sold' }).waitFor();
  await page.getByText(/^Receipt /).waitFor();

  expect(await paidAt(db, register.id)).toEqual([
    {
      paid: ['gift_card 1000', 'store_credit 500', 'card 705'],
      total: 2205,
      way: 'counter',
      hasMail: true,
    },
    { paid: ['card 2945'], total: 2945, way: 'standard', hasMail: false },
  ]);
  expect(faults).toEqual([]);
});
