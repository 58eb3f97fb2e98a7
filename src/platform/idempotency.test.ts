import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { expect } from 'vitest';
import { test as base } from '#test/harness.ts';
import { GUEST, type Viewer } from './access.ts';
import { answerError, platformErrors } from './errors.ts';
import { forgetAnswers, keepAnswers } from './idempotency.ts';

const MINUTES_MS = 60_000;

/** An app with one counter; each try of it can be told how to end. */
const test = base.extend('counter', async ({ db }) => {
  const clock = { now: new Date('2026-03-01T10:00:00Z') };
  const caller: { viewer: Viewer } = { viewer: GUEST };
  const made: number[] = [];
  const begun: number[] = [];
  let isOpen = Promise.resolve();
  const app = Fastify();
  app.setErrorHandler(answerError);
  app.decorateRequest('viewer', null as unknown as Viewer);
  app.addHook('onRequest', async (request) => void (request.viewer = caller.viewer));
  keepAnswers(app, { db, now: () => clock.now });
  const answer = async ({ body }: { body: unknown }) => {
    begun.push(begun.length + 1);
    await isOpen;
    made.push(made.length + 1);
    const { end } = body as { end?: string };
    if (end === 'fault') throw new Error('the disk is full');
    if (end === 'refusal') throw platformErrors.not_allowed({});
    return { made: made.length };
  };
  app.post('/v1/things', answer);
  app.post('/v1/secrets', { config: { answersSecret: true } }, answer);
  app.post('/v1/cookies', async (request, reply) => {
    void reply.header('set-cookie', 'a=b');
    return answer(request);
  });
  return {
    made,
    begun,
    clock,
    caller,
    app,
    close: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      isOpen = promise;
      return resolve;
    },
    send: async (key: string | undefined, payload: object = {}, url = '/v1/things') => {
      const headers = key === undefined ? {} : { 'idempotency-key': key };
      const { statusCode, body, headers: told } = await app.inject({ method: 'POST', url, headers, payload });
      const { type, made: count } = JSON.parse(body) as { type?: string; made?: number };
      return [statusCode, type ?? count, told['idempotency-replayed'] === 'true'];
    },
  };
});

test('a request that comes again with its key is answered as it was, and done once', async ({ counter }) => {
  const key = randomUUID();
  expect(await counter.send(key)).toEqual([200, 1, false]);
  expect(await counter.send(key)).toEqual([200, 1, true]);
  expect(await counter.send(`"${key}"`)).toEqual([200, 1, true]);
  expect(await counter.send(randomUUID())).toEqual([200, 2, false]);
  expect(await counter.send(undefined)).toEqual([200, 3, false]);
  expect(counter.made).toHaveLength(3);
});

test('a refusal is an answer; after a fault of ours it is tried again', async ({ counter }) => {
  const [refused, failed] = [randomUUID(), randomUUID()];
  const notAllowed = '/problems/platform.not_allowed';
  expect(await counter.send(refused, { end: 'refusal' })).toEqual([403, notAllowed, false]);
  expect(await counter.send(refused, { end: 'refusal' })).toEqual([403, notAllowed, true]);
  expect(await counter.send(failed, { end: 'fault' })).toEqual([500, 'about:blank', false]);
  expect(await counter.send(failed, { end: 'fault' })).toEqual([500, 'about:blank', false]);
  expect(counter.made).toHaveLength(3);
});

test('of many that come at once with one key, one is done', async ({ counter }) => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => counter.send(key)));
  expect(answers.filter(([status]) => status === 200 || status === 409)).toHaveLength(20);
  expect(counter.made).toEqual([1]);
});

test('while it is being answered it is refused; a try that died is taken up after a minute', async ({
  counter,
}) => {
  const key = randomUUID();
  const open = counter.close();
  const first = counter.send(key);
  await expect.poll(() => counter.begun).toEqual([1]);
  expect(await counter.send(key)).toEqual([409, '/problems/platform.request_in_progress', false]);
  counter.clock.now = new Date(counter.clock.now.getTime() + MINUTES_MS + 1);
  const second = counter.send(key);
  await expect.poll(() => counter.begun).toEqual([1, 2]);
  open();
  expect([(await first)[0], (await second)[0], counter.made]).toEqual([200, 200, [1, 2]]);
});

test('a key is for one request of one caller', async ({ counter }) => {
  const key = randomUUID();
  const reused = '/problems/platform.idempotency_key_reused';
  expect(await counter.send(key, { a: 1 })).toEqual([200, 1, false]);
  expect(await counter.send(key, { a: 2 })).toEqual([422, reused, false]);
  expect(await counter.send(key, { a: 1 }, '/v1/secrets')).toEqual([422, reused, false]);
  counter.caller.viewer = { kind: 'machine', keyId: randomUUID(), staffRoles: [], scopes: [] };
  expect(await counter.send(key, { a: 2 })).toEqual([200, 2, false]);
  for (const bad of ['short', 'a key with spaces in it', 'ÿ'.repeat(20), 'x'.repeat(256)]) {
    const answer = await counter.send(bad);
    expect(answer).toEqual([400, '/problems/platform.idempotency_key_invalid', false]);
  }
  expect(counter.made).toHaveLength(2);
});

test('a secret and a cookie are kept nowhere', async ({ counter }) => {
  const [secret, cookie] = [randomUUID(), randomUUID()];
  const gone = '/problems/platform.answer_not_kept';
  expect(await counter.send(secret, {}, '/v1/secrets')).toEqual([200, 1, false]);
  expect(await counter.send(secret, {}, '/v1/secrets')).toEqual([409, gone, true]);
  expect(await counter.send(cookie, {}, '/v1/cookies')).toEqual([200, 2, false]);
  expect(await counter.send(cookie, {}, '/v1/cookies')).toEqual([200, 3, false]);
});

test('an answer is forgotten after a day', async ({ counter, db }) => {
  const key = randomUUID();
  const at = (hours: number) => ({ db, now: () => new Date(Date.UTC(2026, 2, 1, 10 + hours)) });
  await counter.send(key);
  await forgetAnswers(at(23));
  expect(await counter.send(key)).toEqual([200, 1, true]);
  await forgetAnswers(at(25));
  expect(await counter.send(key)).toEqual([200, 2, false]);
});
