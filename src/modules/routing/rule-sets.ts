import { isDeepStrictEqual } from 'node:util';
import type { Db, Tx } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { hasCode } from '#platform/start-fault.ts';
import { runningExperiments, type Trial, trialAt } from '../experiments/index.ts';
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
  /** Kept for an experiment: never in force for all. */
  onTrial: boolean;
}

/** The rules by which orders are routed now: the newest of those that are not on trial. */
export const rulesInForce = (db: Db): Promise<StoredRuleSet> =>
  keptSetting(db, 'routing.rules', async (each) =>
    stored(await newestFirst(each).where('on_trial', '=', false).limit(1).executeTakeFirstOrThrow()),
  );

/** Those of an order that an experiment tries rules on; with the trial, where one does. */
export async function rulesFor(
  db: Db,
  tried: Tried | undefined,
): Promise<{ version: number; rules: RuleSet; trial?: Trial }> {
  const inForce = await rulesInForce(db);
  if (!tried) return inForce;
  const running = await runningExperiments(db);
  const trial = trialAt(running, 'routing_rules', tried.unitId, countryIn(tried.regionCode));
  if (!trial) return inForce;
  const onTrial = await keptSetting(db, 'routing.rules_on_trial', async (each) =>
    (await newestFirst(each).where('on_trial', '=', true).limit(ON_TRIAL_MAX).execute()).map(stored),
  );
  const keptAs = ({ choice }: { choice: string }) =>
    onTrial.find(({ version }) => String(version) === choice);
  const [, ...others] = running.find(({ id }) => id === trial.experimentId)?.variants ?? [];
  // An experiment may name rules that nobody has kept: then nothing is tried on anybody.
  if (!others.every(keptAs)) return inForce;
  return { ...(keptAs(trial) ?? inForce), trial };
}

/** An order, or what is to become one, and where its buyer is. */
export interface Tried {
  /** The same from the first quote to the order: its cart. */
  unitId: string;
  regionCode: string;
}

/** An area's code begins with its country's. */
const countryIn = (regionCode: string) => /^[A-Z]{2}(?=$|-)/.exec(regionCode)?.[0];

const ON_TRIAL_MAX = 100;

/** All rules that ever were in force or on trial, the newest first. */
export async function ruleSets(db: Db, limit: number): Promise<StoredRuleSet[]> {
  return (await newestFirst(db).limit(limit).execute()).map(stored);
}

/**
 * Puts rules in force, or keeps them for an experiment. `over` is the newest version that their author saw: where somebody
 * was faster, theirs are not overwritten unseen. The same rules again over the same version are a retry.
 */
export async function publishRules(
  tx: Tx,
  rules: RuleSet,
  { over, note, publishedBy, at, onTrial = false }: Publishing,
): Promise<number> {
  const kinds = rules.filters.map(({ keep }) => keep);
  const twice = kinds.find((keep, n) => kinds.indexOf(keep) < n);
  if (twice) throw routingErrors.filter_twice({ keep: twice });
  const newest = stored(await newestFirst(tx).limit(1).executeTakeFirstOrThrow());
  const version = over + 1;
  if (newest.version === version && newest.onTrial === onTrial && isDeepStrictEqual(newest.rules, rules))
    return version;
  if (newest.version !== over) throw routingErrors.rules_changed({ version: newest.version });
  try {
    await own(tx)
      .insertInto('routing.rule_set')
      .values({
        version,
        rules: JSON.stringify(rules),
        note,
        published_at: at,
        published_by: publishedBy,
        on_trial: onTrial,
      })
      .execute();
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw routingErrors.rules_changed({ version });
    throw error;
  }
  return version;
}

interface Publishing {
  over: number;
  note: string;
  publishedBy: string | null;
  at: Date;
  onTrial?: boolean;
}

const UNIQUE_VIOLATION = '23505';

const newestFirst = (db: Db) =>
  own(db)
    .selectFrom('routing.rule_set')
    .select([
      'version',
      'rules',
      'note',
      'published_at as publishedAt',
      'published_by as publishedBy',
      'on_trial as onTrial',
    ])
    .orderBy('version', 'desc');

/** Only `publishRules` and the migration write rules. */
const stored = <Row extends { rules: unknown }>(row: Row) => ({ ...row, rules: row.rules as RuleSet });
