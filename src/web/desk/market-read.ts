import {
  answerAgainst,
  type Clock,
  type Dimension,
  freshness,
  type LedgerPart,
  SALE_METRIC_NAMES,
  type SalesAnswer,
  type SavedView,
  savedViews,
} from '#modules/insight/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import type { Deps } from '#platform/module.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { changeScale, type Scale, valueScale } from './heat.ts';
import { valueOf } from './figures.tsx';
import { type Panel, readPanel } from './market-panel-read.ts';
import { againstOf, countryOf, type MarketQuery, type View } from './market-query.ts';
import { filtersFor, type Sheet, sheetOf, viewFor } from './market-sheet.ts';
import { readZoom, type Zoom } from './market-zoom-read.ts';

export interface Market {
  view: View;
  parts: LedgerPart[];
  regions: Map<string, MarketRegion>;
  places: Location[];
  /** The map shows all regions, the chosen one among them. */
  byRegion: SalesAnswer;
  byDay: SalesAnswer;
  /** The chosen figure of each step of the period. */
  bySteps: SalesAnswer;
  /** By all that the chosen region's country consists of, each with what was counted in it alone. */
  byArea: SalesAnswer | undefined;
  scale: Scale;
  /** Of the country that is shown larger: its areas are compared with each other. */
  zoomScale: Scale;
  panel: Panel | undefined;
  zoom: Zoom | undefined;
  views: SavedView[];
  asOf: Date;
  changedAt: Date;
  timeZone: string;
}

export async function readMarket(deps: Deps, query: MarketQuery, memberId: string): Promise<Market> {
  const { db, reads, config } = deps;
  // Read first: the figures are at least as current as the page says.
  const { asOf, changedAt } = await freshness(db);
  const { view, parts, regions, clock } = await viewFor(deps, query);
  const { period, shown, region, grain, metric } = view;
  const metrics = [...new Set([...SALE_METRIC_NAMES, metric])];
  const against = againstOf(view);
  const ask = (sheet: Sheet) => sheetOf(deps, view, sheet, clock);
  const [byRegion, byDay, bySteps, places, views, all] = await Promise.all([
    ask({ by: 'region', metrics, period: shown, against }),
    ask({ by: 'day', metrics, period: shown, region, against }),
    ask({ by: grain, metrics: [metric], period, region }),
    locations(reads),
    savedViews(reads, memberId),
    allSteps(deps, view, 'region', clock),
  ]);
  const country = region && countryOf(region);
  const [byArea, panel, areaSteps] = await Promise.all([
    country ? ask({ by: 'area', metrics, period: shown, region: country, against }) : undefined,
    region ? readPanel(deps, { view, region, regions, places, against, clock }) : undefined,
    country ? allSteps(deps, { ...view, region: country }, 'area', clock) : undefined,
  ]);
  const zoom =
    region && byArea ? await readZoom(deps, { view, region, regions, places, byRegion, byArea }) : undefined;
  return {
    view,
    parts,
    regions,
    places,
    byRegion,
    byDay,
    bySteps,
    byArea,
    panel,
    zoom,
    views,
    scale: scaleOf(view, byRegion, all),
    zoomScale: scaleOf(view, byArea ?? byRegion, areaSteps),
    asOf,
    changedAt,
    timeZone: config.timeZone,
  };
}

const scaleOf = (
  view: View,
  { rows }: SalesAnswer,
  all: readonly (number | null | undefined)[] | undefined,
): Scale => {
  const { colour, metric, currency } = view;
  if (colour === 'change') return changeScale;
  return valueScale(metric, currency, all ?? rows.map(({ figures }) => valueOf(figures, metric)));
};

/** The figure of every region in every step: tones of one step are compared with those of the next. */
async function allSteps(
  { clickhouse }: Deps,
  view: View,
  by: 'region' | 'area',
  clock: Clock,
): Promise<(number | null | undefined)[] | undefined> {
  const { step, colour, metric, grain, period, currency } = view;
  if (!step || colour === 'change') return undefined;
  const question = { ...period, currency, metrics: [metric], by: [by, grain] as Dimension[] };
  const filters = filtersFor(metric, view, by === 'area' ? view.region : undefined);
  const { rows } = await answerAgainst(clickhouse, { ...question, filters }, undefined, clock);
  return rows.map(({ figures }) => valueOf(figures, metric));
}
