import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { anExchangeableOrder, freeUnits } from '#modules/orders/factory.ts';
import { readOrder, returnsOf } from '#modules/orders/index.ts';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, fieldOf } from '../factory.ts';

const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('\u00a0', ' ');
const faultOf = (html: string, field: string) =>
  new RegExp(`id="field-${field}-error">([^<]*)<`).exec(html)?.[1];
type Bought = Awaited<ReturnType<typeof anExchangeableOrder>>;

/** One unit back, and the other option of it for that. */
const swapOf = ({ lineId, otherId }: Bought, more: Record<string, string> = {}) => ({
  requestId: randomUUID(),
  [`units_${lineId}`]: '1',
  [`reason_${lineId}`]: 'does_not_fit',
  [`want_${lineId}`]: otherId,
  kind: 'return',
  ...more,
});

test('a guest swaps a size without script: the price is shown, then it is done once, and both orders lead to each other', async ({
  app,
  db,
  databaseUrl,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const guest = aBrowser(app);
  const path = `/orders/${bought.orderId}`;
  const { body } = await guest.open(`${path}/return?cart=${bought.cartId}`);
  expect(plain(body)).toContain(
    'What you get for it The money back Colour: Sage · 2 in stock Colour: Sage 2 · 5 in stock',
  );
  const requestId = fieldOf(body, 'requestId') ?? '';
  const form = swapOf(bought, { requestId, cart: bought.cartId });
  const gone = await guest.send(`${path}/return`, { ...form, [`want_${bought.lineId}`]: randomUUID() });
  expect([gone.statusCode, faultOf(gone.body, `want_${bought.lineId}`)]).toEqual([
    422,
    'That can’t be had any more. Choose something else.',
  ]);
  const quoted = await guest.send(`${path}/return`, form);
  expect(quoted.statusCode).toBe(200);
  expect(plain(quoted.body)).toContain(
    'Goods that come back €10.01 What you get for them €10.01 Nothing is to pay, and nothing goes back.',
  );
  expect(quoted.body).not.toContain('name="giftCard"');
  expect(fieldOf(quoted.body, 'requestId')).toBe(requestId);
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  for (const attempt of ['first', 'again']) {
    const done = await guest.send(`${path}/return`, { ...form, to_pay: '0' });
    expect([done.statusCode, done.headers.location], attempt).toEqual([303, `${path}?cart=${bought.cartId}`]);
  }
  const [request, ...more] = await returnsOf(db, bought.orderId);
  expect([more, request?.id, request?.exchange?.valueMinor]).toEqual([[], requestId, 1001]);
  expect(await freeUnits(db, bought.otherId)).toBe(4);

  const { orderId = '', orderNumber = '' } = request?.exchange ?? {};
  const old = (await guest.open(`${path}?cart=${bought.cartId}`)).body;
  const link = new RegExp(`href="(/orders/${orderId}\\?cart=[0-9a-f-]{36})">([^<]*)<`).exec(old);
  expect(link?.[2]).toBe(`In exchange: order ${orderNumber}.`);
  expect(plain(old)).toContain('It is sent when what you give back has come.');
  const young = await guest.open(link?.[1] ?? '');
  const { number } = await readOrder(db, bought.orderId);
  expect(young.body).toContain(
    `href="${path}?cart=${bought.cartId}">In exchange for goods of order ${number}.<`,
  );
  // Whoever has no cart to show for it sees neither.
  expect((await aBrowser(app).open(`/orders/${orderId}`)).statusCode).toBe(404);
});

test('what is more than goes back is paid as at the checkout; a declined card leaves nothing behind', async ({
  app,
  db,
  databaseUrl,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const guest = aBrowser(app);
  const path = `/orders/${bought.orderId}/return`;
  const form = swapOf(bought, { cart: bought.cartId, [`want_units_${bought.lineId}`]: '2' });
  const many = await guest.send(path, { ...form, [`want_units_${bought.lineId}`]: '6' });
  expect([many.statusCode, faultOf(many.body, `want_units_${bought.lineId}`)]).toEqual([
    422,
    'Choose a number from 1 to 5, or nothing.',
  ]);
  const quoted = await guest.send(path, form);
  expect(plain(quoted.body)).toContain('You pay on top €15.00');
  expect(plain(quoted.body)).toContain('Pay €15.00 and exchange it');
  expect(quoted.body).toContain('name="giftCard"');
  const seen = { ...form, to_pay: fieldOf(quoted.body, 'to_pay') ?? '' };
  const declined = await guest.send(path, { ...seen, payment: 'declined' });
  expect(declined.statusCode).toBe(409);
  expect(plain(declined.body)).toContain('The payment was declined, and no money was taken.');
  expect(fieldOf(declined.body, 'to_pay')).toBe('1500');
  const card = await guest.send(path, { ...seen, giftCard: 'nonsense', payment: 'approved' });
  expect([card.statusCode, faultOf(card.body, 'giftCard')]).toEqual([
    409,
    'No gift card with that code can be used here. Look at the code again.',
  ]);
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  expect(await freeUnits(db, bought.otherId)).toBe(5);
  const changed = await guest.send(path, { ...form, to_pay: '0' });
  expect([changed.statusCode, fieldOf(changed.body, 'to_pay')]).toEqual([409, '1500']);
  expect(plain(changed.body)).toContain('What it costs has changed. Look at it and confirm it again.');
  const done = await guest.send(path, { ...seen, payment: 'approved' });
  expect(done.statusCode).toBe(303);
  const [request] = await returnsOf(db, bought.orderId);
  expect(await readOrder(db, request?.exchange?.orderId ?? '')).toMatchObject({
    totalMinor: 2501,
    capturedMinor: 1500,
    outstandingMinor: 1001,
  });
});

test('on the provider’s own page: who pays comes back to the new order, who does not to the old one, and their cart stays', async ({
  app,
  db,
  databaseUrl,
}) => {
  const bought = await anExchangeableOrder(db, databaseUrl);
  const guest = aBrowser(app);
  guest.jar.set('stoa_cart', randomUUID());
  const old = `/orders/${bought.orderId}`;
  const away = async () => {
    const units = { [`want_units_${bought.lineId}`]: '2' };
    const form = swapOf(bought, { cart: bought.cartId, ...units, to_pay: '1500', payment: 'redirect' });
    const { body } = await guest.send(`${old}/return`, form);
    const page = /href="(?:http:\/\/[^/"]*)?(\/payments\/test\/[^"]*)"/.exec(body)?.[1] ?? '';
    const { body: asked } = await guest.open(page.replaceAll('&amp;', '&'));
    const to = (fieldOf(asked, 'to') ?? '').replaceAll('&amp;', '&');
    return (answer: string) => guest.send(page.split('?')[0] ?? '', { to, answer });
  };
  const no = await (await away())('no');
  const refused = await guest.open(String(no.headers.location));
  expect([refused.statusCode, refused.headers.location]).toEqual([303, `${old}?cart=${bought.cartId}`]);
  expect((await guest.open(`${old}?cart=${bought.cartId}`)).body).toContain(
    'Nothing was paid, so nothing was exchanged.',
  );
  expect(await returnsOf(db, bought.orderId)).toEqual([]);

  const yes = await (await away())('yes');
  const placed = await guest.open(String(yes.headers.location));
  const [request] = await returnsOf(db, bought.orderId);
  expect(placed.statusCode).toBe(303);
  expect(placed.headers.location).toMatch(new RegExp(`^/orders/${request?.exchange?.orderId}\\?cart=`));
  expect(guest.jar.has('stoa_cart')).toBe(true);
});

test('a member exchanges what they bought; another member finds no form', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const buyer = await aSignedInBrowser(app, deps);
  const viewer = { ...GUEST, kind: 'member' as const, memberId: buyer.memberId };
  const bought = await anExchangeableOrder(db, databaseUrl, { viewer });
  const path = `/orders/${bought.orderId}/return`;
  const form = swapOf(bought, { to_pay: '0' });
  const other = await aSignedInBrowser(app, deps);
  expect((await other.open(path)).statusCode).toBe(404);
  expect((await other.send(path, form)).statusCode).toBe(404);
  expect(await returnsOf(db, bought.orderId)).toEqual([]);
  expect((await buyer.send(path, form)).statusCode).toBe(303);
  const [request] = await returnsOf(db, bought.orderId);
  const { body } = await buyer.open(`/orders/${bought.orderId}`);
  expect(body).toContain(`href="/orders/${request?.exchange?.orderId}">In exchange: order`);
});
