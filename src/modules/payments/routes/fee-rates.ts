import { Type } from 'typebox';
import { dayIn } from '#platform/days.ts';
import { inTransaction } from '#platform/db.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { actorOf } from '../../identity/index.ts';
import { feeRates, RATED_MEANS, setFeeRate } from '../fee-rates.ts';

const Means = Type.Enum([...RATED_MEANS]);
const Day = Type.String({ format: 'date' });
const Rate = {
  perMillion: Type.Integer({ minimum: 0, maximum: 500_000, description: 'Of what is taken: 14000 is 1.4 %' }),
  fixedMinor: Type.Integer({
    minimum: 0,
    maximum: 100_000,
    description: 'For each time that money is taken',
  }),
  refundMinor: Type.Integer({ minimum: 0, maximum: 100_000, default: 0, description: 'For each refund' }),
};

/** What means of payment cost whose providers do not report it. */
export const feeRateRoutes: NonNullable<Module['routes']> = async (app, { db, now, config }) => {
  app.get(
    '/fee-rates',
    {
      config: { access: ['staff:merchant', 'staff:operations'] },
      schema: {
        operationId: 'listFeeRates',
        response: {
          200: Type.Object({
            rates: Type.Array(
              Type.Object({ provider: Means, currency: Type.String(), startsOn: Day, ...Rate }),
            ),
          }),
        },
      },
    },
    async () => ({ rates: await feeRates(db) }),
  );

  app.put(
    '/fee-rates/:provider/:currency',
    {
      config: { access: 'staff:operations' },
      schema: {
        operationId: 'setFeeRate',
        description:
          'What a means of payment costs, from a day on (today where none is named). What is noted already stays. Stripe reports its own fees.',
        params: exactly({ provider: Means, currency: Currency }),
        body: exactly({ ...Rate, startsOn: Type.Optional(Day) }),
        response: { 200: Type.Object({ provider: Means, currency: Type.String(), startsOn: Day, ...Rate }) },
      },
    },
    async ({ viewer, params, body }) => {
      const rate = { ...params, ...body, startsOn: body.startsOn ?? dayIn(config.timeZone, now()) };
      await inTransaction(db, (tx) => setFeeRate(tx, actorOf(viewer), rate, now()));
      return rate;
    },
  );
};
