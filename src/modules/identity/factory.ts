import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { StaffRole } from '#platform/access.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { addMember, type Cookies } from './accounts.ts';
import { addApiKey } from './api-keys.ts';
import { authOf } from './auth.ts';
import type { Caller } from './caller.ts';
import { addOrganization, joinTeam, marketplaceOrganization } from './organizations.ts';
import { SESSION_COOKIE } from './settings.ts';

export const aPassword = 'a stoa is a covered walk';

export const anAddress = () => `${randomUUID()}@example.com`;

/** A network address of its own, so that no test meets another's limits. */
export const aNetworkAddress = () => `10.${[...randomBytes(3)].join('.')}`;

export const aCaller = (headers: Caller['headers'] = {}): Caller => ({ headers, ip: aNetworkAddress() });

export async function aMember(deps: Deps, staffRoles?: StaffRole[]) {
  const email = anAddress();
  hash ??= (await (await authOf(deps)).$context).password.hash(aPassword);
  const member = { name: 'Ada Example', email, hash: await hash, confirmed: true };
  const memberId = await inTransaction(deps.db, async (tx) => {
    const id = (await addMember(tx, member)) ?? '';
    if (!staffRoles) return id;
    const { id: organizationId } = await marketplaceOrganization(tx);
    await joinTeam(tx, 'system', { organizationId, memberId: id, roles: staffRoles });
    return id;
  });
  return { memberId, email };
}

/** Hashing is slow on purpose: once is enough for all the members of a test file. */
let hash: Promise<string> | undefined;

/** A member who is signed in, with the header that says so. */
export async function aSignedInMember(deps: Deps, staffRoles?: StaffRole[]) {
  const member = await aMember(deps, staffRoles);
  const { internalAdapter } = await (await authOf(deps)).$context;
  const { token } = await internalAdapter.createSession(member.memberId);
  const signature = createHmac('sha256', deps.config.secret).update(token).digest('base64');
  return { ...member, cookie: `${SESSION_COOKIE}=${encodeURIComponent(`${token}.${signature}`)}` };
}

/** An organization that makes things, with these in its team. */
export async function aMaker(db: Db, memberIds: readonly string[], name = 'A maker'): Promise<string> {
  const id = randomUUID();
  await inTransaction(db, async (tx) => {
    await addOrganization(tx, 'system', { id, name, roles: ['maker'] });
    for (const memberId of memberIds)
      await joinTeam(tx, 'system', { organizationId: id, memberId, roles: ['admin'] });
  });
  return id;
}

/** A machine, with the header that says so. */
export async function aMachine(deps: Deps, scopes: string[]) {
  const wish = { name: 'A till', scopes, expiresAt: null };
  const added = await inTransaction(deps.db, (tx) =>
    addApiKey(tx, { actor: 'system', memberId: undefined }, wish),
  );
  return { ...added, authorization: `Bearer ${added.key}` };
}

/** What a browser sends after it was given these cookies. */
export const cookieHeader = (cookies: Cookies) => cookies.map((cookie) => cookie.split(';')[0]).join('; ');
