import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { outcomesOfExperiment } from '#read/experiment-outcomes.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import {
  experimentById,
  experimentsErrors,
  leastRatio,
  READERS,
  resultsOf,
} from './modules/experiments/index.ts';

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const Effect = Type.Object({
  controlMean: Type.Number(),
  variantMean: Type.Number(),
  difference: Type.Number(),
  low: Type.Number(),
  high: Type.Number(),
  pValue: Type.Number({ description: 'Holds at any look, however often one is taken' }),
  relative: Type.Union([
    Type.Object({ change: Type.Number(), low: Type.Number(), high: Type.Number() }),
    Type.Null(),
  ]),
});

/** Here, since it joins what experiments, orders, fulfilment and credits know. */
export const experimentResultRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  app.get(
    '/v1/experiments/experiments/:id/results',
    {
      config: { access: READERS },
      schema: {
        operationId: 'readExperimentResults',
        tags: ['experiments'],
        description:
          'What became of the units of each variant, from the ledgers as they stand: means, their differences to the first ' +
          'variant with intervals that hold at any look, guardrails, and whether units were dealt as planned.',
        params: exactly({ id: Id }),
        response: {
          200: Type.Object({
            asOf: Type.String({ format: 'date-time' }),
            currency: Currency,
            exposed: Type.Array(Type.Integer()),
            ratio: Type.Object({ pValue: Type.Number(), isSuspect: Type.Boolean() }),
            outcomes: Type.Array(
              Type.Object({
                outcome: Type.String(),
                arms: Type.Array(Type.Object({ units: Type.Integer(), mean: NumberOrNull })),
                effects: Type.Array(Type.Union([Effect, Type.Null()])),
              }),
            ),
            guardrails: Type.Array(
              Type.Object({
                outcome: Type.String(),
                worstBorne: Type.Number(),
                states: Type.Array(Type.String({ enum: ['breached', 'kept', 'open'] })),
              }),
            ),
          }),
          ...problems(
            experimentsErrors.experiment_not_found,
            platformErrors.sign_in_required,
            platformErrors.not_allowed,
          ),
        },
      },
    },
    async ({ params: { id } }) => {
      const experiment = await experimentById(db, id);
      const [asOf, currency] = [now(), await marketplaceCurrency(reads)];
      const look = await outcomesOfExperiment(reads, experiment, { currency, now: asOf });
      const results = resultsOf(experiment, look, await leastRatio(db, id));
      return { asOf: asOf.toISOString(), currency, ...results };
    },
  );
};
