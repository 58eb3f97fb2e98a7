import type { KyselyPlugin } from 'kysely';
import { expect } from 'vitest';
import { GUEST } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { apiKeys, revokeApiKey } from './api-keys.ts';
import { aMachine, aMember, aSignedInMember } from './factory.ts';
import { changeRoles, marketplaceOrganization } from './organizations.ts';
import { endAllSessions } from './sessions.ts';
import { viewerOf } from './viewer.ts';

/** The same dependencies, with a count of the queries. */
function counted(deps: Deps) {
  const count = { queries: 0 };
  const counter: KyselyPlugin = {
    transformQuery({ node }) {
      count.queries += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { count, deps: { ...deps, db: deps.db.withPlugin(counter) } };
}

test('a guest costs no query, a member one, a machine one', async ({ deps }) => {
  const { cookie } = await aSignedInMember(deps);
  const { authorization } = await aMachine(deps, ['catalog:read']);
  const { count, deps: watched } = counted(deps);

  const forged = `${cookie.slice(0, -12)}AAAAAAAAAA%3D`;
  for (const headers of [
    {},
    { cookie: 'stoa_cart=1; theme=dark' },
    { cookie: forged },
    { authorization: 'Bearer x' },
  ]) {
    expect(await viewerOf(watched, headers)).toEqual(GUEST);
  }
  expect(count.queries).toBe(0);
  expect(await viewerOf(watched, { cookie: `theme=dark; ${cookie}` })).toMatchObject({ kind: 'member' });
  expect(count.queries).toBe(1);
  expect(await viewerOf(watched, { authorization })).toMatchObject({ kind: 'machine' });
  expect(count.queries).toBe(2);
});

test('members of the retailer are staff with their roles, as they are at this moment', async ({
  deps,
  db,
}) => {
  const { cookie, memberId } = await aSignedInMember(deps, ['merchant', 'service']);
  await aMember(deps, ['admin']);
  expect(await viewerOf(deps, { cookie })).toMatchObject({ staffRoles: ['merchant', 'service'] });

  await inTransaction(db, async (tx) => {
    const { id } = await marketplaceOrganization(tx);
    await changeRoles(tx, 'system', { organizationId: id, memberId, roles: ['operations'] });
  });
  expect(await viewerOf(deps, { cookie })).toMatchObject({ staffRoles: ['operations'] });
});

test('signing out everywhere takes effect at the next request', async ({ deps, db }) => {
  const { cookie, memberId } = await aSignedInMember(deps);
  expect(await viewerOf(deps, { cookie })).toMatchObject({ kind: 'member', memberId });
  await inTransaction(db, (tx) => endAllSessions(tx, memberId));
  expect(await viewerOf(deps, { cookie })).toEqual(GUEST);
});

test('a session ends after sixty days', async ({ deps }) => {
  const { cookie } = await aSignedInMember(deps);
  const inDays = (days: number) => ({ ...deps, now: () => new Date(Date.now() + days * 86_400_000) });
  expect(await viewerOf(inDays(59), { cookie })).toMatchObject({ kind: 'member' });
  expect(await viewerOf(inDays(61), { cookie })).toEqual(GUEST);
});

test('a cookie sent by a page of another site speaks for nobody', async ({ deps }) => {
  const { cookie } = await aSignedInMember(deps);
  for (const origin of ['https://evil.example', 'null', 'http://localhost:4000.evil.example']) {
    expect(await viewerOf(deps, { cookie, origin, host: 'localhost:4000' }), origin).toEqual(GUEST);
  }
  expect(await viewerOf(deps, { cookie, origin: deps.config.publicUrl })).toMatchObject({ kind: 'member' });
  const elsewhere = { cookie, origin: 'http://192.0.2.7:4000', host: '192.0.2.7:4000' };
  expect(await viewerOf(deps, elsewhere)).toMatchObject({ kind: 'member' });
});

test('a key is kept as its hash, opens its scopes by either header, and notes its use once a minute', async ({
  deps,
  db,
}) => {
  const { id, key, prefix } = await aMachine(deps, ['catalog:read', 'orders:read']);
  expect(key.startsWith(prefix)).toBe(true);
  const machine = {
    kind: 'machine',
    keyId: id,
    name: 'A till',
    staffRoles: [],
    scopes: ['catalog:read', 'orders:read'],
  };
  const at = new Date('2026-11-22T12:00:00Z');
  const seconds = (count: number) => new Date(at.getTime() + count * 1000);
  const usedAt = async () => (await apiKeys(db)).find((each) => each.id === id)?.lastUsedAt;

  expect(await viewerOf({ ...deps, now: () => at }, { authorization: `Bearer ${key}` })).toEqual(machine);
  expect(await viewerOf({ ...deps, now: () => seconds(59) }, { 'x-api-key': key })).toEqual(machine);
  expect(await usedAt()).toEqual(at);
  await viewerOf({ ...deps, now: () => seconds(61) }, { 'x-api-key': key });
  expect(await usedAt()).toEqual(seconds(61));
  expect(await viewerOf(deps, { 'x-api-key': `${key.slice(0, -1)}!` })).toEqual(GUEST);
});

test('a key that was revoked or has run out opens nothing', async ({ deps, db }) => {
  const { id, authorization } = await aMachine(deps, ['catalog:read']);
  await inTransaction(db, (tx) => revokeApiKey(tx, 'system', id, new Date()));
  expect(await viewerOf(deps, { authorization })).toEqual(GUEST);
  await expect(inTransaction(db, (tx) => revokeApiKey(tx, 'system', id, new Date()))).rejects.toThrow(
    'identity.api_key_unknown',
  );
});
