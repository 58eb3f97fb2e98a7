import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../errors.ts';
import { LEAD_DAYS_MAX, sellBy, sellingRuleOf, UNITS_AHEAD_MAX } from '../selling-rules.ts';
import { Day, READERS } from './schemas.ts';

/** Who says what may be promised: those who decide what is sold, and their machines. */
const SELLERS = ['staff:merchant', 'scope:catalog:write'] as const;

const UnitsMax = Type.Integer({
  minimum: 1,
  maximum: UNITS_AHEAD_MAX,
  description: 'in all, beyond the stock',
});
const Rule = Type.Union([
  exactly({ kind: Type.Literal('from_stock') }),
  exactly({
    kind: Type.Literal('back_order'),
    unitsMax: UnitsMax,
    leadDays: Type.Integer({
      minimum: 1,
      maximum: LEAD_DAYS_MAX,
      description: 'until goods come, where no purchase says when',
    }),
  }),
  exactly({
    kind: Type.Literal('pre_order'),
    unitsMax: UnitsMax,
    releaseOn: Type.Unsafe<string>({ ...Day, description: 'nothing of it is sent before' }),
  }),
]);
const State = Type.Object({
  rule: Rule,
  promised: Type.Integer({ description: 'units that are promised and not here yet' }),
});
const schema = { params: exactly({ variantId: Id }) };

export const sellingRuleRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/selling-rules/:variantId',
    {
      config: { access: [...READERS, 'scope:catalog:write'] },
      schema: { operationId: 'getSellingRule', ...schema, response: { 200: State } },
    },
    async ({ params: { variantId } }) => sellingRuleOf(db, variantId),
  );

  app.put(
    '/selling-rules/:variantId',
    {
      config: { access: SELLERS },
      schema: {
        operationId: 'setSellingRule',
        description:
          'What may be promised of a variant of which no unit is free. The same again changes nothing, and what was promised stays promised.',
        ...schema,
        body: Rule,
        response: {
          200: State,
          ...problems(
            inventoryErrors.more_is_promised,
            inventoryErrors.place_unknown,
            inventoryErrors.release_not_ahead,
          ),
        },
      },
    },
    async ({ params: { variantId }, body }) =>
      inTransaction(db, async (tx) => {
        await sellBy(tx, variantId, body, now());
        return sellingRuleOf(tx, variantId);
      }),
  );
};
