import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { dryRuns } from '#read/dry-run.ts';
import {
  bestChange,
  changesOf,
  ORDERS_LEAST,
  type TriedChange,
  writeRuleChange,
} from './modules/guidance/index.ts';
import { businessDayAt, shiftDay } from './modules/insight/index.ts';
import { rulesInForce } from './modules/routing/index.ts';

export const PROPOSE_RULES = 'guidance.propose_rules';
const TRIED_DAYS = 28;

/**
 * Job. Tries each small change of the routing rules on the orders of four weeks, and proposes the best one. Here, since it joins what
 * orders, stock and routing know with what guidance proposes.
 */
export async function proposeRules({
  db,
  reads,
  config: { currency, timeZone },
  now,
}: Pick<Deps, 'db' | 'reads' | 'config' | 'now'>): Promise<void> {
  const at = now();
  const { version, rules } = await rulesInForce(reads);
  const changes = changesOf(rules);
  const to = businessDayAt(at, timeZone);
  const from = shiftDay(to, -TRIED_DAYS);
  const period = { from: new Date(at.getTime() - TRIED_DAYS * 86_400_000), to: at };
  const { today, tried } = await dryRuns(
    reads,
    rules,
    changes.map((change) => change.rules),
    period,
  );
  const outcomes = changes.flatMap(({ name, from: was, to: becomes }, index): TriedChange[] => {
    const outcome = tried[index];
    return outcome ? [{ name, from: was, to: becomes, outcome }] : [];
  });
  const best = today.orders < ORDERS_LEAST ? undefined : bestChange(today, outcomes);
  await inTransaction(db, (tx) => writeRuleChange(tx, best, { version, from, to, today, currency }, at));
}
