import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '#test/harness.ts';
import { aBrowser, aSignedInBrowser, PASSWORD } from '../factory.ts';

test('somebody signs up, confirms from the mail, and comes to where they wanted to go, cart in hand', async ({
  app,
  work,
  outbox,
}) => {
  const visitor = aBrowser(app);
  const cart = randomUUID();
  visitor.jar.set('stoa_cart', cart);
  const email = `${randomUUID()}@example.com`;
  const door = await visitor.open('/sign-up?next=/cart');
  expect(door.statusCode).toBe(200);
  expect(door.body).toContain('See what people love, ask those who own it, and buy it wherever it stands.');
  expect(door.body).not.toContain('/sign-in/with/');

  const sent = await visitor.send('/sign-up', { name: 'Ada', email, password: PASSWORD, next: '/cart' });
  expect([sent.statusCode, sent.headers['location']]).toEqual([303, '/sign-up/sent']);
  await work();
  const link = outbox.find(({ to }) => to === email)?.text.match(/http\S+/)?.[0] ?? '';
  const { pathname, search, searchParams } = new URL(link);
  expect(pathname).toBe('/confirm');
  expect((await visitor.open(`${pathname}${search}`)).body).toContain('Confirm and sign in');
  expect((await visitor.open('/account')).statusCode).toBe(303); // opening the link confirmed nothing

  const confirmed = await visitor.send('/confirm', { token: searchParams.get('token') ?? '' });
  expect([confirmed.statusCode, confirmed.headers['location']]).toEqual([303, '/cart']);
  expect(visitor.jar.get('stoa_cart')).toBe(cart);
  const account = await visitor.open('/account');
  expect(account.body).toContain('Hello, Ada');
  expect(account.body).toContain(email);
  expect(account.body).toContain('Welcome. Your account is ready');
});

test('the form says what is wrong beside the field, and keeps what was typed but the password', async ({
  app,
}) => {
  const visitor = aBrowser(app);
  const wrong = await visitor.send('/sign-up', { name: 'Ada', email: 'ada@', password: PASSWORD, next: '' });
  expect(wrong.statusCode).toBe(422);
  expect(wrong.body).toContain('That is not an e-mail address.');
  expect(wrong.body).toContain('value="ada@"');
  expect(wrong.body).not.toContain(PASSWORD);
  const short = await visitor.send('/sign-up', {
    name: 'Ada',
    email: 'ada@example.com',
    password: 'short',
    next: '',
  });
  expect(short.statusCode).toBe(422);
  expect(short.body).toContain('Use between 10 and 128 characters.');
});

test('pages answer alike for an address with an account and one without', async ({ app, deps }) => {
  const { email: known } = await aSignedInBrowser(app, deps);
  const answers = async (url: string, fields: (email: string) => Record<string, string>) => {
    const bytes = [];
    for (const email of [known, known.replace(/^......../, '00000000')]) {
      const { statusCode, headers, body } = await aBrowser(app).send(url, fields(email));
      const { date: _date, ...rest } = headers;
      bytes.push(JSON.stringify([statusCode, rest, body.replaceAll(email, '')]));
    }
    return new Set(bytes).size;
  };
  expect(await answers('/sign-up', (email) => ({ name: 'Ada', email, password: PASSWORD, next: '/' }))).toBe(
    1,
  );
  expect(await answers('/forgot', (email) => ({ email }))).toBe(1);
  expect(await answers('/sign-in', (email) => ({ email, password: 'not the password', next: '/' }))).toBe(1);
});

test('after signing in the browser goes on, to a path of this site only', async ({ app, deps }) => {
  const { email } = await aSignedInBrowser(app, deps);
  const places = [
    ['/cart?step=2', '/cart?step=2'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
  ];
  for (const [next = '', expected] of places) {
    const answer = await aBrowser(app).send('/sign-in', { email, password: PASSWORD, next });
    expect(answer.headers['location'], next).toBe(expected);
  }
});

test('signing in keeps the cart, signing out gives it back to the member', async ({ app, deps }) => {
  const { email } = await aSignedInBrowser(app, deps);
  const visitor = aBrowser(app);
  visitor.jar.set('stoa_cart', '5e0f7e2c-0000-4000-8000-000000000001');
  await visitor.send('/sign-in', { email, password: PASSWORD, next: '/' });
  expect([...visitor.jar.keys()].toSorted()).toEqual(['stoa_cart', 'stoa_notice', 'stoa_session']);
  const out = await visitor.send('/sign-out', {});
  expect([out.statusCode, out.headers['location']]).toEqual([303, '/']);
  expect([...visitor.jar.keys()]).toEqual(['stoa_notice']);
  expect((await visitor.open('/account')).headers['location']).toBe('/sign-in?next=%2Faccount');
});

test('too many attempts are told in a plain sentence', async ({ app, deps }) => {
  const { email } = await aSignedInBrowser(app, deps);
  const visitor = aBrowser(app);
  for (let attempt = 0; attempt < 10; attempt++) {
    await visitor.send('/sign-in', { email, password: 'not the password', next: '/' });
  }
  const refused = await visitor.send('/sign-in', { email, password: PASSWORD, next: '/' });
  expect(refused.statusCode).toBe(429);
  expect(refused.body).toContain('There were many attempts in a short time. Try again in 15 minutes.');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
});

test('the account page renames, lists sessions, ends one and ends all', async ({ app, deps }) => {
  const { open, send, email } = await aSignedInBrowser(app, deps);
  const phone = aBrowser(app);
  await phone.send('/sign-in', { email, password: PASSWORD, next: '/' });
  expect((await send('/account/name', { name: '  Ada L. ' })).statusCode).toBe(303);
  expect((await send('/account/name', { name: '  ' })).statusCode).toBe(422);

  const account = (await open('/account')).body;
  expect(account).toContain('Hello, Ada L.');
  expect(account.match(/this browser/g)).toHaveLength(1);
  const id = account.match(/sessions\/end"><input type="hidden" name="id" value="([^"]+)"/)?.[1] ?? '';
  expect((await send('/account/sessions/end', { id })).statusCode).toBe(303);
  expect((await phone.open('/account')).statusCode).toBe(303);
  expect((await open('/account')).statusCode).toBe(200);
  expect((await send('/account/sign-out-everywhere', {})).statusCode).toBe(303);
  expect((await open('/account')).statusCode).toBe(303);
});

test('consent is chosen with a plain form, by a guest too, and its history is shown', async ({ app }) => {
  const visitor = aBrowser(app);
  const checked = async () =>
    [...(await visitor.open('/account/privacy')).body.matchAll(/value="([^"]+)" checked/g)].map(
      ([, name]) => name,
    );
  expect(await checked()).toEqual([]);
  const granted = ['analytics', 'network:pinterest'];
  expect((await visitor.send('/account/privacy', { granted })).statusCode).toBe(303);
  expect(await checked()).toEqual(granted);
  await visitor.send('/account/privacy', { granted: 'analytics' });
  expect(await checked()).toEqual(['analytics']);
  const { body } = await visitor.open('/account/privacy');
  expect(body.match(/Pinterest may learn of your visits and purchases/g)).toHaveLength(3); // the switch, yes, no
});

test('an admin invites somebody, who joins, gets other roles and is removed', async ({
  app,
  deps,
  work,
  outbox,
}) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  const guest = await aSignedInBrowser(app, deps);
  expect((await guest.open('/desk/team')).statusCode).toBe(403);
  const none = await admin.send('/desk/team/invite', { email: guest.email });
  expect(none.body).toContain('Choose at least one role.');
  await admin.send('/desk/team/invite', { email: guest.email, roles: 'merchant' });
  await work();
  const link = outbox.find(({ to }) => to === guest.email)?.text.match(/http\S+/)?.[0] ?? '';
  const path = new URL(link).pathname;
  expect((await admin.open(path)).statusCode).toBe(404); // it is somebody else's
  expect((await guest.open(path)).body).toContain('invites you to its team as Merchant');
  expect((await guest.send(path, {})).statusCode).toBe(303);

  const team = (await admin.open('/desk/team')).body;
  expect(team).toContain(guest.email);
  const memberId = team.split(guest.email)[1]?.match(/name="memberId" value="([^"]+)"/)?.[1] ?? '';
  await admin.send('/desk/team/roles', { memberId, roles: ['service', 'operations'] });
  await admin.send('/desk/team/remove', { memberId });
  expect((await admin.open('/desk/team')).body).not.toContain(guest.email);
});

test('a key is shown once, and can be revoked', async ({ app, deps }) => {
  const admin = await aSignedInBrowser(app, deps, ['admin']);
  const made = await admin.send('/desk/api-keys', { name: 'Till', days: '30', scopes: 'catalog:read' });
  expect([made.statusCode, made.headers['cache-control']]).toEqual([200, 'no-store']);
  const key = made.body.match(/stoa_[\w-]{43}/)?.[0] ?? '';
  const me = async () => (await app.inject({ url: '/v1/identity/me', headers: { 'x-api-key': key } })).json();
  expect(await me()).toMatchObject({ kind: 'machine', scopes: ['catalog:read'] });
  const list = (await admin.open('/desk/api-keys')).body;
  expect(list).not.toContain(key);
  expect(list).toContain(key.slice(0, 11));
  const id = list.match(/revoke"><input type="hidden" name="id" value="([^"]+)"/)?.[1] ?? '';
  expect((await admin.send('/desk/api-keys/revoke', { id })).statusCode).toBe(303);
  expect(await me()).toMatchObject({ kind: 'guest' });
});
