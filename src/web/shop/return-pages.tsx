import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { locations } from '#modules/inventory/index.ts';
import {
  type ExchangeQuote,
  guestCartOf,
  isBuyer,
  isMembers,
  type Order,
  orderOf,
  readOrder,
  returnableNow,
  returnableOf,
  returnErrors,
  returnsOf,
  takeStepAs,
} from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { askReturn } from '../ask-return.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Layout } from '../layout.tsx';
import { type PlainKey, t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { type Errors, type Offered, offeredFor, type Typed, wishIn } from '../return-wish.ts';
import type { OrderReturnsView } from './order-returns.tsx';
import { creditOfViewer } from './payment-part.tsx';
import { sendAway } from './payment-pages.tsx';
import { ReturnForm, type ReturnFormProps } from './return-form.tsx';

const Params = exactly({ id: Id });
const ByCart = Type.Object({ cart: Type.Optional(Id) });
/** One field for each line, so their names are not known before; lengths are. */
const Body = Type.Intersect([
  Type.Object({ requestId: Id, cart: Type.Optional(Id) }),
  Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 4000 }), { maxProperties: 300 }),
]);

interface Asked {
  viewer: Viewer;
  id: string;
  cart: string | undefined;
  requestId: string;
  typed: Typed;
}

interface Answer {
  errors?: Errors;
  quote?: ExchangeQuote | undefined;
  isChanged?: boolean;
}

/** Where a buyer asks for a return or an exchange, and thinks better of it. */
export const returnPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get(
    '/orders/:id/return',
    page('public', { params: Params, querystring: ByCart }),
    async ({ viewer, params: { id }, query: { cart } }, reply) =>
      show(deps, reply, { viewer, id, cart, requestId: randomUUID(), typed: {} }, {}),
  );

  app.post(
    '/orders/:id/return',
    page('public', { params: Params, body: Body }),
    async ({ viewer, params: { id }, body }, reply) => {
      const { requestId, cart, ...typed } = body as Typed & { requestId: string; cart?: string };
      return ask(deps, reply, { viewer, id, cart, requestId, typed });
    },
  );

  await cancelPage(app, deps);
};

const cancelPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const Step = exactly({ stepId: Id, cart: Type.Optional(Id) });
  app.post(
    '/orders/:id/returns/:requestId/cancel',
    page('public', { params: exactly({ id: Id, requestId: Id }), body: Step }),
    async ({ viewer, params: { id, requestId }, body: { stepId, cart } }, reply) => {
      const step = { id: stepId, requestId, to: 'cancelled' as const };
      let notice: PlainKey = 'return.cancelled';
      try {
        await inTransaction(db, (tx) => takeStepAs(tx, viewer, step, cart, now()));
      } catch (error) {
        const isLate = error instanceof AppError && error.code === returnErrors.return_step_not_open.code;
        if (!isLate) throw error;
        notice = 'return.fault.moved_on';
      }
      return sendOn(reply, pathOf(id, cart), notice);
    },
  );
};

async function ask(deps: Deps, reply: FastifyReply, asked: Asked) {
  const { db } = deps;
  const { viewer, id, cart, requestId, typed } = asked;
  const order = await orderOf(db, viewer, id, cart);
  if (!(await isBuyer(db, viewer, id, cart))) throw platformErrors.not_found({});
  const known = (await returnsOf(db, id)).find((each) => each.id === requestId);
  if (known) return sendOn(reply, pathOf(id, cart), known.exchange ? 'swap.done' : 'return.asked');
  const { wish, errors } = wishIn(typed, await offeredTo(deps, order));
  if (errors) return show(deps, reply.code(422), asked, { errors });
  const paying = () => {
    const [code, credit] = [typed['giftCard']?.trim(), typed['credit'] === 'yes'];
    const payments = [
      ...(code ? [{ kind: 'gift_card' as const, code }] : []),
      ...(credit ? [{ kind: 'store_credit' as const }] : []),
    ];
    return { payments, paymentToken: (typed['payment'] ?? '').slice(0, PAYMENT_MAX) };
  };
  const asking = { requestId, orderId: id, touchpoint: 'web', cartId: cart, typed, wish, paying };
  const answer = await askReturn(deps, viewer, asking);
  if (answer.state === 'quoted') return show(deps, reply.code(answer.isChanged ? 409 : 200), asked, answer);
  if (answer.state === 'refused') return show(deps, reply.code(answer.status), asked, answer);
  const { placed } = answer;
  if (placed && 'redirectUrl' in placed) return sendAway(reply, placed.redirectUrl);
  return sendOn(reply, pathOf(id, cart), placed ? 'swap.done' : 'return.asked');
}

const PAYMENT_MAX = 200;

/** What its buyer may still return of an order, and what there is for it. */
async function offeredTo({ db, config, now }: Deps, { id, currency, address }: Order): Promise<Offered> {
  const lines = returnableNow(await returnableOf(db, id), config.returnDays, now());
  return offeredFor(db, lines, { currency, at: address, now: now() });
}

async function show(deps: Deps, reply: FastifyReply, asked: Asked, answer: Answer) {
  const { db, config } = deps;
  const { viewer, id, cart, requestId, typed } = asked;
  const order = await orderOf(db, viewer, id, cart);
  if (!(await isBuyer(db, viewer, id, cart))) throw platformErrors.not_found({});
  const { currency, number } = order;
  const form = {
    action: `/orders/${id}/return`,
    requestId,
    cart,
    typed,
    currency,
    offered: await offeredTo(deps, order),
    mayHaveCredit: await isMembers(db, id),
    creditMinor: await creditOfViewer(db, viewer, currency),
    isTest: !config.payments.stripe,
    errors: answer.errors ?? {},
    quote: answer.quote,
    isChanged: answer.isChanged ?? false,
  };
  reply.header('referrer-policy', 'same-origin');
  return reply.page((about) => (
    <ReturnPage page={about} number={number} back={pathOf(id, cart)} days={config.returnDays} form={form} />
  ));
}

const pathOf = (orderId: string, cart: string | undefined) =>
  `/orders/${orderId}${cart ? `?cart=${cart}` : ''}`;

interface ViewProps {
  page: Page;
  number: string;
  back: string;
  days: number;
  form: ReturnFormProps;
}

function ReturnPage({ page: about, number, back, days, form }: ViewProps) {
  const title = t('return.ask.title', { number });
  return (
    <Layout page={about} title={title} index={false}>
      <div class="wrap narrow">
        <Breadcrumbs
          crumbs={[{ name: t('order.title', { number: number }), href: back }, { name: t('return.ask') }]}
        />
        <h1>{title}</h1>
        {form.offered.lines.length === 0 ? (
          <p class="lead">{t('return.none')}</p>
        ) : (
          <>
            <p class="lead">{t('return.ask.lead')}</p>
            <p class="soft">{t('return.until', { days })}</p>
            <p class="soft">{t('return.lost')}</p>
            <ReturnForm form={form} format={about.format} />
          </>
        )}
      </div>
    </Layout>
  );
}

/** What the page of an order shows of its returns to this viewer. */
export async function orderReturnsFor(
  { db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>,
  viewer: Viewer,
  { id: orderId, inExchange }: Pick<Order, 'id' | 'inExchange'>,
  cart: string | undefined,
): Promise<OrderReturnsView> {
  const returns = await returnsOf(db, orderId);
  const isTheirs = await isBuyer(db, viewer, orderId, cart);
  const open = isTheirs ? returnableNow(await returnableOf(db, orderId), config.returnDays, now()) : [];
  const isWaitedFor = returns.some(({ state }) => state === 'approved');
  const places = new Map(isWaitedFor ? (await locations(db)).map(({ id, name }) => [id, name]) : []);
  const buyer = isTheirs ? { cart, stepIdOf: () => randomUUID() } : undefined;
  const linked = [
    ...returns.flatMap(({ exchange }) => exchange?.orderId ?? []),
    ...(inExchange ? [inExchange.ofOrderId] : []),
  ];
  const paths = new Map<string, string>();
  for (const id of linked)
    paths.set(id, pathOf(id, isTheirs ? ((await guestCartOf(db, id)) ?? undefined) : undefined));
  const of = inExchange && { ...inExchange, number: (await readOrder(db, inExchange.ofOrderId)).number };
  return { returns, places, mayAsk: open.length > 0, buyer, paths, of };
}
