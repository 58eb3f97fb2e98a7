import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import {
  deleteView,
  metricOf,
  SALE_METRIC_NAMES,
  type SalesAnswer,
  saveView,
} from '#modules/insight/index.ts';
import type { Viewer } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import { ButtonLink } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { t } from '../messages.ts';
import { type Page, page, sendOn } from '../page.ts';
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
import { mapTitle, zoomTitle } from './market-areas.tsx';
import { MarketFiles } from './market-files.tsx';
import { MarketFilters } from './market-filters.tsx';
import { MarketMap } from './market-map.tsx';
import { MarketPanel } from './market-panel.tsx';
import { hrefOf, MarketQuery, type View } from './market-query.ts';
import { type Market, readMarket } from './market-read.ts';
import { namesWithin } from './market-sheet.ts';
import { MarketSteps } from './market-steps.tsx';
import { Bridge, MarketTable } from './market-tables.tsx';
import { SavedViews, ViewBody, type ViewFault, viewFaultOf } from './market-views.tsx';
import { periodText } from './market-words.ts';
import { MarketZoom } from './market-zoom.tsx';
import { DeskShell } from './shell.tsx';

const TILES = ['net_sales', 'orders', 'units', 'average_order', 'returns', 'invoiced'] as const;
const ADDRESS = '/desk/market';

/** The market page: where and when sales happened, why, and whose they are. */
export const marketPage: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const show = async (reply: FastifyReply, query: MarketQuery, viewer: Viewer, fault?: ViewFault) => {
    const market = await readMarket(deps, query, viewer.memberId ?? '');
    if (fault) void reply.code(422);
    return reply.page((about) => (
      <DeskShell page={about} title={t('desk.market')}>
        <MarketPage page={about} market={market} fault={fault} />
      </DeskShell>
    ));
  };

  app.get(ADDRESS, page('staff', { querystring: MarketQuery }), async ({ query, viewer }, reply) =>
    show(reply, query, viewer),
  );

  // The form posts to the address that it keeps.
  app.post(
    ADDRESS,
    page('staff', { querystring: MarketQuery, body: ViewBody }),
    async ({ query, viewer, body, url }, reply) => {
      const { memberId = '' } = viewer;
      const { id, name } = body;
      if (body.do === 'delete') {
        await inTransaction(deps.db, (tx) => deleteView(tx, memberId, id));
        return sendOn(reply, url, 'desk.market.views.is_deleted');
      }
      try {
        await inTransaction(deps.db, (tx) => saveView(tx, memberId, { id, name, address: url }, deps.now()));
      } catch (error) {
        const text = error instanceof AppError ? viewFaultOf(error) : undefined;
        if (text === undefined) throw error;
        return show(reply, query, viewer, { typed: body, text });
      }
      return sendOn(reply, url, 'desk.market.views.is_saved');
    },
  );
};

interface Props {
  page: Page;
  market: Market;
  fault: ViewFault | undefined;
}

function MarketPage({ page: { format }, market, fault }: Props) {
  const { view, parts, regions, byDay, asOf, changedAt, timeZone, views } = market;
  const teller = { format, currency: view.currency };
  return (
    <>
      <header class="desk-head market-head">
        <div id="market-head">
          <h1>{t('desk.market')}</h1>
          <p class="soft">{periodText(view, byDay, teller)}</p>
        </div>
        <SavedViews view={view} views={views} fault={fault} />
      </header>
      <div id="market-filters">
        <MarketFilters view={view} parts={parts} regions={regions} />
      </div>
      <live-figures id="figures" data-since={changedAt.toISOString()}>
        {isEmpty(byDay, view) && !view.step ? (
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
  const { view, byDay, panel } = market;
  const { title } = metricOf(view.metric);
  const line = byDay.rows.length > 1 && (
    <section class="panel" aria-labelledby="line-title">
      <h2 id="line-title">{t('desk.line', { metric: title })}</h2>
      <MarketLine view={view} answer={byDay} teller={teller} />
    </section>
  );
  const bridge = (
    <section class="panel bridge-panel" aria-labelledby="bridge-title">
      <h2 id="bridge-title">{t('desk.bridge')}</h2>
      <Bridge total={byDay.total} teller={teller} />
    </section>
  );
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
      {panel ? (
        <div class="market-pair">
          <MapSection market={market} teller={teller} />
          <MarketPanel view={view} panel={panel} total={byDay.total} teller={teller} />
          <div>
            {line}
            {bridge}
          </div>
        </div>
      ) : (
        <>
          <MapSection market={market} teller={teller} />
          <div class={line ? 'desk-pair' : undefined}>
            {line}
            {bridge}
          </div>
        </>
      )}
      <TableSection market={market} teller={teller} />
    </>
  );
}

/** From the world to a country and its areas, with the steps of the period below. */
function MapSection({ market, teller }: { market: Market; teller: Teller }) {
  const { view, regions, places, byRegion, zoom, panel, scale, zoomScale } = market;
  return (
    <section class="panel market-map" aria-labelledby="map-title">
      <div class="panel-head">
        <h2 id="map-title">{zoom ? zoomTitle(view, zoom.country.name) : mapTitle(view)}</h2>
        {panel && (
          <nav class="map-path" aria-label={t('desk.market.path')}>
            <a href={hrefOf(view, { region: '' })}>{t('desk.market.world')}</a>
            {panel.path.map(({ code, name }) => (
              <a
                key={code}
                href={hrefOf(view, { region: code })}
                aria-current={code === view.region ? 'page' : undefined}
              >
                {name}
              </a>
            ))}
          </nav>
        )}
      </div>
      {zoom ? (
        <MarketZoom view={view} zoom={zoom} scale={zoomScale} teller={teller} />
      ) : (
        <MarketMap
          view={view}
          answer={byRegion}
          scale={scale}
          regions={regions}
          places={places}
          teller={teller}
        />
      )}
      <MarketSteps market={market} teller={teller} />
    </section>
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
    href: hrefOf(view, { from: key, to: key }),
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

function TableSection({ market, teller }: { market: Market; teller: Teller }) {
  const { view, byDay } = market;
  const places = placesIn(market);
  const regions = namesWithin(market.regions, places);
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
        <MarketFiles view={view} />
      </div>
      <MarketTable
        view={view}
        answer={view.by === 'day' ? byDay : places}
        regions={regions}
        teller={teller}
      />
    </section>
  );
}

/** All countries, or what the chosen region consists of: either adds up to the total below. */
function placesIn({ view: { region }, byRegion, byArea, byDay }: Market): SalesAnswer {
  if (!region || !byArea) return byRegion;
  const isIn = (code: string) => code === region || code.startsWith(`${region}-`);
  return { ...byArea, rows: byArea.rows.filter(({ key }) => isIn(key)), total: byDay.total };
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
      <ButtonLink href={hrefOf(view, { period: 'all', region: '', source: '', touchpoint: '', step: '' })}>
        {t('desk.nothing.action')}
      </ButtonLink>
    </EmptyState>
  );
}

/** Nothing in this period and nothing in the one before: nothing sold, and of a figure of something else nothing of that. */
const isEmpty = ({ total: { figures, before } }: SalesAnswer, { metric }: Pick<View, 'metric'>) =>
  [...SALE_METRIC_NAMES, metric].every(
    (name) =>
      !valueOf(figures, name) &&
      !valueOf(before, name) &&
      !figures[name]?.denominator &&
      !before?.[name]?.denominator,
  );
