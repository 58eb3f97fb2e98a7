import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { describe, expect } from 'vitest';
import type { Viewer } from '#platform/access.ts';
import { test } from '#test/harness.ts';
import { signUp } from './accounts.ts';
import { countAttempt } from './limits.ts';
import {
  aCaller,
  aMachine,
  aMember,
  aNetworkAddress,
  aPassword,
  aSignedInMember,
  anAddress,
  cookieHeader,
} from './factory.ts';

type App = Pick<FastifyInstance, 'inject'>;

const post = (app: App, url: string, payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers, remoteAddress: aNetworkAddress() });

/** Everything that a caller sees, but the moment. */
function bytesOf({ statusCode, headers, body }: LightMyRequestResponse) {
  const { date: _date, ...rest } = headers;
  return JSON.stringify([statusCode, rest, body]);
}

describe('nothing tells whether an address has an account', () => {
  test('sign-up answers byte for byte alike', async ({ app, deps }) => {
    const { email: known } = await aMember(deps);
    const waiting = anAddress();
    await signUp(deps, aCaller(), { name: 'Ada', email: waiting, password: aPassword });

    const answers = [];
    for (const email of [anAddress(), known, waiting]) {
      answers.push(await post(app, '/v1/identity/sign-up', { name: 'Ada', email, password: aPassword }));
    }
    expect(answers[0]?.statusCode).toBe(202);
    expect(answers[0]?.json()).toEqual({ done: true });
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
  });

  test('a reset answers byte for byte alike', async ({ app, deps }) => {
    const { email: known } = await aMember(deps);
    const answers = [];
    for (const email of [anAddress(), known]) {
      answers.push(await post(app, '/v1/identity/password-resets', { email }));
    }
    expect(answers[0]?.statusCode).toBe(202);
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
  });

  test('a change of address answers byte for byte alike', async ({ app, deps }) => {
    const { cookie } = await aSignedInMember(deps);
    const { email: known } = await aMember(deps);
    const answers = [];
    for (const email of [anAddress(), known]) {
      const wish = { email, password: aPassword };
      answers.push(await post(app, '/v1/identity/me/address-changes', wish, { cookie }));
    }
    expect(answers[0]?.statusCode).toBe(202);
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
  });

  test('sign-in refuses byte for byte alike, whatever is wrong', async ({ app, deps }) => {
    const { email: known } = await aMember(deps);
    const waiting = anAddress();
    await signUp(deps, aCaller(), { name: 'Ada', email: waiting, password: aPassword });
    const claims = [
      { email: anAddress(), password: aPassword },
      { email: known, password: 'not the password' },
      { email: known, password: 'x'.repeat(200) },
      { email: waiting, password: aPassword },
      { email: waiting, password: 'not the password' },
      { email: 'no address', password: aPassword },
    ];
    const answers = [];
    for (const claim of claims) answers.push(await post(app, '/v1/identity/sign-in', claim));
    expect(answers[0]?.statusCode).toBe(401);
    expect(answers[0]?.headers['content-type']).toContain('application/problem+json');
    expect(answers[0]?.json()).toEqual({
      type: '/problems/identity.sign_in_refused',
      title: 'That e-mail and password do not open an account',
      status: 401,
      data: {},
    });
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
  });
});

describe('cross-site requests', () => {
  test('are refused by every route that changes something, and change nothing', async ({ app, deps }) => {
    const { cookie, email } = await aSignedInMember(deps);
    const foreign = { cookie, origin: 'https://evil.example' };
    const refused = [
      await post(app, '/v1/identity/sign-in', { email, password: aPassword }, foreign),
      await post(app, '/v1/identity/auth/passkey/verify-authentication', {}, foreign),
      await post(app, '/v1/identity/auth/passkey/verify-registration', {}, { cookie }),
      await app.inject({ method: 'DELETE', url: '/v1/identity/me/sessions', headers: foreign }),
      await app.inject({
        method: 'PUT',
        url: '/v1/identity/me',
        headers: foreign,
        payload: { name: 'Mallory' },
      }),
    ];
    // A member's route does not even know the member; a guest's is stopped by name.
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 401, 401]);
    const me = await app.inject({ url: '/v1/identity/me', headers: { cookie } });
    expect(me.json()).toMatchObject({ kind: 'member', name: 'Ada Example' });
  });
});

describe('limits', () => {
  test('the eleventh attempt at one account is refused from everywhere, until the time is over', async ({
    app,
    deps,
  }) => {
    const { email } = await aMember(deps);
    for (let attempt = 1; attempt <= 9; attempt++) await countAttempt(deps, 'sign_in_account', email);
    const tenth = await post(app, '/v1/identity/sign-in', { email, password: 'not the password' });
    expect(tenth.statusCode).toBe(401);
    const refused = await post(app, '/v1/identity/sign-in', { email, password: aPassword });
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({
      type: '/problems/identity.too_many_attempts',
      data: { retryAfterSeconds: expect.any(Number) },
    });
    const { retryAfterSeconds } = refused.json().data;
    expect(retryAfterSeconds).toBeGreaterThan(800);
    expect(retryAfterSeconds).toBeLessThanOrEqual(900);
    const known = await post(app, '/v1/identity/sign-in', { email: anAddress(), password: aPassword });
    expect(known.statusCode).toBe(401);
  });

  test('one network address cannot try account after account', async ({ app }) => {
    const remoteAddress = aNetworkAddress();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 21; attempt++) {
      const { statusCode } = await app.inject({
        method: 'POST',
        url: '/v1/identity/password-resets',
        payload: { email: anAddress() },
        remoteAddress,
        headers: { 'x-forwarded-for': aNetworkAddress(), 'x-stoa-address': aNetworkAddress() },
      });
      statuses.push(statusCode);
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('sessions', () => {
  test('are listed, ended one by one, and all at once', async ({ app, deps }) => {
    const { cookie, email } = await aSignedInMember(deps);
    const other = await post(
      app,
      '/v1/identity/sign-in',
      { email, password: aPassword },
      { 'user-agent': 'Phone' },
    );
    expect(other.json()).toEqual({ done: true });
    const phone = cookieHeader([other.headers['set-cookie'] ?? ''].flat());
    const list = async (shown: string) =>
      app.inject({ url: '/v1/identity/me/sessions', headers: { cookie: shown } });

    const { sessions } = (await list(cookie)).json();
    expect(sessions).toHaveLength(2);
    const its = sessions.find((each: { userAgent: string }) => each.userAgent === 'Phone');
    expect(its).toMatchObject({ isThisOne: false, address: expect.stringMatching(/^10\./) });

    const end = (id: string) =>
      app.inject({ method: 'DELETE', url: `/v1/identity/me/sessions/${id}`, headers: { cookie } });
    expect((await end(its.id)).statusCode).toBe(204);
    expect((await end(its.id)).json()).toMatchObject({ type: '/problems/identity.session_unknown' });
    expect((await list(phone)).statusCode).toBe(401);

    const all = await app.inject({
      method: 'DELETE',
      url: '/v1/identity/me/sessions',
      headers: { cookie: `${cookie}; stoa_cart=1` },
    });
    expect(all.statusCode).toBe(204);
    expect([all.headers['set-cookie']].flat()).toEqual([
      'stoa_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ]);
    expect((await list(cookie)).statusCode).toBe(401);
  });

  test('of somebody else are out of reach', async ({ app, deps }) => {
    const [ada, bea] = [await aSignedInMember(deps), await aSignedInMember(deps)];
    const hers = await app.inject({ url: '/v1/identity/me/sessions', headers: { cookie: bea.cookie } });
    const answer = await app.inject({
      method: 'DELETE',
      url: `/v1/identity/me/sessions/${hers.json().sessions[0].id}`,
      headers: { cookie: ada.cookie },
    });
    expect(answer.statusCode).toBe(404);
    const me = await app.inject({ url: '/v1/identity/me', headers: { cookie: bea.cookie } });
    expect(me.json()).toMatchObject({ kind: 'member' });
  });
});

type Kind = 'guest' | 'member' | 'machine' | 'service' | 'operations' | 'merchant' | 'admin';
const KINDS: Kind[] = ['guest', 'member', 'machine', 'service', 'operations', 'merchant', 'admin'];
const ALL = 'all';
const MEMBERS: Kind[] = ['member', 'service', 'operations', 'merchant', 'admin'];
const STAFF: Kind[] = ['service', 'operations', 'merchant', 'admin'];
const ID = '00000000-0000-7000-8000-000000000000';

/** Who gets past the door of each route. A new route of this module is missing here until it says so. */
const MATRIX: Record<string, Kind[] | typeof ALL> = {
  'POST /sign-up': ALL,
  'POST /sign-in': ALL,
  'POST /confirmations': ALL,
  'POST /password-resets': ALL,
  'POST /passwords': ALL,
  'GET /me': ALL,
  'PUT /me': MEMBERS,
  'POST /me/address-changes': MEMBERS,
  'POST /me/address-confirmations': MEMBERS,
  'POST /me/erasure': MEMBERS,
  'GET /me/sessions': MEMBERS,
  'DELETE /me/sessions': MEMBERS,
  'DELETE /me/sessions/{id}': MEMBERS,
  'GET /me/passkeys': MEMBERS,
  'DELETE /me/passkeys/{id}': MEMBERS,
  'GET /consents': ['guest', ...MEMBERS],
  'PUT /consents/{purpose}': ['guest', ...MEMBERS],
  'GET /organizations': STAFF,
  'PUT /organizations/{id}': ['admin'],
  'GET /organizations/{id}/members': ['admin'],
  'PUT /organizations/{id}/members/{memberId}': ['admin'],
  'DELETE /organizations/{id}/members/{memberId}': ['admin'],
  'GET /organizations/{id}/invitations': ['admin'],
  'POST /organizations/{id}/invitations': ['admin'],
  'DELETE /invitations/{id}': ['admin'],
  'POST /invitations/{id}/acceptance': MEMBERS,
  'GET /api-keys': ['admin'],
  'POST /api-keys': ['admin'],
  'DELETE /api-keys/{id}': ['admin'],
  'GET /audit': ['admin'],
};

describe('permissions', () => {
  test('the matrix names every route', async ({ app }) => {
    const paths = app.swagger().paths ?? {};
    const routes = Object.entries(paths)
      .filter(([path]) => path.startsWith('/v1/identity/'))
      .flatMap(([path, methods]) =>
        Object.keys(methods ?? {}).map(
          (method) => `${method.toUpperCase()} ${path.slice('/v1/identity'.length)}`,
        ),
      );
    expect(routes.toSorted()).toEqual(Object.keys(MATRIX).toSorted());
  });

  test('every route lets in whom the matrix says, and refuses everybody else', async ({ app, deps }) => {
    const sender = async (kind: Kind): Promise<Record<string, string>> => {
      if (kind === 'guest') return {};
      if (kind === 'machine') {
        return { authorization: (await aMachine(deps, ['catalog:write', 'orders:write'])).authorization };
      }
      const { cookie } = await aSignedInMember(deps, kind === 'member' ? undefined : [kind]);
      return { cookie };
    };
    const wrong: string[] = [];
    for (const kind of KINDS) {
      let headers = await sender(kind);
      for (const [route, allowed] of Object.entries(MATRIX)) {
        const [method = '', path = ''] = route.split(' ');
        const url = `/v1/identity${path.replaceAll(/\{(id|memberId|purpose)\}/g, ID)}`;
        const { statusCode, body } = await app.inject({
          method: method as 'GET',
          url,
          headers,
          remoteAddress: aNetworkAddress(),
          ...(method !== 'GET' && method !== 'DELETE' && { payload: {} }),
        });
        // Past the door a malformed body or an unknown id is refused, but for another reason.
        const refusedAtTheDoor =
          body.includes('/problems/platform.sign_in_required') ||
          body.includes('/problems/platform.not_allowed');
        const expected = allowed === ALL || allowed.includes(kind);
        if (refusedAtTheDoor === expected) wrong.push(`${kind} ${route}: ${statusCode}`);
        if (refusedAtTheDoor && statusCode !== (kind === 'guest' ? 401 : 403))
          wrong.push(`${kind} ${route}: ${statusCode}`);
        if (statusCode >= 500) wrong.push(`${kind} ${route}: ${statusCode}`);
        if (route === 'DELETE /me/sessions' && headers['cookie']) headers = await sender(kind);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('Better Auth is open where a browser needs it and closed elsewhere', async ({ app }) => {
    const closed = [
      ['POST', '/sign-up/email'],
      ['POST', '/sign-in/email'],
      ['POST', '/sign-in/social'],
      ['GET', '/get-session'],
      ['POST', '/request-password-reset'],
      ['GET', '/verify-email?token=x'],
      ['POST', '/update-user'],
      ['GET', '/ok'],
      ['GET', '/error'],
      ['GET', '/callback/../ok'],
      ['POST', '/passkey/delete-passkey'],
    ] as const;
    for (const [method, path] of closed) {
      const { statusCode } = await app.inject({
        method,
        url: `/v1/identity/auth${path}`,
        ...(method === 'POST' && { payload: {} }),
      });
      expect(statusCode, `${method} ${path}`).toBe(404);
    }
    const open = await app.inject({ url: '/v1/identity/auth/passkey/generate-authenticate-options' });
    expect(open.statusCode).toBe(200);
    expect(open.json()).toMatchObject({ rpId: 'localhost', userVerification: 'preferred' });
  });
});

test('a malformed body is refused with its faults', async ({ app }) => {
  const bodies = [
    {},
    { email: 'ada@example.com' },
    { email: 1, password: 'x' },
    { email: 'a@b.co', password: 'x', admin: true },
  ];
  for (const payload of bodies) {
    const answer = await post(app, '/v1/identity/sign-in', payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: '/problems/platform.invalid', status: 400 });
  }
});

test('GET /v1/identity/me says who calls', async ({ app, deps }) => {
  const admin = await aSignedInMember(deps, ['admin']);
  const machine = await aMachine(deps, ['catalog:read']);
  const me = async (headers: Record<string, string>): Promise<Partial<Viewer>> =>
    (await app.inject({ url: '/v1/identity/me', headers })).json();
  expect(await me({})).toEqual({ kind: 'guest', staffRoles: [], scopes: [] });
  expect(await me({ cookie: admin.cookie })).toEqual({
    kind: 'member',
    memberId: admin.memberId,
    name: 'Ada Example',
    email: admin.email,
    staffRoles: ['admin'],
    scopes: [],
  });
  expect(await me({ 'x-api-key': machine.key })).toEqual({
    kind: 'machine',
    keyId: machine.id,
    name: 'A till',
    staffRoles: [],
    scopes: ['catalog:read'],
  });
});
