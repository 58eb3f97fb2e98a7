import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { stockCameIn, stockRanOut } from '#events/inventory.ts';
import { type Db, inTransaction, openDb } from '#platform/db.ts';
import { emit } from '#platform/events.ts';
import type { Deps } from '#platform/module.ts';
import { test as base } from '#test/harness.ts';
import { aMachine, aMember } from '../identity/factory.ts';
import { isInside, type Resolve } from '#platform/outside.ts';
import { ping, rotateSecret } from './endpoints.ts';
import { fanOut, isBehind } from './fan-out.ts';
import { followWebhooks, sendDue } from './follow-webhooks.ts';
import { deliveries, deliveryOf, replay, replaySince } from './log.ts';
import { claimDue, deliver, type SendDeps, waitMs } from './send.ts';
import { setEndpoint } from './set-endpoint.ts';

interface Got {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers each path as it is told to, 204 else; `null` is no answer until it is let go. */
async function aReceiver() {
  const got: Got[] = [];
  const says = new Map<string, number | null>();
  const held: (() => void)[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { url = '', headers } = request;
      got.push({ url, headers, body });
      for (const each of waiting) if (got.length >= each.count) each.done();
      const status = says.get(url);
      const answer = () =>
        response.writeHead(status ?? 204, { location: '/elsewhere' }).end('x'.repeat(5000));
      if (status === null) held.push(answer);
      else answer();
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    got,
    says,
    port,
    address: (path: string) => `http://127.0.0.1:${port}${path}`,
    at: (path: string) => got.filter(({ url }) => url === path),
    until: (count: number) =>
      new Promise<void>((done) => (got.length >= count ? done() : waiting.push({ count, done }))),
    letGo: () => held.splice(0).forEach((answer) => answer()),
    close: () => server.close(),
  };
}

const test = base
  .extend('receiver', { scope: 'file' }, async ({}, { onCleanup }) => {
    const receiver = await aReceiver();
    onCleanup(() => void receiver.close());
    return receiver;
  })
  .extend('sender', { scope: 'file' }, async ({ deps }) => {
    const clock = { at: new Date('2026-11-20T12:00:00Z') };
    const config = { ...deps.config, webhooks: { isInsecure: true } };
    return { ...deps, config, clock, now: () => clock.at };
  });

type Sender = Deps & { clock: { at: Date } };

async function anEndpoint(sender: Sender, url: string, eventNames: string[] = [stockRanOut.name]) {
  const id = randomUUID();
  const wish = { id, url, description: '', eventNames, isActive: true };
  const { secret } = await setEndpoint(sender, 'system', wish);
  return { id, secret: secret ?? '' };
}

const anEvent = (db: Db) => {
  const fact = { variantId: randomUUID(), locationId: randomUUID() };
  return inTransaction(db, (tx) => emit(tx, stockRanOut, fact)).then(() => fact);
};

const off = (db: Db) => sql`update webhooks.endpoint set is_active = false`.execute(db);
const stateOf = async (db: Db, endpointId: string) =>
  (await deliveries(db, { endpointId, limit: 100 })).map(({ state, attempts }) => [state, attempts]);

test('an event comes once, in its envelope, and the official verifier takes its signature', async ({
  db,
  receiver,
  sender,
}) => {
  await off(db);
  const { id, secret } = await anEndpoint(sender, receiver.address('/one'));
  sender.clock.at = new Date(); // the verifier has a clock of its own
  const fact = await anEvent(db);
  await inTransaction(db, (tx) => emit(tx, stockCameIn, fact)); // nobody subscribed to that one
  await sendDue(sender);
  await sendDue(sender);

  const [got, ...more] = receiver.at('/one');
  expect(more).toEqual([]);
  expect(new Webhook(secret).verify(got?.body ?? '', got?.headers as Record<string, string>)).toEqual({
    type: 'inventory.stock_ran_out.v1',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    data: fact,
  });
  const forged = { ...(got?.headers as Record<string, string>), 'webhook-id': randomUUID() };
  expect(() => new Webhook(secret).verify(got?.body ?? '', forged)).toThrow(/No matching signature/);
  const [delivery] = await deliveries(db, { endpointId: id, limit: 1 });
  const told = await deliveryOf(db, id, delivery?.id ?? 0);
  expect(told).toMatchObject({ state: 'delivered', body: got?.body, tries: [{ status: 204, error: null }] });
});

test('a secret that is changed signs beside the old one for a day', async ({ db, receiver, sender }) => {
  await off(db);
  sender.clock.at = new Date();
  const { id, secret } = await anEndpoint(sender, receiver.address('/rotated'));
  const rotated = await inTransaction(db, (tx) =>
    rotateSecret(tx, 'system', id, sender.config.secret, sender.now()),
  );
  await anEvent(db);
  await sendDue(sender);
  const [got] = receiver.at('/rotated');
  for (const each of [secret, rotated.secret])
    expect(() =>
      new Webhook(each).verify(got?.body ?? '', got?.headers as Record<string, string>),
    ).not.toThrow();
  sender.clock.at = new Date(sender.clock.at.getTime() + 25 * 3_600_000);
  await inTransaction(db, (tx) => ping(tx, id, sender.now()));
  await sendDue(sender);
  expect(String(receiver.at('/rotated')[1]?.headers['webhook-signature']).split(' ')).toHaveLength(1);
});

test('what is not taken is tried eight times within about a day, then given up, and can be replayed', async ({
  db,
  receiver,
  sender,
}) => {
  await off(db);
  receiver.says.set('/down', 302); // a redirect is no answer, and is not followed
  const { id } = await anEndpoint(sender, receiver.address('/down'));
  await anEvent(db);
  const begun = sender.clock.at;
  for (let tries = 1; tries <= 8; tries++) {
    await sendDue(sender);
    await sendDue(sender); // not due yet
    expect(receiver.at('/down')).toHaveLength(tries);
    const [{ dueAt } = { dueAt: null }] = await deliveries(db, { endpointId: id, limit: 1 });
    if (dueAt) {
      const waited = dueAt.getTime() - sender.clock.at.getTime();
      expect(waited).toBeGreaterThanOrEqual(waitMs(tries, 0));
      expect(waited).toBeLessThanOrEqual(waitMs(tries, 1));
      sender.clock.at = dueAt;
    }
  }
  expect(await stateOf(db, id)).toEqual([['failed', 8]]);
  const hours = (sender.clock.at.getTime() - begun.getTime()) / 3_600_000;
  expect(hours).toBeGreaterThan(18);
  expect(hours).toBeLessThan(30);
  expect(receiver.at('/elsewhere')).toEqual([]);
  expect(new Set(receiver.at('/down').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const [{ id: deliveryId } = { id: 0 }] = await deliveries(db, { endpointId: id, limit: 1 });
  const { tries } = await deliveryOf(db, id, deliveryId);
  expect(tries).toHaveLength(8);
  expect(tries[0]).toMatchObject({ status: 302, answer: 'x'.repeat(2048) });

  receiver.says.delete('/down');
  const asked = { endpointId: id, state: 'failed' as const };
  expect(await inTransaction(db, (tx) => replay(tx, asked, sender.now()))).toBe(1);
  await sendDue(sender);
  expect(await stateOf(db, id)).toEqual([['delivered', 1]]);
});

test('a sender that dies between sending and writing it down sends again, with the same webhook-id', async ({
  db,
  receiver,
  sender,
}) => {
  await off(db);
  const { id } = await anEndpoint(sender, receiver.address('/twice'));
  await anEvent(db);
  do while (await fanOut(sender));
  while (await isBehind(db));
  const [claimed] = await inTransaction(db, (tx) => claimDue(tx, new Map(), 1, sender.now()));
  assert(claimed);
  const lost = openDb('postgres://127.0.0.1:1/lost');
  await expect(deliver({ ...sender, db: lost, resolve }, claimed)).rejects.toThrow('ECONNREFUSED');
  await lost.destroy();
  expect(receiver.at('/twice')).toHaveLength(1);
  await sendDue(sender); // its lease still holds
  expect(receiver.at('/twice')).toHaveLength(1);
  sender.clock.at = new Date(sender.clock.at.getTime() + 61_000);
  await sendDue(sender);
  expect(await stateOf(db, id)).toEqual([['delivered', 1]]);
  expect(receiver.at('/twice').map(({ headers }) => headers['webhook-id'])).toEqual([
    claimed.eventId,
    claimed.eventId,
  ]);
});

test('everything since a moment is sent, also what an endpoint was never sent', async ({
  db,
  receiver,
  sender,
}) => {
  await off(db);
  const since = new Date();
  await anEvent(db);
  await anEvent(db);
  do while (await fanOut(sender));
  while (await isBehind(db));
  const { id } = await anEndpoint(sender, receiver.address('/late'));
  await sendDue(sender);
  expect(receiver.at('/late')).toEqual([]);
  expect(await replaySince(db, id, since, sender.now())).toBe(2);
  await sendDue(sender);
  expect(receiver.at('/late')).toHaveLength(2);
  expect(await replaySince(db, id, since, sender.now())).toBe(2);
  await sendDue(sender);
  expect(receiver.at('/late')).toHaveLength(4);
});

test('410 switches an endpoint off, and so do five days of failing; admins are told', async ({
  db,
  deps,
  outbox,
  receiver,
  sender,
  work,
}) => {
  await off(db);
  const { address } = await aMember(deps, ['admin']).then(async ({ memberId }) => {
    const { rows } = await sql<{ email: string }>`
      select email from identity.member where id = ${memberId}`.execute(db);
    return { address: rows[0]?.email };
  });
  receiver.says.set('/gone', 410);
  receiver.says.set('/ill', 500);
  const gone = await anEndpoint(sender, receiver.address('/gone'));
  const ill = await anEndpoint(sender, receiver.address('/ill'));
  await anEvent(db);
  await sendDue(sender);
  sender.clock.at = new Date(sender.clock.at.getTime() + 5.1 * 86_400_000);
  await sendDue(sender);
  const { rows } = await sql<object>`
    select id, is_active as "isActive", off_reason as "offReason" from webhooks.endpoint
    where id in (${gone.id}, ${ill.id}) order by off_reason`.execute(db);
  expect(rows).toEqual([
    { id: ill.id, isActive: false, offReason: 'failing' },
    { id: gone.id, isActive: false, offReason: 'gone' },
  ]);
  outbox.length = 0;
  await work();
  const mails = outbox.filter(({ subject }) => subject.includes('webhook'));
  expect(mails.filter(({ to }) => to === address)).toHaveLength(2);
});

test('a slow endpoint holds nobody up, and has four places at most', async ({ db, receiver, sender }) => {
  await off(db);
  receiver.got.length = 0;
  receiver.says.set('/slow', null);
  await anEndpoint(sender, receiver.address('/slow'));
  for (let each = 1; each < 20; each++) await anEndpoint(sender, receiver.address(`/quick-${each}`));
  for (let each = 0; each < 10; each++) await anEvent(db);
  const stopping = new AbortController();
  const faults: unknown[] = [];
  const running = followWebhooks(sender, stopping.signal, (fault) => faults.push(fault));
  await receiver.until(19 * 10 + 4);
  expect(receiver.at('/slow')).toHaveLength(4);
  receiver.says.delete('/slow');
  receiver.letGo();
  await receiver.until(20 * 10);
  stopping.abort();
  await running;
  expect(receiver.got).toHaveLength(200);
  expect(faults).toEqual([]);
});

describe('an address inside the network', () => {
  test.for([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    'fd00:ec2::254',
  ])('%s is one', (address) => expect(isInside(address)).toBe(true));

  test.for(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111'])('%s is none', (address) =>
    expect(isInside(address)).toBe(false),
  );

  test.for([
    ['https://127.0.0.1/', 'inside'],
    ['https://2130706433/', 'inside'],
    ['https://0x7f.1/', 'inside'],
    ['https://[::ffff:127.0.0.1]/', 'inside'],
    ['https://localhost/', 'inside'],
    ['https://half-inside.example/', 'inside'],
    ['https://nobody.example/', 'unknown_host'],
    ['http://outside.example/', 'not_https'],
    ['https://user:word@outside.example/', 'malformed'],
    ['ftp://outside.example/', 'malformed'],
    ['no address', 'malformed'],
  ] as const)('%s is refused as %s', async ([url, reason], { deps }) => {
    const wish = { id: randomUUID(), url, description: '', eventNames: [stockRanOut.name], isActive: true };
    const answer = setEndpoint(deps, 'system', wish, resolve);
    await expect(answer).rejects.toMatchObject({ code: 'webhooks.url_refused', data: { reason } });
  });

  test('is not called by a name that led elsewhere when it was registered', async ({
    db,
    deps,
    receiver,
    sender,
  }) => {
    await off(db);
    let hasMoved = false;
    const moving: Resolve = async () => [{ address: hasMoved ? '127.0.0.1' : '1.1.1.1', family: 4 }];
    const url = `https://moving.example:${receiver.port}/moved`;
    const id = randomUUID();
    const wish = { id, url, description: '', eventNames: [stockRanOut.name], isActive: true };
    await setEndpoint(deps, 'system', wish, moving);
    hasMoved = true;
    await inTransaction(db, (tx) => ping(tx, id, sender.now()));
    const guarded: SendDeps = { ...deps, now: sender.now, resolve: moving };
    await sendDue(guarded);
    const [{ id: deliveryId } = { id: 0 }] = await deliveries(db, { endpointId: id, limit: 1 });
    const { tries } = await deliveryOf(db, id, deliveryId);
    expect(tries).toMatchObject([{ status: null, error: 'address refused' }]);
    expect(receiver.at('/moved')).toEqual([]);
  });
});

const resolve: Resolve = async (host) => {
  if (host === 'localhost') return [{ address: '::1', family: 6 }];
  if (host === 'nobody.example') throw new Error('ENOTFOUND');
  const outside = { address: '1.1.1.1', family: 4 };
  return host.startsWith('half-') ? [outside, { address: '10.0.0.1', family: 4 }] : [outside];
};

test('what nobody answers in time is a failed try', async ({ db, receiver, sender }) => {
  await off(db);
  receiver.says.set('/silent', null);
  const { id } = await anEndpoint(sender, receiver.address('/silent'));
  await inTransaction(db, (tx) => ping(tx, id, sender.now()));
  await sendDue({ ...sender, timeoutMs: 50 });
  receiver.letGo();
  const [{ id: deliveryId } = { id: 0 }] = await deliveries(db, { endpointId: id, limit: 1 });
  expect(await deliveryOf(db, id, deliveryId)).toMatchObject({
    state: 'pending',
    tries: [{ error: 'timeout' }],
  });
});

test('by API: set, tried, read and replayed, by whoever has the scope', async ({ app, deps, db }) => {
  await off(db);
  const { authorization } = await aMachine(deps, ['webhooks:write']);
  const other = await aMachine(deps, ['orders:write']);
  const url = `/v1/webhooks/endpoints/${randomUUID()}`;
  const body = { url: 'https://1.1.1.1/hook', eventNames: [stockRanOut.name] };
  const ask = (method: 'PUT' | 'POST' | 'GET', path: string, payload?: object, as = authorization) =>
    app.inject({ method, url: path, headers: { authorization: as }, ...(payload && { payload }) });
  expect((await ask('PUT', url, body, other.authorization)).statusCode).toBe(403);
  expect((await ask('PUT', url, { ...body, eventNames: ['identity.member_erased.v1'] })).statusCode).toBe(
    400,
  );
  expect((await ask('PUT', url, { ...body, url: 'https://10.0.0.1/' })).json()).toMatchObject({
    type: '/problems/webhooks.url_refused',
    data: { reason: 'inside' },
  });
  expect((await ask('PUT', url, body)).json().secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await ask('PUT', url, body)).json()).toEqual({ secret: null });
  expect((await ask('POST', `${url}/secret`)).json().secret).toMatch(/^whsec_/);
  const { deliveryId } = (await ask('POST', `${url}/ping`)).json();
  const claimed = await inTransaction(db, (tx) => claimDue(tx, new Map(), 9, new Date()));
  expect(claimed.map(({ id }) => id)).toEqual([deliveryId]);
  expect((await ask('GET', `${url}/deliveries`)).json().deliveries).toMatchObject([
    { id: deliveryId, state: 'pending', eventName: 'webhooks.ping.v1' },
  ]);
  expect((await ask('GET', `${url}/deliveries/${deliveryId}`)).json()).toMatchObject({ tries: [] });
  expect((await ask('POST', `${url}/replays`, { deliveryId })).json()).toEqual({ deliveries: 1 });
  expect((await ask('POST', `${url}/replays`, { deliveryId: 9e9 })).statusCode).toBe(404);
  expect((await ask('GET', '/v1/webhooks/endpoints')).body).not.toContain('whsec_');
});
