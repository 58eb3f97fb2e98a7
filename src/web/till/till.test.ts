import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aRegister } from '#modules/till/factory.ts';
import { shiftById } from '#modules/till/index.ts';
import { STAFF_ROLES } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { groupsFor } from '../desk/sections.ts';
import { aSignedInBrowser, fieldOf } from '../factory.ts';

test('a browser is asked once which register it is, and comes back to where it was going', async ({
  app,
  db,
  deps,
}) => {
  const register = await aRegister(db);
  const associate = await aSignedInBrowser(app, deps, ['associate']);

  const asked = await associate.open('/till');
  expect([asked.statusCode, asked.headers['location']]).toEqual([303, '/till/register?next=%2Ftill']);
  expect((await associate.open('/till/register?next=%2Ftill')).body).toContain(register.name);
  for (const rubbish of ['', 'till', randomUUID()]) {
    const refused = await associate.send('/till/register', { register: rubbish, next: '/till' });
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('That register is not in use.');
  }
  const chosen = await associate.send('/till/register', { register: register.id, next: '//elsewhere' });
  expect([chosen.statusCode, chosen.headers['location']]).toEqual([303, '/till']);
  expect(chosen.cookies.find(({ name }) => name === 'stoa_register')).toMatchObject({
    value: register.id,
    httpOnly: true,
  });
  expect((await associate.open('/till')).body).toContain(register.name);
});

test.for([...STAFF_ROLES, 'nobody'] as const)(
  'the till and the desk as open to %s',
  async (role, { app, deps }) => {
    const browser = await aSignedInBrowser(app, deps, role === 'nobody' ? undefined : [role]);
    const isSeller = ['associate', 'operations', 'admin'].includes(role);
    const isOfDesk = !['associate', 'nobody'].includes(role);

    expect((await browser.open('/till')).statusCode).toBe(isSeller ? 303 : 403);
    expect((await browser.open('/v1/till/registers')).statusCode).toBe(isSeller ? 200 : 403);
    expect((await browser.open('/desk')).statusCode).toBe(isOfDesk ? 200 : 403);
    const account = (await browser.open('/account')).body;
    expect(account.includes('href="/till"')).toBe(isSeller);
    expect(account.includes('href="/desk"')).toBe(isOfDesk);
  },
);

test('nothing of the desk is open to an associate', async ({ app, deps }) => {
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const admin = { kind: 'member', staffRoles: ['admin'], scopes: [] } as const;
  for (const { href } of groupsFor(admin).flatMap(({ sections }) => sections))
    expect((await associate.open(href)).statusCode, href).toBe(403);
  for (const url of ['/v1/pricing/promotions', '/v1/routing/rule-sets', '/v1/identity/organizations']) {
    expect((await associate.open(url)).statusCode, url).toBe(403);
  }
});

test('a drawer is opened, paid into and counted by forms, and says what is wrong beside the field', async ({
  app,
  db,
  deps,
}) => {
  const register = await aRegister(db);
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  await associate.send('/till/register', { register: register.id, next: '/till' });
  const drawer = async () => (await associate.open('/till/drawer')).body;

  const wrong = await associate.send('/till/drawer/open', { id: randomUUID(), amount: 'much' });
  expect([wrong.statusCode, wrong.body.includes('Enter an amount, such as 12.50.')]).toEqual([422, true]);
  const opened = await associate.send('/till/drawer/open', {
    id: fieldOf(await drawer(), 'id') ?? '',
    amount: '100',
  });
  expect([opened.statusCode, opened.headers['location']]).toEqual([303, '/till/drawer']);
  const shift = fieldOf(await drawer(), 'shift') ?? '';
  const pay = { id: randomUUID(), shift, kind: 'paid_out', amount: '12.50', reason: '' };
  expect((await associate.send('/till/drawer/pay', pay)).body).toContain('Say what it was for.');
  const paid = { ...pay, reason: 'Stamps' };
  for (const _attempt of [1, 2])
    expect((await associate.send('/till/drawer/pay', paid)).statusCode).toBe(303);
  expect(await drawer()).toContain('€87.50 must be in the drawer.');
  expect((await associate.send('/till/drawer/close', { shift, counted: '87' })).statusCode).toBe(303);
  const closed = await drawer();
  expect(closed).toContain('Open the drawer');
  expect(closed).toContain('<td class="figures">-€0.50</td>');
});

test('a drawer is counted by the piece, in what its currency has, and the pieces are kept', async ({
  app,
  db,
  deps,
}) => {
  const associate = await aSignedInBrowser(app, deps, ['associate']);
  const countedIn = async (currency: string, pieces: Record<string, string>) => {
    const register = await aRegister(db, { currency });
    associate.jar.set('stoa_register', register.id);
    const { body } = await associate.open('/till/drawer');
    const fields = [...body.matchAll(/name="pieces_(\d+)"/g)].map(([, worth]) => Number(worth));
    const id = fieldOf(body, 'id') ?? '';
    const opened = await associate.send('/till/drawer/open', { id, ...pieces });
    expect(opened.statusCode).toBe(pieces['pieces_1'] || pieces['amount'] ? 303 : 422);
    return { fields, id };
  };
  for (const [currency, first, count] of [
    ['GBP', 5000, 12],
    ['USD', 10_000, 12],
    ['JPY', 10_000, 10],
  ] as const) {
    const { fields, id } = await countedIn(currency, { pieces_1: '7' });
    expect([fields[0], fields.length], currency).toEqual([first, count]);
    expect(await shiftById(db, id)).toMatchObject({ floatMinor: 7, floatCounts: { 1: 7 } });
  }
  // Where nobody knows what there is, a sum is typed.
  const { fields, id } = await countedIn('ISK', { amount: '1000' });
  expect([fields, await shiftById(db, id)]).toMatchObject([[], { floatMinor: 1000, floatCounts: null }]);

  const euros = await countedIn('EUR', { pieces_1: '10', pieces_5000: '2' });
  const close = (more: Record<string, string>) =>
    associate.send('/till/drawer/close', { shift: euros.id, pieces_5000: '1', pieces_200: '3', ...more });
  const added = await close({ act: 'add_up' });
  expect(added.body).toContain('That comes to €56.00. €100.10 are expected: the difference is -€44.10.');
  // Whoever works by keys goes on with what comes next.
  expect(added.body).toMatch(/<button[^>]*autofocus[^>]*>Close the drawer/);
  expect([fieldOf(added.body, 'pieces_200'), fieldOf(added.body, 'counted')]).toEqual(['3', undefined]);
  for (const [more, text] of [
    [{ counted: '55' }, 'The pieces come to another sum.'],
    [{ pieces_10: '-1' }, 'Enter a number from 0 to 10000.'],
    [{ pieces_10: '10001' }, 'Enter a number from 0 to 10000.'],
  ] as const) {
    const refused = await close(more);
    expect([refused.statusCode, refused.body.includes(text)], text).toEqual([422, true]);
  }
  expect((await shiftById(db, euros.id)).closedAt).toBeNull();
  expect((await close({ counted: '56.00' })).statusCode).toBe(303);
  expect(await shiftById(db, euros.id)).toMatchObject({
    countedMinor: 5600,
    counts: { 5000: 1, 200: 3 },
    differenceMinor: -4410,
  });
});
