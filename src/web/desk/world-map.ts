import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoEqualEarthRaw } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';

type Point = [number, number];

export interface Outline {
  /** An SVG path on the map's grid. */
  path: string;
  centre: Point;
  /** Too small to be seen or met with a finger: shown as a dot. */
  isTiny: boolean;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface WorldMap {
  width: number;
  height: number;
  /** All of it but the empty Pacific at its western edge. */
  world: Box;
  /** Where most countries are too small for a map of the world: shown beside it, larger. */
  europe: Box;
  /** By the outline's number (ISO 3166-1 numeric). */
  outlines: ReadonlyMap<string, Outline>;
  /** All land with its borders, to be used as a mask: its colour is the page's. */
  landSvg: string;
  /** Changes with the drawing, so that the browser may keep it for ever. */
  landHash: string;
  /** Where a longitude and a latitude are on the grid. */
  project: (point: Point) => Point;
}

const WIDTH = 3000; // units of the grid: whole numbers make short paths
const TOLERANCE = 1.8; // grid units; less than a pixel where the map is a thousand pixels wide
const RING_AREA_MIN = 30;
const TINY_SIZE = 22;
const SOUTH = -58; // the map ends above Antarctica: nobody buys there
const NORTH = 84;
const PACIFIC = 220;
const ANTARCTICA = '010';
const EUROPE = { northWest: [-12, 71.5], southEast: [36, 34.5] } as const satisfies Record<string, Point>;

let drawn: WorldMap | undefined;

/** The world in the Equal Earth projection, which shows areas in their true proportions. Drawn once. */
export function worldMap(): WorldMap {
  drawn ??= draw();
  return drawn;
}

type Countries = Topology<{ countries: GeometryCollection }>;

function atlas(): Countries {
  const file = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Countries;
}

export type Country = GeoJSON.Feature<GeoJSON.MultiPolygon | GeoJSON.Polygon>;
let whole: Country[] | undefined;

/** The countries in degrees, as fine as there are: for maps of one of them. Read once. */
export function countryFeatures(): readonly Country[] {
  if (whole) return whole;
  const topology = atlas();
  whole = feature(topology, topology.objects.countries).features.flatMap(({ geometry, id }): Country[] =>
    geometry.type === 'Polygon' || geometry.type === 'MultiPolygon'
      ? [{ type: 'Feature', properties: null, geometry, ...(id !== undefined && { id }) }]
      : [],
  );
  return whole;
}

function draw(): WorldMap {
  const topology = atlas();
  const grid = makeGrid();
  const simpler = { ...topology, arcs: arcsOf(topology).map((arc) => simplified(arc, grid.project)) };
  delete simpler.transform;
  const outlines = new Map<string, Outline>();
  const paths: string[] = [];
  for (const { id, geometry } of feature(simpler, simpler.objects.countries).features) {
    if (id === ANTARCTICA) continue;
    const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
    if (geometry.type === 'Polygon') polygons.push(geometry.coordinates);
    const outline = outlineOf(
      polygons.map((rings) => rings.map((ring) => unbroken(ring as Point[]).map(grid.project))),
    );
    paths.push(outline.path);
    // Some areas share a number with the country they belong to: the largest, which comes first, keeps it.
    if (id !== undefined && !outlines.has(String(id))) outlines.set(String(id), outline);
  }
  const { height } = grid;
  // White is land; black between countries leaves their borders open.
  const landSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none"><path fill="#fff" stroke="#000" stroke-width="2.4" d="${paths.join('')}"/></svg>`;
  const landHash = createHash('sha256').update(landSvg).digest('hex').slice(0, 12);
  const world = { left: PACIFIC, top: 0, width: WIDTH - PACIFIC, height };
  const { project } = grid;
  return { width: WIDTH, height, world, europe: boxOf(project), outlines, landSvg, landHash, project };
}

/** The arcs in degrees; TopoJSON keeps them as whole-numbered steps from point to point. */
function arcsOf({ arcs, transform }: Topology): Point[][] {
  if (!transform) return arcs as Point[][];
  const { scale, translate } = transform;
  return arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx = 0, dy = 0]): Point => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
}

function makeGrid() {
  const radians = Math.PI / 180;
  const [east] = geoEqualEarthRaw(Math.PI, 0);
  const [, top] = geoEqualEarthRaw(0, NORTH * radians);
  const [, bottom] = geoEqualEarthRaw(0, SOUTH * radians);
  const unit = WIDTH / (2 * east);
  return {
    height: Math.round((top - bottom) * unit),
    project: ([longitude, latitude]: Point): Point => {
      const [x, y] = geoEqualEarthRaw(longitude * radians, latitude * radians);
      return [Math.round((x + east) * unit), Math.round((top - y) * unit)];
    },
  };
}

function boxOf(project: (point: Point) => Point): Box {
  const { northWest, southEast } = EUROPE;
  const [, top] = project([...northWest]);
  const [right, bottom] = project([...southEast]);
  const [left] = project([northWest[0], southEast[1]]);
  return { left, top, width: right - left, height: bottom - top };
}

/** Without the points that lie closer than the tolerance to the one before. Neighbours share arcs, so no gaps open. */
function simplified(arc: Point[], project: (point: Point) => Point): Point[] {
  const last = arc.length - 1;
  let kept: Point | undefined;
  return arc.filter((point, index) => {
    const [x, y] = project(point);
    const keeps = !kept || index === last || Math.hypot(x - kept[0], y - kept[1]) >= TOLERANCE;
    if (keeps) kept = [x, y];
    return keeps;
  });
}

/** A ring that crosses the date line goes on beyond it, at the side where most of it lies. */
function unbroken(ring: Point[]): Point[] {
  let turns = 0;
  let before = ring[0]?.[0] ?? 0;
  const continued = ring.map(([longitude, latitude]): Point => {
    if (longitude - before > 180) turns -= 1;
    if (longitude - before < -180) turns += 1;
    before = longitude;
    return [longitude + 360 * turns, latitude];
  });
  const mean = continued.reduce((sum, [longitude]) => sum + longitude, 0) / continued.length;
  const shift = mean > 180 ? -360 : mean < -180 ? 360 : 0;
  return continued.map(([longitude, latitude]) => [longitude + shift, latitude]);
}

function outlineOf(polygons: Point[][][]): Outline {
  const measured = polygons
    .map((rings) => ({ rings, area: Math.abs(areaOf(rings[0] ?? [])) }))
    .sort((a, b) => b.area - a.area);
  const shown = measured.filter(({ area }, index) => index === 0 || area >= RING_AREA_MIN);
  const largest = shown[0]?.rings[0] ?? [];
  const xs = largest.map(([x]) => x);
  const ys = largest.map(([, y]) => y);
  const box = {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
  return {
    path: shown.flatMap(({ rings }) => rings.map(pathOf)).join(''),
    centre: [Math.round((box.left + box.right) / 2), Math.round((box.top + box.bottom) / 2)],
    isTiny: Math.max(box.right - box.left, box.bottom - box.top) < TINY_SIZE,
  };
}

function areaOf(ring: Point[]): number {
  let twice = 0;
  ring.forEach(([x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] ?? [0, 0];
    twice += x * nextY - nextX * y;
  });
  return twice / 2;
}

/** From the ring's first point in steps to the next ones: half as long as with the points themselves. */
function pathOf(ring: Point[]): string {
  let text = '';
  let [atX, atY] = ring[0] ?? [0, 0];
  const start = `M${atX} ${atY}`;
  for (const [x, y] of ring.slice(1, -1)) {
    const [dx, dy] = [x - atX, y - atY];
    if (dx === 0 && dy === 0) continue;
    text += `${text === '' ? 'l' : dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;
    [atX, atY] = [x, y];
  }
  return `${start}${text}z`;
}
