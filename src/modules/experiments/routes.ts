import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../identity/index.ts';
import { experimentsErrors } from './errors.ts';
import {
  type Experiment,
  experimentById,
  experiments,
  Plan,
  putExperiment,
  takeStep,
} from './experiments.ts';
import { ExperimentFacts, READERS, STATES, StepBody, WRITERS } from './shapes.ts';

const LIST_MAX = 200;
const LIST_USUAL = 50;
const OneId = exactly({ id: Id });
const Done = Type.Null();

export const shownExperiment = ({ changedAt, startedAt, stoppedAt, steps, ...experiment }: Experiment) => ({
  ...experiment,
  changedAt: changedAt.toISOString(),
  startedAt: startedAt?.toISOString() ?? null,
  stoppedAt: stoppedAt?.toISOString() ?? null,
  steps: steps.map(({ takenAt, ...step }) => ({ ...step, takenAt: takenAt.toISOString() })),
});

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db } = deps;
  await app.register(writing, { ...deps, prefix: '' });

  app.get(
    '/experiments',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listExperiments',
        description: 'What is tried on a part of the visitors or orders: what began last, first.',
        querystring: exactly({
          state: Type.Optional(Type.Unsafe<(typeof STATES)[number]>({ type: 'string', enum: [...STATES] })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX })),
        }),
        response: { 200: Type.Object({ experiments: Type.Array(ExperimentFacts) }) },
      },
    },
    async ({ query: { state, limit = LIST_USUAL } }) => ({
      experiments: (await experiments(db, { state, limit })).map(shownExperiment),
    }),
  );

  app.get(
    '/experiments/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'readExperiment',
        params: OneId,
        response: {
          200: Type.Object({ experiment: ExperimentFacts }),
          ...problems(experimentsErrors.experiment_not_found),
        },
      },
    },
    async ({ params: { id } }) => ({ experiment: shownExperiment(await experimentById(db, id)) }),
  );
};

const writing: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/experiments/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'putExperiment',
        description: 'Drafts an experiment, or changes one that has not started.',
        params: OneId,
        body: Plan,
        response: {
          204: Done,
          ...problems(
            experimentsErrors.key_taken,
            experimentsErrors.not_a_draft,
            experimentsErrors.variants_unfit,
            experimentsErrors.outcome_unfit,
            experimentsErrors.owner_not_staff,
          ),
        },
      },
    },
    async ({ params: { id }, body, viewer }, reply) => {
      await inTransaction(db, (tx) => putExperiment(tx, actorOf(viewer), { id, ...body }, now()));
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/steps/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'takeExperimentStep',
        description: 'Starts an experiment, stops it, or decides which of its choices is to stay.',
        params: OneId,
        body: StepBody,
        response: {
          204: Done,
          ...problems(
            experimentsErrors.experiment_not_found,
            experimentsErrors.step_out_of_order,
            experimentsErrors.seam_in_use,
            experimentsErrors.variant_unknown,
          ),
        },
      },
    },
    async ({ params: { id }, body, viewer }, reply) => {
      await inTransaction(db, (tx) => takeStep(tx, actorOf(viewer), { id, ...body }, now()));
      return reply.code(204).send(null);
    },
  );
};
