import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aRegister } from '#modules/till/factory.ts';
import { STAFF_ROLES } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { sectionsFor } from '../desk/sections.ts';
import { aSignedInBrowser } from '../factory.ts';

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
  for (const { href } of sectionsFor(admin)) expect((await associate.open(href)).statusCode, href).toBe(403);
  for (const url of ['/v1/pricing/promotions', '/v1/routing/rule-sets', '/v1/identity/organizations']) {
    expect((await associate.open(url)).statusCode, url).toBe(403);
  }
});
