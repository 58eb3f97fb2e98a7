import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { currencyFor, marketsAt, pricedMarkets, soldCurrencies } from '#modules/catalog/index.ts';
import { cartFor, ordersErrors, priceCartIn } from '#modules/orders/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import { readOnceIn } from '#platform/keep.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { cartIdOf } from './cart-cookie.ts';
import { formatFor } from './format.ts';
import { countryOf } from './shop/arrival.ts';
import { placeOf } from './shop/place-cookie.ts';
import { localPath, page, sendOn, type ShownCurrency, Text } from './page.ts';

declare module 'fastify' {
  interface FastifyRequest {
    currency: ShownCurrency;
  }
}

const COOKIE = 'stoa_currency';
const YEAR = 365 * 24 * 60 * 60;
/** A currency that is new on sale, or the first price of a region, may be missing from pages for this long. */
const FRESH_MS = 5_000;

type ChooseCurrency = (request: FastifyRequest) => Promise<ShownCurrency>;

/** By what was chosen, else by the region of the browser's language; prices as they are where that cookie says. */
export function makeCurrencies({ reads, now }: Pick<Deps, 'reads' | 'now'>): ChooseCurrency {
  const sold = readOnceIn(FRESH_MS, now, () => soldCurrencies(reads));
  const priced = readOnceIn(FRESH_MS, now, () => pricedMarkets(reads));
  return async (request) => {
    const { cookies, headers } = request;
    const { own, others } = await sold();
    const format = formatFor(headers['accept-language']);
    const country = countryOf(format);
    const code = currencyFor({ own, others }, cookies[COOKIE], country);
    const offered = [own, ...others.map(({ currency }) => currency)];
    const beside = code === own ? undefined : code;
    const markets = await marketsAt(reads, placeOf(request, format), await priced());
    return { code, beside, prices: { currency: beside, markets }, offered };
  };
}

/** Chooses a currency. What lies in the cart is priced in it from then on. */
export const currencyForm: FastifyPluginAsyncTypebox<Deps> = async (app, { db, reads }) => {
  app.post(
    '/currency',
    page('public', { body: exactly({ currency: Text(3), next: Text(2000) }) }),
    async (request, reply) => {
      const { currency, next } = request.body;
      // Asked for now: what is offered may be a moment old.
      const { own, others } = await soldCurrencies(reads);
      if (currency !== own && !others.some((each) => each.currency === currency))
        throw platformErrors.not_found({});
      const secure = request.protocol === 'https';
      reply.setCookie(COOKIE, currency, { path: '/', maxAge: YEAR, sameSite: 'lax', httpOnly: true, secure });
      try {
        await inTransaction(db, async (tx) => {
          const cartId = await cartFor(tx, request.viewer, cartIdOf(request));
          if (cartId !== undefined) await priceCartIn(tx, request.viewer, cartId, currency);
        });
      } catch (error) {
        // A cart that is being paid for stays as the buyer saw it.
        if (!(error instanceof AppError) || error.code !== ordersErrors.cart_is_being_ordered.code)
          throw error;
      }
      return sendOn(reply, localPath(next));
    },
  );
};
