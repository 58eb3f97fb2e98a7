import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aCart, aMember, aStockedVariant, aWish, placingDeps } from '#modules/orders/factory.ts';
import { placeOrder } from '#modules/orders/index.ts';
import { aGiftCard } from '#modules/payments/factory.ts';
import { GUEST } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

test('a card is issued once, its code shown with the answer, its balance told in the shop, and blocked on the desk', async ({
  app,
  deps,
}) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const blank = (await desk.open('/desk/gift-cards')).body;
  const id = fieldOf(blank, 'id') ?? '';
  const typed = { id, amount: '25,50', currency: 'eur', until: '2099-12-31', reason: 'A prize' };
  const wrong = await desk.send('/desk/gift-cards', { ...typed, amount: '-1', until: '2020-01-01' });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('Give an amount above 0');
  expect(wrong.body).toContain('Give today or a day to come, or none.');
  const codes = [];
  for (const attempt of ['first', 'again']) {
    const issued = await desk.send('/desk/gift-cards', typed);
    expect(issued.statusCode, attempt).toBe(200);
    codes.push(/<code>([2-9A-Z-]{19})<\/code>/.exec(issued.body)?.[1] ?? '');
  }
  expect(codes[1]).toBe(codes[0]);
  const [code = ''] = codes;
  expect((await desk.open(`/desk/gift-cards/${id}`)).body).not.toContain(code);
  expect(textOf((await desk.open(`/desk/gift-cards?words=${code.slice(-4)}`)).body)).toMatch(
    new RegExp(
      `…${code.slice(-4)} +€25.50 Can be spent .*2099|…${code.slice(-4)} +€25.50 Can be spent .*2100`,
    ),
  );

  const shopper = aBrowser(app);
  expect((await shopper.open('/gift-card')).statusCode).toBe(200);
  const told = textOf((await shopper.send('/gift-card', { code: code.toLowerCase() })).body);
  expect(told).toContain('€25.50 is left on it.');
  expect(told).toContain('It can be spent until December 31, 2099.');
  const unknown = await shopper.send('/gift-card', { code: 'ABCD-EFGH-JKLM-NPQR' });
  expect([unknown.statusCode, unknown.body.includes('No card with that code')]).toEqual([422, true]);

  const path = `/desk/gift-cards/${id}`;
  expect((await desk.send(`${path}/block`, { block_reason: ' ' })).statusCode).toBe(422);
  expect((await desk.send(`${path}/block`, { block_reason: 'Stolen' })).statusCode).toBe(303);
  expect((await shopper.send('/gift-card', { code })).statusCode).toBe(422);
  const correction = { id: randomUUID(), amount: '-26', correction_reason: 'Too much' };
  const below = await desk.send(`${path}/correction`, correction);
  expect([below.statusCode, below.body.includes('Only €25.50 is left on it.')]).toEqual([409, true]);
  expect((await desk.send(`${path}/correction`, { ...correction, amount: '-5.50' })).statusCode).toBe(303);
  const page = textOf((await desk.open(path)).body);
  expect(page).toMatch(
    /Corrected +-€5.50 +Too much +Ada Example .* Blocked +Stolen +Ada Example .* Issued +€25.50 +A prize +Ada Example/,
  );
  expect((await (await aSignedInBrowser(app, deps, ['merchant'])).open(path)).statusCode).toBe(403);
  expect(
    (await (await aSignedInBrowser(app, deps, ['service'])).send(`${path}/release`, { block_reason: 'x' }))
      .statusCode,
  ).toBe(403);
});

test('a card is found by the order that it paid for and by its buyer', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { variantId } = await aStockedVariant(db, databaseUrl, 5);
  const { code } = await aGiftCard(db, 5000);
  const wish = aWish(await aCart(db, GUEST, { [variantId]: 1 }), 1495);
  const address = { ...wish.address, email: `${randomUUID()}@example.com` };
  const payments = [{ kind: 'gift_card' as const, code }];
  const placed = await placeOrder(placingDeps(db), GUEST, { ...wish, address, payments });
  const number = 'number' in placed ? String(placed.number) : '';
  const desk = await aSignedInBrowser(app, deps, ['service']);
  for (const words of [number.toLowerCase(), address.email, code])
    expect(
      textOf((await desk.open(`/desk/gift-cards?words=${encodeURIComponent(words)}`)).body),
      words,
    ).toContain(`…${code.slice(-4)} €35.05`);
  expect((await desk.open('/desk/gift-cards?words=nobody@example.com')).body).toContain('No card fits');
});

test('credit is granted within a limit and shows on the desk and on the member’s own page', async ({
  app,
  db,
  deps,
}) => {
  const buyer = await aSignedInBrowser(app, deps);
  const service = await aSignedInBrowser(app, deps, ['service']);
  const operations = await aSignedInBrowser(app, deps, ['operations']);
  const found = await service.open(`/desk/store-credit?words=${encodeURIComponent(buyer.email)}`);
  expect(found.body).toContain(`/desk/store-credit/${buyer.memberId}`);
  const path = `/desk/store-credit/${buyer.memberId}`;
  const limit = { currency: 'EUR', amount: '20' };
  expect((await service.send('/desk/gift-cards/limits', limit)).statusCode).toBe(403);
  expect((await operations.send('/desk/gift-cards/limits', limit)).statusCode).toBe(303);
  const grant = { currency: 'EUR', reason: 'It came late' };
  const id = fieldOf((await service.open(path)).body, 'id') ?? '';
  const typed = { ...grant, id, amount: '15.00' };
  for (const attempt of ['first', 'again'])
    expect((await service.send(path, typed)).statusCode, attempt).toBe(303);
  const much = await service.send(path, { ...typed, id: randomUUID() });
  expect([much.statusCode, much.body.includes('You may give €5.00 more today')]).toEqual([409, true]);
  expect((await operations.send(path, { ...typed, id: randomUUID(), amount: '500' })).statusCode).toBe(303);
  const own = await aSignedInBrowser(app, deps, ['operations']);
  const mine = await own.send(`/desk/store-credit/${own.memberId}`, { ...typed, id: randomUUID() });
  expect(mine.body).toContain('Nobody gives credit to themselves');

  const shown = textOf((await service.open(path)).body);
  expect(shown).toContain('€515.00 Can be spent');
  expect(shown).toMatch(/Granted +€15.00 +It came late +Ada Example/);
  expect(textOf((await buyer.open('/account')).body)).toContain('€515.00 See its history');
  const history = textOf((await buyer.open('/account/credit')).body);
  expect(history).toContain('Left: €515.00');
  expect(history).toMatch(/Given by us +€500.00 .*Given by us +€15.00/);
  expect(history).not.toContain('It came late');
  const other = await aMember(db);
  expect((await service.open(`/desk/store-credit/${other.memberId}`)).statusCode).toBe(200);
  expect((await service.open(`/desk/store-credit/${randomUUID()}`)).statusCode).toBe(404);
});
