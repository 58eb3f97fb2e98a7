import { randomUUID } from 'node:crypto';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { recordSale } from '#modules/insight/factory.ts';
import { aMember } from '#modules/identity/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { erasePerson } from '../../erasure.ts';
import { collect } from './collect.ts';
import { eraseAsked, eraseLate } from './erase.ts';
import { aSource } from './factory.ts';
import { catchUpCollected } from './follow-collected.ts';
import { deadLetters, sourceOf, waiting } from './index.ts';
import { openStore } from './store.ts';

const rows = async ({ clickhouse }: Deps, query: string, id: string) => {
  const found = await clickhouse.query({ query, query_params: { id }, format: 'JSONEachRow' });
  return found.json<Record<string, unknown>>();
};

/** Collects numbered events as one request would. */
async function send(deps: Deps, sourceId: string, numbers: number[], more: object = {}) {
  const source = await sourceOf(deps.db, sourceId);
  const timestamp = new Date(deps.now().getTime() - 60_000).toISOString();
  const events = numbers.map((number) => ({
    type: 'track',
    event: 'Numbered',
    messageId: `n${number}`,
    anonymousId: 'counter',
    timestamp,
    properties: { position: number },
    ...more,
  }));
  const delivery = { source, events, call: undefined, sentAt: undefined, memberId: undefined, userAgent: '' };
  return collect(deps, openStore(deps), { ...delivery, receivedAt: deps.now() });
}

const done = () => AbortSignal.timeout(30_000);

test('while ClickHouse is away events are kept, those that come later wait behind them, and all arrive once', async ({
  deps,
}) => {
  const { id } = await aSource(deps.db);
  await using nowhere = createClient({ url: 'http://127.0.0.1:1', log: { level: ClickHouseLogLevel.OFF } });
  await send(deps, id, [1]);
  await send({ ...deps, clickhouse: nowhere }, id, [2, 3]);
  await send(deps, id, [3, 4]);
  expect(await waiting(deps.db)).toMatchObject({ batches: 2, events: 4, refused: 0 });
  const order = `select groupArray(position) as seen from (
    select position from event final where source_id = {id: UUID} order by position)`;
  expect(await rows(deps, order, id)).toEqual([{ seen: [1] }]);

  await expect(catchUpCollected({ ...deps, clickhouse: nowhere }, done())).rejects.toThrow('ECONNREFUSED');
  expect(await waiting(deps.db)).toMatchObject({ batches: 2 });
  await catchUpCollected(deps, done());

  expect(await waiting(deps.db)).toMatchObject({ batches: 0 });
  expect(await rows(deps, order, id)).toEqual([{ seen: [1, 2, 3, 4] }]);
});

/** Another database's open transaction holds everybody's events back until it ends. */
const followed = (deps: Deps) =>
  vi.waitFor(
    async () => {
      await catchUpCollected(deps, done());
      const { rows: left } = await sql`
        select from platform.event, collector.follower where (event.committed_by, event.id) > (position, event_id)`.execute(
        deps.db,
      );
      expect(left).toEqual([]);
    },
    { timeout: 20_000 },
  );

test('what our own ledgers say is in the same stream, once, with its day, place and amount', async ({
  deps,
}) => {
  const sale = await inTransaction(deps.db, (tx) =>
    recordSale(tx, {
      regionCode: 'NL',
      touchpoint: 'till',
      occurredAt: '2026-03-01T10:00:00.000Z',
      lines: [
        { quantity: 2, grossMinor: 3000, discountMinor: 500 },
        { kind: 'postage', grossMinor: 495 },
      ],
    }),
  );
  await followed(deps);
  // As if it had been killed before it wrote down how far it came.
  await inTransaction(deps.db, (tx) =>
    tx
      .withTables<{ 'collector.follower': { position: string } }>()
      .updateTable('collector.follower')
      .set({ position: '0' })
      .execute(),
  );
  await followed(deps);
  const query = `select kind, name, version, touchpoint, region, currency, quantity, amount_minor as amount,
      toString(occurred_at) as at from event final where order_id = {id: String}`;
  expect(await rows(deps, query, sale.orderId)).toEqual([
    {
      kind: 'ledger',
      name: 'orders.order_recorded.v1',
      version: 1,
      touchpoint: 'till',
      region: 'NL',
      currency: 'EUR',
      quantity: 2,
      amount: 2995,
      at: '2026-03-01 10:00:00.000',
    },
  ]);
});

test('an erased member is gone from the stream, with what was set aside and what comes late; a shared tablet stays', async ({
  deps,
  work,
}) => {
  const { id } = await aSource(deps.db);
  const [{ memberId }, { memberId: other }] = await Promise.all([aMember(deps), aMember(deps)]);
  await send(deps, id, [1], { userId: memberId, anonymousId: 'own' });
  await send(deps, id, [2], { anonymousId: 'own' });
  await send(deps, id, [3], { userId: memberId, anonymousId: 'tablet' });
  await send(deps, id, [4], { userId: other, anonymousId: 'tablet' });
  await send(deps, id, [5], { anonymousId: 'tablet' });
  await send(deps, id, [6], { userId: memberId, event: '' });
  await send(deps, id, [7], { anonymousId: 'x', timestamp: '1999-01-01', properties: { friend: memberId } });
  expect(await deadLetters(deps.db, { state: 'waiting', sourceId: id, limit: 9 })).toHaveLength(2);

  await inTransaction(deps.db, (tx) => erasePerson(tx, memberId, deps.now()));
  await work();
  expect(await deadLetters(deps.db, { state: 'waiting', sourceId: id, limit: 9 })).toEqual([]);
  await eraseAsked(deps);
  const left = `select groupArray(message_id) as ids from (
    select message_id from event final where source_id = {id: UUID} order by message_id)`;
  expect(await rows(deps, left, id)).toEqual([{ ids: ['n4', 'n5'] }]);

  await send(deps, id, [8], { userId: memberId });
  await eraseLate(deps);
  expect(await rows(deps, left, id)).toEqual([{ ids: ['n4', 'n5'] }]);
});

test('sessions end after half an hour, also for an event that comes late, and robots are in none', async ({
  deps,
}) => {
  const { id } = await aSource(deps.db, { kind: 'server' });
  const visitor = randomUUID();
  const start = Date.now() - 6 * 3_600_000;
  const at = (minutes: number) => ({
    anonymousId: visitor,
    timestamp: new Date(start + minutes * 60_000).toISOString(),
  });
  await send(deps, id, [1], at(0));
  await send(deps, id, [2], at(50));
  const bot = { context: { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' } };
  await send(deps, id, [3], { ...at(25), ...bot });
  const sessions = async () => {
    const result = await deps.clickhouse.query({
      query: `select position, session_number as session from session_event(from = {from: DateTime64(3)}, until = {until: DateTime64(3)})
        where anonymous_id = {visitor: String} order by occurred_at`,
      query_params: { from: new Date(start - 1), until: new Date(), visitor },
      format: 'JSONEachRow',
    });
    return (await result.json<{ position: number; session: number }>()).map(({ position, session }) => [
      position,
      session,
    ]);
  };
  expect(await sessions()).toEqual([
    [1, 1],
    [2, 2],
  ]);
  await send(deps, id, [4], at(26));
  expect(await sessions()).toEqual([
    [1, 1],
    [4, 1],
    [2, 1],
  ]);
});
