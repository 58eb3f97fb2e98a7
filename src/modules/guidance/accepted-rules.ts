import { sql } from 'kysely';
import { Value } from 'typebox/value';
import type { Db } from '#platform/db.ts';
import type { RuleSet, StoredRuleSet } from '../routing/index.ts';
import { RuleFacts, type RuleName } from './adjustments.ts';

/** A change of the routing rules that somebody took up, and that is not measured for the last time. */
export interface AcceptedRule {
  id: string;
  /** Of the rules it was to change. */
  version: number;
  rule: RuleName;
  becomes: string;
  expectedUnits: number;
  decidedAt: Date;
}

export async function acceptedRules(db: Db): Promise<AcceptedRule[]> {
  const { rows } = await sql<{ id: string; facts: unknown; expectedUnits: number; decidedAt: Date }>`
    select adjustment.id, facts, expected_units as "expectedUnits", decided_at as "decidedAt"
    from guidance.decision join guidance.adjustment on adjustment.id = adjustment_id
    where verdict = 'accepted' and kind = 'change_rules'
      and not exists (select from guidance.effect where effect.adjustment_id = adjustment.id and is_final)
    order by decided_at, adjustment.id`.execute(db);
  return rows.map(({ facts, ...row }) => {
    const { version, rule, becomes } = Value.Parse(RuleFacts, facts);
    return { ...row, version, rule, becomes };
  });
}

/**
 * When operations put it in force, and when they took it back; undefined where they have not. Rules on trial hold for nobody but those
 * an experiment tries them on.
 */
export function inForceOf(
  { version, rule, becomes }: Pick<AcceptedRule, 'version' | 'rule' | 'becomes'>,
  ruleSets: readonly StoredRuleSet[],
): { from: Date; until?: Date } | undefined {
  const later = ruleSets
    .filter((each) => !each.onTrial && each.version > version)
    .toSorted((a, b) => a.version - b.version);
  const first = later.findIndex(({ rules }) => valueOf(rules, rule) === becomes);
  const made = later[first];
  if (!made) return undefined;
  const undone = later.slice(first + 1).find(({ rules }) => valueOf(rules, rule) !== becomes);
  return { from: made.publishedAt, ...(undone && { until: undone.publishedAt }) };
}

function valueOf(rules: RuleSet, name: RuleName): string {
  if (name === 'split') return rules.split;
  return String(name === 'locations_max' ? rules.locationsMax : rules.weights[name]);
}
