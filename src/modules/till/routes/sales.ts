import { Type } from 'typebox';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { identityErrors } from '../../identity/index.ts';
import { inventoryErrors } from '../../inventory/index.ts';
import { counterErrors, ordersErrors, receiptCode } from '../../orders/index.ts';
import { paymentsErrors } from '../../payments/index.ts';
import { pricingErrors } from '../../pricing/index.ts';
import { Conflict, OrNull, Quote, QuoteWish, Sale, SoldAnswer, Way, WaysWish } from '../answers.ts';
import { openConflicts, settleConflict } from '../conflicts.ts';
import { tillErrors } from '../errors.ts';
import { quoteAt, waysFrom } from '../quote.ts';
import { registerOf } from '../registers.ts';
import { enterSale } from '../sale.ts';

type Routes = NonNullable<Module['routes']>;

const access = { config: { access: TILL } };

const sellingRoutes: Routes = async (app, deps) => {
  app.put(
    '/sales/:saleId',
    {
      ...access,
      schema: {
        operationId: 'enterSale',
        summary: 'Enters a sale at a register, paid and, over the counter, handed over',
        params: exactly({ saleId: Id }),
        body: Sale,
        response: {
          200: SoldAnswer,
          ...problems(
            tillErrors.register_not_found,
            tillErrors.no_open_shift,
            tillErrors.sale_differs,
            tillErrors.payments_differ,
            tillErrors.tendered_too_little,
            tillErrors.code_unknown,
            tillErrors.line_twice,
            tillErrors.customer_unknown,
            tillErrors.associate_unknown,
            tillErrors.sold_in_the_future,
            tillErrors.sold_too_long_ago,
            tillErrors.not_agreed,
            counterErrors.payments_differ,
            counterErrors.agreed_sums_differ,
            counterErrors.not_released,
            inventoryErrors.insufficient_stock,
            ordersErrors.total_changed,
            ordersErrors.not_sold,
            ordersErrors.delivery_unknown,
            ordersErrors.not_enough_stock,
            ordersErrors.not_deliverable,
            ordersErrors.not_collectable,
            ordersErrors.country_unknown,
            identityErrors.too_many_attempts,
            pricingErrors.promotion_used_up,
            paymentsErrors.credit_too_small,
            paymentsErrors.gift_card_unknown,
          ),
        },
      },
    },
    async ({ params: { saleId }, body, viewer: { memberId = '' } }) => {
      const sold = await enterSale(deps, memberId, { saleId, ...body });
      return { ...sold, receiptCode: receiptCode(deps.config, { id: saleId, number: sold.number }) };
    },
  );
};

const quoteRoutes: Routes = async (app, deps) => {
  app.post(
    '/quotes',
    {
      ...access,
      schema: {
        operationId: 'quoteAtTill',
        summary: 'What a basket costs at a register, and why',
        body: QuoteWish,
        response: {
          200: Quote,
          ...problems(
            tillErrors.register_not_found,
            tillErrors.customer_unknown,
            identityErrors.too_many_attempts,
            ordersErrors.not_sold,
            ordersErrors.delivery_unknown,
            ordersErrors.not_collectable,
          ),
        },
      },
    },
    ({ body, viewer: { memberId = '' } }) => quoteAt(deps, memberId, body),
  );

  app.post(
    '/delivery-ways',
    {
      ...access,
      schema: {
        operationId: 'listDeliveryWaysAtTill',
        summary: 'The ways to get a basket to its buyer, with price and promise',
        body: WaysWish,
        response: {
          200: Type.Object({ ways: Type.Array(Way) }),
          ...problems(
            tillErrors.register_not_found,
            tillErrors.customer_unknown,
            identityErrors.too_many_attempts,
            ordersErrors.not_sold,
          ),
        },
      },
    },
    async ({ body, viewer: { memberId = '' } }) => ({ ways: await waysFrom(deps, memberId, body) }),
  );
};

const conflictListRoutes: Routes = async (app, { reads }) => {
  app.get(
    '/conflicts',
    {
      ...access,
      schema: {
        operationId: 'listStockConflicts',
        summary: 'What the register’s store sold without a connection though it was not there to be sold',
        querystring: exactly({ registerId: Id, after: Type.Optional(Id) }),
        response: {
          200: Type.Object({ conflicts: Type.Array(Conflict), cursor: OrNull(Id) }),
          ...problems(tillErrors.register_not_found),
        },
      },
    },
    async ({ query: { registerId, after } }) => {
      const { locationId } = await registerOf(reads, registerId);
      const { conflicts, cursor } = await openConflicts(reads, locationId, after);
      return {
        conflicts: conflicts.map((each) => ({ ...each, toldAt: each.toldAt.toISOString() })),
        cursor,
      };
    },
  );
};

const conflictRoutes: Routes = async (app, { db, now }) => {
  app.post(
    '/conflicts/:conflictId/settle',
    {
      ...access,
      schema: {
        operationId: 'settleStockConflict',
        summary: 'Somebody has seen to it',
        params: exactly({ conflictId: Id }),
        body: exactly({ note: Type.Optional(Type.String({ maxLength: 200 })) }),
        response: { 200: Type.Object({}), ...problems(tillErrors.conflict_not_found) },
      },
    },
    async ({ params: { conflictId }, body: { note = '' }, viewer: { memberId = '' } }) => {
      await inTransaction(db, (tx) => settleConflict(tx, { conflictId, memberId, note }, now()));
      return {};
    },
  );
};

export const saleRoutes: Routes = async (app, deps) => {
  await sellingRoutes(app, deps);
  await quoteRoutes(app, deps);
  await conflictListRoutes(app, deps);
  await conflictRoutes(app, deps);
};
