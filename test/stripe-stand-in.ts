import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';

interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  capture_method: string;
  status: string;
  metadata: Record<string, string>;
  last_payment_error: object | null;
  next_action: object | null;
  refunded: number;
  latest_charge: { id: string; object: 'charge'; balance_transaction: BalanceTransaction | null } | null;
}

/** What Stripe took of a charge or a refund, once it knows. */
interface BalanceTransaction {
  id: string;
  object: 'balance_transaction';
  fee: number;
  currency: string;
  exchange_rate: number | null;
  created: number;
}
type Took = Pick<BalanceTransaction, 'fee' | 'currency'> & { exchangeRate?: number };

interface Session {
  id: string;
  object: 'checkout.session';
  status: string;
  url: string | null;
  client_reference_id: string;
  payment_intent: string | null;
}

/** How it answers the next request whose path holds `path`: as it should, or in one of the ways that networks have. */
interface Mood {
  path: string;
  how: 'acts, and its answer is lost' | 'does not answer' | 'answers nonsense' | 'is broken';
}

type Answer = { status: number; body: object };

/** Speaks the part of Stripe's published HTTP API that Stoa uses, and keeps books that a test can look into. */
export async function aStripe() {
  const intents = new Map<string, Intent>();
  const sessions = new Map<string, Session>();
  const remembered = new Map<string, { request: string; answer: Answer }>();
  const moods: Mood[] = [];
  const refunds: { payment_intent: string; amount: number }[] = [];
  const refundsTold: (object & { payment_intent: string; balance_transaction: BalanceTransaction | null })[] =
    [];
  const disputes: { payment_intent: string; status: string; balance_transactions: BalanceTransaction[] }[] =
    [];
  let refundTook: Took | undefined;
  const webhookSecret = `whsec_${randomUUID()}`;

  function settle(intent: Intent, means: string): Answer {
    if (means === 'pm_card_chargeDeclined') return decline(intent, 'card_declined', 'generic_decline');
    if (means === 'pm_card_expired') return decline(intent, 'expired_card', 'expired_card');
    if (means === 'pm_card_authenticationRequired' && intent.status !== 'requires_action') {
      intent.status = 'requires_action';
      const url = `https://hooks.stripe.test/${intent.id}`;
      intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url, return_url: null } };
      return ok(intent);
    }
    intent.next_action = null;
    intent.status = intent.capture_method === 'manual' ? 'requires_capture' : 'succeeded';
    intent.amount_capturable = intent.capture_method === 'manual' ? intent.amount : 0;
    intent.amount_received = intent.capture_method === 'manual' ? 0 : intent.amount;
    intent.latest_charge = { id: `ch_${randomUUID()}`, object: 'charge', balance_transaction: null };
    return ok(intent);
  }

  function decline(intent: Intent, code: string, decline_code: string): Answer {
    const error = { type: 'card_error', code, decline_code, message: 'Your card was declined.' };
    intent.status = 'requires_payment_method';
    intent.last_payment_error = error;
    return { status: 402, body: { error } };
  }

  const newIntent = (form: URLSearchParams, prefix = ''): Intent => {
    const field = (name: string) => form.get(prefix ? `${prefix}[${name}]` : name) ?? '';
    const intent: Intent = {
      id: `pi_${randomUUID()}`,
      object: 'payment_intent',
      amount: Number(form.get('amount') ?? form.get('line_items[0][price_data][unit_amount]')),
      amount_capturable: 0,
      amount_received: 0,
      currency: form.get('currency') ?? 'eur',
      capture_method: field('capture_method'),
      status: 'requires_payment_method',
      metadata: {
        payment_id: form.get(prefix ? `${prefix}[metadata][payment_id]` : 'metadata[payment_id]') ?? '',
      },
      last_payment_error: null,
      next_action: null,
      refunded: 0,
      latest_charge: null,
    };
    intents.set(intent.id, intent);
    return intent;
  };

  const hosted = new Map<string, Intent>();

  function actOnIntent(intent: Intent, action: string | undefined, form: URLSearchParams): Answer {
    if (action === undefined) return ok(intent);
    const isOver = ['succeeded', 'canceled'].includes(intent.status);
    if (action === 'confirm') {
      if (isOver) return unexpected(intent);
      return settle(intent, form.get('payment_method') ?? form.get('confirmation_token') ?? '');
    }
    if (action === 'cancel') {
      if (isOver) return unexpected(intent);
      Object.assign(intent, { status: 'canceled', amount_capturable: 0 });
      return ok(intent);
    }
    if (intent.status !== 'requires_capture') return unexpected(intent);
    const amount_received = Number(form.get('amount_to_capture') ?? intent.amount);
    Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received });
    return ok(intent);
  }

  function refund(method: string, form: URLSearchParams): Answer {
    if (method === 'GET') {
      const data = refundsTold.filter((each) => each.payment_intent === form.get('payment_intent'));
      return ok({ object: 'list', has_more: false, url: '/v1/refunds', data });
    }
    const intent = intents.get(form.get('payment_intent') ?? '');
    if (!intent) return missing();
    const amount = Number(form.get('amount') ?? intent.amount_received - intent.refunded);
    if (amount > intent.amount_received - intent.refunded)
      return refused('charge_already_refunded', 'More than is left.');
    intent.refunded += amount;
    refunds.push({ payment_intent: intent.id, amount });
    const told = {
      id: `re_${randomUUID()}`,
      object: 'refund',
      amount,
      status: 'succeeded',
      payment_intent: intent.id,
      balance_transaction: refundTook ? took(refundTook) : null,
    };
    refundsTold.push(told);
    return ok({ ...told, balance_transaction: told.balance_transaction?.id ?? null });
  }

  function actOnSession(id: string | undefined, action: string | undefined, form: URLSearchParams): Answer {
    if (id === undefined) {
      const session: Session = {
        id: `cs_test_${randomUUID()}`,
        object: 'checkout.session',
        status: 'open',
        url: `https://checkout.stripe.test/${randomUUID()}`,
        client_reference_id: form.get('client_reference_id') ?? '',
        payment_intent: null,
      };
      sessions.set(session.id, session);
      hosted.set(session.id, newIntent(form, 'payment_intent_data'));
      return ok(session);
    }
    const session = sessions.get(id);
    if (!session) return missing();
    if (action === 'expire') {
      if (session.status !== 'open') return refused('resource_missing', 'Only an open session expires.');
      Object.assign(session, { status: 'expired', url: null });
    }
    const isExpanded = [...form.keys()].some((key) => key.startsWith('expand'));
    const intent = session.payment_intent && isExpanded ? intents.get(session.payment_intent) : undefined;
    return ok(intent ? { ...session, payment_intent: intent } : session);
  }

  function act(method: string, path: string, form: URLSearchParams): Answer {
    const [, , kind, ...rest] = path.split('/');
    if (kind === 'refunds') return refund(method, form);
    if (kind === 'disputes') {
      const data = disputes.filter((each) => each.payment_intent === form.get('payment_intent'));
      return ok({ object: 'list', has_more: false, url: '/v1/disputes', data });
    }
    if (kind === 'checkout') return actOnSession(rest[1], rest[2], form);
    if (kind !== 'payment_intents') return missing();
    if (rest[0] === undefined && method === 'POST') return ok(newIntent(form));
    const intent = intents.get(rest[0] ?? '');
    return intent ? actOnIntent(intent, rest[1], form) : missing();
  }

  /** The same key is the same request, and gets the same answer; with other parameters it is refused. */
  function actOnce(method: string, path: string, body: string, key: string | undefined): Answer {
    const form = new URLSearchParams(body);
    if (key === undefined || method !== 'POST') return act(method, path, form);
    const known = remembered.get(key);
    const request = `${path} ${body}`;
    if (known && known.request !== request)
      return { status: 400, body: { error: { type: 'idempotency_error', message: 'Other parameters.' } } };
    const answer = known?.answer ?? structuredClone(act(method, path, form));
    remembered.set(key, { request, answer });
    return answer;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://stripe.test');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const index = moods.findIndex(({ path }) => pathname.includes(path));
    const mood = index === -1 ? undefined : moods.splice(index, 1)[0]?.how;
    const key = request.headers['idempotency-key'];
    const ask = () =>
      actOnce(
        request.method ?? 'GET',
        pathname,
        request.method === 'GET' ? search.slice(1) : body,
        typeof key === 'string' ? key : undefined,
      );
    if (mood === 'does not answer') return void request.socket.destroy();
    if (mood === 'answers nonsense') return void response.writeHead(200).end('<html>Bad gateway</html>');
    if (mood === 'is broken')
      return void response.writeHead(500).end(JSON.stringify({ error: { type: 'api_error' } }));
    const answer = ask();
    if (mood === 'acts, and its answer is lost') return void request.socket.destroy();
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    settings: { secretKey: `sk_test_${randomUUID()}`, webhookSecret, apiUrl },
    refunds,
    /** What Stripe took of a payment is known from now on. */
    tookOf(paymentId: string, told: Took): void {
      const charge = this.intentOf(paymentId)?.latest_charge;
      if (!charge) throw new Error('Nothing was charged');
      charge.balance_transaction = took(told);
    },
    /** What it takes of each refund from now on. */
    takeOfRefunds: (told: Took) => void (refundTook = told),
    /** The buyer's bank asks, takes the money back, or brings it back: what Stripe takes of each move. Answers the dispute. */
    dispute(paymentId: string, status: string, moves: readonly Took[] = []) {
      const intent = this.intentOf(paymentId)?.id ?? '';
      const known = disputes.find((each) => each.payment_intent === intent);
      const dispute = known ?? { payment_intent: intent, status, balance_transactions: [] };
      if (!known) disputes.push(dispute);
      dispute.status = status;
      dispute.balance_transactions.push(...moves.map(took));
      return { object: 'dispute', metadata: {}, ...dispute };
    },
    /** From now on, once for each: the client asks a second time by itself. */
    expectTrouble: (...troubles: Mood[]) => void moods.push(...troubles),
    intentOf: (paymentId: string) =>
      [...intents.values()].find(({ metadata }) => metadata['payment_id'] === paymentId),
    /** The buyer says yes at the bank's page, or pays on Stripe's own. */
    approve(paymentId: string): void {
      const session = [...sessions.values()].find((each) => each.client_reference_id === paymentId);
      const intent = session ? hosted.get(session.id) : this.intentOf(paymentId);
      if (!intent) throw new Error('Nobody asked for it');
      settle(intent, 'pm_card_visa');
      if (session) Object.assign(session, { status: 'complete', url: null, payment_intent: intent.id });
    },
    /** A message as Stripe would send it: its bytes and their signature. */
    message(type: string, object: object, { id = `evt_${randomUUID()}`, timestamp }: MessageFacts = {}) {
      const payload = JSON.stringify({ id, object: 'event', type, data: { object } });
      const facts = { payload, secret: webhookSecret, ...(timestamp !== undefined && { timestamp }) };
      const signature = new Stripe('sk_test').webhooks.generateTestHeaderString(facts);
      return {
        method: 'POST' as const,
        url: '/v1/payments/stripe/webhook',
        headers: { 'content-type': 'application/json', 'stripe-signature': signature },
        payload,
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

interface MessageFacts {
  id?: string;
  timestamp?: number;
}

const took = ({ exchangeRate, ...told }: Took): BalanceTransaction => ({
  id: `txn_${randomUUID()}`,
  object: 'balance_transaction',
  created: Math.floor(Date.now() / 1000),
  exchange_rate: exchangeRate ?? null,
  ...told,
});

const ok = (body: object): Answer => ({ status: 200, body });
const refused = (code: string, message: string): Answer => ({
  status: 400,
  body: { error: { type: 'invalid_request_error', code, message } },
});
const missing = (): Answer => ({ ...refused('resource_missing', 'No such thing.'), status: 404 });
const unexpected = ({ status }: Intent): Answer =>
  refused('payment_intent_unexpected_state', `It is ${status}.`);
