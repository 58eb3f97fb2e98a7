import { randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import type { FastifyInstance } from 'fastify';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { receive } from '#modules/inventory/index.ts';
import { aRegister } from '#modules/till/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { launchBrowser } from '#test/browser.ts';
import { aProduct, aSignedInBrowser } from '../src/web/factory.ts';

/** What a screen reader or a keyboard would stumble over; nothing is allowed. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** By server: the files of one process may share this module, and each has its own. */
const listening = new WeakMap<FastifyInstance, Promise<string>>();

/** The tests of a file share one server, which listens once. */
export async function originOf(app: FastifyInstance): Promise<string> {
  const origin = listening.get(app) ?? app.listen({ host: '127.0.0.1', port: 0 });
  listening.set(app, origin);
  return (await origin).replace('127.0.0.1', 'localhost');
}

/** A tablet at an open register whose store has a few of one thing. */
export async function aTill(app: FastifyInstance, deps: Deps, units: number) {
  const { db, databaseUrl } = deps;
  const register = await aRegister(db);
  const { variants, product } = await aProduct(db, databaseUrl, {
    colours: ['Sage'],
    stock: 0,
    amountMinor: 2450,
  });
  const [variant] = variants;
  if (!variant) throw new Error('a product without a variant');
  const lines = [{ variantId: variant.id, quantity: units }];
  await inTransaction(db, (tx) =>
    receive(tx, { id: randomUUID(), locationId: register.locationId, lines }, new Date()),
  );
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const cookies = { ...Object.fromEntries(associate.jar), stoa_register: register.id };
  const opened = await app.inject({
    method: 'PUT',
    url: `/v1/till/shifts/${randomUUID()}`,
    headers: {
      cookie: Object.entries(cookies)
        .map((pair) => pair.join('='))
        .join('; '),
    },
    payload: { registerId: register.id, floatMinor: 10_000 },
  });
  expect(opened.statusCode).toBe(200);
  return { register, variantId: variant.id, sku: variant.sku, title: product.title, cookies };
}

export async function aTablet(
  url: string,
  cookies: Record<string, string>,
  options: BrowserContextOptions = {},
  args: readonly string[] = [],
): Promise<BrowserContext> {
  const browser = await launchBrowser(args);
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1024, height: 768 },
    locale: 'en-IE',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url })));
  return context;
}

/** As a scanner types, wherever the focus is: faster than a busy machine could press keys one by one. */
export const scan = (page: Page, code: string): Promise<void> =>
  page.evaluate(
    (keys) => {
      for (const key of keys) {
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
        );
      }
    },
    [...Array.from(code), 'Enter'],
  );
