import {
  cellArea,
  cellToLatLng,
  compactCells,
  getHexagonAreaAvg,
  getResolution,
  isValidCell,
  latLngToCell,
  polygonToCells,
  UNITS,
} from 'h3-js';
import { type Static, Type } from 'typebox';
import { marketErrors } from './errors.ts';
import type { Position } from './regions.ts';

export const CELLS_MAX = 10_000;
export const VERTICES_MAX = 2_000;
/** What is drawn is filled with cells of this size at most fine: about 0.7 km², a few streets. */
const FINEST_DRAWN = 8;
const COARSEST_DRAWN = 3;
/** Before they are compacted: what the polygon is filled with in memory. */
const FILL_MAX = 200_000;
const SMALLEST = 15;
const EARTH_KM2_PER_DEGREE2 = 111.32 ** 2;

const Point = Type.Array(Type.Number(), { minItems: 2, maxItems: 3 });
const Rings = Type.Array(Type.Array(Point, { maxItems: VERTICES_MAX + 1 }), { maxItems: 100 });
type Ring = Static<typeof Rings>[number];

/** A GeoJSON geometry: rings of [longitude, latitude], the outer one first. */
export const Outline = Type.Union([
  Type.Object({ type: Type.Literal('Polygon'), coordinates: Rings }),
  Type.Object({ type: Type.Literal('MultiPolygon'), coordinates: Type.Array(Rings, { maxItems: 100 }) }),
]);
export type Outline = Static<typeof Outline>;

export interface CellRange {
  cell: string;
  /** The smallest cells within it: [from, to]. */
  from: string;
  to: string;
}

/** A cell as the range of the smallest cells that lie in it: sizes are then compared with each other. */
export function cellRange(cell: string): CellRange {
  const size = getResolution(cell);
  const spare = 3n * BigInt(SMALLEST - size);
  const index = BigInt(`0x${cell}`);
  const ofSmallest = (index & ~(0xfn << 52n)) | (BigInt(SMALLEST) << 52n);
  const from = (ofSmallest >> spare) << spare;
  const to = from | (0o666_666_666_666_666n & ((1n << spare) - 1n));
  return { cell, from: String(from), to: String(to) };
}

/** The smallest cell at a position, in the order of `cellRange`. */
export const smallestCellAt = ({ latitude, longitude }: Position): string =>
  String(BigInt(`0x${latLngToCell(latitude, longitude, SMALLEST)}`));

/** As few cells as say the same. A cell that is named twice, or lies in another one, is refused. */
export function plainCells(cells: readonly string[]): string[] {
  if (cells.length > CELLS_MAX) throw marketErrors.too_much({ what: 'cells', max: CELLS_MAX });
  const known = cells.map((cell) => cell.toLowerCase());
  for (const cell of known) if (!isValidCell(cell)) throw marketErrors.cells_unfit({ cell });
  const ranges = known
    .map(cellRange)
    .map(({ cell, from, to }) => ({ cell, from: BigInt(from), to: BigInt(to) }));
  ranges.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const [index, { cell, from }] of ranges.entries()) {
    const before = ranges[index - 1];
    if (before && before.to >= from) throw marketErrors.cells_unfit({ cell });
  }
  return known;
}

/** The cells whose middles lie within an outline, as fine as its size allows, compacted. */
export function cellsWithin(outline: Outline): string[] {
  const polygons = outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates;
  assertOutline(polygons);
  const area = polygons.reduce((sum, [outer = []]) => sum + boxKm2(outer), 0);
  for (let size = FINEST_DRAWN; size >= COARSEST_DRAWN; size--) {
    if (area / getHexagonAreaAvg(size, UNITS.km2) > FILL_MAX) continue;
    const within = new Set(polygons.flatMap((rings) => polygonToCells(rings, size, true)));
    if (within.size === 0) throw marketErrors.outline_unfit({ reason: 'it is smaller than a cell' });
    const cells = compactCells([...within]);
    if (cells.length <= CELLS_MAX) return cells;
  }
  throw marketErrors.too_much({ what: 'cells', max: CELLS_MAX });
}

function assertOutline(polygons: readonly (readonly Ring[])[]): void {
  const rings = polygons.flat();
  const vertices = rings.reduce((sum, ring) => sum + ring.length, 0);
  if (vertices > VERTICES_MAX) throw marketErrors.too_much({ what: 'vertices', max: VERTICES_MAX });
  if (rings.length === 0) throw marketErrors.outline_unfit({ reason: 'it has no ring' });
  for (const ring of rings) {
    if (ring.length < 4) throw marketErrors.outline_unfit({ reason: 'a ring has fewer than four points' });
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
      throw marketErrors.outline_unfit({ reason: 'a ring does not end where it begins' });
    }
    for (const [longitude = Number.NaN, latitude = Number.NaN] of ring) {
      if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) {
        throw marketErrors.outline_unfit({ reason: 'a point is no longitude and latitude' });
      }
    }
  }
}

/** Of the box around a ring: what filling it takes at most. */
function boxKm2(ring: Ring): number {
  const longitudes = ring.map(([longitude = 0]) => longitude);
  const latitudes = ring.map(([, latitude = 0]) => latitude);
  const height = Math.max(...latitudes) - Math.min(...latitudes);
  const width = Math.max(...longitudes) - Math.min(...longitudes);
  const nearest = Math.min(...latitudes.map(Math.abs));
  return height * width * Math.cos((nearest * Math.PI) / 180) * EARTH_KM2_PER_DEGREE2;
}

export interface AreaSize {
  cells: number;
  km2: number;
}

/** An area that is drawn: its cells, or an outline that becomes cells. */
export type DrawnPlan = { by: 'cells'; cells: readonly string[] } | { by: 'outline'; outline: Outline };

/** What it is made of: refused as the area itself would be. */
export const cellsOf = (plan: DrawnPlan): string[] =>
  plan.by === 'outline' ? cellsWithin(plan.outline) : plainCells(plan.cells);

/** How many cells an area is made of, and how much land they cover. */
export const sizeOf = (cells: readonly string[]): AreaSize => ({
  cells: cells.length,
  km2: cells.reduce((sum, cell) => sum + cellArea(cell, UNITS.km2), 0),
});

/** The middle of some cells, each weighing as much as it covers: their mean on the globe. */
export function middleOf(cells: readonly string[]): Position {
  const sum = [0, 0, 0];
  for (const cell of cells) {
    const [latitude, longitude] = cellToLatLng(cell).map((degrees) => (degrees * Math.PI) / 180);
    const weight = getHexagonAreaAvg(getResolution(cell), UNITS.km2);
    const [phi = 0, lambda = 0] = [latitude, longitude];
    const point = [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
    for (const [axis, value] of point.entries()) sum[axis] = (sum[axis] ?? 0) + value * weight;
  }
  const [x = 0, y = 0, z = 0] = sum;
  const degrees = (radians: number) => (radians * 180) / Math.PI;
  return { latitude: degrees(Math.atan2(z, Math.hypot(x, y))), longitude: degrees(Math.atan2(y, x)) };
}
