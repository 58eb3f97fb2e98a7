import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Order, orderOf, type OrderSummary, ordersOfMember } from '#modules/orders/index.ts';
import { platformErrors } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { Id } from '#platform/schema.ts';
import { Breadcrumbs } from '../components/Breadcrumbs.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { countryName, type Format } from '../format.ts';
import { Layout } from '../layout.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { arrivalText } from './arrival.ts';

const ORDERS_SHOWN = 25;
const CURSOR = '^\\d{1,15}_[0-9a-f-]{36}$';

export const orderPages: FastifyPluginAsyncTypebox<Deps> = async (app, { db, config }) => {
  // A guest's browser and the link in the receipt know the cart that the order came from.
  const known = Type.Object({ cart: Type.Optional(Id) });
  const schema = { params: Type.Object({ id: Id }), querystring: known };
  app.get('/orders/:id', page('public', schema), async ({ viewer, params, query }, reply) => {
    const order = await orderOf(db, viewer, params.id, query.cart);
    reply.header('referrer-policy', 'no-referrer'); // the address may be all that a guest has to prove who they are
    return reply.page((about) => <OrderView page={about} order={order} timeZone={config.timeZone} />);
  });

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

function OrderView({ page: about, order, timeZone }: { page: Page; order: Order; timeZone: string }) {
  const { format } = about;
  const { number, placedAt, promisedFrom, promisedTo, state, address, assignments } = order;
  return (
    <Layout page={about} title={t('order.title', { number })} index={false}>
      <div class="wrap">
        <header class="order-head">
          <h1 class="order-number">{t('order.title', { number })}</h1>
          <p class="lead">
            {t('order.placed', { date: format.dateTime(placedAt, timeZone) })} · {t(`order.state.${state}`)}
          </p>
          {promisedFrom && promisedTo && <p>{arrivalText({ promisedFrom, promisedTo }, format)}</p>}
          {assignments.length > 1 && <p class="soft">{t('order.parcels', { count: assignments.length })}</p>}
        </header>
        <div class="order-columns">
          <section aria-labelledby="what">
            <h2 id="what">{t('order.what')}</h2>
            <OrderLines order={order} format={format} />
          </section>
          {address && (
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
          )}
        </div>
      </div>
    </Layout>
  );
}

function OrderLines({ order, format }: { order: Order; format: Format }) {
  const { lines, currency, totalMinor } = order;
  return (
    <dl class="sums">
      {lines.map(({ id, kind, title, options, quantity, netMinor }) => (
        <div key={id} class="sum">
          <dt>
            {kind === 'goods' && `${quantity} × `}
            {title}
            {options && <span class="soft"> {options}</span>}
          </dt>
          <dd>
            {kind === 'postage' && netMinor === 0 ? t('checkout.free') : format.money(netMinor, currency)}
          </dd>
        </div>
      ))}
      <div class="sum total">
        <dt>{t('checkout.total')}</dt>
        <dd>{format.money(totalMinor, currency)}</dd>
      </div>
    </dl>
  );
}
