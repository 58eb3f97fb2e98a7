import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { sql } from 'kysely';
import { aSource } from '#modules/collector/factory.ts';
import { aMachine, aSignedInMember } from '#modules/identity/factory.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { feeds, sourceFeed } from './feeds.ts';
import { findings, muteFault, openFindingCount } from './findings.ts';
import { measureHour } from './measure.ts';
import { tellFindings } from './tell.ts';
import { watchFeeds } from './watch.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Noon of a day that is over, in UTC. */
const NOON = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2);
const at = (deps: Deps, now: Date): Deps => ({
  ...deps,
  now: () => now,
  config: { ...deps.config, timeZone: 'UTC' },
});
const hoursFrom = (hour: Date, count: number) => new Date(hour.getTime() + count * HOUR_MS);

interface Sent {
  count?: number;
  lateSeconds?: number;
  product?: string;
  properties?: object;
  isTwice?: boolean;
}

/** What a source sends in an hour, evenly spread. */
async function send({ clickhouse }: Deps, sourceId: string, hour: Date, sent: Sent = {}): Promise<void> {
  const {
    count = 60,
    lateSeconds = 5,
    product = '',
    properties = { price: 10, colour: 'sage' },
    isTwice,
  } = sent;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, -1);
  const values = Array.from({ length: count }, (_, each) => {
    const receivedAt = hour.getTime() + (each * HOUR_MS) / count;
    const happened = time(receivedAt - lateSeconds * 1000);
    return {
      source_id: sourceId,
      message_id: randomUUID(),
      kind: 'track',
      name: 'Product Viewed',
      anonymous_id: `visitor-${each}`,
      keyed_at: happened,
      occurred_at: happened,
      received_at: time(receivedAt),
      product_id: product,
      properties: JSON.stringify(properties),
    };
  });
  // In another order, for a block of the same bytes is taken once.
  for (const part of isTwice ? [values, values.toReversed()] : [values])
    await clickhouse.insert({ table: 'event', values: part, format: 'JSONEachRow' });
}

test('each planted fault is found, told once unless it is muted, and closed when it is over', async ({
  app,
  deps,
  db,
  outbox,
}) => {
  const slug = `vase-${randomUUID()}`;
  await sql`insert into catalog.product (id, slug, title) values (${randomUUID()}, ${slug}, 'A vase')`.execute(
    db,
  );
  const names = ['quiet', 'silent', 'loud', 'late', 'double', 'strange', 'drifting', 'fresh'] as const;
  const made = await Promise.all(
    names.map(async (name) => [name, (await aSource(db, { name })).id] as const),
  );
  const ids = Object.fromEntries(made) as Record<(typeof names)[number], string>;
  const usual: Record<string, Sent> = { double: { count: 60 }, strange: { product: slug } };
  const old = names.filter((name) => name !== 'fresh');
  const watched = await feeds(db);
  const sendAll = async (hour: Date, planted: Partial<Record<string, Sent>> = {}) => {
    for (const name of old) await send(deps, ids[name], hour, { ...usual[name], ...planted[name] });
  };
  const past = [28, 21, 14, 8, 7, 6, 5, 4].flatMap((days) =>
    (days % 7 === 0 ? [-1, 0, 1] : [0]).map((hour) => hoursFrom(NOON, hour - 24 * days)),
  );
  for (const hour of past) {
    await sendAll(hour);
    await measureHour(at(deps, NOON), watched, hour);
  }

  const faulty = {
    loud: { count: 300 },
    late: { lateSeconds: 7200 },
    double: { count: 30, isTwice: true },
    strange: { product: 'a-thing-of-another-shop' },
    drifting: { properties: { price: '10', size: 'large' } },
  };
  await sendAll(hoursFrom(NOON, -1), faulty);
  await sendAll(NOON, { ...faulty, silent: { count: 0 } });
  await send(deps, ids.fresh, NOON, { count: 500, product: 'unheard-of' });
  for (const now of [hoursFrom(NOON, 0.1), hoursFrom(NOON, 1.1), hoursFrom(NOON, 1.2)])
    await watchFeeds(at(deps, now));

  const nameOf = new Map(made.map(([name, id]) => [sourceFeed(id), name]));
  const open = async () =>
    (await findings(db, 'open', NOON))
      .map(({ feed, fault, subject, value, expected }) => [nameOf.get(feed), fault, subject, value, expected])
      .sort((a, b) => (String(a) < String(b) ? -1 : 1));
  const drift = [
    ['drifting', 'new_property', 'Product Viewed · size · text', 120, 0],
    ['drifting', 'new_type', 'Product Viewed · price · text', 120, 0],
  ];
  expect(await open()).toEqual([
    ['double', 'duplicates', '', 0.5, 0],
    ...drift,
    ['drifting', 'vanished_property', 'Product Viewed · colour', 0, 1],
    ['late', 'freshness', '', 7200, 5],
    ['loud', 'volume', '', 300, 60],
    ['silent', 'arrival', '', 0, 60],
    ['strange', 'unmatched', '', 1, 0],
  ]);
  const { memberId, email } = await anAdmin(deps);
  const mute = { feed: sourceFeed(ids.loud), fault: 'volume', days: 3 } as const;
  await inTransaction(db, (tx) => muteFault(tx, 'system', mute, hoursFrom(NOON, 1)));
  expect(memberId).not.toBe('');
  const telling = at(deps, hoursFrom(NOON, 2));
  const broken = { ...telling, mailer: () => Promise.reject(new Error('no server')) };
  await expect(tellFindings(broken)).rejects.toThrow('no server');
  for (const _ of ['told', 'again']) await tellFindings(telling);
  const mails = outbox.filter(({ to }) => to === email);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).toContain('Nothing came at silent: 0, usual is 60');
  expect(mails[0]?.text).toContain('A property is gone at drifting (Product Viewed · colour): 0, usual is 1');
  expect(mails[0]?.text).not.toContain('loud');
  expect(await openFindingCount(db, hoursFrom(NOON, 2))).toBe(7);
  expect(await openFindingCount(db, hoursFrom(NOON, 1 + 73))).toBe(8);

  await sendAll(hoursFrom(NOON, 1));
  await watchFeeds(at(deps, hoursFrom(NOON, 2.1)));
  expect(await open()).toEqual(drift);
  expect(await findings(db, 'closed', NOON)).toHaveLength(6);

  const { authorization } = await aMachine(deps, ['insight:read']);
  const listed = await app.inject({ url: '/v1/quality/findings', headers: { authorization } });
  expect(listed.json<{ findings: unknown[] }>().findings).toHaveLength(2);
});

test('what is named is looked up as ids, numbers, slugs and regions; endpoints count tries, followers their delay', async ({
  deps,
  db,
  clickhouse,
}) => {
  const { id } = await aSource(db);
  const orderId = randomUUID();
  await sql`
    insert into orders.order (id, number, state, touchpoint, currency, region_code, business_day, placed_at,
      goods_minor, postage_minor, other_minor, total_minor, source)
    values (${orderId}, 'ST-2026-000001', 'paid', 'web', 'EUR', 'NL', '2026-11-01', '2026-11-01T10:00:00Z', 1, 0, 0, 1, 'stoa')`.execute(
    db,
  );
  const known = [
    { order_id: orderId },
    { order_id: 'ST-2026-000001', region: 'NL' },
    { order_id: 'ST-2026-999999', region: 'x-unspecified' },
    { product_ids: ['unheard-of', ''] },
  ];
  const hour = hoursFrom(NOON, -200);
  const moment = hour.toISOString().slice(0, -1);
  const times = { keyed_at: moment, occurred_at: moment, received_at: moment };
  await clickhouse.insert({
    table: 'event',
    values: known.map((facts, each) => ({
      source_id: id,
      message_id: String(each),
      name: 'x',
      ...times,
      ...facts,
    })),
    format: 'JSONEachRow',
  });
  const endpointId = randomUUID();
  await sql`
    insert into webhooks.endpoint (id, url, event_names, secret, created_at)
    values (${endpointId}, 'https://example.com/hook', '{a}', 'sealed', now())`.execute(db);
  await sql`
    with made as (
      insert into webhooks.delivery (endpoint_id, event_id, event_name, state)
      values (${endpointId}, gen_random_uuid(), 'a', 'delivered') returning id
    )
    insert into webhooks.attempt (delivery_id, status, error, answer, took_ms, tried_at)
    select id, status, error, '', 1, ${hour}::timestamptz + late * interval '1 minute' from made,
      (values (200, null, 0), (500, null, 1), (null, 'no answer', 59), (500, null, 60)) as tries (status, error, late)`.execute(
    db,
  );
  for (const _ of ['measured', 'again'])
    await measureHour(at(deps, hoursFrom(hour, 1.1)), await feeds(db), hour);
  const { rows } = await sql`
    select measure, value, n from quality.hour where hour = ${hour} and feed = ${sourceFeed(id)} order by measure`.execute(
    db,
  );
  expect(rows).toEqual([
    { measure: 'arrivals', value: 4, n: 4 },
    { measure: 'delay', value: 0, n: 4 },
    { measure: 'duplicates', value: 0, n: 4 },
    { measure: 'unmatched', value: 3 / 6, n: 6 },
  ]);
  const others = await sql<{ feed: string; measure: string; value: number; n: number }>`
    select feed, measure, value, n from quality.hour where hour = ${hour} and feed not like 'source:%'
    order by feed, measure`.execute(db);
  expect(others.rows).toEqual([
    { feed: `endpoint:${endpointId}`, measure: 'arrivals', value: 3, n: 3 },
    { feed: `endpoint:${endpointId}`, measure: 'failures', value: 2 / 3, n: 3 },
    ...['credits', 'opinions', 'sales', 'service', 'stock'].map((name) => ({
      feed: `follower:${name}`,
      measure: 'delay',
      value: expect.any(Number),
      n: 1,
    })),
  ]);
});

async function anAdmin(deps: Deps) {
  const { memberId } = await aSignedInMember(deps, ['admin']);
  const { rows } = await sql<{ email: string }>`
    select email from identity.member where id = ${memberId}`.execute(deps.db);
  return { memberId, email: rows[0]?.email ?? '' };
}
