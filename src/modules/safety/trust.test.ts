import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aBoard } from '#modules/boards/factory.ts';
import { aPerson } from '#modules/social/factory.ts';
import { react, say, setTrust, type TrustLevel, trustOf } from '#modules/social/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { test } from '#test/harness.ts';
import { aReport, anAct } from './factory.ts';
import { earnTrust, levelFrom, type Merits, ownTrust, trustRules } from './trust.ts';

const DAY_MS = 86_400_000;
const after = (deps: Deps, days: number) => ({ ...deps, now: () => new Date(Date.now() + days * DAY_MS) });

test('a level needs all below it, falls by removals alone, and what a moderator set stays but for those after', async ({
  db,
}) => {
  const rules = await trustRules(db);
  const good: Merits = {
    knownDays: 400,
    activeDays: 60,
    pieces: 100,
    welcomed: 100,
    cleanDays: null,
    removedSinceSet: 0,
    isSignalled: false,
  };
  const level = (was: TrustLevel, merits: Partial<Merits>, setSince: Date | null = null) =>
    levelFrom(rules, { level: was, setSince }, { ...good, ...merits });
  expect(level(0, {})).toBe(3);
  expect(level(0, { activeDays: 5, welcomed: 5 })).toBe(2);
  expect(level(0, { knownDays: 0 })).toBe(0);
  expect(level(1, { isSignalled: true })).toBe(1);
  expect(level(2, { pieces: 0, activeDays: 0 })).toBe(2); // deleted it all
  expect(level(3, { cleanDays: 100 })).toBe(2);
  expect(level(3, { cleanDays: 3 })).toBe(0);
  expect(level(3, { pieces: 0 }, new Date())).toBe(3);
  expect(level(3, { removedSinceSet: 2 }, new Date())).toBe(1);
});

test('the nightly job raises who did well, lowers after a removal once, and gives back what was restored', async ({
  deps,
  db,
}) => {
  const [ada, ben, clerk] = [await aPerson(deps), await aPerson(deps), await aPerson(deps)];
  const boards = [await aBoard(deps, ada.memberId), await aBoard(deps, ada.memberId)];
  const said = randomUUID();
  await inTransaction(db, async (tx) => {
    await say(
      tx,
      { memberId: ben.memberId },
      { id: said, subjectId: boards[0] ?? '', body: 'Ugh.' },
      deps.now(),
    );
    await react(tx, { memberId: ada.memberId }, boards[0] ?? '', 'heart', deps.now());
    await react(tx, { memberId: ben.memberId }, boards[0] ?? '', 'heart', deps.now());
  });
  const levels = async () =>
    Promise.all([ada, ben].map(async ({ memberId }) => (await trustOf(db, memberId)).level));
  await earnTrust(deps, null);
  expect(await levels()).toEqual([0, 0]); // nobody is known for a day yet
  await earnTrust(after(deps, 1.1), null);
  expect(await levels()).toEqual([1, 0]);
  // One's own heart is no welcome of others.
  expect(await ownTrust(db, ada.memberId, after(deps, 1.1).now())).toMatchObject({
    level: 1,
    merits: { knownDays: 1, activeDays: 1, pieces: 2, welcomed: 1, cleanDays: null },
    next: { level: 2 },
  });

  const { concernId } = await aReport(deps, ben.memberId, { pieceId: boards[0] ?? '' });
  await anAct(deps, clerk.memberId, { concernId, kind: 'remove', reason: 'spam' });
  await earnTrust(after(deps, 1.1), null);
  expect(await levels()).toEqual([0, 0]);
  await anAct(deps, clerk.memberId, { concernId, kind: 'restore' });
  await earnTrust(after(deps, 1.1), null);
  expect(await levels()).toEqual([1, 0]);

  await inTransaction(db, (tx) =>
    setTrust(tx, ben.memberId, { level: 3, why: 'Our baker', by: clerk.memberId }, deps.now()),
  );
  const { concernId: second } = await aReport(deps, ada.memberId, { pieceId: said });
  await anAct(after(deps, 0.1), clerk.memberId, { concernId: second, kind: 'remove', reason: 'insult' });
  for (let night = 1; night < 3; night++) await earnTrust(after(deps, night), null);
  expect(await levels()).toEqual([1, 2]); // once, however many nights
  expect(await trustOf(db, ben.memberId)).toMatchObject({ isSet: true, why: 'Our baker' });
});
