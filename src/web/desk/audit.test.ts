import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aSignedInBrowser } from '../factory.ts';
import { auditAddress, dayBegins } from './audit-query.ts';

/** The rows of the table, without their tags. */
const rowsOf = (html: string) =>
  [...(/<tbody>(.*?)<\/tbody>/s.exec(html)?.[1] ?? '').matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' '),
  );

test('an admin sees who did what, by person and kind, and nobody else does', async ({ app, deps }) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  const merchant = await aSignedInBrowser(app, deps, ['merchant']);
  await admin.send('/desk/api-keys', { name: 'Till 7', days: '30', scopes: 'catalog:read' });
  await admin.send('/desk/team/roles', { memberId: merchant.memberId, roles: ['merchant', 'service'] });
  expect((await merchant.open('/desk/audit')).statusCode).toBe(403);
  expect((await merchant.open('/desk')).body).not.toContain('/desk/audit');

  const [newest, before] = rowsOf((await admin.open('/desk/audit')).body);
  expect(newest).toContain('Ada Example Changed roles Ada Example merchant, service');
  expect(before).toContain('Ada Example Made an API key Till 7 catalog:read');

  const open = (filters: object) => admin.open(auditAddress(filters)).then(({ body }) => rowsOf(body));
  const keys = await open({ action: 'key_added' });
  expect([keys.length, keys[0]]).toEqual([1, before]);
  // By a part of the address: what they did, and what was done to them.
  expect(await open({ who: merchant.email.slice(0, 20) })).toEqual([
    newest,
    expect.stringContaining('Signed in'),
    expect.stringContaining('Joined a team'),
    expect.stringContaining('Signed up'),
  ]);
  expect(await open({ who: `member:${merchant.memberId}`, action: 'roles_changed' })).toEqual([newest]);
  expect(await open({ who: 'nobody goes by this name' })).toEqual([]);
  expect(await open({ to: '2020-01-01' })).toEqual([]);
  expect((await open({ from: '2020-01-01', action: 'key_added' })).length).toBe(1);
});

test('older entries follow page by page, none twice and none left out', async ({ app, deps }) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  for (let n = 0; n < 60; n++) {
    await admin.send('/desk/team/roles', { memberId: admin.memberId, roles: ['admin'] });
  }
  const filters = { who: `member:${admin.memberId}`, action: 'roles_changed' };
  const first = (await admin.open(auditAddress(filters))).body;
  const next = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = (await admin.open(next)).body;
  expect([rowsOf(first).length, rowsOf(second).length]).toEqual([50, 10]);
  expect(second).not.toContain('rel="next"');
  expect(second).toContain('Back to the newest');
});

test('the API answers the same filters', async ({ app, deps }) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  await admin.send('/desk/team/roles', { memberId: admin.memberId, roles: ['admin'] });
  const query = new URLSearchParams({ who: `member:${admin.memberId}`, action: 'roles_changed' }).toString();
  const { entries } = (await admin.open(`/v1/identity/audit?${query}`)).json();
  expect(entries).toEqual([
    expect.objectContaining({ actor: `member:${admin.memberId}`, action: 'roles_changed' }),
  ]);
  const before = await admin.open(`/v1/identity/audit?${query}&until=${entries[0].at}`);
  expect(before.json()).toEqual({ entries: [], next: null });
  expect((await admin.open('/v1/identity/audit?action=gossip')).statusCode).toBe(400);
});

test('a day begins at midnight of the shop, where the clocks change, too', () => {
  const zone = 'Europe/Amsterdam';
  expect(dayBegins('2026-03-29', zone)?.toISOString()).toBe('2026-03-28T23:00:00.000Z');
  expect(dayBegins('2026-03-29', zone, 1)?.toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(dayBegins('2026-10-25', zone, 1)?.toISOString()).toBe('2026-10-25T23:00:00.000Z');
  expect(dayBegins('2026-11-22', 'America/New_York')?.toISOString()).toBe('2026-11-22T05:00:00.000Z');
  expect([dayBegins('', zone), dayBegins('2026-13-40', zone), dayBegins('yesterday', zone)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
