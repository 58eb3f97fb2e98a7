import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aMachine } from '#modules/identity/factory.ts';
import { aSignedInBrowser } from '../factory.ts';

const PATH = '/desk/returns/rules';
const RULE = {
  currency: ' chf ',
  fee: '4,90',
  early: '80',
  early_orders: '3',
  exchange: '',
  exchange_orders: '1',
  days: '21',
};

test('operations set what returns cost in a currency, which is shown, filled in again and audited', async ({
  app,
  db,
  deps,
}) => {
  const desk = await aSignedInBrowser(app, deps, ['operations']);
  const empty = (await desk.open(PATH)).body;
  expect(empty).toContain('No rules yet');
  expect(empty).toContain('A buyer can ask within 30 days of delivery.');
  const wrong = { currency: 'EUR', fee: '-1', early: '0', early_orders: '0', exchange: 'x', days: '366' };
  const refused = await desk.send(PATH, { ...wrong, exchange_orders: '1,5' });
  expect(refused.statusCode).toBe(422);
  const faultOf = (field: string) => new RegExp(`id="field-${field}-error">([^<]*)<`).exec(refused.body)?.[1];
  expect(['fee', 'early', 'early_orders', 'exchange', 'exchange_orders', 'days'].map(faultOf)).toEqual([
    'An amount, 0 or more.',
    'An amount above nothing, or nothing at all.',
    'A whole number from 1 to 1000.',
    'An amount above nothing, or nothing at all.',
    'A whole number from 1 to 1000.',
    'A whole number from 1 to 365.',
  ]);
  expect((await desk.send(PATH, { ...RULE, currency: 'XXL' })).body).toContain(
    'A currency that there is: EUR.',
  );
  const { rows: none } = await sql`select from orders.return_rule`.execute(db);
  expect(none).toEqual([]);

  const saved = await desk.send(PATH, RULE);
  expect([saved.statusCode, saved.headers.location]).toEqual([303, PATH]);
  const { rows } = await sql`
    select currency, fee_minor::integer, early_up_to_minor::integer, early_orders_min, exchange_up_to_minor,
      arrives_within_days from orders.return_rule`.execute(db);
  expect(rows).toEqual([
    {
      currency: 'CHF',
      fee_minor: 490,
      early_up_to_minor: 8000,
      early_orders_min: 3,
      exchange_up_to_minor: null,
      arrives_within_days: 21,
    },
  ]);
  const { rows: trail } = await sql`
    select actor, action, subject, data from identity.audit where action = 'return_rule_set'`.execute(db);
  expect(trail).toEqual([
    {
      actor: `member:${desk.memberId}`,
      action: 'return_rule_set',
      subject: 'return_rule:CHF',
      data: { feeMinor: 490, earlyUpToMinor: 8000, earlyOrdersMin: 3, arrivesWithinDays: 21 },
    },
  ]);
  const shown = (await desk.open(PATH)).body;
  expect(shown).toContain('The rule is set.');
  for (const text of ['CHF 4.90', 'up to CHF 80.00, from 3 orders', 'never'])
    expect(shown.replaceAll('\u00a0', ' '), text).toContain(text);
  const again = (await desk.open(`${PATH}?currency=CHF`)).body;
  const values = ['currency', 'fee', 'early', 'exchange', 'days'].map(
    (field) => new RegExp(`name="${field}"[^>]*value="([^"]*)"`).exec(again)?.[1] ?? '',
  );
  expect(values).toEqual(['CHF', '4.90', '80.00', '', '21']);
  expect(again).toMatch(/href="\/desk\/returns\/rules" aria-current="page"/);
  expect(again).not.toMatch(/href="\/desk\/returns" aria-current/);
});

test('others of staff see the rules without the form, and neither they nor machines nor buyers set them', async ({
  app,
  deps,
}) => {
  const service = await aSignedInBrowser(app, deps, ['service']);
  const { statusCode, body } = await service.open(PATH);
  expect([statusCode, body.includes('name="fee"')]).toEqual([200, false]);
  expect((await service.send(PATH, RULE)).statusCode).toBe(403);
  const buyer = await aSignedInBrowser(app, deps);
  expect((await buyer.open(PATH)).statusCode).toBe(403);
  const { authorization } = await aMachine(deps, ['orders:write', 'orders:read']);
  const url = '/v1/orders/return-rules/CHF';
  const payload = { feeMinor: 1, earlyUpToMinor: null, earlyOrdersMin: 1, arrivesWithinDays: 14 };
  const put = await app.inject({ method: 'PUT', url, payload, headers: { authorization } });
  expect(put.statusCode).toBe(403);
});
