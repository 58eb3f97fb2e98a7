import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  businessDayAt,
  freshness,
  ledgerParts,
  metricOf,
  type MetricName,
  type SalesAnswer,
  salesBy,
  shiftDay,
} from '#modules/insight/index.ts';
import { openFindingCount } from '#modules/guidance/index.ts';
import { refusedRefundCount } from '#modules/payments/index.ts';
import { openFindingCount as unusualFeedCount } from '#modules/quality/index.ts';
import { mayEnter, PERSONAL_READERS } from '#platform/access.ts';
import type { Deps } from '#platform/module.ts';
import { type LatestOrder, latestOrders } from '../../read/latest-orders.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Notice } from '../components/Notice.tsx';
import { Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import {
  dayName,
  dayTick,
  FigureTile,
  figureText,
  momentName,
  shortText,
  type Teller,
  valueOf,
} from './figures.tsx';
import { LineChart } from './line-chart.tsx';
import { DeskShell } from './shell.tsx';
import { touchpointName } from './touchpoints.ts';

const SPANS = [1, 7, 28] as const;
const METRICS = ['net_sales', 'orders', 'average_order', 'returns'] as const satisfies MetricName[];
const ORDERS_SHOWN = 10;

interface Home {
  currency: string;
  spans: SalesAnswer[];
  days: SalesAnswer;
  orders: LatestOrder[];
  asOf: Date;
  changedAt: Date;
  timeZone: string;
}

/** The desk's first page: how today goes beside the weeks before, and what was bought last. */
export const deskHomePage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  app.get('/desk', page('staff'), async ({ viewer }, reply) => {
    const refused = mayEnter(viewer, PERSONAL_READERS) ? await refusedRefundCount(deps.reads) : 0;
    const isAdmin = mayEnter(viewer, 'staff:admin');
    const unusual = isAdmin ? await unusualFeedCount(deps.reads, deps.now()) : 0;
    const [home, findings] = await Promise.all([readHome(deps), openFindingCount(deps.reads)]);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.home')}>
        <header class="desk-head">
          <h1>{t('desk.home')}</h1>
          <p class="soft">{t('desk.home.lead')}</p>
        </header>
        {refused > 0 && (
          <Notice kind="error">
            {t('desk.refunds.waiting', { count: refused })}{' '}
            <a href="/desk/refunds">{t('desk.refunds.see')}</a>
          </Notice>
        )}
        {unusual > 0 && (
          <Notice kind="warning">
            {t('desk.quality.waiting', { count: unusual })}{' '}
            <a href="/desk/quality">{t('desk.quality.see')}</a>
          </Notice>
        )}
        {findings > 0 && (
          <Notice kind="warning">
            {t('desk.guidance.home', { count: findings })}{' '}
            <a href="/desk/guidance">{t('desk.guidance.home.see')}</a>
          </Notice>
        )}
        <live-figures id="figures" data-since={home.changedAt.toISOString()}>
          <HomeView page={about} home={home} />
        </live-figures>
      </DeskShell>
    ));
  });
};

async function readHome({ db, reads, clickhouse, config, now }: Deps): Promise<Home> {
  const clock = { now: now(), timeZone: config.timeZone };
  const [{ asOf, changedAt }, parts] = await Promise.all([freshness(db), ledgerParts(clickhouse)]);
  const currency =
    (parts.find((part) => part.currency === config.currency) ?? parts[0])?.currency ?? config.currency;
  const to = businessDayAt(clock.now, clock.timeZone);
  const asked = { to, currency, metrics: METRICS, compare: true };
  const [days, orders, ...spans] = await Promise.all([
    salesBy(clickhouse, { ...asked, by: 'day', from: shiftDay(to, -27) }, clock),
    latestOrders(reads, currency, ORDERS_SHOWN),
    ...SPANS.map((span) =>
      salesBy(clickhouse, { ...asked, by: 'none', from: shiftDay(to, 1 - span) }, clock),
    ),
  ]);
  return { currency, spans, days, orders, asOf, changedAt, timeZone: config.timeZone };
}

function HomeView({ page: { format }, home }: { page: Page; home: Home }) {
  const { spans, days, orders, asOf, timeZone, currency } = home;
  const teller: Teller = { format, currency };
  if (orders.length === 0) {
    return (
      <EmptyState title={t('desk.empty.title')} text={t('desk.empty.text')}>
        <ButtonLink href="/">{t('desk.to_shop')}</ButtonLink>
      </EmptyState>
    );
  }
  return (
    <>
      {SPANS.map((span, index) => (
        <Span key={span} span={span} answer={spans[index]} teller={teller} />
      ))}
      <section class="panel" aria-labelledby="line-title">
        <div class="panel-head">
          <h2 id="line-title">{t('desk.line', { metric: metricOf('net_sales').title })}</h2>
          <a class="export" href={`/desk/market?currency=${currency}`}>
            {t('desk.home.market')}
          </a>
        </div>
        <HomeLine answer={days} teller={teller} />
      </section>
      <section class="panel" aria-labelledby="orders-title">
        <h2 id="orders-title">{t('desk.orders')}</h2>
        <OrderTable orders={orders} teller={teller} timeZone={timeZone} />
      </section>
      <p class="as-of">{t('desk.as_of', { time: format.dateTime(asOf, timeZone) })}</p>
    </>
  );
}

function Span({
  span,
  answer,
  teller,
}: {
  span: (typeof SPANS)[number];
  answer: SalesAnswer | undefined;
  teller: Teller;
}) {
  if (!answer) return null;
  const title = span === 1 ? t('desk.today') : t('desk.preset.days', { days: span });
  return (
    <section class={span === 1 ? 'span span-today' : 'span'} aria-labelledby={`span-${span}`}>
      <h2 id={`span-${span}`}>{title}</h2>
      <p class="soft small">{span === 1 ? t('desk.today.before') : t('desk.days.before', { days: span })}</p>
      <ul class="tiles-figures">
        {METRICS.map((metric) => (
          <FigureTile
            key={metric}
            teller={teller}
            metric={metric}
            figures={answer.total.figures}
            before={answer.total.before}
          />
        ))}
      </ul>
    </section>
  );
}

function HomeLine({ answer, teller }: { answer: SalesAnswer; teller: Teller }) {
  const { format, currency } = teller;
  const total = figureText(teller, 'net_sales', valueOf(answer.total.figures, 'net_sales'));
  return (
    <LineChart
      label={t('desk.line.label', { metric: metricOf('net_sales').title, total })}
      points={answer.rows.map(({ key, figures, before }) => ({
        day: key,
        value: valueOf(figures, 'net_sales') ?? null,
        before: valueOf(before, 'net_sales'),
        title: `${dayName(format, key)}: ${figureText(teller, 'net_sales', valueOf(figures, 'net_sales'))}`,
        href: `/desk/market?from=${key}&to=${key}&currency=${currency}`,
      }))}
      names={{ value: t('desk.line.now'), before: t('desk.line.before') }}
      tick={(value) => shortText(teller, 'net_sales', value)}
      dayTick={(day) => dayTick(format, day, false)}
      today={answer.today}
    />
  );
}

function OrderTable({
  orders,
  teller: { format },
  timeZone,
}: {
  orders: LatestOrder[];
  teller: Teller;
  timeZone: string;
}) {
  return (
    <Table
      caption={t('desk.orders')}
      rows={orders}
      rowKey={({ id }) => id}
      columns={[
        { title: t('desk.orders.number'), cell: ({ number }) => number },
        { title: t('desk.orders.placed'), cell: ({ placedAt }) => momentName(format, placedAt, timeZone) },
        { title: t('desk.table.region'), cell: ({ regionName }) => regionName },
        { title: t('desk.filters.touchpoint'), cell: ({ touchpoint }) => touchpointName(touchpoint) },
        { title: t('desk.orders.units'), figures: true, cell: ({ units }) => format.number(units) },
        {
          title: t('desk.orders.total'),
          figures: true,
          cell: ({ totalMinor, currency }) => format.money(totalMinor, currency),
        },
      ]}
    />
  );
}
