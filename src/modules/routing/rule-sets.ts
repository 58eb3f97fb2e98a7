import { isDeepStrictEqual } from 'node:util';
import type { Db, Tx } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { hasCode } from '#platform/start-fault.ts';
import { routingErrors } from './errors.ts';
import { own } from './own.ts';
import type { RuleSet } from './rules.ts';

export interface StoredRuleSet {
  version: number;
  rules: RuleSet;
  note: string;
  publishedAt: Date;
  /** The member or API key; null for the rules that came with Stoa. */
  publishedBy: string | null;
}

/** The rules by which orders are routed now: the newest. */
export const rulesInForce = (db: Db): Promise<StoredRuleSet> =>
  keptSetting(db, 'routing.rules', async (each) =>
    stored(await newestFirst(each).limit(1).executeTakeFirstOrThrow()),
  );

/** All rules that ever were in force, the newest first. */
export async function ruleSets(db: Db, limit: number): Promise<StoredRuleSet[]> {
  return (await newestFirst(db).limit(limit).execute()).map(stored);
}

/**
 * Puts rules in force. `over` is the version that their author changed: where somebody was faster, theirs are not
 * overwritten unseen. The same rules again over the same version are a retry.
 */
export async function publishRules(
  tx: Tx,
  rules: RuleSet,
  { over, note, publishedBy, at }: { over: number; note: string; publishedBy: string | null; at: Date },
): Promise<number> {
  const kinds = rules.filters.map(({ keep }) => keep);
  const twice = kinds.find((keep, n) => kinds.indexOf(keep) < n);
  if (twice) throw routingErrors.filter_twice({ keep: twice });
  const newest = await rulesInForce(tx);
  const version = over + 1;
  if (newest.version === version && isDeepStrictEqual(newest.rules, rules)) return version;
  if (newest.version !== over) throw routingErrors.rules_changed({ version: newest.version });
  try {
    await own(tx)
      .insertInto('routing.rule_set')
      .values({ version, rules: JSON.stringify(rules), note, published_at: at, published_by: publishedBy })
      .execute();
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw routingErrors.rules_changed({ version });
    throw error;
  }
  return version;
}

const UNIQUE_VIOLATION = '23505';

const newestFirst = (db: Db) =>
  own(db)
    .selectFrom('routing.rule_set')
    .select(['version', 'rules', 'note', 'published_at as publishedAt', 'published_by as publishedBy'])
    .orderBy('version', 'desc');

/** Only `publishRules` and the migration write rules. */
const stored = <Row extends { rules: unknown }>(row: Row) => ({ ...row, rules: row.rules as RuleSet });
