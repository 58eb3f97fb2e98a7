import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { CONTACT_MINUTES_MAX, contactRates, MINUTE_MINOR_MAX, setContactRate } from './contact-rates.ts';

const asked = [platformErrors.sign_in_required, platformErrors.not_allowed] as const;
const Day = Type.String({
  format: 'date',
  description: 'The first day, by UTC, of the contacts that it is for',
});
const Rate = {
  currency: Currency,
  minutes: Type.Number({ minimum: 0, maximum: CONTACT_MINUTES_MAX, description: 'That a contact takes' }),
  minuteMinor: Type.Number({
    minimum: 0,
    maximum: MINUTE_MINOR_MAX,
    description: 'What a minute costs, in minor units, which may have decimals',
  }),
};

/** What contacts with staff cost, which is a part of what serving their orders does. */
export const contactRateRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/contact-rates',
    {
      config: { access: ['staff:merchant', 'staff:operations', 'scope:insight:read'] },
      schema: {
        operationId: 'listContactRates',
        response: {
          200: Type.Object({ rates: Type.Array(Type.Object({ startsOn: Type.String(), ...Rate })) }),
          ...problems(...asked),
        },
      },
    },
    async () => ({ rates: await contactRates(db) }),
  );

  app.put(
    '/contact-rates/:startsOn',
    {
      config: { access: ['staff:operations'] },
      schema: {
        operationId: 'setContactRate',
        description:
          'Says what a contact about an order costs from a day on. Contacts that were noted keep what they cost.',
        params: exactly({ startsOn: Day }),
        body: exactly(Rate),
        response: { 204: Type.Null(), ...problems(...asked) },
      },
    },
    async ({ viewer, params: { startsOn }, body }, reply) => {
      await inTransaction(db, (tx) => setContactRate(tx, actorOf(viewer), { startsOn, ...body }, now()));
      return reply.code(204).send(null);
    },
  );
};
