import type { Tx } from '#platform/db.ts';
import type { Outcome, RuleSet } from '../routing/index.ts';
import { RULE_NAMES, type RuleName, writeProposals } from './adjustments.ts';

interface Change {
  name: RuleName;
  from: string;
  to: string;
}

export interface TriedChange extends Change {
  outcome: Outcome;
}

/** Of fewer orders in the days that are tried nothing follows. */
export const ORDERS_LEAST = 30;
const WEIGHT_STEP = 20;
const WEIGHT_MOST = 100;
const LOCATIONS_MOST = 10;
const SPLITS = ['never', 'between_lines', 'within_line'] as const satisfies RuleSet['split'][];
/** What is better by less is not worth a change. */
const BETTER_LEAST = 0.01;

/** Each rule a step further and a step back: one change at a time, so that what it does can be told. */
export function changesOf(rules: RuleSet): (Change & { rules: RuleSet })[] {
  return RULE_NAMES.flatMap((name): (Change & { rules: RuleSet })[] => {
    if (name === 'split')
      return SPLITS.filter((split) => split !== rules.split).map((split) => ({
        name,
        from: rules.split,
        to: split,
        rules: { ...rules, split },
      }));
    const was = name === 'locations_max' ? rules.locationsMax : rules.weights[name];
    const [step, least, most] =
      name === 'locations_max' ? [1, 1, LOCATIONS_MOST] : [WEIGHT_STEP, 0, WEIGHT_MOST];
    const values = [Math.min(most, was + step), Math.max(least, was - step)];
    return values
      .filter((value) => value !== was)
      .map((value) => ({
        name,
        from: String(was),
        to: String(value),
        rules:
          name === 'locations_max'
            ? { ...rules, locationsMax: value }
            : { ...rules, weights: { ...rules.weights, [name]: value } },
      }));
  });
}

/** The change that saves the most, or brings the most in time, of those that make nothing worse. */
export function bestChange(today: Outcome, tried: readonly TriedChange[]): TriedChange | undefined {
  const saved = ({ outcome }: TriedChange) => today.costMinor - outcome.costMinor;
  const inTime = ({ outcome }: TriedChange) => inTimeOf(outcome) - inTimeOf(today);
  return tried
    .filter(
      (each) =>
        saved(each) >= 0 &&
        inTime(each) >= 0 &&
        (each.outcome.fillRate ?? 0) >= (today.fillRate ?? 0) &&
        each.outcome.unfillable <= today.unfillable &&
        (saved(each) >= BETTER_LEAST * today.costMinor || inTime(each) >= BETTER_LEAST * today.orders) &&
        (saved(each) > 0 || inTime(each) > 0),
    )
    .toSorted((a, b) => saved(b) - saved(a) || inTime(b) - inTime(a))[0];
}

/** Orders all of which would have come by their promise. */
const inTimeOf = ({ orders, onTime }: Outcome) => Math.round((onTime ?? 0) * orders);

interface About {
  version: number;
  from: string;
  to: string;
  today: Outcome;
  currency: string;
}

/** The change that is proposed now; any other lapses. */
export async function writeRuleChange(
  tx: Tx,
  change: TriedChange | undefined,
  { version, from, to, today, currency }: About,
  now: Date,
): Promise<void> {
  const told = ({ costMinor, parcels, fillRate, ...outcome }: Outcome) => ({
    costMinor,
    parcels,
    fillRate: fillRate ?? 0,
    inTime: inTimeOf({ costMinor, parcels, fillRate, ...outcome }),
  });
  const proposals = change && [
    {
      kind: 'change_rules' as const,
      subject: `change_rules ${version} ${change.name} ${change.to}`,
      region: '',
      facts: {
        version,
        rule: change.name,
        was: change.from,
        becomes: change.to,
        from,
        to,
        orders: today.orders,
        today: told(today),
        tried: told(change.outcome),
      },
      expectedUnits: inTimeOf(change.outcome) - inTimeOf(today),
      expectedMinor: today.costMinor - change.outcome.costMinor,
      currency,
    },
  ];
  await writeProposals(tx, proposals ?? [], now, ['change_rules']);
}
