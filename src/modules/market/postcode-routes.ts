import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { marketErrors } from './errors.ts';
import { countPostcodePlaces, PLACES_MAX, putPostcodePlaces } from './postcode-places.ts';

const READERS = ['staff:merchant', 'staff:operations', 'scope:insight:read'] as const;
const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' });

/** Where postcodes lie, by which addresses lie in areas that are drawn on a map. */
export const postcodeRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/postcodes',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPostcodePlaces',
        summary: 'Of how many postcodes it is known where they lie, by country',
        response: {
          200: Type.Object({
            countries: Type.Array(Type.Object({ countryCode: Type.String(), count: Type.Integer() })),
          }),
        },
      },
    },
    async () => ({ countries: await countPostcodePlaces(db) }),
  );

  app.put(
    '/postcodes',
    {
      config: { access: ['staff:operations'] },
      bodyLimit: 1_048_576,
      schema: {
        operationId: 'putPostcodePlaces',
        summary: 'Says where postcodes lie',
        description: `In place of what was known of the same postcodes; up to ${PLACES_MAX} a call, all of them or none. A postcode that is named several times lies in the mean. Orders that were placed stay in the region they counted in.`,
        body: exactly({
          places: Type.Array(
            exactly({
              countryCode: Country,
              postcode: Type.String({ minLength: 1, maxLength: 20 }),
              latitude: Type.Number({ minimum: -90, maximum: 90 }),
              longitude: Type.Number({ minimum: -180, maximum: 180 }),
            }),
            { minItems: 1, maxItems: PLACES_MAX },
          ),
        }),
        response: {
          200: Type.Object({ changed: Type.Integer({ description: 'That were not known so before' }) }),
          ...problems(marketErrors.country_unknown, marketErrors.postcode_unfit, marketErrors.too_much),
        },
      },
    },
    async ({ body: { places } }) => ({
      changed: await inTransaction(db, (tx) => putPostcodePlaces(tx, places)),
    }),
  );
};
