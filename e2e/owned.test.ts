import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import sharp from 'sharp';
import { expect, onTestFinished, vi } from 'vitest';
import { aBoard, aPin } from '#modules/boards/factory.ts';
import { addPhoto, ownProfile } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { launchBrowser } from '#test/browser.ts';
import { test } from '#test/harness.ts';
import { aProduct, aSignedInBrowser } from '../src/web/factory.ts';
import { tabTo } from './people.ts';

// A browser starts here, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 150_000 });

type App = Parameters<typeof aSignedInBrowser>[0];

/** A signed-in member who shows themselves, with a page of a browser of their own. */
async function person(app: App, deps: Deps, origin: string, name: string) {
  const signedIn = await aSignedInBrowser(app, deps);
  const { handle } = await inTransaction(deps.db, (tx) =>
    ownProfile(tx, signedIn.memberId, name, deps.now()),
  );
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context: BrowserContext = await browser.newContext({ locale: 'en-IE', acceptDownloads: true });
  context.setDefaultTimeout(20_000);
  await context.addCookies([...signedIn.jar].map(([key, value]) => ({ name: key, value, url: origin })));
  return { memberId: signedIn.memberId, handle, page: await context.newPage() };
}

/** A public board with a product and a photo, and a secret one. */
async function collection(deps: Deps, memberId: string) {
  const { product } = await aProduct(deps.db, deps.databaseUrl);
  const picture = await sharp({ create: { width: 320, height: 400, channels: 3, background: '#b5482a' } })
    .jpeg()
    .toBuffer();
  const { id: photoId } = await addPhoto(
    deps,
    { id: randomUUID(), ownerId: memberId, alt: 'A red wall' },
    picture,
  );
  const kitchen = await aBoard(deps, memberId, { name: 'Kitchen of Ada' });
  await aPin(deps, memberId, kitchen, { kind: 'product', productId: product.id }, 'For the shelf');
  await aPin(deps, memberId, kitchen, { kind: 'photo', photoId }, 'The wall');
  await aBoard(deps, memberId, { name: 'Presents', visibility: 'secret' });
  return kitchen;
}

test('a member takes all along, deletes all so that another sees nothing of it, and has it again in a new account', async ({
  app,
  deps,
  work,
}) => {
  const origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost');
  const [ada, ben, cleo] = [
    await person(app, deps, origin, 'Ada Example'),
    await person(app, deps, origin, 'Ben Example'),
    await person(app, deps, origin, 'Cleo Example'),
  ];
  const kitchen = await collection(deps, ada.memberId);
  await work();
  await ben.page.goto(`${origin}/boards/${kitchen}`);
  await ben.page.getByRole('img', { name: 'A red wall' }).first().waitFor();

  // By the keyboard alone.
  await ada.page.goto(`${origin}/account/data`);
  await tabTo(ada.page, /^Make my archive$/);
  await ada.page.keyboard.press('Enter');
  await ada.page.getByText('Your archive is being made').waitFor();
  await work();
  await ada.page.reload();
  const folder = await mkdtemp(join(tmpdir(), 'stoa-archive-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'archive.zip');
  const download = ada.page.waitForEvent('download');
  await ada.page.getByRole('link', { name: /^Download the archive/ }).click();
  await (await download).saveAs(file);

  await ada.page.goto(`${origin}/account/made`);
  expect(await ada.page.getByRole('main').innerText()).toContain('Presents');
  await tabTo(ada.page, /^Delete all …$/);
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.press('Tab');
  await ada.page.keyboard.type('delete');
  await ada.page.keyboard.press('Enter');
  await ada.page.getByText('It is being deleted').waitFor();
  await work();
  await ada.page.goto(`${origin}/account/made`);
  await ada.page.getByText('Nothing here').waitFor();
  expect((await ben.page.goto(`${origin}/boards/${kitchen}`))?.status()).toBe(404);
  await ben.page.goto(`${origin}/@${ada.handle}`);
  expect(await ben.page.content()).not.toContain('Kitchen of Ada');

  await cleo.page.goto(`${origin}/account/data`);
  await cleo.page.getByLabel('The archive, a .zip file').setInputFiles(file);
  await cleo.page.getByLabel('Those who saw it where it was').check();
  await cleo.page.getByRole('button', { name: 'Bring it in' }).click();
  await cleo.page.getByText('Your archive has come').waitFor();
  await work();
  await cleo.page.getByRole('link', { name: 'See what came and what could not' }).click();
  await cleo.page.getByText('All of it was taken.').waitFor();
  await cleo.page.goto(`${origin}/account/made`);
  await cleo.page.getByText('Presents').waitFor();
  await cleo.page.getByRole('link', { name: 'Kitchen of Ada' }).click();
  await cleo.page.getByRole('img', { name: 'A red wall' }).first().waitFor();
  await cleo.page.getByText('For the shelf').first().waitFor();
  await ben.page.goto(`${origin}/@${cleo.handle}`);
  expect(await ben.page.content()).toContain('Kitchen of Ada');
  expect(await ben.page.content()).not.toContain('Presents');
});
