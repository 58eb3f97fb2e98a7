import { Type } from 'typebox';
import type Stripe from 'stripe';
import { inTransaction } from '#platform/db.ts';
import { platformErrors, problems } from '#platform/errors.ts';
import type { Deps, Module } from '#platform/module.ts';
import { paymentsErrors } from '../errors.ts';
import { askFeesAgain, hastenFees } from '../fees.ts';
import { noteNews } from '../webhook.ts';

/** Stripe's messages: signed over the bytes as they came, so this body is not parsed before. */
export const stripeWebhook: NonNullable<Module['routes']> = async (app, deps) => {
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.post(
    '/stripe/webhook',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'hearStripe',
        description: 'What Stripe tells of payments. Each message counts once; unknown ones are ignored.',
        response: {
          200: Type.Object({ received: Type.Boolean() }),
          ...problems(paymentsErrors.webhook_invalid, platformErrors.not_found),
        },
      },
    },
    async ({ body, headers }) => {
      const event = await eventIn(deps, body, headers['stripe-signature']);
      const paymentId = paymentOf(event);
      const disputed = disputedIn(event);
      if (disputed !== undefined)
        await inTransaction(deps.db, (tx) => askFeesAgain(tx, 'stripe', disputed, deps.now()));
      else if (paymentId !== undefined && event.type.startsWith('charge.'))
        await inTransaction(deps.db, (tx) => hastenFees(tx, paymentId, deps.now()));
      else if (paymentId !== undefined) {
        const news = { provider: 'stripe', eventId: event.id, paymentId };
        await inTransaction(deps.db, (tx) => noteNews(tx, news, deps.now()));
      }
      return { received: true };
    },
  );
};

async function eventIn({ config }: Deps, body: unknown, signature: unknown): Promise<Stripe.Event> {
  const { stripe } = config.payments;
  if (!stripe) throw platformErrors.not_found({});
  const { stripeClient } = await import('../stripe-provider.ts');
  try {
    const raw = Buffer.isBuffer(body) ? body : '';
    return stripeClient(stripe).webhooks.constructEvent(
      raw,
      typeof signature === 'string' ? signature : '',
      stripe.webhookSecret,
    );
  } catch {
    throw paymentsErrors.webhook_invalid({});
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Which payment of ours a message is about. What it says is read from Stripe again: messages come in any order. */
function paymentOf(event: Stripe.Event): string | undefined {
  const about = event.data.object as {
    client_reference_id?: unknown;
    metadata?: Record<string, unknown> | null;
  };
  const kind = event.type.split('.')[0];
  const id =
    kind === 'payment_intent' || kind === 'charge'
      ? about.metadata?.['payment_id']
      : kind === 'checkout'
        ? about.client_reference_id
        : undefined;
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}

/** Stripe's name of the payment whose money a bank takes back, or brings back. A dispute bears nothing of ours. */
function disputedIn(event: Stripe.Event): string | undefined {
  if (!event.type.startsWith('charge.dispute.')) return undefined;
  const { payment_intent: intent } = event.data.object as { payment_intent?: unknown };
  return typeof intent === 'string' ? intent : undefined;
}
