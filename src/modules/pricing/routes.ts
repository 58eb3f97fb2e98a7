import { Type } from 'typebox';
import type { Access } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { pricingErrors } from './errors.ts';
import { PlaceCode, Promotion, PromotionTerms } from './promotion.ts';
import { endPromotion, promotionOf, promotions, putPromotion } from './promotions.ts';
import { currenciesWithoutTax, putTaxRate, showTax, taxRates } from './tax-rates.ts';

const READERS: Access = ['staff', 'scope:catalog:write'];
const WRITERS: Access = ['staff:merchant', 'scope:catalog:write'];
const Params = exactly({ id: Id });
const Rate = exactly({
  place: PlaceCode,
  category: Type.String({
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
    maxLength: 40,
    description: "of products, or shipping; standard is what others' rates fall back to",
  }),
  name: Type.String({ minLength: 1, maxLength: 40, pattern: String.raw`^[^\p{Cc}]+$`, default: 'VAT' }),
  rate: Type.Number({ minimum: 0, maximum: 1, description: 'a fraction: 0.21' }),
  holdsFrom: Type.String({ format: 'date-time' }),
});
const {
  promotion_not_found: notFound,
  promotion_used_up: _atCheckout,
  rate_has_begun,
  ...writing
} = pricingErrors;

export const routes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  app.get(
    '/promotions',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPromotions',
        querystring: exactly({
          limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
          cursor: Type.Optional(Id),
        }),
        response: {
          200: Type.Object({
            promotions: Type.Array(Promotion),
            cursor: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    ({ query }) => promotions(db, query),
  );

  app.get(
    '/promotions/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPromotion',
        params: Params,
        response: { 200: Promotion, ...problems(notFound) },
      },
    },
    ({ params: { id } }) => promotionOf(db, id),
  );

  app.put(
    '/promotions/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'putPromotion',
        params: Params,
        body: PromotionTerms,
        response: { 200: Promotion, ...problems(...Object.values(writing)) },
      },
    },
    ({ params: { id }, body }) => inTransaction(db, (tx) => putPromotion(tx, id, body, now())),
  );

  app.post(
    '/promotions/:id/end',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'endPromotion',
        description: 'Ends it now. A repeat changes nothing.',
        params: Params,
        response: { 200: Promotion, ...problems(notFound) },
      },
    },
    ({ params: { id } }) =>
      inTransaction(db, async (tx) => {
        await endPromotion(tx, id, now());
        return promotionOf(tx, id);
      }),
  );

  await taxRoutes(app, deps);
};

const taxRoutes: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.get(
    '/tax-rates',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listTaxRates',
        description:
          'What is taxed how, where, and from when; and in which currencies tax is added to prices.',
        response: {
          200: Type.Object({ rates: Type.Array(Rate), currenciesWithoutTax: Type.Array(Currency) }),
        },
      },
    },
    async () => ({
      rates: (await taxRates(db)).map((rate) => ({ ...rate, holdsFrom: rate.holdsFrom.toISOString() })),
      currenciesWithoutTax: await currenciesWithoutTax(db),
    }),
  );

  app.put(
    '/tax-rates',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'putTaxRate',
        description: 'Sets a rate from a moment still to come; before it, what held goes on.',
        body: Rate,
        response: { 200: Rate, ...problems(rate_has_begun) },
      },
    },
    async ({ body }) => {
      const holdsFrom = new Date(body.holdsFrom);
      await inTransaction(db, (tx) => putTaxRate(tx, { ...body, holdsFrom }, now()));
      return { ...body, holdsFrom: holdsFrom.toISOString() };
    },
  );

  app.put(
    '/tax-display/:currency',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'putTaxDisplay',
        description: 'Whether prices in the currency have their tax in them, or it is added.',
        params: exactly({ currency: Currency }),
        body: exactly({ isIncluded: Type.Boolean() }),
        response: {
          200: Type.Object({ currency: Currency, isIncluded: Type.Boolean() }),
          ...problems(pricingErrors.currency_unknown),
        },
      },
    },
    async ({ params: { currency }, body: { isIncluded } }) => {
      await inTransaction(db, (tx) => showTax(tx, currency, isIncluded));
      return { currency, isIncluded };
    },
  );
};
