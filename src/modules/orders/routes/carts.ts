import { Type } from 'typebox';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Module } from '#platform/module.ts';
import { Currency, exactly, Id } from '#platform/schema.ts';
import { withLastSettings, withSettings } from '#platform/settings.ts';
import { soldCurrencies } from '../../catalog/index.ts';
import { cartOf, LINES_MAX, newGuestCart, openFilledCart, priceCartIn, pricedCart } from '../cart.ts';
import { promisedOptions } from '../delivery.ts';
import { ordersErrors } from '../errors.ts';
import { placesOf } from '../quote.ts';
import { CART_WRITES } from './limits.ts';
import { Cart, CountryCode, DeliveryOption, Quantity } from './schemas.ts';

const CartParams = exactly({ id: Id });
const Postcode = Type.String({ maxLength: 20 });
const Line = exactly({ variantId: Id, quantity: Quantity });
const Given = exactly({
  lines: Type.Optional(
    Type.Array(Line, { maxItems: LINES_MAX, description: 'set as `setCartLine` would set each' }),
  ),
  deliverTo: Type.Optional(exactly({ countryCode: CountryCode, postcode: Type.Optional(Postcode) })),
});
/** With the ways of delivery, where the caller said where to. */
const Opened = Type.Object({
  ...Cart.properties,
  deliveryOptions: Type.Optional(Type.Array(DeliveryOption)),
});
const { cart_not_found, cart_is_being_ordered, cart_full, not_sold } = ordersErrors;

const openCartRoute: NonNullable<Module['routes']> = async (app, { db, now, config }) => {
  app.put(
    '/carts/:id',
    {
      config: { access: 'public', rateLimit: CART_WRITES },
      schema: {
        operationId: 'openCart',
        description:
          'The cart that the caller is to use. A guest gets a new one with this id, which is to be random: who knows it holds the cart. A member gets the one cart they have on all devices; if the id is that of a guest, what it holds is added to theirs. With `deliverTo` the answer is priced for there and says the ways of delivery, as `listDeliveryOptions` does.',
        params: CartParams,
        body: Type.Union([Given, Type.Null()]),
        response: {
          200: Opened,
          ...problems(
            platformErrors.too_many_requests,
            cart_not_found,
            cart_is_being_ordered,
            cart_full,
            not_sold,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body }) => {
      const { lines = [], deliverTo } = body ?? {};
      const at = now();
      const last = await withLastSettings(db);
      const lastPlaces = await placesOf(last.settled, deliverTo);
      const written = await newGuestCart(db, viewer, id, config.currency, lines, at, lastPlaces);
      const isAsLast = written?.settingsVersion === last.version;
      const settled = isAsLast ? last.settled : await withSettings(db);
      const cart = written
        ? isAsLast
          ? await pricedCart(settled, written.cart, at, lastPlaces, written.variants)
          : await pricedCart(settled, written.cart, at, await placesOf(settled, deliverTo))
        : await cartOf(
            settled,
            viewer,
            await inTransaction(db, (tx) => openFilledCart(tx, viewer, id, config.currency, lines, at)),
            at,
            deliverTo,
          );
      if (!deliverTo) return cart;
      const { countryCode, postcode } = deliverTo;
      return { ...cart, deliveryOptions: await promisedOptions(settled, cart, countryCode, at, postcode) };
    },
  );
};

export const cartRoutes: NonNullable<Module['routes']> = async (app, deps) => {
  const { db, now } = deps;
  await openCartRoute(app, deps);
  await cartCurrencyRoute(app, deps);

  app.get(
    '/carts/:id',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getCart',
        params: CartParams,
        querystring: exactly({
          countryCode: Type.Optional(CountryCode),
          postcode: Type.Optional(Postcode),
        }),
        response: { 200: Cart, ...problems(cart_not_found) },
      },
    },
    ({ viewer, params: { id }, query: { countryCode, postcode } }) =>
      cartOf(db, viewer, id, now(), countryCode === undefined ? undefined : { countryCode, postcode }),
  );

  app.get(
    '/carts/:id/delivery-options',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listDeliveryOptions',
        params: CartParams,
        querystring: exactly({
          countryCode: Type.Optional(CountryCode),
          postcode: Type.Optional(Postcode),
        }),
        response: {
          200: Type.Object({ deliveryOptions: Type.Array(DeliveryOption) }),
          ...problems(cart_not_found),
        },
      },
    },
    async ({ viewer, params: { id }, query: { countryCode, postcode = '' } }) => {
      const settled = await withSettings(db);
      const cart = await cartOf(
        settled,
        viewer,
        id,
        now(),
        countryCode === undefined ? undefined : { countryCode, postcode },
      );
      return { deliveryOptions: await promisedOptions(settled, cart, countryCode, now(), postcode) };
    },
  );
};

const cartCurrencyRoute: NonNullable<Module['routes']> = async (app, { db, now }) => {
  app.put(
    '/carts/:id/currency',
    {
      config: { access: 'public', rateLimit: CART_WRITES },
      schema: {
        operationId: 'priceCartIn',
        description:
          'Prices the cart in another currency. What has no price in it stays in the cart, and says so.',
        params: CartParams,
        body: exactly({ currency: Currency }),
        response: {
          200: Cart,
          ...problems(
            platformErrors.too_many_requests,
            cart_not_found,
            ordersErrors.cart_is_being_ordered,
            ordersErrors.currency_not_sold,
          ),
        },
      },
    },
    async ({ viewer, params: { id }, body: { currency } }) => {
      const { own, others } = await soldCurrencies(db);
      if (currency !== own && !others.some((each) => each.currency === currency))
        throw ordersErrors.currency_not_sold({ currency });
      await inTransaction(db, (tx) => priceCartIn(tx, viewer, id, currency));
      return cartOf(db, viewer, id, now());
    },
  );
};
