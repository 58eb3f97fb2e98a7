import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { problems } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { actorOf } from '../identity/index.ts';
import { sellIn, soldCurrencies, stopSellingIn } from './currencies.ts';
import { catalogErrors } from './errors.ts';
import { PRICE_OUTCOMES, PRICE_MAX_MINOR, PRICE_REFUSALS, PRICE_SKU_MAX } from './list-prices.ts';
import { besideOwn } from './marketplace.ts';
import { WORLD } from './markets.ts';
import { listedPrices, priceListOf, priceLists, putPriceList } from './price-lists.ts';
import { pricesInParts } from './prices-in-parts.ts';
import { MARKET_CODE, WRITERS } from './staff-routes.ts';

const LINES_MAX = 5_000;
const Amount = Type.Integer({ minimum: 0, maximum: PRICE_MAX_MINOR });
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const Moment = Type.String({ format: 'date-time' });
const Params = exactly({ id: Id });
const Countries = Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 250, uniqueItems: true });

const List = exactly({
  name: Type.String({ minLength: 1, maxLength: 80, pattern: String.raw`^[^\u0000]*$` }),
  currency: Currency,
  marketCode: Type.Optional(
    Type.String({
      pattern: MARKET_CODE,
      maxLength: 60,
      description: 'The region in which its prices hold; the whole world unless said',
    }),
  ),
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  validFrom: Type.Optional(Moment),
  validTo: Type.Optional(orNull(Moment)),
});
const ListAnswer = Type.Object({
  id: Id,
  name: Type.String(),
  currency: Type.String(),
  marketCode: Type.String(),
  priority: Type.Integer(),
  validFrom: Moment,
  validTo: orNull(Moment),
  priceCount: Type.Integer(),
});
const Lines = exactly({
  lines: Type.Array(
    exactly({
      sku: Type.String({ minLength: 1, maxLength: PRICE_SKU_MAX, pattern: String.raw`^[^\u0000]*$` }),
      amountMinor: orNull(Amount),
      compareAtMinor: Type.Optional(orNull(Amount)),
    }),
    { minItems: 1, maxItems: LINES_MAX },
  ),
  isTried: Type.Optional(
    Type.Boolean({ description: 'Writes nothing, and tells what would come of each line' }),
  ),
});
const Outcome = Type.Object({
  sku: Type.String(),
  outcome: Type.Enum([...PRICE_OUTCOMES]),
  refusal: orNull(Type.Enum([...PRICE_REFUSALS])),
  beforeMinor: orNull(Type.Integer()),
  amountMinor: orNull(Type.Integer()),
});
const Page = exactly({
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: String.raw`^[^\u0000]*$` })),
  after: Type.Optional(
    Type.String({
      maxLength: 64,
      pattern: String.raw`^[^\u0000]*$`,
      description: 'The `next` of the page before',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
});
const ListedPrice = Type.Object({
  variantId: Id,
  sku: Type.String(),
  title: Type.String(),
  options: Type.String(),
  amountMinor: Type.Integer(),
  compareAtMinor: orNull(Type.Integer()),
});
const notFound = problems(catalogErrors.price_list_not_found);

/** Currencies that the shop sells in, and the price lists in them. */
export const priceListRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now } = deps;
  await app.register(currencyRoutes, deps);
  await app.register(listedPriceRoutes, deps);
  app.get(
    '/price-lists',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'getPriceLists',
        response: { 200: Type.Object({ lists: Type.Array(ListAnswer) }) },
      },
    },
    async () => ({ lists: (await priceLists(reads)).map(answerOf) }),
  );

  app.put(
    '/price-lists/:id',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'putPriceList',
        params: Params,
        body: List,
        response: {
          200: ListAnswer,
          ...problems(
            catalogErrors.price_list_uneven,
            catalogErrors.price_list_currency,
            catalogErrors.price_list_overlaps,
            catalogErrors.currency_unknown,
            catalogErrors.region_unknown,
          ),
        },
      },
    },
    async ({ params: { id }, body, viewer }) => {
      const { validFrom, validTo = null, priority = 0, marketCode = WORLD, ...said } = body;
      const list = await inTransaction(db, async (tx) => {
        const dates = {
          validFrom: validFrom === undefined ? now() : new Date(validFrom),
          validTo: validTo === null ? null : new Date(validTo),
        };
        await putPriceList(tx, actorOf(viewer), id, { ...said, marketCode, priority, ...dates });
        return priceListOf(tx, id);
      });
      return answerOf(list);
    },
  );
};

type Answered = Awaited<ReturnType<typeof priceListOf>>;
const answerOf = ({ validFrom, validTo, ...list }: Answered) => ({
  ...list,
  validFrom: validFrom.toISOString(),
  validTo: validTo?.toISOString() ?? null,
});

const listedPriceRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads, now }) => {
  app.get(
    '/price-lists/:id/prices',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'getListedPrices',
        params: Params,
        querystring: Page,
        response: {
          200: Type.Object({ prices: Type.Array(ListedPrice), next: orNull(Type.String()) }),
          ...notFound,
        },
      },
    },
    async ({ params: { id }, query: { q: like, after, limit = 100 } }) => {
      await priceListOf(reads, id);
      const prices = await listedPrices(reads, id, { after, limit, ...(like !== undefined && { like }) });
      return { prices, next: prices.length === limit ? (prices.at(-1)?.sku ?? null) : null };
    },
  );

  app.put(
    '/price-lists/:id/prices',
    {
      config: { access: WRITERS },
      schema: {
        operationId: 'setListedPrices',
        params: Params,
        body: Lines,
        response: { 200: Type.Object({ lines: Type.Array(Outcome) }), ...notFound },
      },
    },
    async ({ params: { id }, body: { lines, isTried = false }, viewer }) => ({
      lines: (
        await Array.fromAsync(pricesInParts(db, actorOf(viewer), id, lines, { now: now(), isTried }))
      ).flat(),
    }),
  );
};

const currencyRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads }) => {
  app.get(
    '/currencies',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getCurrencies',
        response: {
          200: Type.Object({
            own: Type.String(),
            others: Type.Array(Type.Object({ currency: Type.String(), countryCodes: Countries })),
          }),
        },
      },
    },
    () => soldCurrencies(reads),
  );

  const config = { access: WRITERS };
  const Named = exactly({ currency: Currency });
  app.put(
    '/currencies/:currency',
    {
      config,
      schema: {
        operationId: 'sellInCurrency',
        params: Named,
        body: exactly({ countryCodes: Type.Optional(Countries) }),
        response: {
          200: Type.Object({ currency: Type.String() }),
          ...problems(
            catalogErrors.country_taken,
            catalogErrors.currency_is_own,
            catalogErrors.currency_unknown,
          ),
        },
      },
    },
    async ({ params: { currency }, body: { countryCodes = [] }, viewer }) => {
      if ((await besideOwn(db, currency)) === undefined) throw catalogErrors.currency_is_own({});
      await inTransaction(db, (tx) => sellIn(tx, actorOf(viewer), { currency, countryCodes }));
      return { currency };
    },
  );

  app.delete(
    '/currencies/:currency',
    {
      config,
      schema: {
        operationId: 'stopSellingInCurrency',
        params: Named,
        response: { 200: Type.Object({ currency: Type.String() }) },
      },
    },
    async ({ params: { currency }, viewer }) => {
      await inTransaction(db, (tx) => stopSellingIn(tx, actorOf(viewer), currency));
      return { currency };
    },
  );
};
