import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sql } from 'kysely';
import { GUEST, STAFF_ROLES, type StaffRole, type Viewer } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { SESSION_COOKIE } from './settings.ts';
import { own } from './own.ts';

/**
 * Who calls. A guest, who shows neither a cookie nor a key, costs no query; anybody else costs one. It is asked
 * at each request and kept nowhere, so that signing out everywhere takes effect at once in every process.
 */
export async function viewerOf(deps: Deps, headers: IncomingHttpHeaders): Promise<Viewer> {
  const key = keyIn(headers);
  if (key) return (await machineOf(deps, key)) ?? GUEST;
  const token = sessionTokenIn(deps, headers);
  if (token && isFromHere(deps, headers)) return (await memberOf(deps, token)) ?? GUEST;
  return GUEST;
}

const KEY = /^stoa_[A-Za-z0-9_-]{43}$/;

function keyIn({ authorization, 'x-api-key': bare }: IncomingHttpHeaders): string | undefined {
  const shown = authorization?.match(/^bearer (.+)$/i)?.[1] ?? [bare].flat()[0];
  return shown && KEY.test(shown) ? shown : undefined;
}

export const hashOfKey = (key: string) => createHash('sha256').update(key).digest();

const USED_EVERY_SECONDS = 60;

/** One statement, which notes the use at most once a minute: a busy key must not write at each request. */
async function machineOf({ db, now }: Deps, key: string): Promise<Viewer | undefined> {
  const at = now();
  const noted = new Date(at.getTime() - USED_EVERY_SECONDS * 1000);
  const { rows } = await sql<{ id: string; name: string; scopes: string[] }>`
    with shown as (
      select id, name, scopes, last_used_at from identity.api_key
      where key_hash = ${hashOfKey(key)} and revoked_at is null and (expires_at is null or expires_at > ${at})
    ), used as (
      update identity.api_key set last_used_at = ${at}
      where id = (select id from shown where last_used_at is null or last_used_at < ${noted})
    )
    select id, name, scopes from shown`.execute(db);
  const [row] = rows;
  return row && { kind: 'machine', keyId: row.id, name: row.name, staffRoles: [], scopes: row.scopes };
}

/** The token of the session cookie, when our signature is on it: a forged one is not worth a query. */
function sessionTokenIn({ config }: Deps, { cookie }: IncomingHttpHeaders): string | undefined {
  const prefix = config.publicUrl.startsWith('https:') ? '__Secure-' : '';
  const name = `${prefix}${SESSION_COOKIE}=`;
  const value = cookie
    ?.split(/; */)
    .find((each) => each.startsWith(name))
    ?.slice(name.length);
  if (!value) return undefined;
  const [token, signature] = splitLast(decoded(value));
  const expected = createHmac('sha256', config.secret).update(token).digest();
  const shown = Buffer.from(signature, 'base64');
  return shown.length === expected.length && timingSafeEqual(shown, expected) ? token : undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}

function splitLast(text: string): [string, string] {
  const dot = text.lastIndexOf('.');
  return [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)];
}

/**
 * A cookie speaks for its owner only when one of our own pages sent the request. Browsers name the page's
 * origin with everything that another site sends and that could change something.
 */
export function isFromHere({ config }: Pick<Deps, 'config'>, { origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined || origin === new URL(config.publicUrl).origin) return true;
  return host !== undefined && /^https?:\/\/(.+)$/.exec(origin)?.[1] === host;
}

async function memberOf({ db, now }: Deps, token: string): Promise<Viewer | undefined> {
  const row = await own(db)
    .selectFrom('identity.session as s')
    .innerJoin('identity.member as m', 'm.id', 's.member_id')
    .leftJoin('identity.organization as o', (join) => join.on('o.runs_marketplace', '=', true))
    .leftJoin('identity.organization_member as t', (join) =>
      join.onRef('t.organization_id', '=', 'o.id').onRef('t.member_id', '=', 'm.id'),
    )
    .select(['s.id', 's.member_id', 'm.name', 'm.email', 't.roles'])
    .where('s.token', '=', token)
    .where('s.expires_at', '>', now())
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    kind: 'member',
    memberId: row.member_id,
    sessionId: row.id,
    name: row.name,
    email: row.email,
    staffRoles: (row.roles ?? []).filter(isStaffRole),
    scopes: [],
  };
}

const isStaffRole = (role: string): role is StaffRole => STAFF_ROLES.some((known) => known === role);
