import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { aMailedToken, anAddressedOrder, anOwedQuestion, mailNow } from '#modules/satisfaction/factory.ts';
import { customerOfMember } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';
import { answerQuestion } from '#modules/satisfaction/index.ts';

test('the link of a mail opens the question with the score chosen, and writes nothing until the form is sent', async ({
  app,
  deps,
  db,
  outbox,
}) => {
  const email = `${randomUUID()}@example.com`;
  const id = await anOwedQuestion(db, { orderId: await anAddressedOrder(db, { email }) });
  await mailNow(deps, id);
  const mail = outbox.find(({ to }) => to === email);
  const url = new URL(/\S+\?score=2/.exec(mail?.text ?? '')?.[0] ?? '');
  const link = url.pathname + url.search;
  const answers = async () =>
    (
      await sql`select score, way from satisfaction.answer where question_id = ${id} order by version`.execute(
        db,
      )
    ).rows;
  const guest = aBrowser(app);
  const opened = await guest.open(link);
  expect([opened.statusCode, opened.headers['referrer-policy']]).toEqual([200, 'same-origin']);
  // The address is the proof: it is told to nobody who counts, also where the visitor agreed to be counted.
  const counted = aBrowser(app);
  await counted.send('/consent', { analytics: 'yes', next: '/' });
  expect((await counted.open('/')).body).toContain('data-consent="analytics"');
  expect((await counted.open(link)).body).not.toContain('data-consent="analytics"');
  expect(opened.body).toMatch(/value="2"[^>]* checked|checked[^>]* value="2"/);
  expect(await answers()).toEqual([]);

  const form = { id: fieldOf(opened.body, 'id') ?? '', words: '' };
  const none = await guest.send(url.pathname, { ...form, score: '' });
  expect([none.statusCode, none.body.includes('Choose one of them.')]).toEqual([422, true]);
  const off = await guest.send(url.pathname, { ...form, score: '9' });
  expect([off.statusCode, off.body.includes('Choose one of them.')]).toEqual([422, true]);
  for (const _ of ['sent', 'again'])
    expect((await guest.send(url.pathname, { ...form, score: '2', words: 'It dripped.' })).statusCode).toBe(
      303,
    );
  const again = await guest.open(url.pathname);
  expect(again.body).toContain('It dripped.');
  expect(again.body).toContain('Change the answer');
  expect(await answers()).toEqual([{ score: 2, way: 'mail' }]);

  const forged = await guest.open(`${url.pathname.slice(0, -1)}${url.pathname.endsWith('A') ? 'Q' : 'A'}`);
  expect([forged.statusCode, forged.body.includes('That link opens no question.')]).toEqual([404, true]);
  const stop = new URL(mail?.unsubscribe ?? '');
  expect((await guest.open(stop.pathname + stop.search)).body).toContain('Stop these mails');
  const stopped = async () => (await sql`select from satisfaction.unasked`.execute(db)).rows.length;
  expect(await stopped()).toBe(0);
  await guest.send(stop.pathname + stop.search, {});
  expect(await stopped()).toBe(1);
});

test('an order’s page shows its buyer one question, and nobody else any', async ({ app, deps, db }) => {
  const ada = await aSignedInBrowser(app, deps);
  const customerId = await inTransaction(db, (tx) => customerOfMember(tx, ada.memberId));
  const orderId = await anAddressedOrder(db, { email: ada.email, customerId });
  await anOwedQuestion(db, { orderId, customerId, occurredAt: new Date(Date.now() - 60_000) });
  await anOwedQuestion(db, { orderId, customerId, occasion: 'delivery' });
  const { body } = await ada.open(`/orders/${orderId}`);
  expect(body.match(/href="\/opinion\//g)).toHaveLength(1);
  const link = /href="(\/opinion\/[^"]+)"/.exec(body)?.[1] ?? '';
  const question = await ada.open(link);
  expect(question.body.match(/type="radio"/g)).toHaveLength(11);
  const staff = await aSignedInBrowser(app, deps, ['service']);
  expect((await staff.open(`/orders/${orderId}`)).body).not.toContain('/opinion/');
  const form = { id: fieldOf(question.body, 'id') ?? '', score: '5', words: '' };
  expect((await ada.send(link, form)).statusCode).toBe(303);
  expect((await ada.open(`/orders/${orderId}`)).body).not.toContain('/opinion/');
});

test('the desk shows figures with how many answered, words to some, and takes rules from who may set them', async ({
  app,
  deps,
  db,
}) => {
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  const url = '/desk/satisfaction?days=28&occasion=case';
  expect((await merchant.open(url)).body).toContain('Nobody was asked yet');
  for (const score of [5, 4, 1, 5]) {
    const id = await anOwedQuestion(db, { occasion: 'case', touchpoint: 'service', regionCode: 'NL' });
    const reply = { id: randomUUID(), score, words: score === 1 ? 'Nobody <answered>.' : '' };
    await answerQuestion(deps, aMailedToken(deps, id), reply);
  }
  const shown = (await merchant.open(url)).body;
  expect(shown).toContain('75% ± 21.7 (only 4)'); // √(0.75 × 0.25 / 4)
  expect(shown).toContain('Nobody &lt;answered>.');
  expect(shown).toContain('two touch points with answers are needed');
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  expect((await admin.open(url)).statusCode).toBe(200);

  const rule = { occasion: 'purchase', scale: 'nps', hours: '5', percent: '33' };
  expect((await merchant.send('/desk/satisfaction/rules', { ...rule, percent: '101' })).statusCode).toBe(422);
  expect((await merchant.send('/desk/satisfaction/rules', rule)).statusCode).toBe(303);
  const { rows } = await sql`
    select scale, mails_after_hours, mailed_percent from satisfaction.rule where occasion = 'purchase'`.execute(
    db,
  );
  expect(rows).toEqual([{ scale: 'nps', mails_after_hours: 5, mailed_percent: 33 }]);
  const settings = { rest: '45', open: '30', changes: '7' };
  expect((await merchant.send('/desk/satisfaction/settings', { ...settings, open: '0' })).statusCode).toBe(
    422,
  );
  expect((await merchant.send('/desk/satisfaction/settings', settings)).statusCode).toBe(303);
  const service = await aSignedInBrowser(app, deps, ['service']);
  expect((await service.send('/desk/satisfaction/rules', rule)).statusCode).toBe(403);
  expect((await service.open('/desk/satisfaction')).body).not.toContain('name="percent"');
});
