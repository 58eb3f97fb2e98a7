import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  freshness,
  type LedgerPart,
  ledgerParts,
  SALE_METRIC_NAMES,
  metricOf,
  type SalesAnswer,
  salesBy,
} from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import { type MarketRegion, marketRegions } from '../../read/market-regions.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { t } from '../messages.ts';
import { type Page, page } from '../page.ts';
import {
  dayName,
  dayTick,
  FigureTile,
  figureText,
  hasFigures,
  shortText,
  type Teller,
  valueOf,
} from './figures.tsx';
import { LineChart } from './line-chart.tsx';
import { marketCsv } from './market-csv.ts';
import { MarketFilters } from './market-filters.tsx';
import { MarketMap } from './market-map.tsx';
import { hrefOf, MarketQuery, questionOf, type View, viewOf } from './market-query.ts';
import { Bridge, columnsFor, MarketTable } from './market-tables.tsx';
import { DeskShell } from './shell.tsx';

const TILES = ['net_sales', 'orders', 'units', 'average_order', 'returns', 'invoiced'] as const;

interface Market {
  view: View;
  parts: LedgerPart[];
  regions: Map<string, MarketRegion>;
  byRegion: SalesAnswer;
  byDay: SalesAnswer;
  asOf: Date;
  changedAt: Date;
  timeZone: string;
}

/** The market page: where and when sales happened, and its table as CSV. */
export const marketPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const parts = { querystring: MarketQuery };
  app.get('/desk/market', page('staff', parts), async ({ query }, reply) => {
    const market = await readMarket(deps, query);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.market')}>
        <MarketPage page={about} market={market} />
      </DeskShell>
    ));
  });

  app.get('/desk/market.csv', page('staff', parts), async ({ query }, reply) => {
    const { clickhouse, config, now, reads } = deps;
    const clock = { now: now(), timeZone: config.timeZone };
    const view = viewOf(query, { ...clock, currency: config.currency, parts: await ledgerParts(clickhouse) });
    const metrics = columnsFor(view.metric);
    const [answer, regions] = await Promise.all([
      salesBy(clickhouse, questionOf(view, view.by, metrics), clock),
      marketRegions(reads),
    ]);
    const name = `sales-by-${view.by}-${view.currency}-${view.period.from}-${view.period.to}.csv`;
    reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`);
    return marketCsv(answer, view.by, regions, metrics);
  });
};

async function readMarket({ db, reads, clickhouse, config, now }: Deps, query: MarketQuery): Promise<Market> {
  // Read first: the figures are at least as current as the page says.
  const [{ asOf, changedAt }, parts, regions] = await Promise.all([
    freshness(db),
    ledgerParts(clickhouse),
    marketRegions(reads),
  ]);
  const clock = { now: now(), timeZone: config.timeZone };
  const view = viewOf(query, { ...clock, currency: config.currency, parts });
  const [byRegion, byDay] = await Promise.all([
    // The map shows all regions, the chosen one among them.
    salesBy(clickhouse, questionOf({ ...view, region: undefined }, 'region', SALE_METRIC_NAMES), clock),
    salesBy(clickhouse, questionOf(view, 'day', SALE_METRIC_NAMES), clock),
  ]);
  return { view, parts, regions, byRegion, byDay, asOf, changedAt, timeZone: config.timeZone };
}

function MarketPage({ page: { format }, market }: { page: Page; market: Market }) {
  const { view, parts, regions, byDay, asOf, changedAt, timeZone } = market;
  const teller = { format, currency: view.currency };
  return (
    <>
      <header class="desk-head">
        <h1>{t('desk.market')}</h1>
        <p class="soft">{periodText(view, byDay, teller)}</p>
      </header>
      <MarketFilters view={view} parts={parts} regions={regions} />
      <live-figures id="figures" data-since={changedAt.toISOString()}>
        {isEmpty(byDay) ? (
          <NothingHere view={view} teller={teller} />
        ) : (
          <Figures market={market} teller={teller} />
        )}
        <p class="as-of">{t('desk.as_of', { time: format.dateTime(asOf, timeZone) })}</p>
      </live-figures>
    </>
  );
}

function Figures({ market, teller }: { market: Market; teller: Teller }) {
  const { view, regions, byRegion, byDay } = market;
  const { title } = metricOf(view.metric);
  const hasLine = byDay.rows.length > 1;
  return (
    <>
      <ul class="tiles-figures">
        {TILES.map((metric) => (
          <FigureTile
            key={metric}
            teller={teller}
            metric={metric}
            figures={byDay.total.figures}
            before={byDay.total.before}
            href={hrefOf(view, { metric })}
            isCurrent={metric === view.metric}
          />
        ))}
      </ul>
      <section class="panel" aria-labelledby="map-title">
        <h2 id="map-title">{t('desk.map', { metric: title })}</h2>
        <MarketMap view={view} answer={byRegion} regions={regions} teller={teller} />
      </section>
      <div class={hasLine ? 'desk-pair' : undefined}>
        {hasLine && (
          <section class="panel" aria-labelledby="line-title">
            <h2 id="line-title">{t('desk.line', { metric: title })}</h2>
            <MarketLine view={view} answer={byDay} teller={teller} />
          </section>
        )}
        <section class="panel bridge-panel" aria-labelledby="bridge-title">
          <h2 id="bridge-title">{t('desk.bridge')}</h2>
          <Bridge total={byDay.total} teller={teller} />
        </section>
      </div>
      <TableSection market={market} teller={teller} />
    </>
  );
}

function MarketLine({ view, answer, teller }: { view: View; answer: SalesAnswer; teller: Teller }) {
  const { metric } = view;
  const { format } = teller;
  const isCompared = hasFigures(answer.total.before);
  const points = answer.rows.map(({ key, figures, before }) => ({
    day: key,
    value: valueOf(figures, metric) ?? null,
    before: isCompared ? valueOf(before, metric) : undefined,
    title: `${dayName(format, key)}: ${figureText(teller, metric, valueOf(figures, metric))}`,
    href: hrefOf(view, { from: key, to: key, by: 'region' }),
  }));
  const total = figureText(teller, metric, valueOf(answer.total.figures, metric));
  const spansYears = answer.period.from.slice(0, 4) !== answer.period.to.slice(0, 4);
  return (
    <LineChart
      label={t('desk.line.label', { metric: metricOf(metric).title, total })}
      points={points}
      names={{ value: t('desk.line.now'), before: t('desk.line.before') }}
      tick={(value) => shortText(teller, metric, value)}
      dayTick={(day) => dayTick(format, day, spansYears)}
      today={answer.today}
    />
  );
}

function TableSection({
  market: { view, regions, byRegion, byDay },
  teller,
}: {
  market: Market;
  teller: Teller;
}) {
  const ofRegion = view.region
    ? { ...byRegion, rows: byRegion.rows.filter(({ key }) => key === view.region), total: byDay.total }
    : byRegion;
  return (
    <section class="panel market-table" aria-labelledby="table-title">
      <div class="panel-head">
        <h2 id="table-title">{t('desk.table')}</h2>
        <nav class="presets" aria-label={t('desk.table.by')}>
          {(['region', 'day'] as const).map((by) => (
            <a
              key={by}
              href={`${hrefOf(view, { by })}#table-title`}
              aria-current={view.by === by ? 'true' : undefined}
            >
              {by === 'day' ? t('desk.table.by_day') : t('desk.table.by_region')}
            </a>
          ))}
        </nav>
        <a class="export" href={hrefOf(view, {}, '/desk/market.csv')} download>
          {t('desk.export')}
        </a>
      </div>
      <MarketTable
        view={view}
        answer={view.by === 'day' ? byDay : ofRegion}
        regions={regions}
        teller={teller}
      />
    </section>
  );
}

function NothingHere({ view, teller: { format, currency } }: { view: View; teller: Teller }) {
  if (!view.part) {
    return (
      <EmptyState title={t('desk.empty.title')} text={t('desk.empty.text')}>
        <ButtonLink href="/">{t('desk.to_shop')}</ButtonLink>
      </EmptyState>
    );
  }
  const { from, to } = view.part;
  return (
    <EmptyState
      title={t('desk.nothing.title', { currency })}
      text={t('desk.nothing.text', { currency, from: format.date(from), to: format.date(to) })}
    >
      <ButtonLink href={hrefOf(view, { period: 'all', region: '', source: '', touchpoint: '' })}>
        {t('desk.nothing.action')}
      </ButtonLink>
    </EmptyState>
  );
}

/** Nothing in this period and nothing in the one before. */
const isEmpty = ({ total }: SalesAnswer) =>
  SALE_METRIC_NAMES.every((name) => !valueOf(total.figures, name) && !valueOf(total.before, name));

function periodText(view: View, { periodBefore, today, total }: SalesAnswer, { format }: Teller): string {
  const { from, to } = view.period;
  const days =
    from === to ? format.date(from) : t('desk.period', { from: format.date(from), to: format.date(to) });
  if (!periodBefore || !hasFigures(total.before)) return days;
  const before =
    periodBefore.from === periodBefore.to
      ? format.date(periodBefore.from)
      : t('desk.period', { from: format.date(periodBefore.from), to: format.date(periodBefore.to) });
  return today ? t('desk.compared_so_far', { days, before }) : t('desk.compared', { days, before });
}
