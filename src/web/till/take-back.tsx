import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Order, orderOf, returnableOf, returnById, type ReturnRequest } from '#modules/orders/index.ts';
import { takeBack } from '#modules/till/index.ts';
import { TILL } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { type BuyersOrder, buyersOrders } from '#read/buyers-orders.ts';
import { changeGiven, paidBackFor } from '#read/taken-back.ts';
import { ButtonLink } from '../components/Button.tsx';
import { isPlainKey, type PlainKey, say, t } from '../messages.ts';
import { page, type Page, sendOn } from '../page.ts';
import { FindOrder, OrderHead, orderIn, type ScanFault } from './found-order.tsx';
import { findHere, type Here, toRegister } from './register-here.ts';
import { Scanned } from './scan.tsx';
import { TillShell } from './shell.tsx';
import { TakenInstead, WANTED_CHARS_MAX } from './exchange-form.tsx';
import { takenIn } from './take-back-form.tsx';
import { showOrder, told } from './take-back-order.tsx';
import { TAKE_BACK as PATH } from './take-back-typed.ts';

const Params = exactly({ id: Id });
const Typed = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: WANTED_CHARS_MAX }), {
  maxProperties: 1000,
});

/** Goods of any order come back at this register, and their money goes, in one step. */
export const takeBackPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db, now }) => {
  app.get(PATH, page(TILL, { querystring: exactly({ q: Scanned }) }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const { q } = request.query;
    if (/^[^@\s]+@[^@\s]+$/.test(q.trim())) {
      const email = q.trim();
      const orders = await buyersOrders(db, email);
      if (orders.length === 0) void reply.code(404);
      return reply.page((about) => <BuyersPage page={about} here={here} email={email} orders={orders} />);
    }
    const found = await orderIn(db, request, q);
    if (found && !('status' in found)) return showOrder(db, request, reply, here, { orderId: found.id });
    if (found) void reply.code(found.status);
    return reply.page((about) => <AskPage page={about} here={here} q={q} fault={found} />);
  });

  app.post(`${PATH}/orders/:id`, page(TILL, { params: Params, body: Typed }), async (request, reply) => {
    const { viewer, params, body } = request;
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const [orderId, id] = [params.id, body['id'] ?? ''];
    if (!IS_ID.test(id)) return showOrder(db, request, reply, here, { orderId });
    await orderOf(db, viewer, orderId);
    const wish = takenIn(body, await returnableOf(db, orderId));
    if ((body['wanted'] ?? '').trim() !== '') {
      const fault = { status: 422, field: 'wanted', text: say('till.swap.fault.which'), typed: body };
      return showOrder(db, request, reply, here, { orderId, fault });
    }
    if ('status' in wish) return showOrder(db, request, reply, here, { orderId, fault: wish });
    try {
      const taking = { ...wish, id, orderId, registerId: here.register.id, memberId: viewer.memberId ?? '' };
      await inTransaction(db, (tx) => takeBack(tx, taking, now()));
    } catch (error) {
      return showOrder(db, request, reply, here, { orderId, fault: { ...told(error), typed: body } });
    }
    return sendOn(reply, `${PATH}/${id}`, 'till.back.done');
  });

  app.get(`${PATH}/:id`, page(TILL, { params: Params }), async (request, reply) => {
    const here = await findHere(db, request);
    if (!here) return toRegister(request, reply);
    const back = await returnById(db, request.params.id);
    const order = await orderOf(db, request.viewer, back.orderId);
    const view = {
      order,
      back,
      paid: await paidBackFor(db, back.id, back.exchange?.paidMinor ?? 0),
      changeMinor: back.exchange ? await changeGiven(db, back.exchange.orderId) : undefined,
    };
    return reply.page((about) => <DonePage page={about} here={here} view={view} />);
  });
};

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Props {
  page: Page;
  here: Here;
}

function AskPage({ page: about, here, q, fault }: Props & { q: string; fault: ScanFault | undefined }) {
  return (
    <TillShell page={about} here={here} title={t('till.take_back')}>
      <h1>{t('till.take_back')}</h1>
      <p class="soft">{t('till.back.lead')}</p>
      <FindOrder path={PATH} label={t('till.back.field.any')} q={q} fault={fault} />
    </TillShell>
  );
}

/** The latest orders of an address that the buyer told: which of them it is, they know. */
function BuyersPage({ page: about, here, email, orders }: Props & { email: string; orders: BuyersOrder[] }) {
  const { format } = about;
  const fault =
    orders.length === 0 ? { status: 404, text: t('till.back.of_buyer.none', { email }) } : undefined;
  return (
    <TillShell page={about} here={here} title={t('till.take_back')}>
      <h1>{t('till.take_back')}</h1>
      <FindOrder path={PATH} label={t('till.back.field.any')} q={email} fault={fault} isFound={!fault} />
      {orders.length > 0 && <h2>{t('till.back.of_buyer')}</h2>}
      <ul class="till-rows">
        {orders.map(({ id, number, placedAt, units, totalMinor, currency, announced }) => (
          <li key={id}>
            <span>
              <a href={`${PATH}?q=${id}`}>{t('order.title', { number })}</a>
              {announced > 0 && <strong> · {t('till.back.of_buyer.announced')}</strong>}
              <br />
              <span class="soft small">{format.dateTime(placedAt, here.store.timeZone)}</span>
            </span>
            <span>
              {t('till.back.of_buyer.row', { count: units, amount: format.money(totalMinor, currency) })}
            </span>
          </li>
        ))}
      </ul>
    </TillShell>
  );
}

interface DoneView {
  order: Order;
  back: ReturnRequest;
  paid: Awaited<ReturnType<typeof paidBackFor>>;
  /** Of what was paid in cash beside goods that were exchanged. */
  changeMinor: number | undefined;
}

/** What was taken, and what is given out of the drawer now. */
function DonePage({
  page: about,
  here,
  view: { order, back, paid, changeMinor },
}: Props & { view: DoneView }) {
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
        {back.exchange && (
          <TakenInstead {...{ exchange: back.exchange, changeMinor, format }} currency={back.currency} />
        )}
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
