import type { SalesAnswer, SalesRow } from '#modules/insight/index.ts';
import type { Location } from '#modules/inventory/index.ts';
import { positionsOf, type Territory, territories } from '#modules/market/index.ts';
import type { Deps } from '#platform/module.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { type RegionShape, shapesOf } from '#read/region-shapes.ts';
import {
  borderPath,
  cellsOfMiddles,
  cellsPath,
  countryMap,
  type CountryMap,
  isInFrame,
  type Place,
} from './country-map.ts';
import { countryOf, type View } from './market-query.ts';

/** A part of the country as it is drawn: its cells, or the cell that its middle lies in. */
export interface ZoomArea {
  code: string;
  name: string;
  path: string;
  /** Its parts are postcodes: the cell says where about it is, and not how far it reaches. */
  isMiddle: boolean;
  /** What was counted in it and in no area within it. */
  row: SalesRow | undefined;
  hasAreas: boolean;
}

export interface ZoomStore {
  code: string;
  name: string;
  x: number;
  y: number;
}

/** A region that stores have by a territory in force. */
export interface ZoomTerritory {
  code: string;
  name: string;
  /** Its border; empty of an area of postcodes, which has none to draw. */
  border: string;
  holders: { name: string; weight: number; line: string }[];
}

/** The country of the chosen region, from its outline down to H3 cells. */
export interface Zoom {
  map: CountryMap;
  /** All of it, and what was counted in it and in none of its areas. */
  country: { code: string; name: string; whole: SalesRow | undefined; elsewhere: SalesRow | undefined };
  areas: ZoomArea[];
  /** Areas that nobody knows the place of. */
  unplaced: ZoomArea[];
  stores: ZoomStore[];
  territories: ZoomTerritory[];
}

interface Asked {
  view: View;
  region: string;
  regions: ReadonlyMap<string, MarketRegion>;
  places: readonly Location[];
  byRegion: SalesAnswer;
  byArea: SalesAnswer;
}

/** Undefined of what has no outline: nobody can draw it larger. */
export async function readZoom({ reads }: Deps, asked: Asked): Promise<Zoom | undefined> {
  const { view, region, regions, places, byRegion, byArea } = asked;
  const countryCode = countryOf(region);
  const outlineId = regions.get(countryCode)?.outlineId;
  if (!outlineId) return undefined;
  const day = view.shown.to;
  const [shapes, held, middles] = await Promise.all([
    shapesOf(reads, countryCode),
    territories(reads, day),
    positionsOf(reads),
  ]);
  const below = shapes.filter(({ code }) => code !== countryCode);
  const map = countryMap(outlineId, focusOf(region, countryCode, below));
  if (!map) return undefined;
  const cellOf = middleCells(below, map.km2);
  const rowOf = (code: string) => byArea.rows.find(({ key }) => key === code);
  const areas = below.map((shape) => areaOf(shape, map, cellOf, rowOf, below));
  const inForce = held.filter(
    ({ regionCode, startsOn, endsOn, shares }) =>
      startsOn <= day &&
      (endsOn === null || day < endsOn) &&
      shares.length > 0 &&
      shapes.some(({ code }) => code === regionCode),
  );
  const country = { code: countryCode, name: regions.get(countryCode)?.name ?? countryCode };
  return {
    map,
    country: {
      ...country,
      whole: byRegion.rows.find(({ key }) => key === countryCode),
      elsewhere: below.length > 0 ? rowOf(countryCode) : undefined,
    },
    areas: areas.filter(({ path }) => path !== ''),
    unplaced: areas.filter(({ path, row }) => path === '' && row),
    stores: storesIn(map, places),
    territories: inForce.map((territory) => territoryOf(territory, { map, shapes, places, middles })),
  };
}

/** An area is looked at with what is around it, a country whole. */
function focusOf(region: string, countryCode: string, below: readonly RegionShape[]): Place[] {
  if (region === countryCode) return [];
  const chosen = below.filter(({ code }) => code === region || code.startsWith(`${region}-`));
  return chosen.flatMap(({ latitude, longitude }) =>
    latitude === null || longitude === null ? [] : [{ latitude, longitude }],
  );
}

function middleCells(below: readonly RegionShape[], km2: number): Map<string, string> {
  const alone = below.flatMap(({ code, cells, latitude, longitude }) =>
    cells.length > 0 || latitude === null || longitude === null ? [] : [{ code, latitude, longitude }],
  );
  const cells = cellsOfMiddles(alone, km2);
  return new Map(alone.map(({ code }, index) => [code, cells[index] ?? '']));
}

function areaOf(
  { code, name, cells }: RegionShape,
  { at }: CountryMap,
  cellOf: ReadonlyMap<string, string>,
  rowOf: (code: string) => SalesRow | undefined,
  below: readonly RegionShape[],
): ZoomArea {
  const middle = cellOf.get(code);
  return {
    code,
    name,
    path: cellsPath(cells.length > 0 ? cells : middle ? [middle] : [], at),
    isMiddle: cells.length === 0,
    row: rowOf(code),
    hasAreas: below.some(({ parentCode }) => parentCode === code),
  };
}

const storesIn = (map: CountryMap, places: readonly Location[]): ZoomStore[] =>
  places.flatMap(({ kind, code, name, latitude, longitude }) => {
    const point = map.at({ latitude, longitude });
    return kind === 'store' && isInFrame(map, point) ? [{ code, name, x: point[0], y: point[1] }] : [];
  });

function territoryOf(
  { regionCode, shares }: Territory,
  {
    map,
    shapes,
    places,
    middles,
  }: {
    map: CountryMap;
    shapes: readonly RegionShape[];
    places: readonly Location[];
    middles: ReadonlyMap<string, Place>;
  },
): ZoomTerritory {
  const shape = shapes.find(({ code }) => code === regionCode);
  const isCountry = !regionCode.includes('-');
  const middle = middles.get(regionCode);
  const to = middle && map.at(middle);
  return {
    code: regionCode,
    name: shape?.name ?? regionCode,
    border: isCountry ? map.country : borderPath(shape?.cells ?? [], map.at),
    holders: shares.map(({ locationId, weight }) => {
      const place = places.find(({ id }) => id === locationId);
      const from = place && map.at(place);
      return {
        name: place?.name ?? locationId.slice(0, 8),
        weight,
        line: from && to ? `M${from.join(' ')}L${to.join(' ')}` : '',
      };
    }),
  };
}
