import { sql } from 'kysely';
import { Type } from 'typebox';
import { expect } from 'vitest';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { defineEvent, emit, recordPast, subscribe, subscribeToLots } from './events.ts';
import { deliverEvent, followDue, handleEvent, tellDue } from './tell-events.ts';

const happened = defineEvent('platform.tried.v1', Type.Object({ word: Type.String() }));
const another = defineEvent('platform.tried_otherwise.v1', Type.Object({}));

const counted = defineEvent('platform.counted.v1', Type.Object({ n: Type.Integer() }));

/** Events of this name that nobody has been told of. */
async function dueOf(db: Db, name: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from platform.due_event join platform.event on id = event_id
    where name = ${name}`.execute(db);
  return rows[0]?.count ?? 0;
}

const count = (db: Db, ...numbers: number[]) =>
  inTransaction(db, async (tx) => {
    for (const n of numbers) await emit(tx, counted, { n });
  });

test('what waits is told in lots, in its order; who fails at one event holds up none of the others', async ({
  db,
}) => {
  await sql`create table platform.counts (name text, n integer, lot integer)`.execute(db);
  const heard = async (name: string) => {
    const { rows } = await sql<{ n: number }>`
      select n from platform.counts where name = ${name} order by n`.execute(db);
    return rows.map(({ n }) => n);
  };
  const note = (tx: Tx, name: string, n: number, lot: number) =>
    sql`insert into platform.counts values (${name}, ${n}, ${lot})`.execute(tx);
  const lots: number[][] = [];
  let isBroken = true;
  const subscribers = [
    subscribeToLots(counted, 'platform.in_lots', async (tx, told) => {
      lots.push(told.map(({ payload }) => payload.n));
      for (const { payload } of told) await note(tx, 'in_lots', payload.n, lots.length);
    }),
    subscribe(counted, 'platform.but_two', async (tx, { n }) => {
      await note(tx, 'but_two', n, 0);
      if (n === 2 && isBroken) throw new Error('not this one');
    }),
  ];
  await count(db, 1, 2, 3);
  await inTransaction(db, (tx) =>
    recordPast(tx, counted, [{ id: '01890000-0000-7000-8000-000000000000', payload: { n: 99 } }]),
  );

  expect(await tellDue(db, subscribers)).toBe(true);
  expect(lots).toEqual([[1, 2, 3], [1], [2], [2], [3]]);
  expect(await heard('in_lots')).toEqual([1, 2, 3]);
  expect(await heard('but_two')).toEqual([1, 3]);
  expect(await dueOf(db, counted.name)).toBe(0);
  const { rows: jobs } = await sql<{ task: string }>`
    select task_identifier as task from graphile_worker.jobs where task_identifier = 'platform.but_two'`.execute(
    db,
  );
  expect(jobs).toHaveLength(1);

  isBroken = false;
  await count(db, ...Array.from({ length: 250 }, (_, n) => n + 10));
  expect(await Promise.all([1, 2, 3, 4].map(() => tellDue(db, subscribers)))).toContain(true);
  while (await tellDue(db, subscribers));
  expect(await heard('but_two')).toEqual([1, 3, ...Array.from({ length: 250 }, (_, n) => n + 10)]);
  expect(await tellDue(db, subscribers)).toBe(false);
});

test('events are told as they come, and go on after a fault', async ({ db, databaseUrl }) => {
  const told: number[] = [];
  const subscriber = subscribe(counted, 'platform.follows', async (_tx, { n }) => void told.push(n));
  const stopping = new AbortController();
  const faults: unknown[] = [];
  await sql`alter table platform.due_event rename to away`.execute(db);
  const following = followDue({ db, databaseUrl }, [subscriber], stopping.signal, (fault) =>
    faults.push(fault),
  );
  await expect
    .poll(() => faults)
    .toMatchObject([{ message: 'relation "platform.due_event" does not exist' }]);
  await sql`alter table platform.away rename to due_event`.execute(db);

  await count(db, 1000);
  await expect.poll(() => told).toContain(1000);
  await count(db, 1001);
  await expect.poll(() => told).toContain(1001);
  stopping.abort();
  await following;
});

test('one subscriber that fails is told again alone: the others have heard, once', async ({ db }) => {
  await sql`create table platform.heard (name text, word text)`.execute(db);
  let isBroken = true;
  const note = (name: string) => async (tx: Tx, word: string) => {
    await sql`insert into platform.heard values (${name}, ${word})`.execute(tx);
  };
  const [first, second, third] = ['first', 'second', 'third'].map(note);
  const failing = subscribe(happened, 'platform.second', async (tx, { word }) => {
    await second?.(tx, word);
    if (isBroken) throw new Error('not now');
  });
  const subscribers = [
    subscribe(happened, 'platform.first', async (tx, { word }) => first?.(tx, word)),
    failing,
    subscribe(happened, 'platform.third', async (tx, { word }) => third?.(tx, word)),
    subscribe(another, 'platform.elsewhere', async (tx) => note('elsewhere')(tx, '')),
  ];
  await inTransaction(db, (tx) => emit(tx, happened, { word: 'hello' }));
  const { rows: events } = await sql<{ id: string }>`
    select id from platform.event where name = ${happened.name}`.execute(db);
  const id = events[0]?.id ?? '';
  const heard = async () => {
    const { rows } = await sql<{ name: string }>`select name from platform.heard order by name`.execute(db);
    return rows.map(({ name }) => name);
  };
  const jobs = async () => {
    const { rows } = await sql<{ key: string }>`
      select key from graphile_worker.jobs where key like ${`%${id}`}`.execute(db);
    return rows.map(({ key }) => key);
  };

  await deliverEvent(db, subscribers, id);
  expect(await heard()).toEqual(['first', 'third']);
  expect(await jobs()).toEqual([`platform.second:${id}`]);

  await deliverEvent(db, subscribers, id); // as after a crash
  expect(await heard()).toEqual(['first', 'third']);
  expect(await jobs()).toEqual([`platform.second:${id}`]);

  isBroken = false;
  await handleEvent(db, failing, id);
  await deliverEvent(db, subscribers, id);
  expect(await heard()).toEqual(['first', 'second', 'third']);
});
