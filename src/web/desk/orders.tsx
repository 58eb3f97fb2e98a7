import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { locations } from '#modules/inventory/index.ts';
import { mayReadPersonal } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { marketplaceCurrency } from '#read/marketplace-currency.ts';
import { type ListedOrder, orderFacets, orderList } from '#read/order-list.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { type Column, Table } from '../components/Table.tsx';
import { say, t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import { dayName, momentName } from './figures.tsx';
import { ordersCsv } from './orders-csv.ts';
import { OrderFilterForm } from './order-filters.tsx';
import { cursorOf, cursorText, OrderFilters, questionOf } from './order-query.ts';
import type { OrdersView } from './orders-view.ts';
import { DeskShell } from './shell.tsx';
import { addressOf } from './stock-query.ts';
import { touchpointName } from './touchpoints.ts';

const LISTED = '/desk/orders';
const SHOWN = 50;

/** All orders, with what one can find them by. */
export const ordersPage: FastifyPluginAsyncTypebox<Deps> = async (app, { reads, config, now }) => {
  app.get(LISTED, page('staff', { querystring: OrderFilters }), async ({ query: filters, viewer }, reply) => {
    const currency = await marketplaceCurrency(reads);
    const question = questionOf(filters, viewer, currency, now());
    const [found, facets, places] = await Promise.all([
      orderList(reads, question, { after: cursorOf(filters), limit: SHOWN + 1 }),
      orderFacets(reads),
      locations(reads),
    ]);
    const rows = found.slice(0, SHOWN);
    const last = rows.at(-1);
    const next = found.length > SHOWN && last ? cursorText(last) : undefined;
    const view = { rows, next, filters, facets, places, currency, timeZone: config.timeZone };
    return reply.page((about) => <OrdersPage page={about} view={view} />);
  });

  app.get(
    `${LISTED}.csv`,
    page('staff', { querystring: OrderFilters }),
    async ({ query: filters, viewer }, reply) => {
      const question = questionOf(filters, viewer, await marketplaceCurrency(reads), now());
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="orders.csv"');
      return reply.send(Readable.from(ordersCsv(reads, question, config.timeZone)));
    },
  );
};

function OrdersPage({ page: about, view }: { page: Page; view: OrdersView }) {
  const { rows, next, filters } = view;
  const { after, ...narrowing } = filters;
  const isNarrowed = addressOf(LISTED, narrowing) !== LISTED;
  return (
    <DeskShell page={about} title={t('desk.all_orders')}>
      <header class="desk-head">
        <h1>{t('desk.all_orders')}</h1>
        <p class="soft">{t('desk.all_orders.lead')}</p>
      </header>
      <OrderFilterForm
        view={view}
        action={LISTED}
        isNarrowed={isNarrowed}
        mayReadPersonal={mayReadPersonal(about.viewer)}
      />
      {rows.length === 0 ? (
        <EmptyState
          title={isNarrowed ? t('desk.all_orders.nothing.title') : t('desk.all_orders.none.title')}
          text={isNarrowed ? t('desk.all_orders.nothing.text') : t('desk.all_orders.none.text')}
        />
      ) : (
        <section class="orders-table" aria-label={t('desk.all_orders')}>
          <p class="actions">
            <a class="export" href={addressOf(`${LISTED}.csv`, narrowing)} download>
              {t('desk.all_orders.csv')}
            </a>
          </p>
          <Table
            caption={t('desk.all_orders.caption')}
            rows={rows}
            rowKey={({ id }) => id}
            cards
            columns={columnsFor(about, view.timeZone)}
          />
        </section>
      )}
      <nav class="actions stock-pages" aria-label={t('list.pages')}>
        {after && <a href={addressOf(LISTED, narrowing)}>{t('desk.all_orders.first_page')}</a>}
        {next !== undefined && (
          <a href={addressOf(LISTED, { ...narrowing, after: next })} rel="next">
            {t('desk.all_orders.next_page')}
          </a>
        )}
      </nav>
    </DeskShell>
  );
}

function columnsFor({ format, viewer }: Page, timeZone: string): Column<ListedOrder>[] {
  const customer: Column<ListedOrder> = {
    title: t('desk.all_orders.customer'),
    cell: ({ customerName }) => customerName ?? '–',
  };
  return [
    {
      title: t('desk.all_orders.number'),
      cell: ({ id, number, placedAt }) => (
        <>
          <a href={`${LISTED}/${id}`}>{number}</a>
          <small class="under">{momentName(format, placedAt, timeZone, { year: 'numeric' })}</small>
        </>
      ),
    },
    ...(mayReadPersonal(viewer) ? [customer] : []),
    {
      title: t('desk.all_orders.region'),
      cell: ({ regionName, touchpoint }) => (
        <>
          {regionName}
          <small class="under">{touchpointName(touchpoint)}</small>
        </>
      ),
    },
    {
      title: t('desk.all_orders.state'),
      cell: ({ state, sending }) => (
        <>
          {say(`desk.all_orders.state.${state}`)}
          <small class={sending === 'unfillable' ? 'under stock-short' : 'under'}>
            {say(`desk.all_orders.sending.${sending}`)}
          </small>
        </>
      ),
    },
    {
      title: t('desk.all_orders.total'),
      figures: true,
      cell: ({ totalMinor, currency }) => format.money(totalMinor, currency),
    },
    {
      title: t('desk.all_orders.promise'),
      cell: ({ promisedTo, isLate }) =>
        promisedTo === null ? (
          '–'
        ) : (
          <>
            {dayName(format, promisedTo)}
            {isLate && <strong class="stock-short orders-late"> {t('desk.all_orders.late')}</strong>}
          </>
        ),
    },
  ];
}
