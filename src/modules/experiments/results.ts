import { WHOLE } from './assign.ts';
import type { Experiment } from './experiments.ts';
import type { Look } from './looks.ts';
import { measuredBy } from './experiments.ts';
import { isSuspect, leastSeen, ratioPValue } from './sample-ratio.ts';
import {
  ALPHA,
  alphaOfEach,
  type Effect,
  effectOf,
  type GuardrailState,
  guardrailState,
} from './sequential.ts';
import { type Outcome, OUTCOMES } from './seams.ts';

interface OutcomeResult {
  outcome: Outcome;
  /** By variant: how many units it is known of, and their mean; null of none. */
  arms: { units: number; mean: number | null }[];
  /** Of each variant beside the first; null where too little is known. */
  effects: (Effect | null)[];
}

export interface Results {
  /** Units exposed to each variant. */
  exposed: number[];
  ratio: { pValue: number; isSuspect: boolean };
  /** What was asked first, then what is guarded, then the rest. */
  outcomes: OutcomeResult[];
  /** Of each guardrail and each variant beside the first. */
  guardrails: { outcome: Outcome; worstBorne: number; states: GuardrailState[] }[];
}

type Planned = Pick<Experiment, 'seam' | 'outcome' | 'guardrails' | 'variants' | 'plannedUnits'>;

/** What a look says. `leastRatio` is the least p-value of the sample ratio at any look before. */
export function resultsOf(experiment: Planned, look: Look, leastRatio: number | null = null): Results {
  const { variants, plannedUnits, guardrails } = experiment;
  const weights = variants.map(({ weight }) => weight);
  // Of the first variant and this one together.
  const plannedOf = (place: number) => (plannedUnits * ((weights[0] ?? 0) + (weights[place] ?? 0))) / WHOLE;
  const alpha = alphaOfEach(ALPHA, variants.length - 1);
  const pValue = leastSeen(leastRatio, ratioPValue(look.exposed, weights));
  const armsOf = (outcome: Outcome) => look.outcomes[outcome] ?? [];
  return {
    exposed: look.exposed,
    ratio: { pValue, isSuspect: isSuspect(pValue) },
    outcomes: measuredBy(experiment).map((outcome) => {
      const [control, ...tried] = armsOf(outcome);
      return {
        outcome,
        arms: armsOf(outcome).map(({ units, sum }) => ({ units, mean: units > 0 ? sum / units : null })),
        effects: tried.map((arm, index) =>
          control ? effectOf(control, arm, { alpha, plannedUnits: plannedOf(index + 1) }) : null,
        ),
      };
    }),
    guardrails: guardrails.map(({ outcome, worstBorne }) => {
      const [control, ...tried] = armsOf(outcome);
      const guard = { harm: OUTCOMES[outcome].harm, worstBorne, alpha };
      return {
        outcome,
        worstBorne,
        states: tried.map((arm, index) =>
          control ? guardrailState(control, arm, { ...guard, plannedUnits: plannedOf(index + 1) }) : 'open',
        ),
      };
    }),
  };
}
