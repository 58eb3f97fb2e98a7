import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { seedMember } from '#modules/identity/index.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { openIdProvider, type Person } from '#test/oidc-provider.ts';
import { buildApp } from '../../app.ts';

const CLIENT = { clientId: 'stoa', clientSecret: 'the secret of the stand-in' };

/** The app with a network that it may ask, on this machine and over HTTP as a real one is. */
const test = base.extend('network', { scope: 'file' }, async ({ deps }, { onCleanup }) => {
  const provider = await openIdProvider(CLIENT);
  const oidc = { ...CLIENT, issuer: provider.issuer, name: 'Agora' };
  const connected: Deps = { ...deps, config: { ...deps.config, signIn: { oidc } } };
  const app = await buildApp(connected);
  onCleanup(async () => {
    await app.close();
    await provider.close();
  });
  return { provider, app: app as unknown as Pick<FastifyInstance, 'inject'>, deps: connected };
});

const aPerson = (more: Partial<Person> = {}): Person => ({
  sub: randomUUID(),
  name: 'Bea Example',
  email: `${randomUUID()}@example.com`,
  email_verified: true,
  ...more,
});

type Inject = Pick<FastifyInstance, 'inject'>;
type Cookies = { name: string; value: string }[];

const header = (cookies: Cookies) =>
  cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');

/** As far as the network's answer: where it sends the browser, and what the browser holds. */
async function atTheNetwork(app: Inject, next = '/cart') {
  const start = await app.inject({
    url: `/sign-in/with/oidc?next=${encodeURIComponent(next)}`,
    headers: { accept: 'text/html' },
  });
  const asked = await fetch(start.headers['location'] ?? '', { redirect: 'manual' });
  const back = new URL(asked.headers.get('location') ?? '');
  return { start, back, cookie: header(start.cookies as Cookies) };
}

const callback = (app: Inject, back: URL, cookie: string) =>
  app.inject({ url: back.pathname + back.search, headers: { cookie, accept: 'text/html' } });

async function signInAs(app: Inject, next?: string) {
  const { back, cookie } = await atTheNetwork(app, next);
  const answer = await callback(app, back, cookie);
  const session = (answer.cookies as Cookies).find(({ name }) => name === 'stoa_session');
  return { answer, cookie: session ? header([session]) : undefined };
}

const me = async (app: Inject, cookie = '') =>
  (await app.inject({ url: '/v1/identity/me', headers: { cookie } })).json();

test('the door shows the networks that are configured, and no others', async ({ app, network }) => {
  const open = async (door: Inject) =>
    (await door.inject({ url: '/sign-up', headers: { accept: 'text/html' } })).body;
  expect(await open(network.app)).toContain('Continue with Agora');
  expect(await open(network.app)).not.toContain('Continue with Google');
  expect(await open(app)).not.toContain('Continue with');
  const unknown = await network.app.inject({ url: '/sign-in/with/google', headers: { accept: 'text/html' } });
  expect(unknown.statusCode).toBe(404);
});

test('somebody comes in by a network, and the second time is the same member', async ({ network, db }) => {
  const { app, provider } = network;
  const person = aPerson();
  provider.seat(person);
  const { start } = await atTheNetwork(app);
  const asked = new URL(start.headers['location'] ?? '').searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    client_id: 'stoa',
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: 'http://localhost:4000/v1/identity/auth/callback/oidc',
    nonce: expect.any(String),
  });

  const first = await signInAs(app);
  expect([first.answer.statusCode, first.answer.headers['location']]).toEqual([303, '/cart']);
  const viewer = await me(app, first.cookie);
  expect(viewer).toMatchObject({ kind: 'member', name: 'Bea Example', email: person.email });
  const again = await signInAs(app);
  expect(await me(app, again.cookie)).toMatchObject({ memberId: viewer.memberId });

  const kept = await db
    .withTables<{ 'identity.account': Record<string, unknown> & { member_id: string } }>()
    .selectFrom('identity.account')
    .selectAll()
    .where('member_id', '=', viewer.memberId)
    .execute();
  expect(kept).toMatchObject([
    { provider_id: 'oidc', account_id: person.sub, access_token: null, refresh_token: null, id_token: null },
  ]);
});

test('a member with a password is the same member by a network that has checked the address', async ({
  network,
}) => {
  const { app, provider, deps } = network;
  const person = aPerson();
  const memberId = await seedMember(deps, {
    name: 'Ada',
    email: person.email,
    password: 'a stoa is a covered walk',
  });
  provider.seat(person);
  const { cookie } = await signInAs(app);
  expect(await me(app, cookie)).toMatchObject({ memberId, name: 'Ada' });
});

test('an address that the network has not checked opens nothing, and the page says the same either way', async ({
  network,
  outbox,
  work,
}) => {
  const { app, provider, deps } = network;
  const known = aPerson({ email_verified: false });
  await seedMember(deps, { name: 'Ada', email: known.email, password: 'a stoa is a covered walk' });
  const pages = [];
  const unknown = aPerson({ email_verified: false });
  for (const person of [known, unknown]) {
    provider.seat(person);
    const { answer, cookie } = await signInAs(app);
    expect(cookie).toBeUndefined();
    const { pathname, search } = new URL(answer.headers['location'] ?? '', 'http://localhost:4000');
    expect(pathname).toBe('/sign-in');
    const page = await app.inject({ url: pathname + search, headers: { accept: 'text/html' } });
    expect(page.body).toContain('That network did not let you in here.');
    pages.push(page.body.replaceAll(/\?[^"]*/g, ''));
  }
  expect(new Set(pages).size).toBe(1);
  await work();
  const subjects = (email: string) => outbox.filter(({ to }) => to === email).map(({ subject }) => subject);
  expect(subjects(unknown.email)).toEqual(['Confirm your e-mail address']);
  expect(subjects(known.email)).toEqual([]);
});

test('an answer counts in the browser that asked, once, and with its own nonce', async ({ network }) => {
  const { app, provider } = network;
  provider.seat(aPerson());
  const refused = async (back: URL, cookie: string) => {
    const answer = await callback(app, back, cookie);
    expect(answer.statusCode).toBe(303);
    expect(answer.headers['location']).toContain('/sign-in?');
    expect((answer.cookies as Cookies).filter(({ name, value }) => name === 'stoa_session' && value)).toEqual(
      [],
    );
  };
  const stolen = await atTheNetwork(app);
  await refused(stolen.back, '');
  const other = await atTheNetwork(app);
  await refused(stolen.back, other.cookie);
  expect((await callback(app, stolen.back, stolen.cookie)).headers['location']).toBe('/cart');
  await refused(stolen.back, stolen.cookie);

  provider.forgeNonce(true);
  const forged = await atTheNetwork(app);
  await refused(forged.back, forged.cookie);
  provider.forgeNonce(false);
});

test('who stops at the network is told so, and nobody is sent to another site', async ({ network }) => {
  const { app, provider } = network;
  provider.seat(undefined);
  const { answer } = await signInAs(app);
  const { pathname, search } = new URL(answer.headers['location'] ?? '');
  const page = await app.inject({ url: pathname + search, headers: { accept: 'text/html' } });
  expect(page.body).toContain('You stopped at the network. Nothing was changed.');
  provider.seat(aPerson());
  expect((await signInAs(app, 'https://evil.example/')).answer.headers['location']).toBe('/');
});

test('a provider that is away is said to be, keeps nobody else waiting, and is asked again the next time', async ({
  deps,
}) => {
  const gone = await openIdProvider(CLIENT);
  const { port } = new URL(gone.issuer);
  await gone.close();
  const oidc = { ...CLIENT, issuer: gone.issuer, name: 'Agora' };
  const connected: Deps = { ...deps, config: { ...deps.config, signIn: { oidc } } };
  const app = await buildApp(connected);
  const away = await app.inject({ url: '/sign-in/with/oidc?next=/cart', headers: { accept: 'text/html' } });
  const { pathname, search } = new URL(away.headers['location'] ?? '');
  expect(pathname).toBe('/sign-in');
  const page = await app.inject({ url: pathname + search, headers: { accept: 'text/html' } });
  expect(page.body).toContain('That network did not let you in here.');
  const email = `${randomUUID()}@example.com`;
  await seedMember(connected, { name: 'Ada', email, password: 'a stoa is a covered walk' });
  const payload = { email, password: 'a stoa is a covered walk' };
  expect((await app.inject({ method: 'POST', url: '/v1/identity/sign-in', payload })).statusCode).toBe(200);

  const back = await openIdProvider(CLIENT, Number(port));
  back.seat(aPerson());
  expect((await signInAs(app as unknown as Inject, '/cart')).answer.headers['location']).toBe('/cart');
  await app.close();
  await back.close();
});
