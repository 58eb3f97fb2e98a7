import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly } from '#platform/schema.ts';
import { PlaceCode, pricingErrors } from '../../pricing/index.ts';
import { DELIVERY_KINDS } from './schemas.ts';
import { deliveryMethods, putDeliveryMethod } from '../delivery-methods.ts';
import { ordersErrors } from '../errors.ts';

const AMOUNT_MAX = 10 ** 12;
const Days = Type.Integer({ minimum: 0, maximum: 365 });
const Code = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 40 });
const Method = exactly({
  name: Type.String({ minLength: 1, maxLength: 80, pattern: String.raw`^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$` }),
  kind: Type.Enum([...DELIVERY_KINDS], {
    default: 'ship',
    description:
      'pickup: the days are those from another location to the store; same_day: by the distance in the rule set',
  }),
  transitDaysMin: Days,
  transitDaysMax: Days,
  position: Type.Integer({ minimum: 0, maximum: 1000, default: 0 }),
  isActive: Type.Boolean({ description: 'false: it has ended; orders that went by it keep it' }),
  regionCodes: Type.Array(PlaceCode, { maxItems: 250, uniqueItems: true, default: [] }),
  rates: Type.Array(
    exactly({
      currency: Currency,
      amountMinor: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX }),
      freeFromMinor: Type.Union([Type.Integer({ minimum: 1, maximum: AMOUNT_MAX }), Type.Null()], {
        default: null,
      }),
    }),
    { maxItems: 180 },
  ),
});
const Stored = Type.Object({ code: Code, ...Method.properties });
const { days_reversed, rate_twice } = ordersErrors;

export const deliveryMethodRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/delivery-methods',
    {
      config: { access: ['staff', 'scope:orders:read'] },
      schema: {
        operationId: 'listDeliveryMethods',
        response: { 200: Type.Object({ deliveryMethods: Type.Array(Stored) }) },
      },
    },
    async () => ({ deliveryMethods: await deliveryMethods(db) }),
  );

  app.put(
    '/delivery-methods/:code',
    {
      config: { access: ['staff:merchant', 'staff:operations'] },
      schema: {
        operationId: 'putDeliveryMethod',
        description: 'Writes a way of delivery whole. It ends by being no longer active.',
        params: exactly({ code: Code }),
        body: Method,
        response: { 200: Stored, ...problems(days_reversed, rate_twice, pricingErrors.currency_unknown) },
      },
    },
    async ({ params: { code }, body }) => {
      const method = { code, ...body };
      await inTransaction(db, (tx) => putDeliveryMethod(tx, method));
      return method;
    },
  );
};
