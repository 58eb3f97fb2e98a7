import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { aBuyer, aReview } from '#modules/reviews/factory.ts';
import { aSignedInBrowser } from '../src/web/factory.ts';
import { aPage, aPicturedProduct, tabTo, test } from './people.ts';
import { expectAccessible } from './tablet.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 240_000 });

const LOOKS = [
  [1280, 'light'],
  [390, 'dark'],
] as const;

test('an admin adds a maker and lets it speak, its person joins and replies as the maker on the product’s page: by keys', async ({
  place,
  app,
  deps,
  db,
}) => {
  const key = randomUUID().slice(0, 8);
  const name = `Kiln & Sons ${key}`;
  const product = await aPicturedProduct(deps, { title: `Bowl ${key}` });
  const buyer = await aBuyer(deps, product.id);
  await aReview(deps, buyer, { productId: product.id, rating: 2, title: 'Chips', body: 'The rim chips.' });
  const { rows: brands } = await sql<{ slug: string; name: string }>`
    select slug, name from catalog.brand where id = (select brand_id from catalog.product where id = ${product.id})`.execute(
    db,
  );
  const [brand] = brands;
  if (!brand) throw new Error('a product without a brand');
  const [admin, potter] = [await aSignedInBrowser(app, deps, ['admin']), await aSignedInBrowser(app, deps)];
  const [page, theirs] = [await aPage(place, admin.jar), await aPage(place, potter.jar)];

  // Nothing filled in: both fields say so, and the form is used by keys alone.
  await page.goto('/desk/organizations');
  await tabTo(page, /^Add it$/);
  await page.keyboard.press('Enter');
  await page.getByText('Give it a name.').waitFor();
  await page.getByText('Choose what it is.').waitFor();
  await expectAccessible(page);
  await tabTo(page, /^field-name$/);
  await page.keyboard.type(name);
  await page.getByRole('checkbox', { name: 'Maker' }).press('Space');
  await tabTo(page, /^Add it$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const at = new URL(page.url()).pathname;
  await page.getByText('The organization is added. Invite its people.').waitFor();
  await page.getByText('Nobody has joined yet.').waitFor();

  await page.getByLabel('E-mail').fill(potter.email);
  await page.getByRole('group', { name: 'Roles', exact: true }).getByLabel('Service').press('Space');
  await page.getByRole('button', { name: 'Send the invitation' }).press('Enter');
  await page.getByText('The invitation is on its way.').waitFor();
  await page.getByRole('button', { name: `Withdraw: ${potter.email}` }).waitFor();
  const { rows: invited } = await sql<{ id: string }>`
    select id from identity.invitation where email = ${potter.email}`.execute(db);
  await theirs.goto(`/invitations/${invited[0]?.id}`);
  await theirs.getByRole('heading', { level: 1, name }).waitFor();
  await expectAccessible(theirs);
  await tabTo(theirs, /^Join the team$/);
  await theirs.keyboard.press('Enter');
  await theirs.getByText('You have joined the team.').waitFor();
  expect((await theirs.goto('/maker'))?.status()).toBe(404);

  await page.goto('/desk/makers');
  await page.getByLabel('Brand', { exact: true }).selectOption({ label: brand.name });
  await page.getByLabel('Maker', { exact: true }).selectOption({ label: name });
  await page.getByRole('button', { name: 'Let them speak' }).press('Enter');
  await page.getByText('They speak for the brand from now on.').waitFor();

  // As what is shown stands in either light and width, to a screen reader too.
  for (const [width, colorScheme] of LOOKS)
    for (const [view, path, holds] of [
      [page, '/desk/organizations', name],
      [page, at, potter.email],
      [theirs, '/maker', 'The rim chips.'],
    ] as const) {
      await view.setViewportSize({ width, height: 900 });
      await view.emulateMedia({ colorScheme });
      await view.goto(path);
      await view.getByRole('main').getByText(holds).first().waitFor();
      const overflow = await view.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect({ path, width, overflow }).toEqual({ path, width, overflow: 0 });
      await expectAccessible(view);
    }
  await page.goto(at);
  await page.getByRole('main').getByRole('link', { name: brand.name }).press('Enter');
  await page.waitForURL(`**/b/${brand.slug}`);
  await expectAccessible(page);

  await theirs.getByLabel('Your answer').fill('Send it back: that was one bad firing.');
  await theirs.getByRole('button', { name: 'Answer', exact: true }).press('Enter');
  await theirs.getByText('No review waits').waitFor();
  const guest = await aPage(place);
  await guest.goto(`/p/${product.slug}`);
  const reply = guest.locator('.review').getByText('Send it back: that was one bad firing.');
  await reply.waitFor();
  await guest.getByText(`${name} answers, who makes it`).waitFor();
});
