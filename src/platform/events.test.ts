import { sql } from 'kysely';
import { Type } from 'typebox';
import { expect } from 'vitest';
import { inTransaction, type Tx } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { defineEvent, deliverEvent, emit, handleEvent, subscribe } from './events.ts';

const happened = defineEvent('platform.tried.v1', Type.Object({ word: Type.String() }));
const another = defineEvent('platform.tried_otherwise.v1', Type.Object({}));

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
      select key from graphile_worker.jobs where task_identifier <> 'platform.deliver_event'`.execute(db);
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
