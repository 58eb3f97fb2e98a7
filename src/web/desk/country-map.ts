import { geoAzimuthalEqualArea, geoArea, geoCentroid, geoDistance, geoPath } from 'd3-geo';
import { cellsToMultiPolygon, cellToBoundary, getHexagonAreaAvg, latLngToCell, UNITS } from 'h3-js';
import { LRUCache } from 'lru-cache';
import { type Country, countryFeatures } from './world-map.ts';

export interface Place {
  latitude: number;
  longitude: number;
}

/** A country, or a part of one, as large as the frame. */
export interface CountryMap {
  width: number;
  height: number;
  /** The land around it. */
  around: string;
  /** The country itself, as far as it is in the frame. */
  country: string;
  /** How much land the country has, but for what lies far away. */
  km2: number;
  /** Where a place is beside the frame's corner: what lies outside of it is cut off. */
  at: (place: Place) => [number, number];
}

const WIDTH = 720;
const HEIGHT = 600;
const MARGIN = 18;
/** What lies farther from the main land than this, on the globe, and than twice its own size, is another frame's. */
const NEAR_RADIANS = 0.12;
/** A place alone is shown with so much around it. */
const AROUND_DEGREES = 0.45;
const KEPT_MAX = 30;
const EARTH_KM = 6_371;

const kept = new LRUCache<string, Pick<CountryMap, 'around' | 'country' | 'km2'> & { project: Project }>({
  max: KEPT_MAX,
});
type Project = (point: [number, number]) => [number, number] | null;
const FAR_AWAY: [number, number] = [-9_999, -9_999];

/** A country by its outline's number; with a focus, the part of it around these places. */
export function countryMap(outlineId: string, focus: readonly Place[] = []): CountryMap | undefined {
  const key = JSON.stringify([outlineId, focus]);
  const made = kept.get(key) ?? draw(outlineId, focus);
  if (!made) return undefined;
  kept.set(key, made);
  const { project, around, country, km2 } = made;
  return {
    width: WIDTH,
    height: HEIGHT,
    around,
    country,
    km2,
    at: ({ latitude, longitude }) => project([longitude, latitude]) ?? FAR_AWAY,
  };
}

export const isInFrame = ({ width, height }: CountryMap, [x, y]: readonly [number, number]): boolean =>
  x >= 0 && x <= width && y >= 0 && y <= height;

function draw(outlineId: string, focus: readonly Place[]) {
  const features = countryFeatures();
  const country = features.find(({ id }) => id === outlineId);
  if (!country) return undefined;
  const land = mainLand(country);
  const shown = focus.length > 0 ? boxAround(focus) : land;
  const [longitude, latitude] = geoCentroid(shown);
  const projection = geoAzimuthalEqualArea()
    .rotate([-longitude, -latitude])
    .fitExtent(
      [
        [MARGIN, MARGIN],
        [WIDTH - MARGIN, HEIGHT - MARGIN],
      ],
      shown,
    );
  const project: Project = (point) => projection(point);
  const clipped = projection.clipExtent([
    [-MARGIN, -MARGIN],
    [WIDTH + MARGIN, HEIGHT + MARGIN],
  ]);
  const path = geoPath(clipped).digits(1);
  const others = features.filter((each) => each !== country);
  const around = others.map((each) => path(each) ?? '').join('');
  const km2 = geoArea(land) * EARTH_KM ** 2;
  return { around, country: path(country) ?? '', km2, project };
}

/** The largest piece of a country, with the pieces near it: no map of France is wide enough for Réunion. */
function mainLand(country: Country): GeoJSON.Feature<GeoJSON.MultiPolygon> {
  const { geometry } = country;
  const pieces = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const measured = pieces
    .map((coordinates) => {
      const polygon: GeoJSON.Polygon = { type: 'Polygon', coordinates };
      return { coordinates, area: geoArea(polygon), centre: geoCentroid(polygon) };
    })
    .sort((a, b) => b.area - a.area);
  const [largest] = measured;
  const near = Math.max(NEAR_RADIANS, 2 * Math.sqrt((largest?.area ?? 0) / Math.PI));
  const coordinates = measured
    .filter(({ centre }) => largest && geoDistance(centre, largest.centre) <= near)
    .map((piece) => piece.coordinates);
  return { type: 'Feature', properties: null, geometry: { type: 'MultiPolygon', coordinates } };
}

/** The corners of what is to be seen. Points, because a ring's direction would say which side of the globe is meant. */
function boxAround(places: readonly Place[]): GeoJSON.Feature<GeoJSON.MultiPoint> {
  const latitudes = places.map(({ latitude }) => latitude);
  const longitudes = places.map(({ longitude }) => longitude);
  const [south, north] = [Math.min(...latitudes) - AROUND_DEGREES, Math.max(...latitudes) + AROUND_DEGREES];
  const wide = AROUND_DEGREES / Math.max(0.2, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const [west, east] = [Math.min(...longitudes) - wide, Math.max(...longitudes) + wide];
  const coordinates = [
    [west, south],
    [west, north],
    [east, south],
    [east, north],
  ];
  return { type: 'Feature', properties: null, geometry: { type: 'MultiPoint', coordinates } };
}

type At = CountryMap['at'];
const ringPath = (ring: readonly (readonly number[])[], at: At): string =>
  `M${ring
    .map(([latitude = 0, longitude = 0]) =>
      at({ latitude, longitude })
        .map((each) => each.toFixed(1))
        .join(' '),
    )
    .join('L')}Z`;

/** Each cell by itself: the grid is seen. */
export const cellsPath = (cells: readonly string[], at: At): string =>
  cells.map((cell) => ringPath(cellToBoundary(cell), at)).join('');

/** The border around cells. */
export const borderPath = (cells: readonly string[], at: At): string =>
  cellsToMultiPolygon([...cells])
    .flat()
    .map((ring) => ringPath(ring, at))
    .join('');

/** As many cells as this would cover the country: each is seen, and none pretends to be a part of it. */
const CELLS_OF_A_COUNTRY = 12;
const FINEST = 9;

/** For areas of which only the middle is known: the cell it lies in, large, and small enough that no two share one. */
export function cellsOfMiddles(middles: readonly Place[], km2: number): string[] {
  for (let size = 1; ; size++) {
    if (getHexagonAreaAvg(size, UNITS.km2) * CELLS_OF_A_COUNTRY > km2 && size < FINEST) continue;
    const cells = middles.map(({ latitude, longitude }) => latLngToCell(latitude, longitude, size));
    if (size >= FINEST || new Set(cells).size === cells.length) return cells;
  }
}
