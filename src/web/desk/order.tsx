import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import {
  cancelByStaff,
  cancellationErrors,
  type Order,
  readOrder,
  returnsOf,
  sendReceiptAgain,
} from '#modules/orders/index.ts';
import { contactsOf } from '#modules/satisfaction/index.ts';
import { paymentsErrors, refundByHand } from '#modules/payments/index.ts';
import { mayEnter, mayReadPersonal, PERSONAL_READERS } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { orderDetail } from '#read/order-detail.ts';
import { orderMargin } from '#read/order-margin.ts';
import { orderTimeline } from '#read/order-timeline.ts';
import { Notice } from '../components/Notice.tsx';
import { type PlainKey, say, t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
import { momentName } from './figures.tsx';
import {
  ActBody,
  type ActFault,
  CancelForm,
  cancellationIn,
  ReceiptForm,
  refundIn,
  RefundForm,
} from './order-acts.tsx';
import { CONTACT_NOTERS, Contacts } from './order-contacts.tsx';
import type { OrderView } from './order-view.ts';
import { Margin } from './order-margin.tsx';
import { Credits, Lines, Operations, Parts, Sums } from './order-tables.tsx';
import { Timeline } from './order-timeline.tsx';
import { InExchange, Returns } from './order-returns.tsx';
import { RETURN_STARTERS } from './start-return-form.tsx';
import { DeskShell } from './shell.tsx';
import { touchpointName } from './touchpoints.ts';

const Params = exactly({ id: Id });
const PATH = '/desk/orders/:id';
const pathOf = (id: string) => `/desk/orders/${id}`;
/** Who serves buyers acts for them, too: as the API's routes say. */
const ACTORS = PERSONAL_READERS;

/** One order: what was bought, what became of it and of its money, all that happened, and what staff can do. */
export const orderPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, reads, now, config } = deps;
  const show = async (reply: FastifyReply, id: string, fault?: ActFault) => {
    // A page after a write asks the database that was written to.
    const detail = await orderDetail(reads, id);
    if (!detail) throw platformErrors.not_found({});
    const [order, timeline] = await Promise.all([readOrder(reads, id), orderTimeline(reads, id)]);
    const of = order.inExchange && (await readOrder(reads, order.inExchange.ofOrderId));
    const [returns, contacts] = [await returnsOf(reads, id), await contactsOf(reads, id)];
    const view = {
      order,
      detail,
      timeline,
      returns,
      contacts,
      margin: await orderMargin(reads, id),
      ofNumber: of?.number,
      timeZone: config.timeZone,
    };
    if (fault) void reply.code(fault.status);
    return reply.page((about) => <OrderPage page={about} view={view} fault={fault} />);
  };

  app.get(PATH, page('staff', { params: Params }), async ({ params: { id } }, reply) => show(reply, id));

  const acting = page(ACTORS, { params: Params, body: ActBody });
  app.post(`${PATH}/cancellation`, acting, async ({ viewer, params: { id }, body }, reply) => {
    const wish = cancellationIn(body);
    if ('status' in wish) return show(reply, id, wish);
    const fault = await faultIn('cancellation', () =>
      inTransaction(db, (tx) => cancelByStaff(tx, viewer, { ...wish, orderId: id }, now())),
    );
    if (fault) return show(reply, id, { ...fault, typed: body });
    return sendOn(reply, pathOf(id), 'desk.order.cancel.done');
  });

  app.post(`${PATH}/refund`, acting, async ({ viewer, params: { id }, body }, reply) => {
    const detail = await orderDetail(reads, id);
    if (!detail) throw platformErrors.not_found({});
    const { currency } = await readOrder(reads, id);
    const wish = refundIn(body, currency);
    if ('status' in wish) return show(reply, id, wish);
    const fault = await faultIn('refund', () =>
      inTransaction(db, (tx) => refundByHand(tx, viewer, { ...wish, orderId: id }, now())),
    );
    if (fault) return show(reply, id, { ...fault, typed: body });
    return sendOn(reply, pathOf(id), 'desk.order.refund.done');
  });

  app.post(
    `${PATH}/receipt`,
    page(ACTORS, { params: Params, body: exactly({ id: Id }) }),
    async ({ viewer, params: { id: orderId }, body: { id } }, reply) => {
      await inTransaction(db, (tx) => sendReceiptAgain(tx, viewer, { id, orderId }, now()));
      return sendOn(reply, pathOf(orderId), 'desk.order.receipt.done');
    },
  );
};

const FAULTS = new Map<string, PlainKey>([
  [cancellationErrors.not_left.code, 'desk.order.fault.not_left'],
  [cancellationErrors.line_unknown.code, 'desk.order.fault.not_left'],
  [cancellationErrors.not_cancellable.code, 'desk.order.fault.not_cancellable'],
  [paymentsErrors.more_than_is_left.code, 'desk.order.fault.too_much'],
  [paymentsErrors.under_way.code, 'desk.order.fault.under_way'],
  [paymentsErrors.not_paid_here.code, 'desk.order.fault.not_paid_here'],
]);

async function faultIn(
  form: ActFault['form'],
  act: () => Promise<void>,
): Promise<Omit<ActFault, 'typed'> | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    const key = error instanceof AppError ? FAULTS.get(error.code) : undefined;
    if (!key) throw error;
    return { status: 409, form, errors: {}, text: say(key) };
  }
}

interface Props {
  page: Page;
  view: OrderView;
  fault: ActFault | undefined;
}

function OrderPage({ page: about, view, fault }: Props) {
  const { order, detail, timeline, timeZone } = view;
  const { format, viewer } = about;
  const mayAct = mayEnter(viewer, ACTORS) && order.assignments.length > 0;
  const title = t('desk.order', { number: order.number });
  return (
    <DeskShell page={about} title={title}>
      <header class="desk-head">
        <h1>{title}</h1>
        <p class="soft">
          {t('desk.order.lead', {
            state: say(`desk.all_orders.state.${order.state}`),
            placed: momentName(format, order.placedAt, timeZone, { year: 'numeric' }),
            touchpoint: touchpointName(order.touchpoint),
            region: detail.regionName,
          })}
        </p>
        {detail.associateName && <p>{t('desk.order.helped', { name: detail.associateName })}</p>}
      </header>
      <InExchange view={view} />
      {fault?.text && <Notice kind="error">{fault.text}</Notice>}
      <Lines view={view} format={format} />
      <div class="order-columns">
        <Sums view={view} format={format} />
        {mayReadPersonal(viewer) && <Person order={order} />}
      </div>
      <Operations view={view} format={format} />
      <Parts view={view} format={format} />
      <Returns view={view} format={format} mayStart={mayEnter(viewer, RETURN_STARTERS)} />
      <div class="order-columns">
        <Margin view={view} format={format} />
      </div>
      <Credits view={view} format={format} />
      {mayAct && (
        <div class="order-columns">
          <CancelForm view={view} fault={fault} />
          <RefundForm view={view} fault={fault} />
          {order.address && <ReceiptForm orderId={order.id} />}
        </div>
      )}
      <Contacts
        orderId={order.id}
        contacts={view.contacts}
        mayNote={mayEnter(viewer, CONTACT_NOTERS)}
        format={format}
        timeZone={timeZone}
      />
      <Timeline entries={timeline} currency={order.currency} format={format} timeZone={timeZone} />
    </DeskShell>
  );
}

function Person({ order: { address, giftNote } }: { order: Order }) {
  return (
    <section aria-labelledby="person">
      <h2 id="person">{t('desk.order.person')}</h2>
      {address ? (
        <address class="order-address">
          {[address.name, address.street, `${address.postcode} ${address.city}`, address.countryCode]
            .concat(address.email, address.phone)
            .filter(Boolean)
            .map((each) => (
              <span key={each}>{each}</span>
            ))}
        </address>
      ) : (
        <p class="soft">{t('desk.order.person.none')}</p>
      )}
      {giftNote && (
        <>
          <h3>{t('desk.order.gift_note')}</h3>
          <p>{giftNote}</p>
        </>
      )}
    </section>
  );
}
