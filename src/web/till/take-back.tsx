import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  isMembers,
  type Order,
  orderOf,
  returnableOf,
  type ReturnableLine,
  returnById,
  returnErrors,
  type ReturnRequest,
} from '#modules/orders/index.ts';
import { paymentsErrors } from '#modules/payments/index.ts';
import { takeBack, tillErrors } from '#modules/till/index.ts';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { paidBackFor } from '#read/taken-back.ts';
import { ButtonLink } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import { isPlainKey, type PlainKey, say, t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { FindOrder, OrderHead, orderIn, type ScanFault } from './found-order.tsx';
import { findHere, type Here, toRegister } from './register-here.ts';
import { Scanned } from './scan.tsx';
import { TillShell } from './shell.tsx';
import { type FormFault, TakeBackForm, takenIn, unitsField } from './take-back-form.tsx';

const PATH = '/till/take-back';
const Params = exactly({ id: Id });
const Typed = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 200 }), {
  maxProperties: 1000,
});

const FAULTS = new Map<string, PlainKey>([
  [returnErrors.not_returnable.code, 'till.back.fault.changed'],
  [returnErrors.return_line_unknown.code, 'till.back.fault.changed'],
  [returnErrors.return_step_not_open.code, 'till.back.fault.changed'],
  [returnErrors.return_differs.code, 'till.back.fault.differs'],
  [returnErrors.credit_for_members.code, 'till.back.fault.members'],
  [returnErrors.return_of_past.code, 'till.back.fault.past'],
  [paymentsErrors.under_way.code, 'till.back.fault.money'],
  [paymentsErrors.more_than_is_left.code, 'till.back.fault.unpaid'],
  [paymentsErrors.not_paid_here.code, 'till.back.fault.unpaid'],
  [tillErrors.no_open_shift.code, 'till.back.fault.no_open_shift'],
  [tillErrors.drawer_too_small.code, 'till.back.fault.drawer_too_small'],
  [tillErrors.drawer_currency.code, 'till.back.fault.drawer_currency'],
]);

/** Goods of any order come back at this register, and their money goes, in one step. */
export const takeBackPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  const show = async (request: FastifyRequest, reply: FastifyReply, here: Here, asked: Asked) => {
    const { orderId, fault } = asked;
    const order = await orderOf(db, request.viewer, orderId);
    const lines = (await returnableOf(db, orderId)).filter(({ left }) => left > 0);
    const mayHaveCredit = await isMembers(db, orderId);
    const view = { order, lines, mayHaveCredit, fault, id: newId() };
    if (fault) void reply.code(fault.status);
    return reply.page((about) => <OrderPage page={about} here={here} view={view} />);
  };

  app.get(PATH, page(TILL, { querystring: exactly({ q: Scanned }) }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const { q } = request.query;
    const found = await orderIn(db, request, q);
    if (found && !('status' in found)) return show(request, reply, here, { orderId: found.id });
    if (found) void reply.code(found.status);
    return reply.page((about) => <AskPage page={about} here={here} q={q} fault={found} />);
  });

  app.post(`${PATH}/orders/:id`, page(TILL, { params: Params, body: Typed }), async (request, reply) => {
    const { viewer, params, body } = request;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const [orderId, id] = [params.id, body['id'] ?? ''];
    if (!IS_ID.test(id)) return show(request, reply, here, { orderId });
    await orderOf(db, viewer, orderId);
    const wish = takenIn(body, await returnableOf(db, orderId));
    if ('status' in wish) return show(request, reply, here, { orderId, fault: wish });
    try {
      const taking = { ...wish, id, orderId, registerId: here.register.id, memberId: viewer.memberId ?? '' };
      await inTransaction(db, (tx) => takeBack(tx, taking, now()));
    } catch (error) {
      return show(request, reply, here, { orderId, fault: { ...told(error), typed: body } });
    }
    return sendOn(reply, `${PATH}/${id}`, 'till.back.done');
  });

  app.get(`${PATH}/:id`, page(TILL, { params: Params }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const back = await returnById(db, request.params.id);
    const order = await orderOf(db, request.viewer, back.orderId);
    const view = { order, back, paid: await paidBackFor(db, back.id) };
    return reply.page((about) => <DonePage page={about} here={here} view={view} />);
  });
};

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Asked {
  orderId: string;
  fault?: FormFault;
}

/** A refusal that somebody at a till can be told about; anything else is thrown on. */
function told(error: unknown): Omit<FormFault, 'typed'> {
  const key = error instanceof AppError ? FAULTS.get(error.code) : undefined;
  if (!key || !(error instanceof AppError)) throw error;
  const { status, code, data } = error;
  if (code !== returnErrors.not_returnable.code) return { status, text: say(key) };
  const { lineId, left } = data as { lineId: string; left: number };
  return left > 0
    ? { status, field: unitsField(lineId), text: t('till.back.fault.units', { left }) }
    : { status, text: say(key) };
}

interface Props {
  page: Page;
  here: Here;
}

function AskPage({ page: about, here, q, fault }: Props & { q: string; fault: ScanFault | undefined }) {
  return (
    <TillShell page={about} here={here} title={t('till.take_back')}>
      <h1>{t('till.take_back')}</h1>
      <p class="soft">{t('till.back.lead')}</p>
      <FindOrder path={PATH} label={t('till.order.field')} q={q} fault={fault} />
    </TillShell>
  );
}

interface OrderView {
  order: Order;
  /** Of which something can come back. */
  lines: ReturnableLine[];
  mayHaveCredit: boolean;
  fault: FormFault | undefined;
  /** Of the return that the form makes. */
  id: string;
}

function OrderPage({ page: about, here, view }: Props & { view: OrderView }) {
  const { order, lines } = view;
  return (
    <TillShell page={about} here={here} title={t('till.take_back')}>
      <h1>{t('till.take_back')}</h1>
      <FindOrder path={PATH} label={t('till.order.field')} q="" fault={undefined} isFound />
      <section class="till-order" aria-labelledby="order">
        <OrderHead order={order} here={here} format={about.format} />
        {view.fault && lines.length === 0 && <Notice kind="error">{view.fault.text}</Notice>}
        {lines.length === 0 ? (
          <p>{t('till.back.none')}</p>
        ) : (
          <TakeBackForm {...view} action={`${PATH}/orders/${order.id}`} format={about.format} />
        )}
      </section>
    </TillShell>
  );
}

interface DoneView {
  order: Order;
  back: ReturnRequest;
  paid: Awaited<ReturnType<typeof paidBackFor>>;
}

/** What was taken, and what is given out of the drawer now. */
function DonePage({ page: about, here, view: { order, back, paid } }: Props & { view: DoneView }) {
  const { format } = about;
  const money = (minor: number) => format.money(minor, back.currency);
  return (
    <TillShell page={about} here={here} title={t('till.back.done')}>
      <h1>{paid ? t('till.back.done.number', { number: paid.number }) : t('till.back.done')}</h1>
      <section class="till-order" aria-labelledby="order">
        <OrderHead order={order} here={here} format={format} />
        <ul class="till-rows">
          {back.lines.map(({ lineId, title, options, quantity, damaged, refused }) => (
            <li key={lineId}>
              <span>
                {quantity} × {[title, options].filter(Boolean).join(' · ')}
              </span>
              <span class="soft">
                {say(`till.back.found.${refused > 0 ? 'refuse' : damaged > 0 ? 'damage' : 'restock'}`)}
              </span>
            </li>
          ))}
        </ul>
        {paid === undefined && <p>{t('till.back.done.nothing')}</p>}
        {paid && (
          <dl class="sums till-pays" aria-label={t('till.back.pays')}>
            {paid.parts.map(({ means, amountMinor }) => (
              <div class="sum" key={means}>
                <dt>{say(wayOf(means))}</dt>
                <dd>{money(amountMinor)}</dd>
              </div>
            ))}
            <div class="sum total">
              <dt>{t('till.back.done.total')}</dt>
              <dd>{money(back.refundMinor ?? 0)}</dd>
            </div>
          </dl>
        )}
        {paid && back.feeMinor > 0 && (
          <p class="soft">{t('till.back.done.fee', { amount: money(back.feeMinor) })}</p>
        )}
      </section>
      <div class="actions">
        <ButtonLink href={PATH}>{t('till.back.done.more')}</ButtonLink>
      </div>
    </TillShell>
  );
}

function wayOf(means: string): PlainKey {
  if (means === 'store_credit') return 'till.back.pays.credit';
  const key = `till.back.pays.${means}`;
  return isPlainKey(key) ? key : 'till.back.pays.provider';
}
