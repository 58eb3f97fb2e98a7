import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import type { Db, Tx } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import { exactly } from '#platform/schema.ts';
import { hasCode } from '#platform/start-fault.ts';
import { type Actor, marketplaceOrganization, teamOf } from '../identity/index.ts';
import { WHOLE } from './assign.ts';
import { experimentsErrors } from './errors.ts';
import { own } from './own.ts';
import { isSeam, type Outcome, OUTCOME_NAMES, outcomesOf, SEAM_NAMES, SEAMS } from './seams.ts';

const VARIANTS_MAX = 5;
const GUARDRAILS_MAX = 5;
const COUNTRIES_MAX = 50;

const oneOf = <const Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>({ type: 'string', enum: [...names] });

export const Variant = exactly({
  choice: Type.String({
    minLength: 1,
    maxLength: 60,
    description: 'One of the seam’s; of rules, a version on trial',
  }),
  weight: Type.Integer({ minimum: 1, maximum: WHOLE, description: 'Of 10,000 units, so many' }),
});
export type Variant = Static<typeof Variant>;

export const Guardrail = exactly({
  outcome: oneOf(OUTCOME_NAMES),
  worstBorne: Type.Number({
    minimum: 0.001,
    maximum: 10,
    description: 'Worse by this share of what it is now is more than is borne',
  }),
});
export type Guardrail = Static<typeof Guardrail>;

/** What an experiment asks; all of it can be changed until it starts. */
export const Plan = exactly({
  key: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
  title: Type.String({ minLength: 1, maxLength: 120 }),
  hypothesis: Type.String({ maxLength: 1000 }),
  ownerId: Type.String({ format: 'uuid' }),
  seam: oneOf(SEAM_NAMES),
  variants: Type.Array(Variant, { minItems: 2, maxItems: VARIANTS_MAX }),
  countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), {
    maxItems: COUNTRIES_MAX,
    uniqueItems: true,
    description: 'Empty: anywhere',
  }),
  outcome: oneOf(OUTCOME_NAMES),
  guardrails: Type.Array(Guardrail, { maxItems: GUARDRAILS_MAX }),
  plannedUnits: Type.Integer({ minimum: 100, maximum: 10_000_000 }),
});
export type Plan = Static<typeof Plan>;

export type ExperimentState = 'draft' | 'running' | 'stopped';
export type StepKind = 'drafted' | 'started' | 'stopped' | 'decided';

export interface Step {
  kind: StepKind;
  /** Of a decision: the choice that is to stay. */
  chosen: string | null;
  reason: string;
  actor: string;
  takenAt: Date;
}

export interface Experiment extends Plan {
  id: string;
  state: ExperimentState;
  changedAt: Date;
  startedAt: Date | null;
  stoppedAt: Date | null;
  /** The oldest first. */
  steps: Step[];
}

/** Writes down what an experiment is to ask. The same again is a retry; one that has begun is not changed. */
export async function putExperiment(
  tx: Tx,
  actor: Actor,
  { id, ...plan }: Plan & { id: string },
  now: Date,
): Promise<void> {
  refuseUnfit(plan);
  const { id: organizationId } = await marketplaceOrganization(tx);
  const team = await teamOf(tx, organizationId);
  if (!team.some(({ memberId }) => memberId === plan.ownerId)) throw experimentsErrors.owner_not_staff({});
  const { key, title, hypothesis, seam, countries } = plan;
  const told = {
    key,
    title,
    hypothesis,
    seam,
    countries,
    owner_id: plan.ownerId,
    variants: JSON.stringify(plan.variants),
    metric: plan.outcome,
    guardrails: JSON.stringify(plan.guardrails),
    planned_units: plan.plannedUnits,
    changed_at: now,
  };
  const before = await lock(tx, id);
  if (before && isDeepStrictEqual(planOf(before), plan)) return;
  if (before && before.state !== 'draft') throw experimentsErrors.not_a_draft({ state: before.state });
  try {
    await own(tx)
      .insertInto('experiments.experiment')
      .values({ id, ...told })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(told).where('experiments.experiment.state', '=', 'draft'),
      )
      .execute();
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw experimentsErrors.key_taken({ key });
    throw error;
  }
  const step = { kind: 'drafted', chosen: null, reason: '', actor } as const;
  await addStep(tx, id, { id: newId(now.getTime()), ...step }, now);
}

const UNIQUE_VIOLATION = '23505';

function refuseUnfit({ seam, variants, outcome, guardrails }: Omit<Plan, 'key'>): void {
  const { choices } = SEAMS[seam];
  const chosen = variants.map(({ choice }) => choice);
  const isKnown = (choice: string) =>
    (choices as readonly string[]).includes(choice) || (seam === 'routing_rules' && /^\d{1,9}$/.test(choice));
  const sum = variants.reduce((total, { weight }) => total + weight, 0);
  const fits =
    chosen[0] === choices[0] &&
    chosen.every(isKnown) &&
    new Set(chosen).size === chosen.length &&
    sum === WHOLE;
  if (!fits) throw experimentsErrors.variants_unfit({});
  const measured = outcomesOf(seam);
  const guarded = guardrails.map((each) => each.outcome);
  const unfit = [outcome, ...guarded].find(
    (name, index, all) => !measured.includes(name) || (index > 0 && all.indexOf(name, 1) < index),
  );
  if (unfit) throw experimentsErrors.outcome_unfit({ outcome: unfit });
}

export interface StepWish {
  /** Made by the caller, so that a retry is the same step. */
  id: string;
  experimentId: string;
  kind: 'started' | 'stopped' | 'decided';
  chosen: string | null;
  reason: string;
}

/** Starts it, stops it, or decides what is to stay. The same step again changes nothing. */
export async function takeStep(
  tx: Tx,
  actor: Actor,
  { experimentId, ...wish }: StepWish,
  now: Date,
): Promise<void> {
  const found = await lock(tx, experimentId);
  if (!found) throw experimentsErrors.experiment_not_found({});
  if (await isTaken(tx, { experimentId, ...wish })) return;
  const { state, seam, variants, steps } = found;
  const isDecided = steps.some(({ kind }) => kind === 'decided');
  const isNext = {
    started: state === 'draft',
    stopped: state === 'running',
    decided: state === 'stopped' && !isDecided,
  };
  if (!isNext[wish.kind]) throw experimentsErrors.step_out_of_order({ state, isDecided });
  if (wish.kind === 'decided' && !variants.some(({ choice }) => choice === wish.chosen))
    throw experimentsErrors.variant_unknown({ chosen: wish.chosen ?? '' });
  const chosen = wish.kind === 'decided' ? wish.chosen : null;
  try {
    if (wish.kind === 'started') await move(tx, experimentId, { state: 'running', started_at: now });
    if (wish.kind === 'stopped') await move(tx, experimentId, { state: 'stopped', stopped_at: now });
  } catch (error) {
    if (hasCode(error, UNIQUE_VIOLATION)) throw experimentsErrors.seam_in_use({ seam });
    throw error;
  }
  await addStep(tx, experimentId, { ...wish, chosen, actor }, now);
}

const move = (
  tx: Tx,
  id: string,
  to: { state: ExperimentState; started_at?: Date; stopped_at?: Date },
): Promise<unknown> => own(tx).updateTable('experiments.experiment').set(to).where('id', '=', id).execute();

async function isTaken(tx: Tx, { id, experimentId, kind }: StepWish): Promise<boolean> {
  const known = await own(tx)
    .selectFrom('experiments.step')
    .select(['experiment_id as experimentId', 'kind'])
    .where('id', '=', id)
    .executeTakeFirst();
  return known?.experimentId === experimentId && known.kind === kind;
}

const addStep = (
  tx: Tx,
  experimentId: string,
  { id, kind, chosen, reason, actor }: Omit<Step, 'takenAt'> & { id: string },
  now: Date,
): Promise<unknown> =>
  own(tx)
    .insertInto('experiments.step')
    .values({ id, experiment_id: experimentId, kind, chosen, reason, actor, taken_at: now })
    .execute();

/** Whoever changes an experiment waits for who is changing it. */
async function lock(tx: Tx, id: string): Promise<Experiment | undefined> {
  await sql`select from experiments.experiment where id = ${id} for update`.execute(tx);
  return (await read(tx, { id, limit: 1 }))[0];
}

const planOf = ({
  id: _id,
  state: _state,
  changedAt: _at,
  startedAt: _from,
  stoppedAt: _to,
  steps: _steps,
  ...plan
}: Experiment): Plan => plan;

/** The latest first. */
export const experiments = (
  db: Db,
  { state, limit }: { state?: ExperimentState | undefined; limit: number },
): Promise<Experiment[]> => read(db, { ...(state && { state }), limit });

export async function experimentById(db: Db, id: string): Promise<Experiment> {
  const [found] = await read(db, { id, limit: 1 });
  if (!found) throw experimentsErrors.experiment_not_found({});
  return found;
}

interface Asked {
  id?: string;
  state?: ExperimentState;
  limit: number;
}

type Row = Omit<Experiment, 'seam'> & { seam: string };

async function read(db: Db, { id, state, limit }: Asked): Promise<Experiment[]> {
  const { rows } = await sql<Row>`
    select id, key, title, hypothesis, owner_id as "ownerId", seam, variants, countries, metric as outcome, guardrails,
      planned_units as "plannedUnits", state, changed_at as "changedAt", started_at as "startedAt", stopped_at as "stoppedAt",
      (select json_agg(json_build_object('kind', kind, 'chosen', chosen, 'reason', reason, 'actor', actor,
        'takenAt', taken_at) order by taken_at, step.id) from experiments.step where experiment_id = experiment.id) as steps
    from experiments.experiment
    where (${id ?? null}::uuid is null or id = ${id ?? null}) and (${state ?? null}::text is null or state::text = ${state ?? null})
    order by coalesce(started_at, changed_at) desc, id desc limit ${limit}`.execute(db);
  // A seam that the code no longer has: its experiment has ended, or does nothing.
  return rows.flatMap(({ seam, steps, ...row }) =>
    isSeam(seam)
      ? [{ ...row, seam, steps: steps.map((step) => ({ ...step, takenAt: new Date(step.takenAt) })) }]
      : [],
  );
}

/** What an experiment measures: what it asks, then its guardrails, then the rest of its unit's. */
export const measuredBy = ({
  seam,
  outcome,
  guardrails,
}: Pick<Plan, 'seam' | 'outcome' | 'guardrails'>): Outcome[] => [
  ...new Set([outcome, ...guardrails.map((each) => each.outcome), ...outcomesOf(seam)]),
];
