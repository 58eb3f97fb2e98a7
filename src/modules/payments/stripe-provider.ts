import Stripe from 'stripe';
import type { Config } from '#platform/config.ts';
import type {
  AskedPayment,
  KnownPayment,
  OperationAnswer,
  PaymentAnswer,
  PaymentProvider,
} from './provider.ts';
import { stripeAmount } from './stripe-amounts.ts';

type Settings = NonNullable<Config['payments']['stripe']>;

const TIMEOUT_MS = 20_000;
const clients = new WeakMap<Settings, Stripe>();

/** One client for each configuration: it keeps its connections. */
export function stripeClient(settings: Settings): Stripe {
  let client = clients.get(settings);
  if (!client) {
    const { protocol, hostname, port } = new URL(settings.apiUrl);
    client = new Stripe(settings.secretKey, {
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      ...(port && { port }),
      timeout: TIMEOUT_MS,
      maxNetworkRetries: 1,
      telemetry: false,
    });
    clients.set(settings, client);
  }
  return client;
}

/**
 * Stripe. A payment is made known there before it is confirmed, so that one whose answer was lost can be found and
 * cancelled. With a token of Stripe's form it is a PaymentIntent confirmed by us; without one, Stripe's own page asks.
 */
export function stripeProvider(settings: Settings): PaymentProvider {
  const stripe = stripeClient(settings);
  return {
    name: 'stripe',
    open: (payment) => open(stripe, payment),
    pay: (payment) => pay(stripe, payment),
    find: async ({ providerRef }) => (providerRef === null ? undefined : answerAt(stripe, providerRef)),
    cancel: (payment) => cancel(stripe, payment),
    capture: ({ operationId, providerRef, amountMinor, currency }) =>
      answerTo(async () => {
        const options = { idempotencyKey: operationId };
        const amount_to_capture = stripeAmount(amountMinor, currency);
        await stripe.paymentIntents.capture(providerRef ?? '', { amount_to_capture }, options);
        return { state: 'done' };
      }),
    // A part of an authorization is let go by the capture, which takes the rest of it only.
    void: ({ operationId, providerRef, endsIt }) =>
      answerTo(async () => {
        if (endsIt)
          await stripe.paymentIntents.cancel(providerRef ?? '', {}, { idempotencyKey: operationId });
        return { state: 'done' };
      }),
    refund: ({ operationId, providerRef, amountMinor, currency }) =>
      answerTo(async () => {
        const asked = { payment_intent: providerRef ?? '', amount: stripeAmount(amountMinor, currency) };
        const refund = await stripe.refunds.create(asked, { idempotencyKey: operationId });
        if (refund.status === 'failed' || refund.status === 'canceled')
          return { state: 'refused', reason: refund.failure_reason ?? refund.status };
        return { state: 'done', providerRef: refund.id };
      }),
  };
}

async function open(stripe: Stripe, payment: AskedPayment): Promise<string> {
  const { paymentId, token, returnUrl } = payment;
  const amount = stripeAmount(payment.amountMinor, payment.currency);
  const currency = payment.currency.toLowerCase();
  const capture_method = payment.capture === 'now' ? ('automatic' as const) : ('manual' as const);
  const metadata = { payment_id: paymentId };
  const options = { idempotencyKey: `${paymentId}-open` };
  if (token !== '') {
    const asked = {
      amount,
      currency,
      capture_method,
      metadata,
      automatic_payment_methods: { enabled: true },
    };
    return (await stripe.paymentIntents.create(asked, options)).id;
  }
  const product = { currency, unit_amount: amount, product_data: { name: 'Order' } };
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: paymentId,
      line_items: [{ quantity: 1, price_data: product }],
      payment_intent_data: { capture_method, metadata },
      success_url: returnUrl,
      cancel_url: returnUrl,
    },
    options,
  );
  return session.id;
}

async function pay(stripe: Stripe, payment: AskedPayment & { providerRef: string }): Promise<PaymentAnswer> {
  const { paymentId, providerRef, token, returnUrl } = payment;
  if (!isSession(providerRef)) {
    const means = token.startsWith('ctoken_') ? { confirmation_token: token } : { payment_method: token };
    try {
      const options = { idempotencyKey: `${paymentId}-confirm` };
      await stripe.paymentIntents.confirm(providerRef, { ...means, return_url: returnUrl }, options);
    } catch (error) {
      // What was confirmed or cancelled before is no fault: what the intent says now is the answer.
      if (!isRefusal(error) && !(error instanceof Stripe.errors.StripeIdempotencyError)) throw error;
      const answer = await answerAt(stripe, providerRef);
      return answer ?? { state: 'declined', reason: reasonOf(error) };
    }
  }
  return (await answerAt(stripe, providerRef)) ?? { state: 'waiting' };
}

const isSession = (ref: string) => ref.startsWith('cs_');

async function answerAt(stripe: Stripe, ref: string): Promise<PaymentAnswer | undefined> {
  if (!isSession(ref)) return answerOf(await stripe.paymentIntents.retrieve(ref));
  const session = await stripe.checkout.sessions.retrieve(ref, { expand: ['payment_intent'] });
  if (session.status === 'open')
    return session.url ? { state: 'redirect', url: session.url } : { state: 'waiting' };
  if (session.status === 'expired') return { state: 'declined', reason: 'cancelled' };
  const intent = session.payment_intent;
  return typeof intent === 'object' && intent ? answerOf(intent) : { state: 'waiting' };
}

/** Undefined for an intent that nobody has confirmed yet. */
function answerOf(intent: Stripe.PaymentIntent): PaymentAnswer | undefined {
  switch (intent.status) {
    case 'succeeded':
      return { state: 'captured', providerRef: intent.id };
    case 'requires_capture':
      return { state: 'authorized', providerRef: intent.id };
    case 'canceled':
      return { state: 'declined', reason: 'cancelled' };
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url?.url;
      return url ? { state: 'redirect', url } : { state: 'waiting' };
    }
    case 'requires_payment_method': {
      const { last_payment_error: fault } = intent;
      return fault ? { state: 'declined', reason: declineOf(fault.code, fault.decline_code) } : undefined;
    }
    case 'requires_confirmation':
      return undefined;
    case 'processing':
    default:
      return { state: 'waiting' };
  }
}

const declineOf = (code: string | undefined, decline: string | undefined): string =>
  code === 'expired_card' || decline === 'expired_card' ? 'card_expired' : 'card_declined';

async function cancel(stripe: Stripe, { paymentId, providerRef }: KnownPayment): Promise<void> {
  if (providerRef === null) return; // and none is taken any more: see `pay`
  let ref = providerRef;
  if (isSession(ref)) {
    const session = await stripe.checkout.sessions.retrieve(ref);
    if (session.status === 'open') await stripe.checkout.sessions.expire(ref);
    const intent = session.payment_intent;
    if (session.status !== 'complete' || !intent) return;
    ref = typeof intent === 'string' ? intent : intent.id;
  }
  const { status } = await stripe.paymentIntents.retrieve(ref);
  if (status === 'canceled') return;
  if (status === 'succeeded') {
    await stripe.refunds.create({ payment_intent: ref }, { idempotencyKey: `${paymentId}-cancel` });
    return;
  }
  await stripe.paymentIntents.cancel(ref); // thrown while a bank thinks: then the job asks again
}

/** What Stripe says no to, for good; anything else is asked again. */
async function answerTo(ask: () => Promise<OperationAnswer>): Promise<OperationAnswer> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error)) return { state: 'refused', reason: reasonOf(error) };
    throw error;
  }
}

const isRefusal = (error: unknown) =>
  error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError;
const reasonOf = (error: unknown): string =>
  (error instanceof Stripe.errors.StripeError ? error.code : undefined) ?? 'refused';
