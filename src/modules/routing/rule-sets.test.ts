import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Db, inTransaction } from '#platform/db.ts';
import { test } from '#test/harness.ts';
import { publishRules, ruleSets, rulesInForce } from './rule-sets.ts';
import { DEFAULT_RULES, type RuleSet } from './rules.ts';

const AT = new Date('2026-11-20T08:00:00Z');
const publish = (db: Db, rules: RuleSet, over: number, publishedBy: string | null = null) =>
  inTransaction(db, (tx) => publishRules(tx, rules, { over, note: 'Stores first', publishedBy, at: AT }));
const never: RuleSet = { ...DEFAULT_RULES, split: 'never', locationsMax: 1 };

test('rules are versions: the newest is in force, none is lost, and nobody overwrites another unseen', async ({
  db,
}) => {
  const author = randomUUID();
  expect(await rulesInForce(db)).toMatchObject({ version: 1, rules: DEFAULT_RULES, publishedBy: null });

  expect(await publish(db, never, 1, author)).toBe(2);
  expect(await rulesInForce(db)).toEqual({
    version: 2,
    rules: never,
    note: 'Stores first',
    publishedAt: AT,
    publishedBy: author,
    onTrial: false,
  });
  expect(await publish(db, never, 1, author)).toBe(2); // a retry

  const others = [1, 2].map((locationsMax) => publish(db, { ...DEFAULT_RULES, locationsMax }, 2));
  const answers = await Promise.allSettled(others);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(publish(db, DEFAULT_RULES, 1)).rejects.toMatchObject({
    code: 'routing.rules_changed',
    data: { version: 3 },
  });
  expect((await ruleSets(db, 10)).map(({ version }) => version)).toEqual([3, 2, 1]);
});

test('a filter that is given twice is refused', async ({ db }) => {
  const { version } = await rulesInForce(db);
  const filters = [5, 9].map((km) => ({ keep: 'within_km' as const, km }));
  await expect(publish(db, { ...DEFAULT_RULES, filters }, version)).rejects.toMatchObject({
    code: 'routing.filter_twice',
    data: { keep: 'within_km' },
  });
});

test('what was published, and who fulfils what, never changes', async ({ db }) => {
  const change = db
    .withTables<{ 'routing.rule_set': { note: string } }>()
    .updateTable('routing.rule_set')
    .set({ note: 'other' });
  await expect(change.execute()).rejects.toThrow('rule_set is append-only');
});
