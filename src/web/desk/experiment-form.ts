import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import {
  type Experiment,
  isOutcome,
  isSeam,
  OUTCOMES,
  outcomesOf,
  type Plan,
  type Seam,
  SEAMS,
} from '#modules/experiments/index.ts';
import { exactly, Id } from '#platform/schema.ts';
import { say } from '../messages.ts';
import { Text } from '../page.ts';

const CHOICES_MAX = 30;
const Texts = (maxLength: number) => Type.Array(Text(maxLength), { maxItems: CHOICES_MAX, default: [] });

export const ExperimentBody = exactly({
  id: Id,
  seam: Text(60),
  key: Text(60),
  title: Text(120),
  hypothesis: Text(1000),
  owner: Text(40),
  countries: Text(400),
  outcome: Text(60),
  planned: Text(12),
  /** Beside each choice its share of the units, in percent: empty where it is not tried. */
  choice: Texts(60),
  share: Texts(10),
  /** Beside each outcome by how many percent worse it may get: empty where it is not guarded. */
  guarded: Texts(60),
  worst: Texts(10),
});
export type TypedExperiment = Static<typeof ExperimentBody>;
type Field = 'seam' | 'key' | 'title' | 'owner' | 'countries' | 'outcome' | 'planned' | 'shares' | 'worst';
export type ExperimentErrors = Partial<Record<Field, string>>;

const PLANNED_USUAL = '10000';

export const blankExperiment = (seam: Seam, choices: readonly string[], owner: string): TypedExperiment => ({
  id: randomUUID(),
  seam,
  key: '',
  title: '',
  hypothesis: '',
  owner,
  countries: '',
  outcome: outcomesOf(seam)[0] ?? '',
  planned: PLANNED_USUAL,
  choice: [...choices],
  share: choices.map((_choice, index) => (index < 2 ? '50' : '')),
  guarded: outcomesOf(seam),
  worst: outcomesOf(seam).map(() => ''),
});

const percent = (share: number) => String(Number((share * 100).toFixed(4)));

export const typedExperiment = (plan: Experiment, choices: readonly string[]): TypedExperiment => ({
  id: plan.id,
  seam: plan.seam,
  key: plan.key,
  title: plan.title,
  hypothesis: plan.hypothesis,
  owner: plan.ownerId,
  countries: plan.countries.join(', '),
  outcome: plan.outcome,
  planned: String(plan.plannedUnits),
  choice: [...choices],
  share: choices.map((choice) => {
    const weight = plan.variants.find((each) => each.choice === choice)?.weight;
    return weight === undefined ? '' : percent(weight / WHOLE);
  }),
  guarded: outcomesOf(plan.seam),
  worst: outcomesOf(plan.seam).map((outcome) => {
    const worst = plan.guardrails.find((each) => each.outcome === outcome)?.worstBorne;
    return worst === undefined ? '' : percent(worst);
  }),
});

const WHOLE = 10_000;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const WORST_MAX = 1000;

/** A figure as people write it: "12.5" or "12,5". */
function figure(text: string): number | undefined {
  const plain = text.trim().replace(',', '.');
  return /^\d{1,9}(\.\d{1,4})?$/.test(plain) ? Number(plain) : undefined;
}

/** What was typed as a plan, or what is wrong with it, beside the field that it is about. */
export function planIn(
  typed: TypedExperiment,
): { plan: Plan & { id: string }; errors?: never } | { plan?: never; errors: ExperimentErrors } {
  const errors: ExperimentErrors = {};
  const { seam, outcome } = typed;
  if (!isSeam(seam)) return { errors: { seam: say('desk.experiments.fault.seam') } };
  const key = typed.key.trim();
  if (!KEY.test(key)) errors.key = say('desk.experiments.fault.key');
  const title = typed.title.trim();
  if (title === '') errors.title = say('desk.experiments.fault.title');
  if (!UUID.test(typed.owner)) errors.owner = say('desk.experiments.fault.owner');
  const countries = [...new Set(typed.countries.toUpperCase().split(/[\s,;]+/))].filter(Boolean);
  if (countries.some((code) => !/^[A-Z]{2}$/.test(code)))
    errors.countries = say('desk.experiments.fault.countries');
  if (!isOutcome(outcome) || OUTCOMES[outcome].unit !== SEAMS[seam].unit)
    errors.outcome = say('desk.experiments.fault.outcome');
  const plannedUnits = figure(typed.planned) ?? 0;
  if (!Number.isInteger(plannedUnits) || plannedUnits < 100 || plannedUnits > 10_000_000)
    errors.planned = say('desk.experiments.fault.planned');
  const variants = variantsIn(typed, seam);
  if (!variants) errors.shares = say('desk.experiments.fault.shares');
  const guardrails = guardrailsIn(typed);
  if (!guardrails) errors.worst = say('desk.experiments.fault.worst');
  if (Object.keys(errors).length > 0 || !variants || !guardrails || !isOutcome(outcome)) return { errors };
  const { id, hypothesis, owner: ownerId } = typed;
  const plan = { id, key, title, hypothesis: hypothesis.trim(), ownerId, seam, variants };
  return { plan: { ...plan, countries, outcome, guardrails, plannedUnits } };
}

/** Undefined where the shares don't add up to all, the usual way has none, or nothing else does. */
function variantsIn({ choice, share }: TypedExperiment, seam: Seam): Plan['variants'] | undefined {
  const variants = choice.flatMap((each, index) => {
    const text = share[index]?.trim() ?? '';
    return text === '' ? [] : [{ choice: each, weight: Math.round((figure(text) ?? Number.NaN) * 100) }];
  });
  const sum = variants.reduce((total, { weight }) => total + weight, 0);
  const isFit = variants.length >= 2 && variants.length <= 5 && variants.every(({ weight }) => weight > 0);
  return isFit && sum === WHOLE && variants[0]?.choice === SEAMS[seam].choices[0] ? variants : undefined;
}

function guardrailsIn({ guarded, worst }: TypedExperiment): Plan['guardrails'] | undefined {
  const guardrails: Plan['guardrails'] = [];
  for (const [index, outcome] of guarded.entries()) {
    const text = worst[index]?.trim() ?? '';
    if (text === '') continue;
    const borne = figure(text);
    if (!isOutcome(outcome) || borne === undefined || borne < 0.1 || borne > WORST_MAX) return undefined;
    guardrails.push({ outcome, worstBorne: borne / 100 });
  }
  return guardrails;
}
