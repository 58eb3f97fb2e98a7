import { expect } from 'vitest';
import { deliveryMethods } from '#modules/orders/index.ts';
import { promotions, taxRates } from '#modules/pricing/index.ts';
import { test } from '#test/harness.ts';
import { aProduct, aSignedInBrowser } from '../factory.ts';

const PROMOTION = {
  name: 'Spring',
  code: 'spring-26',
  kind: 'percent_off',
  per: 'order',
  percent: '12.5',
  from: '2026-03-01T09:00',
  priority: '0',
};

test('a merchant makes a promotion in a form, sees it, changes it and ends it', async ({
  app,
  db,
  databaseUrl,
  deps,
}) => {
  const { slug, product } = await aProduct(db, databaseUrl);
  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  const form = (await desk.open('/desk/promotions/new')).body;
  const action = /action="(\/desk\/promotions\/[0-9a-f-]{36})"/.exec(form)?.[1] ?? '';

  const wrong = await desk.send(action, {
    ...PROMOTION,
    percent: '101',
    code: '!',
    products: 'no-such',
    budget: '-1',
    currency: 'EUR',
  });
  expect(wrong.statusCode).toBe(422);
  for (const field of ['percent', 'code', 'products', 'budget']) {
    expect(wrong.body, field).toContain(`id="field-${field}-error"`);
  }
  expect((await promotions(db, { limit: 1 })).promotions).toEqual([]);

  const sent = await desk.send(action, {
    ...PROMOTION,
    products: slug,
    uses_max: '10',
    budget: '50',
    currency: 'EUR',
  });
  expect([sent.statusCode, sent.headers['location']]).toEqual([303, '/desk/promotions']);
  const [made] = (await promotions(db, { limit: 1 })).promotions;
  expect(made).toMatchObject({
    name: 'Spring',
    code: 'SPRING-26',
    effect: { kind: 'percent_off', basisPoints: 1250 },
    productIds: [product.id],
    validFrom: '2026-03-01T08:00:00.000Z', // nine o'clock in Amsterdam
    usesMax: 10,
    budgetMinor: 5000,
  });
  const shown = (await desk.open(action)).body;
  for (const value of ['12.5', slug, '2026-03-01T09:00', '50.00'])
    expect(shown).toContain(`value="${value}"`);

  const other = action.replace(/.{12}$/, '000000000000');
  const taken = await desk.send(other, PROMOTION);
  expect([taken.statusCode, taken.body.includes('id="field-code-error"')]).toEqual([409, true]);
  await desk.send(`${action}/end`, {});
  expect((await desk.open('/desk/promotions')).body).toContain('Ended');
  const late = await desk.send(action, PROMOTION);
  expect([late.statusCode, late.body.includes('It has ended and stays as it was')]).toEqual([409, true]);
  expect((await desk.send(other, { ...PROMOTION, from: '2099-01-01T00:00' })).statusCode).toBe(303);
});

test('a tax rate holds from a moment to come, and what held before is kept', async ({ app, db, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['merchant']);
  const rate = { place: 'NL', category: 'books', name: 'VAT', rate: '9', from: '2099-01-01T00:00' };
  for (const [field, value] of [
    ['rate', '101'],
    ['rate', '-1'],
    ['from', '2020-01-01T00:00'],
    ['place', 'Holland'],
  ] as const) {
    const wrong = await desk.send('/desk/taxes', { ...rate, [field]: value });
    expect([wrong.statusCode, wrong.body.includes(`id="field-${field}-error"`)], value).toEqual([422, true]);
  }
  expect((await taxRates(db)).filter(({ place }) => place === 'NL')).toHaveLength(1);

  expect((await desk.send('/desk/taxes', rate)).statusCode).toBe(303);

  expect((await taxRates(db)).filter(({ place }) => place === 'NL')).toEqual([
    { place: 'NL', category: 'books', name: 'VAT', rate: 0.09, holdsFrom: new Date('2098-12-31T23:00:00Z') },
    {
      place: 'NL',
      category: 'standard',
      name: 'VAT',
      rate: 0.21,
      holdsFrom: new Date('2026-01-01T00:00:00Z'),
    },
  ]);
  expect((await desk.send('/desk/taxes/display', { currency: 'XXQ', how: 'added' })).statusCode).toBe(422);
  await desk.send('/desk/taxes/display', { currency: 'usd', how: 'added' });
  expect((await desk.open('/desk/taxes')).body).toContain('Tax is added to prices in: USD.');
});

test('a way of delivery is offered where and while it is to be, and every wrong line is named', async ({
  app,
  db,
  deps,
}) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const bike = {
    code: 'bike',
    name: 'By bicycle',
    days_min: '0',
    days_max: '1',
    position: '3',
    regions: 'NL',
    rates: 'EUR 2.50 20',
    active: 'yes',
  };
  const wrong = await desk.send('/desk/delivery', { ...bike, days_min: '3', rates: 'EUR 2.50\r\nEUR 3' });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('Line 2: EUR has a price already.');
  expect(wrong.body).toContain('id="field-days_max-error"');
  const unknown = await desk.send('/desk/delivery', { ...bike, rates: '\r\nXXQ 3' });
  expect(unknown.body).toContain('Line 2: a currency, a price');

  expect((await desk.send('/desk/delivery', bike)).statusCode).toBe(303);
  const stored = {
    code: 'bike',
    regionCodes: ['NL'],
    rates: [{ currency: 'EUR', amountMinor: 250, freeFromMinor: 2000 }],
  };
  expect(await deliveryMethods(db)).toContainEqual(expect.objectContaining({ ...stored, isActive: true }));
  const { active: _, ...ended } = bike;
  await desk.send('/desk/delivery', ended);
  expect(await deliveryMethods(db)).toContainEqual(expect.objectContaining({ ...stored, isActive: false }));
});

test('who may not change prices sees them, and can’t', async ({ app, deps }) => {
  const desk = await aSignedInBrowser(app, deps, ['service']);
  for (const path of ['/desk/promotions', '/desk/taxes', '/desk/delivery', '/desk/delivery/standard']) {
    const { statusCode, body } = await desk.open(path);
    expect([path, statusCode, /<button[^>]*class="button primary"/.test(body)]).toEqual([path, 200, false]);
  }
  expect((await desk.open('/desk/promotions/new')).statusCode).toBe(403);
  expect((await desk.send('/desk/taxes/display', { currency: 'EUR', how: 'added' })).statusCode).toBe(403);
});
