import { expect } from 'vitest';
import { inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { ABILITIES, type AbilityName, mayDo, setTrust, suspend } from './abilities.ts';
import { aPerson } from './factory.ts';

const NAMES = Object.keys(ABILITIES) as AbilityName[];
const NOW = new Date('2026-03-01T12:00:00Z');

test.for(NAMES)('%s is done as often in an hour as a new member may, and no more', async (name, { deps }) => {
  const person = await aPerson(deps);
  const asking = { ...deps, now: () => NOW };
  const most = ABILITIES[name].perHour[0];
  const tries = await Promise.allSettled(
    Array.from({ length: most + 3 }, () => mayDo(asking, person.memberId, name)),
  );
  const refused = tries.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({ reason: { code: 'identity.too_many_attempts', status: 429 } });
  // In the next hour they may again, and so may another at once.
  const later = { ...deps, now: () => new Date(NOW.getTime() + 3_600_000) };
  await expect(mayDo(later, person.memberId, name)).resolves.toBeUndefined();
  await expect(mayDo(asking, (await aPerson(deps)).memberId, name)).resolves.toBeUndefined();
});

test('who is trusted more does more, a share of the hour is a share, and who is paused does nothing', async ({
  deps,
}) => {
  const { db } = deps;
  const [person, moderator] = [await aPerson(deps), await aPerson(deps)];
  const asking = { ...deps, now: () => NOW };
  const given = async (share?: number) => {
    let count = 0;
    for (; count < 200; count++) {
      const may = await mayDo(asking, person.memberId, 'post', share).then(
        () => true,
        () => false,
      );
      if (!may) break;
    }
    return count;
  };
  expect(await given(0.5)).toBe(3);
  for (const [level, most] of [
    [1, 20],
    [2, 40],
    [3, 80],
  ] as const) {
    const before = level === 1 ? 4 : (ABILITIES.post.perHour[level - 1] ?? 0) + 1;
    await inTransaction(db, (tx) =>
      setTrust(tx, person.memberId, { level, why: 'a test', by: moderator.memberId }, NOW),
    );
    expect(await given()).toBe(most - before); // what was refused is counted too
  }
  await inTransaction(db, (tx) => suspend(tx, person.memberId, new Date(NOW.getTime() + 60_000), NOW));
  for (const name of NAMES)
    await expect(mayDo(asking, person.memberId, name)).rejects.toMatchObject({ code: 'social.suspended' });
});
