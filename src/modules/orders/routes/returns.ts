import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { paymentsErrors } from '../../payments/index.ts';
import { isCurrency, pricingErrors } from '../../pricing/index.ts';
import { ordersErrors } from '../errors.ts';
import { orderOf } from '../order.ts';
import { returnErrors } from '../return-errors.ts';
import { checkMaySee, returnAs, takeStepAs } from '../return-as-buyer.ts';
import { returnableOf } from '../return-request.ts';
import { returnRules, setReturnRule } from '../return-rules.ts';
import { resendClaim } from '../resend.ts';
import { returnById, type ReturnRequest, returnsOf } from '../returns.ts';
import { ORDERS_PLACED } from './limits.ts';
import { Return, Returnable, ReturnRule, ReturnStepWish, ReturnWish } from './return-schemas.ts';
import { ByCart } from './schemas.ts';

const Params = exactly({ id: Id });

export const returnRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  await requestRoutes(app, deps);
  await stepRoutes(app, deps);
  await ruleRoutes(app, deps);
};

const requestRoutes: NonNullable<Module['routes']> = async (app, { db, now, config }) => {
  app.put(
    '/returns/:id',
    {
      config: { access: 'public', rateLimit: ORDERS_PLACED },
      schema: {
        operationId: 'putReturn',
        description:
          'Asks for goods of an order to be taken back, or claims what was lost or broken on its way. The same id again is a retry.',
        params: Params,
        querystring: ByCart,
        body: ReturnWish,
        response: {
          200: Return,
          ...problems(
            platformErrors.too_many_requests,
            platformErrors.not_allowed,
            ordersErrors.order_not_found,
            returnErrors.return_differs,
            returnErrors.return_of_past,
            returnErrors.return_line_unknown,
            returnErrors.return_line_twice,
            returnErrors.not_returnable,
            returnErrors.return_too_late,
            returnErrors.credit_for_members,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, query: { cart }, body }) => {
      const about = { cartId: cart, days: config.returnDays };
      await inTransaction(db, (tx) => returnAs(tx, viewer, { id, ...body }, about, now()));
      return shown(await returnById(db, id));
    },
  );

  app.get(
    '/returns/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getReturn',
        params: Params,
        querystring: ByCart,
        response: { 200: Return, ...problems(returnErrors.return_not_found) },
      },
    },
    async ({ viewer, params: { id }, query: { cart } }) => {
      await checkMaySee(db, viewer, id, cart);
      return shown(await returnById(db, id));
    },
  );
};

const stepRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.put(
    '/returns/:id/steps/:stepId',
    {
      config: { access: 'public', rateLimit: ORDERS_PLACED },
      schema: {
        operationId: 'takeReturnStep',
        description:
          'Moves a return on: its buyer may cancel it, operations, service and keys with orders:write do the rest. The same id again is a retry.',
        params: exactly({ id: Id, stepId: Id }),
        querystring: ByCart,
        body: ReturnStepWish,
        response: {
          200: Return,
          ...problems(
            platformErrors.too_many_requests,
            platformErrors.not_allowed,
            returnErrors.return_not_found,
            returnErrors.return_step_not_open,
            returnErrors.return_step_differs,
            returnErrors.return_location_unknown,
            returnErrors.return_line_unknown,
            returnErrors.return_line_twice,
            returnErrors.inspected_too_many,
            returnErrors.inspected_nothing,
            returnErrors.exchange_sent,
            returnErrors.exchange_without_address,
            ordersErrors.not_sold,
            ordersErrors.not_enough_stock,
            ordersErrors.not_deliverable,
            ordersErrors.delivery_unknown,
            paymentsErrors.under_way,
            paymentsErrors.more_than_is_left,
          ),
        },
      },
    },
    async ({ viewer, params: { id, stepId }, query: { cart }, body }) => {
      const step = { ...body, id: stepId, requestId: id };
      if ('resend' in step && step.resend === true) await resendClaim(deps, viewer, step);
      else await inTransaction(db, (tx) => takeStepAs(tx, viewer, step, cart, now()));
      return shown(await returnById(db, id));
    },
  );

  app.get(
    '/orders/:id/returns',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listReturnsOfOrder',
        params: Params,
        querystring: ByCart,
        response: {
          200: Type.Object({ returnable: Type.Array(Returnable), returns: Type.Array(Return) }),
          ...problems(ordersErrors.order_not_found),
        },
      },
    },
    async ({ viewer, params: { id }, query: { cart } }) => {
      await orderOf(db, viewer, id, cart);
      const lines = await returnableOf(db, id);
      return {
        returnable: lines.map((line) => ({ ...line, cameAt: line.cameAt?.toISOString() ?? null })),
        returns: (await returnsOf(db, id)).map(shown),
      };
    },
  );
};

const ruleRoutes: NonNullable<Module['routes']> = async (app, { db }) => {
  app.get(
    '/return-rules',
    {
      config: { access: ['staff', 'scope:orders:read'] },
      schema: {
        operationId: 'listReturnRules',
        response: { 200: Type.Object({ rules: Type.Array(ReturnRule) }) },
      },
    },
    async () => ({ rules: await returnRules(db) }),
  );

  const { currency: _, ...properties } = ReturnRule.properties;
  app.put(
    '/return-rules/:currency',
    {
      config: { access: 'staff:operations' },
      schema: {
        operationId: 'putReturnRule',
        description:
          'What returns cost in a currency, and for whom money goes back before the goods have come.',
        params: exactly({ currency: Currency }),
        body: exactly(properties),
        response: { 200: ReturnRule, ...problems(pricingErrors.currency_unknown) },
      },
    },
    async ({ viewer, params: { currency }, body }) => {
      if (!isCurrency(currency)) throw pricingErrors.currency_unknown({ currency });
      const { exchangeUpToMinor = null, exchangeOrdersMin = 1, ...facts } = body;
      const rule = { currency, ...facts, exchangeUpToMinor, exchangeOrdersMin };
      await inTransaction(db, (tx) => setReturnRule(tx, viewer, rule));
      return rule;
    },
  );
};

const shown = ({ steps, requestedAt, movedAt, exchange, ...request }: ReturnRequest) => ({
  ...request,
  exchange: exchange && { ...exchange, releasedAt: exchange.releasedAt?.toISOString() ?? null },
  requestedAt: requestedAt.toISOString(),
  movedAt: movedAt.toISOString(),
  // Who did it is for the desk.
  steps: steps.map(({ id, state, takenAt }) => ({ id, state, takenAt: takenAt.toISOString() })),
});
