import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Cart,
  cartOf,
  ordersErrors,
  placeOrder,
  type PromisedOption,
  promisedOptions,
  removeLine,
  setQuantity,
} from '#modules/orders/index.ts';
import { paymentsErrors } from '#modules/payments/index.ts';
import { pricingErrors } from '#modules/pricing/index.ts';
import type { Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { marketRegions } from '#read/market-regions.ts';
import { forgetCart } from '../cart-cookie.ts';
import { Button } from '../components/Button.tsx';
import { Field, Select, TextArea } from '../components/Field.tsx';
import { Notice } from '../components/Notice.tsx';
import { type Format, formatFor } from '../format.ts';
import { Layout } from '../layout.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { tieBuyer } from '../trials.ts';
import { creditOfViewer, type Paying, PaymentPart } from './payment-part.tsx';
import { sendAway } from './payment-pages.tsx';
import { countriesNamed, promiseText } from './arrival.ts';
import { Express, typedLastTime } from './express.tsx';
import { placeOf } from './place-cookie.ts';
import { checkoutStarted } from './happened.ts';
import { cartOfVisitor, changeCodes, isShort } from './cart.tsx';
import type { CodeFault } from './sums.tsx';
import { choiceOf, CODES, Summary, WAYS, WHAT_IS_THERE } from './checkout-summary.tsx';
import { StoreChoice } from './checkout-stores.tsx';
import {
  CheckoutBody,
  type Errors,
  errorsOf,
  firstTyped,
  type Typed,
  typedIn,
  wishOf,
} from './checkout-form.ts';

interface Checkout extends Paying {
  cart: Cart;
  typed: Typed;
  errors: Errors;
  deliveries: PromisedOption[];
  countries: string[];
  notice?: PlainKey;
  codeFault?: CodeFault | undefined;
  /** All of the form is known from last time. */
  isExpress?: boolean;
}

export const checkoutPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get('/checkout', page('public'), async (request, reply) => {
    const cart = await cartOfVisitor(deps, request);
    if (!cart || cart.lines.length === 0) return reply.redirect('/cart', 303);
    const place = placeOf(request, formatFor(request.headers['accept-language']));
    const last = await typedLastTime(deps.reads, request.viewer);
    const typed = firstTyped(request.viewer, place, last);
    const priced =
      last.country === undefined
        ? cart
        : await cartOf(deps.db, request.viewer, cart.id, deps.now(), addressedTo(typed));
    return show(deps, reply, priced, { typed, errors: {}, isExpress: last.street !== undefined });
  });

  app.post('/checkout', page('public', { body: CheckoutBody }), async (request, reply) => {
    const typed = typedIn(request.body);
    const errors = errorsOf(typed);
    if (Object.keys(errors).length > 0) return again(deps, request, reply, { typed, errors });
    try {
      await tieBuyer(deps, request, reply, request.body.cart);
      const placed = await placeOrder(deps, request.viewer, wishOf(request.body));
      if ('redirectUrl' in placed) return sendAway(reply, placed.redirectUrl);
      const { orderId } = placed;
      forgetCart(reply);
      const proof = request.viewer.kind === 'guest' ? `?cart=${request.body.cart}` : '';
      return sendOn(reply, `/orders/${orderId}${proof}`, 'order.thanks');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return refused(deps, request, reply, typed, error);
    }
  });

  // From the same form, so that what was typed comes along.
  app.post(WHAT_IS_THERE, page('public', { body: CheckoutBody }), async (request, reply) => {
    await takeWhatIsThere(deps, request.viewer, request.body.cart, typedIn(request.body));
    const typed = typedIn(request.body);
    return again(deps, request, reply, { typed, errors: {}, notice: 'checkout.taken' }, 200);
  });

  app.post(WAYS, page('public', { body: CheckoutBody }), (request, reply) =>
    again(deps, request, reply, { typed: typedIn(request.body), errors: {} }, 200),
  );

  app.post(CODES, page('public', { body: CheckoutBody }), async (request, reply) => {
    const codeFault = await changeCodes(deps, request, request.body);
    const typed = typedIn(request.body);
    return again(deps, request, reply, { typed, errors: {}, codeFault }, codeFault ? 422 : 200);
  });
};

/** Leaves in the cart what can be had of each thing now. */
async function takeWhatIsThere(
  { db, now }: Deps,
  viewer: Viewer,
  cartId: string,
  typed: Typed,
): Promise<void> {
  const { lines } = await cartOf(db, viewer, cartId, now(), addressedTo(typed));
  await inTransaction(db, async (tx) => {
    for (const { variantId, variant, available } of lines.filter(isShort)) {
      if (!variant || available === 0) await removeLine(tx, viewer, cartId, variantId);
      else await setQuantity(tx, viewer, cartId, { variantId, quantity: available }, now());
    }
  });
}

/** What has no price there can't be had. */
const addressedTo = ({ country, postcode }: Typed) =>
  country === '' ? undefined : { countryCode: country, postcode };

type Shown = Pick<Checkout, 'typed' | 'errors' | 'notice' | 'codeFault' | 'isExpress'>;

/** The form again, with what was typed and what is wrong. */
async function again(
  deps: Deps,
  request: FastifyRequest<{ Body: { cart: string } }>,
  reply: FastifyReply,
  shown: Shown,
  status = 422,
) {
  const cart = await cartOf(deps.db, request.viewer, request.body.cart, deps.now(), addressedTo(shown.typed));
  if (cart.lines.length === 0) return sendOn(reply, '/cart', 'cart.all_gone');
  reply.code(status);
  return show(deps, reply, cart, shown);
}

const NOTICES = new Map<string, PlainKey>([
  [ordersErrors.total_changed.code, 'checkout.total_changed'],
  [ordersErrors.delivery_unknown.code, 'checkout.total_changed'],
  [pricingErrors.promotion_used_up.code, 'checkout.used_up'],
  [ordersErrors.cart_is_being_ordered.code, 'checkout.being_ordered'],
  [ordersErrors.order_given_up.code, 'checkout.given_up'],
  [ordersErrors.not_enough_stock.code, 'checkout.short'],
  [ordersErrors.not_deliverable.code, 'checkout.not_deliverable'],
  [ordersErrors.not_sold.code, 'checkout.short'],
  [ordersErrors.not_collectable.code, 'checkout.not_collectable'],
  [paymentsErrors.credit_too_small.code, 'checkout.credit.gone'],
  [paymentsErrors.currency_not_taken.code, 'checkout.currency_not_taken'],
]);

function noticeOf({ code, data }: AppError): PlainKey | undefined {
  if (code !== ordersErrors.payment_declined.code) return NOTICES.get(code);
  const { reason } = data as { reason: string };
  return reason === 'card_expired' ? 'checkout.expired' : 'checkout.declined';
}

async function refused(
  deps: Deps,
  request: FastifyRequest<{ Body: { cart: string } }>,
  reply: FastifyReply,
  typed: Typed,
  error: AppError,
) {
  const notice = noticeOf(error);
  if (notice) return again(deps, request, reply, { typed, errors: {}, notice });
  if (error.code === paymentsErrors.gift_card_unknown.code) {
    return again(deps, request, reply, { typed, errors: { giftCard: say('checkout.gift_card.error') } });
  }
  if (error.code === ordersErrors.country_unknown.code) {
    return again(deps, request, reply, { typed, errors: { country: say('checkout.error.country') } });
  }
  if (error.code === ordersErrors.cart_ordered.code) {
    forgetCart(reply);
    const proof = request.viewer.kind === 'guest' ? `?cart=${request.body.cart}` : '';
    return sendOn(reply, `/orders/${(error.data as { orderId: string }).orderId}${proof}`);
  }
  throw error;
}

async function show({ reads, now, config }: Deps, reply: FastifyReply, cart: Cart, shown: Shown) {
  const { viewer } = reply.request;
  const [deliveries, regions, creditMinor] = await Promise.all([
    promisedOptions(reads, cart, shown.typed.country || undefined, now(), shown.typed.postcode),
    marketRegions(reads),
    creditOfViewer(reads, viewer, cart.currency),
  ]);
  const countries = [...regions.keys()].filter((code) => /^[A-Z]{2}$/.test(code));
  return reply.page((about) => (
    <Layout page={about} title={t('checkout.title')} index={false} happened={checkoutStarted(cart)}>
      <div class="wrap">
        <h1 class="checkout-title">{t('checkout.title')}</h1>
        {shown.notice && (
          <Notice kind={shown.notice === 'checkout.taken' ? 'success' : 'error'}>{say(shown.notice)}</Notice>
        )}
        {Object.keys(shown.errors).length > 0 && (
          <Notice kind="error">{t('checkout.errors', { count: Object.keys(shown.errors).length })}</Notice>
        )}
        {shown.isExpress && (
          <Express
            cart={cart}
            typed={shown.typed}
            chosen={chosenOf(deliveries, shown.typed)}
            format={about.format}
          />
        )}
        <CheckoutView
          page={about}
          checkout={{ cart, deliveries, countries, creditMinor, isTest: !config.payments.stripe, ...shown }}
        />
      </div>
    </Layout>
  ));
}

const chosenOf = (deliveries: readonly PromisedOption[], { delivery }: Typed) =>
  deliveries.find(({ code }) => delivery.startsWith(`${code}:`)) ?? deliveries[0];

function CheckoutView({ page: about, checkout }: { page: Page; checkout: Checkout }) {
  const { cart, deliveries, typed, errors } = checkout;
  const { format } = about;
  const chosen = chosenOf(deliveries, typed);
  return (
    <form method="post" action="/checkout" class="checkout" novalidate>
      <input type="hidden" name="order" value={typed.order} />
      <input type="hidden" name="cart" value={cart.id} />
      <input type="hidden" name="goods" value={cart.totalMinor} />
      <div>
        <fieldset class="checkout-part">
          <legend>{t('checkout.contact')}</legend>
          <div class="fields">
            <Field
              class="full"
              name="email"
              type="email"
              label={t('checkout.email')}
              hint={t('checkout.email.hint')}
              value={typed.email}
              error={errors.email}
              required
              input={{ autocomplete: 'email' }}
            />
          </div>
        </fieldset>
        <AddressPart checkout={checkout} format={format} />
        <fieldset class="checkout-part">
          <legend>{t('checkout.delivery')}</legend>
          <fresh-ways>
            <div class="picks">
              {deliveries.map((delivery) => (
                <DeliveryChoice
                  key={delivery.code}
                  cart={cart}
                  delivery={delivery}
                  chosen={chosen}
                  format={format}
                />
              ))}
            </div>
            {errors.delivery && <p class="field-error">{errors.delivery}</p>}
            <StoreChoice deliveries={deliveries} typed={typed} error={errors.store} format={format} />
            <Button look="plain" formaction={WAYS}>
              {t('checkout.ways')}
            </Button>
          </fresh-ways>
        </fieldset>
        <GiftPart checkout={checkout} />
        <PaymentPart checkout={checkout} format={format} />
      </div>
      <Summary
        cart={cart}
        deliveries={deliveries}
        chosen={chosen}
        codeFault={checkout.codeFault}
        format={format}
      />
    </form>
  );
}

function AddressPart({
  checkout: { typed, errors, countries },
  format,
}: {
  checkout: Checkout;
  format: Format;
}) {
  const text = (name: 'name' | 'street' | 'postcode' | 'city', autocomplete: string, look = '') => (
    <Field
      class={look}
      name={name}
      label={say(`checkout.${name}`)}
      value={typed[name]}
      error={errors[name]}
      required
      input={{ autocomplete }}
    />
  );
  return (
    <fieldset class="checkout-part">
      <legend>{t('checkout.address')}</legend>
      <div class="fields">
        {text('name', 'name', 'full')}
        {text('street', 'street-address', 'full')}
        {text('postcode', 'postal-code')}
        {text('city', 'address-level2')}
        <Select
          class="full"
          name="country"
          label={t('checkout.country')}
          value={typed.country}
          error={errors.country}
          options={[{ value: '', label: t('checkout.country.choose') }, ...countriesNamed(countries, format)]}
          autocomplete="country"
          required
        />
        <Field
          class="full"
          name="phone"
          type="tel"
          label={t('checkout.phone')}
          hint={t('checkout.phone.hint')}
          value={typed.phone}
          required={false}
          input={{ autocomplete: 'tel' }}
        />
      </div>
    </fieldset>
  );
}

interface ChoiceProps {
  cart: Cart;
  delivery: PromisedOption;
  chosen: PromisedOption | undefined;
  format: Format;
}

function DeliveryChoice({ cart, delivery, chosen, format }: ChoiceProps) {
  const { name, amountMinor, promise, kind } = delivery;
  return (
    <label class="pick">
      <input type="radio" name="delivery" value={choiceOf(delivery, cart)} checked={delivery === chosen} />
      <span>{name}</span>
      <span class="figures">
        {amountMinor === 0 ? t('checkout.free') : format.money(amountMinor, cart.currency)}
      </span>
      <small>{promise ? promiseText(kind, promise, format) : t('delivery.none')}</small>
    </label>
  );
}

function GiftPart({ checkout: { typed, errors } }: { checkout: Checkout }) {
  return (
    <fieldset class="checkout-part">
      <legend>{t('checkout.gift')}</legend>
      <div class="fields">
        <TextArea
          class="full"
          name="gift"
          label={t('checkout.gift.note')}
          hint={t('checkout.gift.hint')}
          value={typed.gift}
          error={errors.gift}
          required={false}
          rows={3}
        />
      </div>
    </fieldset>
  );
}
