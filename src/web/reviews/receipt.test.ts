import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aSignedInMember } from '#modules/identity/factory.ts';
import { readOrder } from '#modules/orders/index.ts';
import { anOpenRegister, aSale } from '#modules/till/factory.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';
import { sendReview } from './factory.ts';

type App = Parameters<typeof aBrowser>[0];

/** A sale as the till enters it: what its receipt carries, and whose goods they are. */
async function soldAtTill(
  { app, deps, databaseUrl }: { app: App; deps: Deps; databaseUrl: string },
  more: { customer?: { email: string }; receiptEmail?: string } = {},
) {
  const associate = await aSignedInMember(deps, ['associate']);
  const till = await anOpenRegister(deps.db, databaseUrl, { units: 5, memberId: associate.memberId });
  const { saleId, ...payload } = aSale(till, more);
  const answer = await app.inject({
    method: 'PUT',
    url: `/v1/till/sales/${saleId}`,
    headers: { cookie: associate.cookie, origin: 'http://localhost:80' },
    payload,
  });
  expect(answer.statusCode).toBe(200);
  return { saleId, code: answer.json<{ receiptCode: string }>().receiptCode };
}

/** The one question about the purchase, which its receipt shows until it is answered. */
async function sayHowItWent(browser: ReturnType<typeof aBrowser>, code: string): Promise<void> {
  const { body } = await browser.open(`/review/${code}`);
  const link = /href="(\/opinion\/[^"]+)"/.exec(body)?.[1] ?? '';
  const id = fieldOf((await browser.open(link)).body, 'id') ?? '';
  expect((await browser.send(link, { id, score: '4', words: '' })).statusCode).toBe(303);
}

test('a receipt’s code opens the form without an account: the review is verified, once; wrong and old codes open nothing', async ({
  app,
  deps,
  db,
  databaseUrl,
  work,
  outbox,
}) => {
  const { saleId, code } = await soldAtTill(
    { app, deps, databaseUrl },
    { receiptEmail: 'femke@example.com' },
  );
  const { number } = await readOrder(db, saleId);
  expect(code).toMatch(new RegExp(`^${number}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`));
  await work();
  expect(outbox.find(({ to }) => to === 'femke@example.com')?.text).toContain(`/review/${code}`);

  const guest = aBrowser(app);
  await sayHowItWent(guest, code);
  const { rows: said } = await sql`
    select occasion, way, score, location_id is not null as "isOfStore" from satisfaction.question
    join satisfaction.answer on question_id = question.id where order_id = ${saleId}`.execute(db);
  expect(said).toEqual([{ occasion: 'purchase', way: 'receipt', score: 4, isOfStore: true }]);
  const typed = code.toLowerCase().replaceAll(/-(?=[^-]*$)/g, ' ');
  const led = await guest.open(`/review?code=${encodeURIComponent(typed)}`);
  const opened = await guest.open(led.headers.location ?? '');
  const form = opened.headers.location ?? '';
  expect(form).toMatch(/^\/p\/[^/]+\/review\?order=/);
  const page = await guest.open(form);
  expect([page.statusCode, page.headers['referrer-policy']]).toEqual([200, 'same-origin']);
  const wish = { id: fieldOf(page.body, 'id') ?? '', rating: '2', name: 'Femke', body: 'It drips.' };
  expect((await sendReview(app, guest, form, wish)).statusCode).toBe(303);
  expect((await sendReview(app, guest, form, { ...wish, id: randomUUID() })).statusCode).toBe(409);
  const { rows } = await sql<{ verified: boolean; name: string }>`
    select order_line_id is not null as verified, author_name as name from reviews.review where id = ${wish.id}`.execute(
    db,
  );
  expect(rows).toEqual([{ verified: true, name: 'Femke' }]);
  expect((await guest.open(`/review/${code}`)).body).toContain('Reviewed, thank you');

  const end = code.at(-1) === 'A' ? 'B' : 'A';
  const forged = await guest.open(`/review/${code.slice(0, -1)}${end}`);
  expect([forged.statusCode, forged.body.includes('No receipt has that code')]).toEqual([404, true]);
  const qr = await guest.open(`/review/${code}/qr.svg`);
  expect([qr.statusCode, qr.headers['content-type']]).toEqual([200, 'image/svg+xml']);
  await sql`update orders.order set placed_at = placed_at - interval '181 days' where id = ${saleId}`.execute(
    db,
  );
  expect((await guest.open(`/review/${code}`)).statusCode).toBe(404);
  expect((await guest.open(form)).headers.location).toMatch(/^\/sign-in/);
});

test('who holds the paper speaks in no member’s name, unless it is that member; who guesses is stopped', async ({
  app,
  deps,
  db,
  databaseUrl,
  work,
}) => {
  const ada = await aSignedInBrowser(app, deps);
  const { code } = await soldAtTill({ app, deps, databaseUrl }, { customer: { email: ada.email } });
  await work();
  await sayHowItWent(aBrowser(app), code);
  const form = (await ada.open(`/review/${code}`)).headers.location ?? '';
  expect((await aBrowser(app).open(form)).body).toContain('name="name"');
  const own = await ada.open(form);
  expect(own.body).not.toContain('name="name"');
  const id = fieldOf(own.body, 'id') ?? '';
  expect((await sendReview(app, ada, form, { id, rating: '5' })).statusCode).toBe(303);
  const { rows } = await sql<{ ownerId: string; verified: boolean }>`
    select owner_id as "ownerId", order_line_id is not null as verified
    from social.piece join reviews.review using (id) where id = ${id}`.execute(db);
  expect(rows).toEqual([{ ownerId: ada.memberId, verified: true }]);

  const guess = (n: number) =>
    app.inject({
      url: `/review/${code.slice(0, -4)}${String(n).padStart(4, '0')}`,
      remoteAddress: '10.1.2.3',
      headers: { accept: 'text/html' },
    });
  const ends = await Promise.all(Array.from({ length: 25 }, (_, n) => guess(n)));
  expect(ends.filter(({ statusCode }) => statusCode === 404)).toHaveLength(20);
  expect(ends.filter(({ statusCode }) => statusCode === 429)).toHaveLength(5);
});
