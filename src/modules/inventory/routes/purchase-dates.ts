import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../actor.ts';
import { inventoryErrors } from '../errors.ts';
import { DATE_REASON_MAX, expectPurchase } from '../purchase-dates.ts';
import { Day, Done, WRITERS } from './schemas.ts';

export const purchaseDateRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/purchases/:id/dates/:dateId',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'expectPurchase',
        description:
          'It is expected on another day. What was promised from it is promised anew, and its buyers are told. The same change again is a retry.',
        params: exactly({ id: Id, dateId: Id }),
        body: exactly({
          expectedOn: Day,
          reason: Type.String({ minLength: 1, maxLength: DATE_REASON_MAX, pattern: '\\S' }),
        }),
        response: {
          200: Done,
          ...problems(
            inventoryErrors.purchase_not_found,
            inventoryErrors.purchase_closed,
            inventoryErrors.date_not_ahead,
            inventoryErrors.date_differs,
          ),
        },
      },
    },
    async ({ viewer, params: { id: purchaseId, dateId: id }, body }) => {
      const change = { id, purchaseId, ...body, ...actorOf(viewer) };
      await inTransaction(db, (tx) => expectPurchase(tx, change, now()));
      return { id };
    },
  );
};
