import { brandNames, categoryNames } from '#modules/catalog/index.ts';
import {
  type Against,
  type Clock,
  drill,
  withOrders,
  type DrillPage,
  driverDimensions,
  type Drivers,
  driversOf,
  homes,
  insightErrors,
  marketStock,
  type MarketStockAnswer,
  type SalesAnswer,
} from '#modules/insight/index.ts';
import type { Location } from '#modules/inventory/index.ts';
import { type Share, territories } from '#modules/market/index.ts';
import { AppError } from '#platform/errors.ts';
import type { Deps } from '#platform/module.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { orderNumbers } from '#read/order-numbers.ts';
import { productNames } from '#read/product-names.ts';
import { regionPath } from '#read/region-shapes.ts';
import type { View } from './market-query.ts';
import { filtersFor, sheetOf } from './market-sheet.ts';

const DRIVERS_MOST = 5;
const DOCUMENTS_SHOWN = 6;

/** A store beside what it was credited with of the region's sales. */
export interface StoreRow {
  /** Empty where no territory claims what was sold. */
  locationId: string;
  name: string;
  /** Its share of the region by the territory in force at the end of the period. */
  weight: number | null;
  credit: number;
  before: number | undefined;
}

export interface Documents extends DrillPage {
  /** The numbers of the orders that are ours, by their ids. */
  numbers: ReadonlyMap<string, string>;
}

/** What is told beside the map about the region that was chosen. */
export interface Panel {
  path: MarketRegion[];
  stores: StoreRow[];
  /** The territory is the region's own, or that of a region above it. */
  heldBy: MarketRegion | undefined;
  drivers: Drivers[];
  /** The parts of the change would be more than can be read. */
  isTooMuch: boolean;
  names: ReadonlyMap<string, string>;
  documents: Documents | undefined;
  touchpoints: SalesAnswer | undefined;
  stock: MarketStockAnswer;
  isOwnCurrency: boolean;
}

interface Asked {
  view: View;
  region: string;
  regions: ReadonlyMap<string, MarketRegion>;
  places: readonly Location[];
  against: Against | undefined;
  clock: Clock;
}

export async function readPanel(deps: Deps, asked: Asked): Promise<Panel> {
  const { view, region, regions, places, against, clock } = asked;
  const named = (code: string) => regions.get(code) ?? { code, name: code, outlineId: null };
  const path = await regionPath(deps.reads, region);
  const { metric, shown: period, diagnose } = view;
  const { currency } = deps.config;
  const asArea = { ...period, currency, by: 'area' as const, region };
  const [{ shares, heldBy }, credits, parts, documents, touchpoints, stock] = await Promise.all([
    sharesOn(deps, path, period.to),
    sheetOf(deps, view, { by: 'store', metrics: ['regional_credit'], period, region, against }, clock),
    partsOfChange(deps, asked),
    documentsOf(deps, view, region, { limit: DOCUMENTS_SHOWN }),
    diagnose && sheetOf(deps, view, { by: diagnose, metrics: [metric], period, region, against }, clock),
    marketStock(deps.clickhouse, asArea, clock, homes(deps.reads)),
  ]);
  const ids = parts.drivers.flatMap(({ dimension, rows }) => (dimension === 'product' ? rows : []));
  const products = await productNames(
    deps.reads,
    ids.flatMap(({ key }) => (/^[0-9a-f-]{36}$/.test(key) ? [key] : [])),
  );
  const hasCategories = parts.drivers.some(({ dimension }) => dimension === 'category');
  const categories = hasCategories ? await categoryNames(deps.reads) : new Map<string, string[]>();
  const hasBrands = parts.drivers.some(({ dimension }) => dimension === 'brand');
  const brands = hasBrands ? await brandNames(deps.reads) : new Map<string, string>();
  const names = new Map([
    ...brands,
    ...[...categories].map(([path, above]): [string, string] => [path, above.join(' › ')]),
    ...places.map(({ id, name }): [string, string] => [id, name]),
    ...[...products].map(([id, { title }]): [string, string] => [id, title]),
  ]);
  return {
    path: path.map(named),
    stores: storeRows(shares, credits, names),
    heldBy: heldBy === undefined ? undefined : named(heldBy),
    ...parts,
    names,
    documents,
    touchpoints,
    stock,
    isOwnCurrency: view.currency === currency,
  };
}

/** Whose the region is on a day: by its own territory, or by the nearest above it that has stores. */
async function sharesOn(
  { reads }: Deps,
  path: readonly string[],
  day: string,
): Promise<{ shares: Share[]; heldBy: string | undefined }> {
  const held = (await territories(reads, day)).filter(
    ({ startsOn, endsOn, shares }) =>
      startsOn <= day && (endsOn === null || day < endsOn) && shares.length > 0,
  );
  for (const code of path.toReversed()) {
    const found = held.find(({ regionCode }) => regionCode === code);
    if (found) return { shares: found.shares, heldBy: code };
  }
  return { shares: [], heldBy: undefined };
}

/** Stores that have the region now, and those that were credited with something of it in either period. */
function storeRows(
  shares: readonly Share[],
  credits: SalesAnswer,
  names: ReadonlyMap<string, string>,
): StoreRow[] {
  const ids = new Set([...shares.map(({ locationId }) => locationId), ...credits.rows.map(({ key }) => key)]);
  return [...ids]
    .map((locationId): StoreRow => {
      const row = credits.rows.find(({ key }) => key === locationId);
      return {
        locationId,
        name: names.get(locationId) ?? locationId.slice(0, 8),
        weight: shares.find((share) => share.locationId === locationId)?.weight ?? null,
        credit: row?.figures.regional_credit?.value ?? 0,
        before: credits.total.before && (row?.before?.regional_credit?.value ?? 0),
      };
    })
    .filter(({ weight, credit, before }) => weight !== null || credit !== 0 || (before ?? 0) !== 0)
    .sort((a, b) => b.credit - a.credit || (a.name < b.name ? -1 : 1));
}

async function partsOfChange(
  { clickhouse }: Deps,
  { view, region, against, clock }: Asked,
): Promise<Pick<Panel, 'drivers' | 'isTooMuch'>> {
  const { metric, shown, currency } = view;
  if (!against) return { drivers: [], isTooMuch: false };
  const filters = filtersFor(metric, view, region);
  const asked = { ...shown, currency, metric, filters, most: DRIVERS_MOST };
  try {
    const drivers = await Promise.all(
      driverDimensions(metric).map((dimension) =>
        driversOf(clickhouse, { ...asked, dimension }, against, clock),
      ),
    );
    // One row explains nothing: all of the change is of the only source there is.
    return { drivers: drivers.filter(({ rows }) => rows.length > 1), isTooMuch: false };
  } catch (error) {
    if (error instanceof AppError && error.code === insightErrors.answer_too_large.code)
      return { drivers: [], isTooMuch: true };
    throw error;
  }
}

/** The very orders, returns, cancellations, questions and contacts behind a figure; undefined of one that is made of none. */
export async function documentsOf(
  { clickhouse, reads, now }: Pick<Deps, 'clickhouse' | 'reads' | 'now'>,
  view: View,
  region: string | undefined,
  page: { after?: string | undefined; limit: number },
): Promise<Documents | undefined> {
  const { metric, shown, currency } = view;
  const question = { ...shown, currency, metric, filters: filtersFor(metric, view, region) };
  try {
    const today = now().toISOString().slice(0, 10);
    const found = await withOrders(reads, await drill(clickhouse, question, { ...page, today }));
    const numbers = await orderNumbers(
      reads,
      found.rows.flatMap(({ orderId }) => orderId || []),
    );
    return { ...found, numbers };
  } catch (error) {
    if (error instanceof AppError && error.code === insightErrors.question_unfit.code) return undefined;
    throw error;
  }
}
