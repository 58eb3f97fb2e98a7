import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { locations } from '#modules/inventory/index.ts';
import {
  isBuyer,
  isMembers,
  orderOf,
  returnableNow,
  returnableOf,
  returnAs,
  returnErrors,
  returnsOf,
  takeStepAs,
} from '#modules/orders/index.ts';
import type { Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Layout } from '../layout.tsx';
import { type PlainKey, t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import type { OrderReturnsView } from './order-returns.tsx';
import { type Errors, ReturnForm, type Typed, wishIn } from './return-form.tsx';

const Params = exactly({ id: Id });
const ByCart = Type.Object({ cart: Type.Optional(Id) });
/** One field for each line, so their names are not known before; lengths are. */
const Body = Type.Intersect([
  Type.Object({ requestId: Id, cart: Type.Optional(Id) }),
  Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 4000 }), { maxProperties: 300 }),
]);

interface Wanted {
  viewer: Viewer;
  id: string;
  cart: string | undefined;
}

/** Where a buyer asks for a return, and thinks better of it. */
export const returnPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, now, config } = deps;
  const days = config.returnDays;
  const show = async (
    reply: FastifyReply,
    { viewer, id, cart }: Wanted,
    { requestId, typed, errors }: { requestId: string; typed: Typed; errors: Errors },
  ) => {
    const order = await orderOf(db, viewer, id, cart);
    if (!(await isBuyer(db, viewer, id, cart))) throw platformErrors.not_found({});
    const lines = returnableNow(await returnableOf(db, id), days, now());
    const mayHaveCredit = await isMembers(db, id);
    reply.header('referrer-policy', 'no-referrer');
    const form = { requestId, cart, lines, mayHaveCredit, typed, errors };
    return reply.page((about) => (
      <ReturnPage
        page={about}
        number={order.number}
        back={pathOf(id, cart)}
        days={days}
        form={{ action: `/orders/${id}/return`, ...form }}
      />
    ));
  };

  app.get(
    '/orders/:id/return',
    page('public', { params: Params, querystring: ByCart }),
    async ({ viewer, params: { id }, query: { cart } }, reply) =>
      show(reply, { viewer, id, cart }, { requestId: randomUUID(), typed: {}, errors: {} }),
  );

  app.post(
    '/orders/:id/return',
    page('public', { params: Params, body: Body }),
    async ({ viewer, params: { id }, body }, reply) => {
      const { requestId, cart, ...typed } = body as Typed & { requestId: string; cart?: string };
      const wanted = { viewer, id, cart };
      await orderOf(db, viewer, id, cart);
      const isSent = (await returnsOf(db, id)).some((each) => each.id === requestId);
      if (isSent) return sendOn(reply, pathOf(id, cart), 'return.asked');
      const lines = returnableNow(await returnableOf(db, id), days, now());
      const { wish, errors } = wishIn(typed, lines);
      if (errors) return show(reply.code(422), wanted, { requestId, typed, errors });
      const full = { ...wish, id: requestId, orderId: id, touchpoint: 'web' };
      try {
        await inTransaction(db, (tx) => returnAs(tx, viewer, full, { cartId: cart, days }, now()));
        return sendOn(reply, pathOf(id, cart), 'return.asked');
      } catch (error) {
        if (!(error instanceof AppError) || !CHANGED.has(error.code)) throw error;
        const said = { form: t('return.fault.changed') };
        return show(reply.code(error.status), wanted, { requestId, typed, errors: said });
      }
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

const CHANGED = new Set([
  returnErrors.not_returnable.code,
  returnErrors.return_too_late.code,
  returnErrors.credit_for_members.code,
]);

const pathOf = (orderId: string, cart: string | undefined) =>
  `/orders/${orderId}${cart ? `?cart=${cart}` : ''}`;

interface ViewProps {
  page: Page;
  number: string;
  back: string;
  days: number;
  form: Parameters<typeof ReturnForm>[0];
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
        {form.lines.length === 0 ? (
          <p class="lead">{t('return.none')}</p>
        ) : (
          <>
            <p class="lead">{t('return.ask.lead')}</p>
            <p class="soft">{t('return.until', { days })}</p>
            <p class="soft">{t('return.lost')}</p>
            <ReturnForm {...form} />
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
  orderId: string,
  cart: string | undefined,
): Promise<OrderReturnsView> {
  const returns = await returnsOf(db, orderId);
  const isTheirs = await isBuyer(db, viewer, orderId, cart);
  const open = isTheirs ? returnableNow(await returnableOf(db, orderId), config.returnDays, now()) : [];
  const isWaitedFor = returns.some(({ state }) => state === 'approved');
  const places = new Map(isWaitedFor ? (await locations(db)).map(({ id, name }) => [id, name]) : []);
  const buyer = isTheirs ? { cart, stepIdOf: () => randomUUID() } : undefined;
  return { returns, places, mayAsk: open.length > 0, buyer };
}
