import {
  type Against,
  type Answer,
  answerAgainst,
  type Clock,
  type Dimension,
  type Filters,
  type LedgerPart,
  ledgerParts,
  metricDimensions,
  type MetricName,
  type Period,
  type SalesAnswer,
  type SalesRow,
} from '#modules/insight/index.ts';
import type { Deps } from '#platform/module.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { t } from '../messages.ts';
import { type MarketQuery, type View, viewOf } from './market-query.ts';

/** What is asked of the figures for a part of the page. */
export interface Sheet {
  by: Extract<Dimension, 'region' | 'area' | 'store' | 'day' | 'week' | 'month' | 'touchpoint'>;
  metrics: readonly MetricName[];
  period: Period;
  region?: string | undefined;
  against?: Against | undefined;
}

/** The view of an address; a region that there is none of is let go. */
export async function viewFor(
  { clickhouse, config, now, reads }: Deps,
  query: MarketQuery,
): Promise<{ view: View; parts: LedgerPart[]; regions: Map<string, MarketRegion>; clock: Clock }> {
  const [parts, regions] = await Promise.all([ledgerParts(clickhouse), marketRegions(reads)]);
  const clock = { now: now(), timeZone: config.timeZone };
  const view = viewOf(query, { ...clock, currency: config.currency, parts });
  const region = view.region && regions.has(view.region) ? view.region : undefined;
  return { view: { ...view, region }, parts, regions, clock };
}

/** What a figure can be narrowed by of what was asked. */
export function filtersFor(
  metric: MetricName,
  { source, touchpoint }: Pick<View, 'source' | 'touchpoint'>,
  region: string | undefined,
): Filters {
  const fit = metricDimensions(metric);
  const wanted = { region, source, touchpoint };
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([name, value]) => value !== undefined && fit.some((each) => each === name))
      .map(([name, value]) => [name, [value ?? '']]),
  );
}

/** Figures that can be narrowed alike are asked together; what can't be is shown for everything, and the page says so. */
export async function sheetOf(
  { clickhouse }: Pick<Deps, 'clickhouse'>,
  view: View,
  { by, metrics, period, region, against }: Sheet,
  clock: Clock,
): Promise<SalesAnswer> {
  const fit = metrics.filter((metric) => metricDimensions(metric).includes(by));
  const groups = Map.groupBy(fit, (metric) => JSON.stringify(filtersFor(metric, view, region)));
  const answers = await Promise.all(
    [...groups].map(([filters, names]) =>
      answerAgainst(
        clickhouse,
        {
          ...period,
          currency: view.currency,
          by: [by],
          metrics: names,
          filters: JSON.parse(filters) as Filters,
        },
        against,
        clock,
      ),
    ),
  );
  return joined(by, answers, { currency: view.currency, period });
}

function joined(
  by: Sheet['by'],
  answers: readonly Answer[],
  about: Pick<SalesAnswer, 'currency' | 'period'>,
): SalesAnswer {
  const rows = new Map<string, SalesRow>();
  let total: SalesRow = { key: '', figures: {} };
  for (const answer of answers) {
    for (const { keys, figures, before } of answer.rows) {
      const key = keys[by] ?? '';
      rows.set(key, withFigures(rows.get(key) ?? { key, figures: {} }, figures, before));
    }
    total = withFigures(total, answer.total.figures, answer.total.before);
  }
  const [first] = answers;
  return {
    ...about,
    ...(first?.periodBefore && { periodBefore: first.periodBefore }),
    ...(first?.today && { today: first.today }),
    rows: [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    total,
  };
}

const withFigures = (row: SalesRow, figures: SalesRow['figures'], before: SalesRow['before']): SalesRow => ({
  key: row.key,
  figures: { ...row.figures, ...figures },
  ...((row.before ?? before) && { before: { ...row.before, ...before } }),
});

/** Names for rows of areas: a country that is divided stands among its areas for what lies elsewhere in it. */
export function namesWithin(
  regions: ReadonlyMap<string, MarketRegion>,
  { rows }: SalesAnswer,
): ReadonlyMap<string, MarketRegion> {
  const names = new Map(regions);
  for (const { key } of rows) {
    const region = regions.get(key);
    const isDivided = rows.some((other) => other.key.startsWith(`${key}-`));
    if (region && isDivided)
      names.set(key, { ...region, name: t('desk.market.zoom.elsewhere', { region: region.name }) });
  }
  return names;
}
