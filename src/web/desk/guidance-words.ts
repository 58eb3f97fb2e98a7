import type { Adjustment, Finding, FindingDay, Watched } from '#modules/guidance/index.ts';
import { type Location, locations } from '#modules/inventory/index.ts';
import { metricOf } from '#modules/insight/index.ts';
import type { Db } from '#platform/db.ts';
import { type MarketRegion, marketRegions } from '#read/market-regions.ts';
import { type VariantName, variantNames } from '#read/stock-list.ts';
import { t } from '../messages.ts';
import { figureText, type Teller } from './figures.tsx';

/** What codes and ids on these pages are called. */
export interface Names {
  regions: Map<string, MarketRegion>;
  variants: Map<string, VariantName>;
  places: Map<string, Location>;
}

export async function namesFor(
  { db, reads }: { db: Db; reads: Db },
  { found }: { found: readonly Adjustment[] },
): Promise<Names> {
  const variantIds = [
    ...new Set(
      found.flatMap(({ facts, effect }) => [
        ...('variantId' in facts ? [facts.variantId] : []),
        // Goods that another price is measured beside.
        ...(effect?.state === 'measured'
          ? effect.weights.flatMap((each) => ('variantId' in each ? [each.variantId] : []))
          : []),
      ]),
    ),
  ];
  const [regions, variants, places] = await Promise.all([
    marketRegions(reads),
    variantNames(reads, variantIds),
    locations(db),
  ]);
  return { regions, variants, places: new Map(places.map((place) => [place.id, place])) };
}

export const regionName = ({ regions }: Pick<Names, 'regions'>, code: string): string =>
  code === '' ? t('desk.guidance.all_regions') : (regions.get(code)?.name ?? code);

export const placeName = ({ places }: Names, id: string): string =>
  places.get(id)?.name ?? t('desk.guidance.gone_place');

/** "Blue vase, small (VASE-1)" */
export function variantName({ variants }: Names, id: string): string {
  const found = variants.get(id);
  return found
    ? `${[found.title, ...found.options].join(', ')} (${found.sku})`
    : t('desk.guidance.gone_variant');
}

export const findingName = (names: Names, { metric, region }: Pick<Finding, 'metric' | 'region'>): string =>
  t('desk.guidance.name', { metric: metricOf(metric).title, region: regionName(names, region) });

/** Money in whole minor units; counts without what an expectation has behind the point. */
export function roundedText(teller: Teller, metric: Watched, value: number): string {
  const { unit } = metricOf(metric);
  return figureText(teller, metric, unit === 'share' ? value : Math.round(value));
}

/** "+3" or "−3": a change always has its sign. */
export function changed(teller: Teller, metric: Watched, change: number): string {
  const text = roundedText(teller, metric, Math.abs(change));
  if (text === roundedText(teller, metric, 0)) return text;
  return change > 0 ? `+${text}` : `−${text}`;
}

/** Of several days the one that is the least likely to be chance. */
export const worst = ({ days }: { days: readonly FindingDay[] }): FindingDay | undefined =>
  days.toSorted((a, b) => a.chance - b.chance)[0];
