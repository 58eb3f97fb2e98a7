import { Type } from 'typebox';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { promisesFor } from '../delivery.ts';
import { ordersErrors } from '../errors.ts';
import { CountryCode, Promised, Quantity } from './schemas.ts';

const { country_unknown, not_enough_stock, not_deliverable } = ordersErrors;

export const promiseRoutes: NonNullable<Module['routes']> = async (app, { db, now, config }) => {
  app.get(
    '/promises',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listPromises',
        description: 'When a thing would arrive if it were ordered now, for each way of delivery.',
        querystring: exactly({
          variantId: Id,
          countryCode: CountryCode,
          postcode: Type.Optional(
            Type.String({ maxLength: 20, description: 'With it also what is brought today is told' }),
          ),
          quantity: { ...Quantity, default: 1 },
        }),
        response: {
          200: Type.Object({ promises: Type.Array(Promised) }),
          ...problems(country_unknown, not_enough_stock, not_deliverable),
        },
      },
    },
    async ({ query: { variantId, countryCode, postcode = '', quantity } }) => ({
      promises: await promisesFor(
        db,
        { variantId, quantity },
        { countryCode, postcode },
        config.currency,
        now(),
      ),
    }),
  );
};
