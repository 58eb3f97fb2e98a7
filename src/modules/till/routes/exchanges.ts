import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { inventoryErrors } from '../../inventory/index.ts';
import { counterErrors, orderOf, ordersErrors, receiptCode, returnErrors } from '../../orders/index.ts';
import { paymentsErrors } from '../../payments/index.ts';
import {
  ExchangeAtTill,
  ExchangedAtTill,
  ExchangeOfferAtTill,
  ExchangeQuoteAtTill,
} from '../taken-answers.ts';
import { tillErrors } from '../errors.ts';
import { exchangeAtTill, quoteExchangeAtTill } from '../exchange.ts';

type Routes = NonNullable<Module['routes']>;

const access = { config: { access: TILL } };

/** Of what is brought and what is wanted, priced or done. */
const OFFER_REFUSALS = [
  tillErrors.register_not_found,
  inventoryErrors.insufficient_stock,
  ordersErrors.order_not_found,
  ordersErrors.not_sold,
  ordersErrors.not_enough_stock,
  returnErrors.return_of_past,
  returnErrors.return_line_unknown,
  returnErrors.return_line_twice,
  returnErrors.not_returnable,
  returnErrors.exchange_currency,
  returnErrors.exchange_unpaid,
] as const;

export const exchangeRoutes: Routes = async (app, deps) => {
  await quoteRoutes(app, deps);
  await doingRoutes(app, deps);
};

const quoteRoutes: Routes = async (app, { db, now, config }) => {
  app.post(
    '/exchanges/quotes',
    {
      ...access,
      schema: {
        operationId: 'quoteExchangeAtTill',
        summary: 'What an exchange over the counter would cost. Nothing is written',
        body: ExchangeOfferAtTill,
        response: { 200: ExchangeQuoteAtTill, ...problems(...OFFER_REFUSALS) },
      },
    },
    async ({ body, viewer }) => {
      await orderOf(db, viewer, body.orderId);
      const offer = { ...body, memberId: viewer.memberId ?? '' };
      return inTransaction(db, (tx) => quoteExchangeAtTill(tx, offer, now(), config.timeZone));
    },
  );
};

const doingRoutes: Routes = async (app, { db, now, config }) => {
  app.put(
    '/exchanges/:returnId',
    {
      ...access,
      schema: {
        operationId: 'exchangeAtTill',
        summary: 'Takes goods back and hands others over in their place, at once. A repeat is a retry',
        params: exactly({ returnId: Id }),
        body: ExchangeAtTill,
        response: {
          200: ExchangedAtTill,
          ...problems(
            ...OFFER_REFUSALS,
            tillErrors.no_open_shift,
            tillErrors.sale_differs,
            tillErrors.payments_differ,
            tillErrors.tendered_too_little,
            tillErrors.drawer_too_small,
            tillErrors.drawer_currency,
            counterErrors.payments_differ,
            ordersErrors.total_changed,
            returnErrors.return_differs,
            returnErrors.credit_for_members,
            paymentsErrors.under_way,
            paymentsErrors.more_than_is_left,
            paymentsErrors.not_paid_here,
          ),
        },
      },
    },
    async ({ params: { returnId }, body, viewer }) => {
      await orderOf(db, viewer, body.orderId);
      const wish = { ...body, id: returnId, memberId: viewer.memberId ?? '' };
      const { saleId, number, currency, changeMinor, cashBackMinor, soldAt } = await inTransaction(db, (tx) =>
        exchangeAtTill(tx, wish, now(), config.timeZone),
      );
      return {
        returnId,
        orderId: saleId,
        number,
        currency,
        paidMinor: body.toPayMinor,
        changeMinor,
        cashBackMinor: cashBackMinor ?? 0,
        exchangedAt: soldAt,
        receiptCode: receiptCode(config, { id: saleId, number }),
      };
    },
  );
};
