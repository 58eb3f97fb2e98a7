import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { type Shipment, shipmentsOf } from '#modules/fulfilment/index.ts';
import {
  cancelAsBuyer,
  isBuyer,
  mayCancel,
  type Order,
  orderOf,
  stillToCome,
  cancellationErrors,
  type OrderSummary,
  receiptCode,
  ordersOfMember,
  shownOf,
} from '#modules/orders/index.ts';
import { paymentsErrors } from '#modules/payments/index.ts';
import { receivedOf } from '#modules/reviews/index.ts';
import { type Letter, lettersOf, questionLink } from '#modules/satisfaction/index.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError, platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { exactly, Id } from '#platform/schema.ts';
import { DrawnCode, lineCode } from '../barcodes.tsx';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { countryName, type Format } from '../format.ts';
import type { HappenedFacts } from '../collecting.tsx';
import { Layout } from '../layout.tsx';
import { orderCompleted } from './happened.ts';
import { type PlainKey, t } from '../messages.ts';
import { contactPath } from '../opinion/contact.tsx';
import { OrderLetters } from '../opinion/letters.tsx';
import { OrderProgress, type Progress, progressOf } from './order-progress.tsx';
import { OrderReturns, type OrderReturnsView } from './order-returns.tsx';
import { orderReturnsFor } from './return-pages.tsx';
import { OrderPayments } from './order-payments.tsx';
import { type Page, page, sendOn } from '../page.ts';
import { MovedPromise } from './moved-promise.tsx';
import { DiscountRows, TaxRow } from './sums.tsx';

const ORDERS_SHOWN = 25;
const CURSOR = '^\\d{1,15}_[0-9a-f-]{36}$';

export const orderPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db, config, now } = deps;
  // A guest's browser and the link in the receipt know the cart that the order came from.
  const known = Type.Object({ cart: Type.Optional(Id) });
  const schema = { params: Type.Object({ id: Id }), querystring: known };
  app.get('/orders/:id', page('public', schema), async ({ viewer, params, query }, reply) => {
    const order = await orderOf(db, viewer, params.id, query.cart);
    const sent = (await shipmentsOf(db, order.id)).filter(({ state }) => state !== 'failed');
    reply.header('referrer-policy', 'same-origin'); // the address may be all that a guest has to prove who they are
    const isBuyers = await isBuyer(db, viewer, order.id, query.cart);
    const isOpen = isBuyers && (await mayCancel(db, order.id));
    const isAwaited = isBuyers && !isOpen && (await stillToCome(db, order.id)).length > 0;
    const progress = await progressOf(deps, order, isBuyers);
    const cancelling =
      isOpen || isAwaited ? { id: randomUUID(), cart: query.cart, isRest: isAwaited } : undefined;
    const returns = await orderReturnsFor(deps, viewer, order, query.cart);
    const proofs = await proofsOf(deps, order, isBuyers);
    const writing = await writingOf(deps, order, isBuyers, query.cart);
    const view = {
      order,
      sent,
      progress,
      timeZone: config.timeZone,
      cancelling,
      returns,
      writing,
      ...proofs,
    };
    return reply.page((about) => <OrderView page={about} {...view} />);
  });

  const asked = exactly({
    cancellation: Id,
    cart: Type.Optional(Id),
    rest: Type.Optional(Type.Literal('1')),
  });
  app.post(
    '/orders/:id/cancel',
    page('public', { params: schema.params, body: asked }),
    async (request, reply) => {
      const { viewer, params, body } = request;
      const wish = { id: body.cancellation, orderId: params.id, reason: 'the buyer' };
      const path = `/orders/${params.id}${body.cart ? `?cart=${body.cart}` : ''}`;
      try {
        await inTransaction(db, (tx) => cancelAsBuyer(tx, viewer, wish, body.cart, now()));
        return sendOn(reply, path, body.rest ? 'order.cancel.rest.done' : 'order.cancel.done');
      } catch (error) {
        const notice = error instanceof AppError ? REFUSED.get(error.code) : undefined;
        if (!notice) throw error;
        return sendOn(reply, path, notice);
      }
    },
  );

  await listPage(app, deps);
};

const listPage: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  const paging = Type.Object({ after: Type.Optional(Type.String({ pattern: CURSOR })) });
  app.get('/orders', page('member', { querystring: paging }), async ({ viewer, query: { after } }, reply) => {
    if (viewer.memberId === undefined) throw platformErrors.not_allowed({});
    const asked = { limit: ORDERS_SHOWN, ...(after && { cursor: after }) };
    const { orders, cursor } = await ordersOfMember(db, viewer.memberId, asked);
    return reply.page((about) => (
      <Layout page={about} title={t('orders.title')} index={false}>
        <div class="wrap narrow">
          <Breadcrumbs crumbs={[{ name: t('home'), href: '/' }, { name: t('orders.title') }]} />
          <h1>{t('orders.title')}</h1>
          {orders.length === 0 ? (
            <EmptyState title={t('orders.empty.title')} text={t('orders.empty.text')}>
              <ButtonLink href="/search">{t('home.action')}</ButtonLink>
            </EmptyState>
          ) : (
            <OrderList orders={orders} format={about.format} />
          )}
          {cursor && (
            <nav class="pages" aria-label={t('list.pages')}>
              <ButtonLink href={`/orders?after=${encodeURIComponent(cursor)}`} look="plain">
                {t('orders.more')}
              </ButtonLink>
            </nav>
          )}
        </div>
      </Layout>
    ));
  });
};

/** The way to say how it is, once some of it is with its buyer and nothing was said of that. */
async function reviewOf({ db, config }: Deps, order: Order, isBuyers: boolean) {
  if (!isBuyers) return undefined;
  const received = await receivedOf(db, order.id);
  return received.some(({ isReviewed }) => !isReviewed) ? `/review/${receiptCode(config, order)}` : undefined;
}

const OpinionLink = ({ href }: { href: string | undefined }) =>
  href ? (
    <p>
      {t('opinion.ask')} <a href={href}>{t('opinion.ask.button')}</a>
    </p>
  ) : null;

const ReviewLink = ({ href }: { href: string | undefined }) =>
  href ? (
    <p>
      <ButtonLink href={href} look="plain">
        {t('receipt.title')}
      </ButtonLink>
    </p>
  ) : null;

/** What its buyer wrote to the shop about it, and where they write. */
const writingOf = async ({ db }: Deps, { id }: Order, isBuyers: boolean, cart: string | undefined) => ({
  letters: isBuyers ? await lettersOf(db, id) : [],
  path: isBuyers ? contactPath(id, cart) : undefined,
});

/** What the page has of the order for a scanner, for a review, and for whoever counts. */
async function proofsOf(deps: Deps, order: Order, isBuyers: boolean) {
  return {
    barcode: await lineCode(order.number),
    review: await reviewOf(deps, order, isBuyers),
    opinion: isBuyers ? await questionLink(deps, order.id, 'order_page') : undefined,
    completed: isBuyers ? orderCompleted(order, deps.now()) : undefined,
  };
}

function OrderList({ orders, format }: { orders: readonly OrderSummary[]; format: Format }) {
  return (
    <ul class="order-list">
      {orders.map(({ id, number, placedAt, totalMinor, currency, state }) => (
        <li key={id}>
          <a href={`/orders/${id}`}>
            <strong>{t('order.title', { number })}</strong>
            <span class="figures">{format.money(totalMinor, currency)}</span>
            <span class="soft small">
              {format.date(placedAt)} · {t(`order.state.${state}`)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

interface Cancelling {
  id: string;
  cart: string | undefined;
  /** Only what is still to come: the rest has been sent. */
  isRest: boolean;
}

const REFUSED = new Map<string, PlainKey>([
  [cancellationErrors.has_left.code, 'order.cancel.shipped'],
  [cancellationErrors.not_cancellable.code, 'order.cancel.shipped'],
  [paymentsErrors.under_way.code, 'order.cancel.busy'],
]);

interface ViewProps {
  page: Page;
  completed: HappenedFacts | undefined;
  order: Order;
  sent: Shipment[];
  progress: Progress;
  timeZone: string;
  cancelling: Cancelling | undefined;
  writing: { letters: readonly Letter[]; path: string | undefined };
  returns: OrderReturnsView;
  /** Of its number, for the scanner of a till. */
  barcode: string;
  /** Where its buyer says how it is, once some of it is with them. */
  review: string | undefined;
  /** Where its buyer says how it went. */
  opinion: string | undefined;
}

function OrderView({ page: about, completed, order, barcode, review, opinion, ...view }: ViewProps) {
  const { sent, progress, timeZone, cancelling, returns, writing } = view;
  const { format } = about;
  const { number, placedAt, promisedFrom, promisedTo, state, address, assignments, giftNote } = order;
  return (
    <Layout page={about} title={t('order.title', { number })} index={false} happened={completed}>
      <div class="wrap">
        <header class="order-head">
          <h1 class="order-number">{t('order.title', { number })}</h1>
          <p class="lead">
            {t('order.placed', { date: format.dateTime(placedAt, timeZone) })} · {t(`order.state.${state}`)}
          </p>
          {promisedFrom && promisedTo && (
            <MovedPromise
              parts={progress.parts}
              first={{ promisedFrom, promisedTo }}
              isCollected={order.pickupLocationId !== null}
              format={format}
            />
          )}
          {assignments.some(({ goodsOn }) => goodsOn) && (
            <p class="soft">{t(assignments.length > 1 ? 'order.waits' : 'order.waits.whole')}</p>
          )}
          {about.viewer.kind === 'member' && (
            <p>
              <a href="/account/code">{t('account.code')}</a>
            </p>
          )}
          {assignments.length > 1 && <p class="soft">{t('order.parcels', { count: assignments.length })}</p>}
        </header>
        <div class="order-columns">
          <section aria-labelledby="what">
            <h2 id="what">{t('order.what')}</h2>
            <OrderLines order={order} format={format} />
            <OrderPayments order={order} format={format} />
            {giftNote && (
              <section class="order-part" aria-labelledby="gift">
                <h2 id="gift">{t('order.gift')}</h2>
                <p class="gift-note">{giftNote}</p>
              </section>
            )}
            <OrderProgress order={order} progress={progress} format={format} />
            <OpinionLink href={opinion} />
            <ReviewLink href={review} />
            {sent.length > 0 && <Shipments shipments={sent} format={format} timeZone={timeZone} />}
            <OrderReturns order={order} view={returns} format={format} />
            <OrderLetters {...writing} format={format} timeZone={timeZone} />
            {cancelling && <CancelForm order={order} cancelling={cancelling} />}
            <DrawnCode kind="lines" svg={barcode} label={t('till.order.barcode', { number })} />
          </section>
          {address && <Where address={address} format={format} />}
        </div>
      </div>
    </Layout>
  );
}

const Where = ({ address, format }: { address: NonNullable<Order['address']>; format: Format }) => (
  <section class="summary" aria-labelledby="where">
    <h2 id="where">{t('order.where')}</h2>
    <address class="order-address">
      {address.name}
      <br />
      {address.street}
      <br />
      {address.postcode} {address.city}
      <br />
      {countryName(address.countryCode, format)}
      <br />
      <span class="soft">{address.email}</span>
    </address>
  </section>
);

function Shipments({
  shipments,
  format,
  timeZone,
}: {
  shipments: readonly Shipment[];
  format: Format;
  timeZone: string;
}) {
  const day = (at: Date | null) => (at ? format.dateTime(at, timeZone) : '');
  return (
    <section class="order-part" aria-labelledby="parcels">
      <h2 id="parcels">{t('order.shipment')}</h2>
      <ul class="plain">
        {shipments.map(({ id, state, shippedAt, deliveredAt, parcels }) => (
          <li key={id}>
            {state === 'delivered'
              ? t('order.shipment.delivered', { day: day(deliveredAt) })
              : state === 'shipped'
                ? t('order.shipment.shipped', { day: day(shippedAt) })
                : t('order.shipment.asked')}
            {parcels.map(({ position, trackingNumber, trackingUrl }) => (
              <p key={position} class="soft">
                {t('order.shipment.tracking')}{' '}
                {trackingUrl ? (
                  <a href={trackingUrl} rel="noreferrer">
                    {trackingNumber}
                  </a>
                ) : (
                  trackingNumber
                )}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function OrderLines({ order, format }: { order: Order; format: Format }) {
  const { lines, discounts, currency, totalMinor, taxMinor, isTaxIncluded } = order;
  const tax = (
    <TaxRow taxMinor={taxMinor} isTaxIncluded={isTaxIncluded} currency={currency} format={format} />
  );
  return (
    <dl class="sums">
      {lines.map((line) => (
        <div key={line.id} class="sum">
          <dt>
            {line.kind === 'goods' && `${line.quantity} × `}
            {line.title}
            {line.options && <span class="soft"> {line.options}</span>}
          </dt>
          <dd>
            {line.kind === 'postage' && shownOf(order, line) === 0
              ? t('checkout.free')
              : format.money(shownOf(order, line), currency)}
          </dd>
        </div>
      ))}
      <DiscountRows discounts={discounts} currency={currency} format={format} />
      {!isTaxIncluded && tax}
      <div class="sum total">
        <dt>{t('checkout.total')}</dt>
        <dd>{format.money(totalMinor, currency)}</dd>
      </div>
      {isTaxIncluded && tax}
    </dl>
  );
}

function CancelForm({ order, cancelling }: { order: Order; cancelling: Cancelling }) {
  return (
    <form method="post" action={`/orders/${order.id}/cancel`} id="cancel" class="order-part order-cancel">
      <input type="hidden" name="cancellation" value={cancelling.id} />
      {cancelling.cart && <input type="hidden" name="cart" value={cancelling.cart} />}
      {cancelling.isRest && <input type="hidden" name="rest" value="1" />}
      <p class="soft">{t(cancelling.isRest ? 'order.cancel.rest.text' : 'order.cancel.text')}</p>
      <Button look="plain">{t(cancelling.isRest ? 'order.cancel.rest' : 'order.cancel')}</Button>
    </form>
  );
}
