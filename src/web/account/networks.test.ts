import { randomInt, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { seedMember, signUp } from '#modules/identity/index.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { type Account, NETWORK_CLIENTS, type Sent, standInNetworks } from '#test/networks.ts';
import { buildApp } from '../../app.ts';

/** The app with all the networks configured, which are on this machine and asked over HTTP. */
const test = base.extend('door', { scope: 'file' }, async ({ deps }, { onCleanup }) => {
  const networks = await standInNetworks();
  const connected: Deps = { ...deps, config: { ...deps.config, signIn: NETWORK_CLIENTS } };
  const app = await buildApp(connected);
  onCleanup(async () => {
    await app.close();
    await networks.close();
  });
  return { networks, app: app as unknown as Inject, deps: connected };
});

type Inject = Pick<FastifyInstance, 'inject'>;
type Cookies = { name: string; value: string }[];

const HTML = { accept: 'text/html' };
const PASSWORD = 'a stoa is a covered walk';
/** Those that tell whether an address was checked, and vouch for it. */
const VOUCHING = ['google', 'apple', 'twitter'];
const NETWORKS = [...VOUCHING, 'facebook', 'pinterest'];

const anAccount = (more: Partial<Account> = {}): Account => ({
  id: String(randomInt(2 ** 47)),
  name: 'Bea Example',
  email: `${randomUUID()}@example.com`,
  ...more,
});

const header = (cookies: Cookies) =>
  cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');

async function begun(
  { app, networks }: { app: Inject; networks: { consent(location: string): Sent } },
  id: string,
) {
  const start = await app.inject({ url: `/sign-in/with/${id}?next=/cart`, headers: HTML });
  return {
    sent: networks.consent(start.headers['location'] ?? ''),
    cookie: header(start.cookies as Cookies),
  };
}

/** The browser comes back. A form from another site carries no cookie; the link that it is answered with does. */
async function comeBack(app: Inject, sent: Sent, cookie: string) {
  let url = 'get' in sent ? sent.get : sent.post;
  if ('post' in sent) {
    const posted = await app.inject({
      method: 'POST',
      url: url.pathname,
      payload: sent.form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://appleid.apple.com' },
    });
    expect(posted.statusCode).toBe(303);
    url = new URL(posted.headers['location'] ?? '');
  }
  const answer = await app.inject({ url: url.pathname + url.search, headers: { ...HTML, cookie } });
  const session = (answer.cookies as Cookies).find(({ name, value }) => name === 'stoa_session' && value);
  return { location: answer.headers['location'] ?? '', cookie: session && header([session]) };
}

type Door = { app: Inject; networks: Awaited<ReturnType<typeof standInNetworks>> };

async function signInBy(door: Door, id: string, account: Account | undefined) {
  door.networks.seat(account);
  const { sent, cookie } = await begun(door, id);
  return comeBack(door.app, sent, cookie);
}

const me = async (app: Inject, cookie = '') =>
  (await app.inject({ url: '/v1/identity/me', headers: { cookie } })).json<{
    memberId?: string;
    email?: string;
  }>();

async function saidAt(app: Inject, location: string): Promise<string> {
  const { pathname, search } = new URL(location, 'http://localhost:4000');
  expect(pathname).toBe('/sign-in');
  return (await app.inject({ url: pathname + search, headers: HTML })).body;
}

test.for(['google', 'apple', 'twitter', 'pinterest'])(
  '%s: the first sign-in makes a member, the second finds them',
  async (id, { door }) => {
    const account = anAccount();
    const first = await signInBy(door, id, account);
    expect(first.location).toBe('/cart');
    const member = await me(door.app, first.cookie);
    expect(member).toMatchObject({ kind: 'member', name: 'Bea Example' });
    if (id !== 'pinterest') expect(member.email).toBe(account.email);

    const second = await signInBy(door, id, account);
    expect(await me(door.app, second.cookie)).toEqual(member);
  },
);

test('facebook vouches for no address: its owner confirms it first, and is the same member afterwards', async ({
  door,
  outbox,
  work,
}) => {
  const account = anAccount();
  const first = await signInBy(door, 'facebook', account);
  expect(first.cookie).toBeUndefined();
  expect(await saidAt(door.app, first.location)).toContain('That network did not let you in here.');
  await work();
  const [mail] = outbox.filter(({ to }) => to === account.email);
  const token = /token=([^\s&]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  const confirmed = await door.app.inject({
    method: 'POST',
    url: '/v1/identity/confirmations',
    payload: { token: decodeURIComponent(token) },
  });
  expect(confirmed.statusCode).toBe(200);
  const member = await me(door.app, header(confirmed.cookies as Cookies));

  const second = await signInBy(door, 'facebook', account);
  expect(second.location).toBe('/cart');
  expect(await me(door.app, second.cookie)).toEqual(member);
  expect(member.email).toBe(account.email);
});

test.for(VOUCHING)(
  '%s: an address that it vouches for is the same member as by password',
  async (id, { door }) => {
    const account = anAccount();
    const memberId = await seedMember(door.deps, {
      name: 'Ada',
      email: account.email ?? '',
      password: PASSWORD,
    });
    const { cookie } = await signInBy(door, id, account);
    expect(await me(door.app, cookie)).toMatchObject({ memberId, name: 'Ada' });
  },
);

test.for([
  ['google', { isChecked: false }],
  ['apple', { isChecked: false }],
  ['facebook', {}],
] as const)(
  '%s: an address that it does not vouch for opens nobody’s account',
  async ([id, more], { door }) => {
    const account = anAccount(more);
    await seedMember(door.deps, { name: 'Ada', email: account.email ?? '', password: PASSWORD });
    const { location, cookie } = await signInBy(door, id, account);
    expect(cookie).toBeUndefined();
    expect(await saidAt(door.app, location)).toContain('That network did not let you in here.');
  },
);

test.for(VOUCHING)(
  '%s: one who took the address first and never confirmed it gets nothing by it',
  async (id, { door }) => {
    const account = anAccount();
    const caller = { headers: {}, ip: '10.9.8.7' };
    await signUp(door.deps, caller, { name: 'Eve', email: account.email ?? '', password: PASSWORD });
    const { location, cookie } = await signInBy(door, id, account);
    expect(cookie).toBeUndefined();
    expect(await saidAt(door.app, location)).toContain('That network did not let you in here.');
  },
);

test.for(['twitter', 'pinterest'])(
  '%s without an address: a member of its own, with no address to write to',
  async (id, { door }) => {
    const { email: _email, ...account } = anAccount();
    const { cookie } = await signInBy(door, id, account);
    const member = await me(door.app, cookie);
    expect(member.email).toMatch(/\.invalid$/);
    const page = await door.app.inject({ url: '/account', headers: { ...HTML, cookie: cookie ?? '' } });
    expect(page.body).not.toContain('.invalid');
  },
);

test.for(NETWORKS)('%s: who stops there is told so', async (id, { door }) => {
  const { location, cookie } = await signInBy(door, id, undefined);
  expect(cookie).toBeUndefined();
  expect(await saidAt(door.app, location)).toContain('You stopped at the network. Nothing was changed.');
});

test.for(NETWORKS)('%s: an answer counts once, in the browser that asked', async (id, { door }) => {
  door.networks.seat(anAccount());
  const stolen = await begun(door, id);
  const other = await begun(door, id);
  const refused = async (sent: Sent, cookie: string) => {
    const answer = await comeBack(door.app, sent, cookie);
    expect(answer.location).toContain('/sign-in?');
    expect(answer.cookie).toBeUndefined();
  };
  await refused(stolen.sent, '');
  await refused(stolen.sent, other.cookie);
  const first = await comeBack(door.app, stolen.sent, stolen.cookie);
  // Facebook's new member is to confirm the address first; the answer was spent all the same.
  expect(first.location === '/cart').toBe(id !== 'facebook');
  await refused(stolen.sent, stolen.cookie);
});
