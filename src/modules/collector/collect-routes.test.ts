import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CloudEvent, HTTP } from 'cloudevents';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { dropOldLetters } from './dead-letters.ts';
import { aSource } from './factory.ts';
import { catchUpCollected } from './follow-collected.ts';
import { deadLetters, lettersByReason, replayLetter, revokeSource } from './index.ts';

const byText = (a: string, b: string) => (a < b ? -1 : 1);
const DAY_MS = 86_400_000;
const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
const aTrack = (more: object = {}) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: randomUUID(),
  anonymousId: 'visitor',
  timestamp: new Date(Date.now() - 60_000).toISOString(),
  properties: { product_id: 'vase' },
  ...more,
});

function speaker(app: Pick<FastifyInstance, 'inject'>, key: string) {
  return (payload: unknown, headers: Record<string, string> = {}, url = '/v1/batch') =>
    app.inject({
      method: 'POST',
      url,
      headers: { authorization: basic(key), 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    });
}

test('what does not fit is set aside with its reason, and the rest of the batch is kept', async ({
  app,
  db,
  clickhouse,
}) => {
  const { id, writeKey } = await aSource(db);
  const send = speaker(app, writeKey);
  const now = Date.now();
  const deep = JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`) as unknown;
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`p${index}`, 1]));
  const unfit: [unknown, string, string][] = [
    ['nonsense', 'not_an_event', ''],
    [aTrack({ timestamp: new Date(now + 3 * DAY_MS).toISOString() }), 'too_new', '/timestamp'],
    [aTrack({ timestamp: '1999-01-01T00:00:00Z' }), 'too_old', '/timestamp'],
    [aTrack({ messageId: 'x'.repeat(10_000) }), 'too_long', '/messageId'],
    [aTrack({ userId: 'x'.repeat(10_000) }), 'too_long', '/userId'],
    [aTrack({ event: 'a\0b' }), 'nul_byte', '/event'],
    [aTrack({ properties: many }), 'too_many_properties', '/properties'],
    [aTrack({ properties: { deep } }), 'too_deep', '/properties/deep/0/0'],
    [aTrack({ properties: { words: 'x'.repeat(33_000) } }), 'event_too_large', ''],
    [aTrack({ event: undefined }), 'field_missing', '/event'],
    [aTrack({ anonymousId: undefined }), 'nobody', '/anonymousId'],
    [aTrack({ properties: { product_id: ['vase'] } }), 'wrong_type', '/properties/product_id'],
    [aTrack({ type: 'teleport' }), 'wrong_type', '/type'],
  ];
  const sql = aTrack({ event: `'); drop table event; --`, properties: { quantity: 'many' } });
  const answer = await send({ batch: [aTrack(), ...unfit.map(([event]) => event), sql] });

  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ success: true, taken: 2, setAside: unfit.length });
  const letters = await deadLetters(db, { state: 'waiting', sourceId: id, limit: 50 });
  const told = letters.map(({ reason, place }) => `${reason} ${place.slice(0, 22)}`);
  const expected = unfit.map(([, reason, place]) => `${reason} ${place.slice(0, 22)}`);
  expect(told.toSorted(byText)).toEqual(expected.toSorted(byText));
  const found = await clickhouse.query({
    query: 'select name from event final where source_id = {id: UUID} order by name',
    query_params: { id },
    format: 'JSONEachRow',
  });
  expect(await found.json()).toEqual([{ name: `'); drop table event; --` }, { name: 'Product Viewed' }]);
});

test('a body that is torn, too large or of a wrong key is told apart', async ({ app, db, deps }) => {
  const { id, writeKey } = await aSource(db);
  const send = speaker(app, writeKey);
  expect((await send('{"batch":[{"type":')).json()).toEqual({ success: true, taken: 0, setAside: 1 });
  expect((await send('{"batch":[{"type":')).statusCode).toBe(200);
  const [torn, ...more] = await deadLetters(db, { state: 'waiting', sourceId: id, limit: 50 });
  expect([torn?.reason, torn?.body, torn?.times, more.length]).toEqual([
    'torn_json',
    '{"batch":[{"type":',
    2,
    0,
  ]);

  expect((await send(Buffer.alloc(50 * 1024 * 1024, 32))).statusCode).toBe(413);
  const bomb = await send(gzipSync(Buffer.alloc(50 * 1024 * 1024, 32)), { 'content-encoding': 'gzip' });
  expect(bomb.json()).toMatchObject({ type: '/problems/collector.too_large', status: 413 });
  expect((await send('{}', { 'content-encoding': 'gzip' })).statusCode).toBe(400);
  expect((await speaker(app, 'not-a-key')({ batch: [] })).json()).toMatchObject({
    type: '/problems/collector.key_unknown',
    status: 401,
  });
  await inTransaction(db, (tx) => revokeSource(tx, 'system', id, deps.now()));
  expect((await send({ batch: [] })).statusCode).toBe(401);

  await inTransaction(db, (tx) => dropOldLetters(tx, new Date(Date.now() + 40 * DAY_MS)));
  expect(await deadLetters(db, { state: 'waiting', sourceId: id, limit: 50 })).toEqual([]);
});

test('a flood of nonsense is answered, and keeps no more than a part of it', async ({ app, db }) => {
  const { id, writeKey } = await aSource(db);
  const nonsense = Array.from({ length: 6_000 }, (_, index) => index);
  const answer = await speaker(app, writeKey)({ batch: nonsense });
  expect(answer.json()).toEqual({ success: true, taken: 0, setAside: 6_000 });
  const kept = (await lettersByReason(db)).filter(({ sourceId }) => sourceId === id);
  expect(kept).toEqual([{ sourceId: id, reason: 'not_an_event', letters: 5_000 }]);
});

test('a key has its pace and its pages', async ({ app, db }) => {
  const slow = await aSource(db, { eventsPerSecond: 1, burst: 2 });
  const send = speaker(app, slow.writeKey);
  expect((await send({ batch: [aTrack(), aTrack()] })).statusCode).toBe(200);
  const flood = await send({ batch: [aTrack(), aTrack()] });
  expect(flood.json()).toMatchObject({
    type: '/problems/collector.too_fast',
    data: { retryAfterSeconds: 2 },
  });
  expect(flood.headers).toMatchObject({ 'retry-after': '2' });

  const page = await aSource(db, { kind: 'browser', origins: ['https://shop.example'] });
  const body = { ...aTrack(), writeKey: page.writeKey };
  const from = (origin: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/t',
      headers: { origin, 'content-type': 'text/plain' },
      payload: JSON.stringify(body),
    });
  expect((await from('https://shop.example')).json()).toEqual({ success: true, taken: 1, setAside: 0 });
  expect((await from('https://other.example')).json()).toMatchObject({
    type: '/problems/collector.origin_refused',
  });
});

test('a message counts once, days later and sent at another time too, and the first receipt stays', async ({
  app,
  deps,
  db,
  clickhouse,
}) => {
  const { id, writeKey } = await aSource(db);
  const today = Date.now();
  const message = aTrack({ timestamp: new Date(today - 5 * DAY_MS).toISOString() });
  const untimed = { ...message, messageId: randomUUID(), timestamp: undefined };
  const ahead = today + 600_000;
  const skewed = aTrack({ timestamp: new Date(ahead - 1_000).toISOString() });
  const real = deps.now;
  try {
    for (const [days, off] of [
      [4, 0],
      [0, 7_000],
    ] as const) {
      const at = today - days * DAY_MS;
      deps.now = () => new Date(at);
      const sentAt = new Date(days === 0 ? ahead : at + off).toISOString();
      await speaker(
        app,
        writeKey,
      )({ batch: days === 0 ? [message, untimed, skewed] : [message, untimed], sentAt });
    }
  } finally {
    deps.now = real;
  }
  const found = await clickhouse.query({
    query: `select message_id as id, dateDiff('day', received_at, now()) as daysAgo, round(skew_ms / 1000) as skew,
        round(dateDiff('millisecond', occurred_at, received_at) / 1000) as before
      from event final where source_id = {id: UUID}`,
    query_params: { id },
    format: 'JSONEachRow',
  });
  const rows = await found.json<{ id: string; daysAgo: number; skew: number; before: number }>();
  const byId = Object.fromEntries(rows.map((row) => [row.id, row]));
  expect(rows).toHaveLength(3);
  expect(byId[message.messageId]).toMatchObject({ daysAgo: 4 });
  expect(byId[untimed.messageId]).toMatchObject({ daysAgo: 4, before: 0 });
  expect(byId[skewed.messageId]).toMatchObject({ daysAgo: 0, skew: 600, before: 1 });
});

test('CloudEvents come binary, structured and batched; what lacks its id is set aside', async ({
  app,
  db,
  clickhouse,
}) => {
  const { id, writeKey } = await aSource(db, { kind: 'partner', touchpoint: 'service' });
  const event = (more: object = {}) =>
    new CloudEvent({
      source: '/partner',
      type: 'parcel.scanned',
      time: new Date().toISOString(),
      data: { order_id: 'A1' },
      ...more,
    });
  const [binary, structured] = [HTTP.binary(event({ id: '1' })), HTTP.structured(event({ id: '2' }))];
  const send = speaker(app, writeKey);
  for (const { headers, body } of [binary, structured]) {
    const answer = await send(body as string, headers as Record<string, string>, '/v1/cloudevents');
    expect(answer.json()).toEqual({ success: true, taken: 1, setAside: 0 });
  }
  const { id: _id, ...nameless } = event({ id: '3' }).toJSON() as Record<string, unknown>;
  const batch = [event({ id: '2' }).toJSON(), nameless];
  const answer = await send(
    batch,
    { 'content-type': 'application/cloudevents-batch+json' },
    '/v1/cloudevents',
  );
  expect(answer.json()).toEqual({ success: true, taken: 1, setAside: 1 });
  const found = await clickhouse.query({
    query: `select message_id, name, order_id, touchpoint from event final where source_id = {id: UUID} and message_id = '/partner#1'`,
    query_params: { id },
    format: 'JSONEachRow',
  });
  expect(await found.json()).toEqual([
    { message_id: '/partner#1', name: 'parcel.scanned', order_id: 'A1', touchpoint: 'service' },
  ]);
});

test('a corrected letter is replayed once, by however many at once, and a wrong correction is told', async ({
  app,
  db,
  deps,
  clickhouse,
}) => {
  const { id, writeKey } = await aSource(db);
  const event = aTrack({ properties: { product_id: 'vase', quantity: 'two' } });
  await speaker(app, writeKey)({ batch: [event] });
  const [letter] = await deadLetters(db, { state: 'waiting', sourceId: id, limit: 5 });
  const letterId = letter?.id ?? '';
  await expect(replayLetter(deps, 'system', letterId, letter?.body ?? '')).rejects.toMatchObject({
    code: 'collector.letter_still_unfit',
    data: { reason: 'wrong_type', place: '/properties/quantity' },
  });
  const corrected = (quantity: number) =>
    JSON.stringify({ ...event, messageId: randomUUID(), properties: { quantity } });
  await Promise.all([2, 3, 4].map((each) => replayLetter(deps, 'system', letterId, corrected(each))));
  await catchUpCollected(deps, AbortSignal.timeout(20_000));
  const found = await clickhouse.query({
    query: 'select count() as n from event final where source_id = {id: UUID}',
    query_params: { id },
    format: 'JSONEachRow',
  });
  expect(await found.json()).toEqual([{ n: 1 }]);
});
