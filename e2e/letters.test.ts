import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aMember } from '#modules/identity/factory.ts';
import { customerOfMember, setConsent } from '#modules/identity/index.ts';
import { countCustomers } from '#modules/insight/customers-count.ts';
import { recordSale } from '#modules/insight/factory.ts';
import { catchUp } from '#modules/insight/follow-events.ts';
import { freshness } from '#modules/insight/freshness.ts';
import { inTransaction } from '#platform/db.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aPage, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 240_000 });

const WAYS = [
  [1280, 'light'],
  [390, 'dark'],
] as const;

test('somebody without a script writes to the shop and staff answer, for a keyboard and a screen reader, light or dark, wide or narrow', async ({
  place,
  app,
  deps,
}) => {
  const guest = await aPage(place, [], { javaScriptEnabled: false });
  await guest.goto('/contact');
  await guest.getByLabel('What is it about?').selectOption('Delivery');
  await guest.getByLabel('What can we do for you?').fill(`Where is my parcel?\n${'long'.repeat(80)}`);
  await guest.getByLabel('E-mail').fill(`${randomUUID()}@example.com`);
  await guest.getByRole('button', { name: 'Send it' }).click();
  await guest.getByText('Thank you. It has come').waitFor();

  const { jar } = await aSignedInBrowser(app, deps, ['service']);
  const page = await aPage(place, jar);
  const open = async (path: string, then: () => Promise<void> = async () => {}) => {
    for (const [width, colorScheme] of WAYS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await then();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${path} ${width}`).toBe(0);
      await expectAccessible(page);
    }
  };
  await open('/contact');
  await open('/desk/letters', () => page.getByText('One letter waits').waitFor());
  await page.getByRole('link', { name: /^Delivery, / }).click();
  await page.getByLabel('Your answer').waitFor();
  await open(new URL(page.url()).pathname);
  await page.getByLabel('Your answer').fill('It comes tomorrow.');
  await page.getByRole('button', { name: 'Send the answer' }).click();
  await page.getByText('No letter waits').waitFor();
});

test('the list of customers fits a desk of 1280 pixels', async ({ place, app, deps }) => {
  const now = new Date('2026-06-30T12:00:00Z');
  for (const orders of [1, 12, 40]) {
    const { memberId } = await aMember(deps);
    const customerId = await inTransaction(deps.db, async (tx) => {
      await setConsent(tx, { memberId }, { analytics: true }, { touchpoint: 'web' });
      return customerOfMember(tx, memberId);
    });
    const sale = {
      customerId,
      currency: 'EUR',
      businessDay: '2026-01-20',
      lines: [{ grossMinor: 1_234_567 }],
    };
    for (let order = 0; order < orders; order += 1)
      await inTransaction(deps.db, (tx) => recordSale(tx, sale));
    for (const title of ['Lamps for the table', 'Atelier Noordzijde', 'Vases and bowls'])
      await sql`
        insert into insight.customer_interest (customer_id, kind, target_id, title, viewed, saved, bought, weight, own_share,
          all_share, lift, counted_at)
        values (${customerId}, 'category', ${randomUUID()}, ${title}, 3, 2, 1, 9, 0.5, 0.1, 3, now())`.execute(
        deps.db,
      );
  }
  do await catchUp(deps, new AbortController().signal);
  while ((await freshness(deps.db)).behind);
  await countCustomers({ ...deps, now: () => now });
  const { jar } = await aSignedInBrowser(app, deps, ['service']);
  const page = await aPage(place, jar);
  await page.goto('/desk/customers?currency=EUR');
  const table = page.getByRole('region', { name: 'Customers' });
  expect(await table.getByRole('row').count()).toBe(4);
  expect(await table.evaluate((frame) => frame.scrollWidth - frame.clientWidth)).toBe(0);
  await expectAccessible(page);
});
