import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../errors.ts';
import { keepBack } from '../safety.ts';
import { Counted, WRITERS } from './schemas.ts';

export const safetyRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.put(
    '/levels/:variantId/:locationId/safety',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'setSafetyStock',
        description:
          'How many units stay at the location and are not promised. The same again changes nothing.',
        params: exactly({ variantId: Id, locationId: Id }),
        body: exactly({ units: Counted }),
        response: {
          200: Type.Object({ variantId: Id, locationId: Id, units: Type.Integer() }),
          ...problems(inventoryErrors.place_unknown),
        },
      },
    },
    async ({ params, body: { units } }) => {
      await inTransaction(db, (tx) => keepBack(tx, { ...params, units }));
      return { ...params, units };
    },
  );
};
