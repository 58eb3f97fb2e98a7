import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { catchUp } from '#modules/insight/factory.ts';
import { contactsFreshness, opinionsFreshness } from '#modules/insight/index.ts';
import { aMailedToken, anAddressedOrder, anOwedQuestion } from '#modules/satisfaction/factory.ts';
import { answerQuestion, noteContact } from '#modules/satisfaction/index.ts';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';

const JUNE = '/desk/market?from=2026-06-01&to=2026-06-30&currency=EUR';

/** What a part of a page says, without its marks. */
function said(html: string, from: string, to: string): string {
  const start = html.indexOf(from);
  expect(start, from).toBeGreaterThanOrEqual(0);
  return html
    .slice(html.indexOf('>', start) + 1, html.indexOf(to, start))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

test('a region is coloured by how content people are, with its error and what brought it about', async ({
  app,
  deps,
}) => {
  const staff = await aSignedInBrowser(app, deps, ['merchant']);
  const month = async (day: string, answers: [occasion: 'return' | 'case', score: number][]) => {
    for (const [occasion, score] of answers) {
      const occurredAt = new Date(`${day}T12:00:00Z`);
      const id = await anOwedQuestion(deps.db, { occasion, occurredAt });
      const then = { ...deps, now: () => occurredAt };
      await answerQuestion(then, aMailedToken(deps, id), { id: randomUUID(), score, words: '' });
    }
  };
  await month('2026-05-10', [
    ['return', 4],
    ['return', 2],
    ['case', 5],
    ['case', 5],
  ]);
  await month('2026-06-10', [
    ['return', 5],
    ['return', 1],
    ['return', 1],
    ['return', 1],
    ['case', 4],
  ]);
  do await catchUp(deps, new AbortController().signal);
  while ((await opinionsFreshness(deps.db)).behind);

  const page = await staff.open(`${JUNE}&region=NL&metric=csat`);
  const head = said(page.body, 'id="panel-title"', 'id="panel-stores"');
  expect(head).toContain('CSAT');
  expect(head).toContain('Standard error 21.9%, of 5 answers. Fewer than 30: it may be off by as much.');
  const drivers = said(page.body, 'id="panel-drivers"', 'id="panel-orders"');
  // By halves to 4 in 5: returns −6 − 16.25, cases −12.75 (Kitagawa).
  expect(drivers).toContain('CSAT: −35% against 75%.');
  expect(drivers).toMatch(/Return from 50% to 25% −6% by its share, −16.[23]% by itself −22.[23]%/);
  expect(drivers).toContain('Case from 100% to 100% −12.8% by its share, 0% by itself −12.8%');
  const behind = (await staff.open(`${JUNE.replace('/market?', '/market/orders?')}&region=NL&metric=csat`))
    .body;
  expect(behind.match(/About no order/g)).toHaveLength(5);
  const world = await staff.open(`${JUNE}&metric=csat`);
  expect(world.body).toContain('Netherlands: 40%');
});

test('a region is coloured by how many matters were resolved the first time', async ({ app, deps }) => {
  const staff = await aSignedInBrowser(app, deps, ['merchant']);
  const [one, two] = [await anAddressedOrder(deps.db, {}), await anAddressedOrder(deps.db, {})];
  const noted = [
    [one, '2026-04-02', 'delivery'],
    [one, '2026-04-05', 'delivery'],
    [two, '2026-04-02', 'delivery'],
    [two, '2026-04-12', 'delivery'],
    [two, '2026-04-03', 'payment'],
  ] as const;
  for (const [orderId, day, matter] of noted) {
    const facts = { id: randomUUID(), orderId, matter, touchpoint: 'service', isSettled: false } as const;
    const occurredAt = new Date(`${day}T12:00:00Z`);
    await inTransaction(deps.db, (tx) => noteContact(tx, 'system', { ...facts, occurredAt }, occurredAt));
  }
  do await catchUp(deps, new AbortController().signal);
  while ((await contactsFreshness(deps.db)).behind);
  const month = '/desk/market?from=2026-04-01&to=2026-04-30&currency=EUR&metric=first_contact_resolution';
  expect((await staff.open(month)).body).toContain('Netherlands: 75%');
  const panel = await staff.open(`${month}&region=NL`);
  expect(said(panel.body, 'id="panel-title"', 'id="panel-stores"')).toContain('First-contact resolution');
  const documents = await staff.open(`${month.replace('/market?', '/market/orders?')}&region=NL`);
  expect(documents.body.match(new RegExp(`/desk/orders/${one}`, 'g'))).toHaveLength(1);
  expect(documents.body.match(new RegExp(`/desk/orders/${two}`, 'g'))).toHaveLength(3);
});
