import { expect } from 'vitest';
import { openDb } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { aSource } from './factory.ts';
import { SharedPace } from './shared-pace.ts';

const START = Date.parse('2031-03-01T10:00:00Z');

test('a key has one pace, however many processes take its events', async ({ db, databaseUrl }) => {
  const other = openDb(databaseUrl, { max: 2 });
  try {
    const { id } = await aSource(db, { eventsPerSecond: 10, burst: 20 });
    const limit = { id, eventsPerSecond: 10, burst: 20 };
    const [one, two] = [new SharedPace(db), new SharedPace(other)];
    expect(await one.take(limit, 20, START)).toBe(0);
    expect(await two.take(limit, 5, START)).toBe(1);
    // A batch of more than the burst goes when the whole burst is there.
    expect(await two.take(limit, 500, START + 500)).toBe(2);
    expect(await two.take(limit, 500, START + 2_000)).toBe(0);

    // A second brings ten, whoever asks and in however many calls at once.
    const at = START + 3_000;
    const asked = Array.from({ length: 40 }, (_, index) => (index % 2 ? one : two).take(limit, 1, at));
    const answers = await Promise.all(asked);
    expect(answers.filter((seconds) => seconds === 0)).toHaveLength(10);
    expect(new Set(answers)).toEqual(new Set([0, 1]));

    // What was drawn and not used is lost, so the burst is never more than it is.
    const later = START + 60_000;
    expect(await one.take(limit, 1, later)).toBe(0);
    expect(await two.take(limit, 20, later + 60_000)).toBe(0);
    expect(await one.take(limit, 1, later + 60_000)).toBe(1);
    // A clock that is behind adds nothing.
    expect(await two.take(limit, 1, START)).toBe(1);
  } finally {
    await other.destroy();
  }
});

test('while PostgreSQL is away a process counts for itself', async () => {
  const away = openDb('postgres://nobody@127.0.0.1:1/none', { max: 1 });
  try {
    const pace = new SharedPace(away);
    const limit = { id: '00000000-0000-4000-8000-000000000009', eventsPerSecond: 1, burst: 3 };
    expect([
      await pace.take(limit, 2, START),
      await pace.take(limit, 2, START),
      await pace.take(limit, 2, START + 1_000),
    ]).toEqual([0, 1, 0]);
  } finally {
    await away.destroy();
  }
});
