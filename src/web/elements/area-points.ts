/** Latitude and longitude. */
export type Point = [number, number];

const LINE = /^(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)$/;
const DECIMALS = 5; // about a metre

/** The points of a list, one a line; of a GeoJSON polygon those of its outer ring. What is none is left out. */
export function pointsIn(text: string): Point[] {
  if (text.trimStart().startsWith('{')) return pointsOfJson(text);
  return text.split('\n').flatMap((line): Point[] => {
    const [, latitude, longitude] = LINE.exec(line.trim()) ?? [];
    return latitude && longitude ? [[Number(latitude), Number(longitude)]] : [];
  });
}

function pointsOfJson(text: string): Point[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  for (const key of ['features', '0', 'geometry', 'coordinates', '0'] as const) {
    if (typeof value === 'object' && value !== null && key in value) value = Reflect.get(value, key);
  }
  if (!Array.isArray(value)) return [];
  const ring = value.flatMap((each: unknown): Point[] => {
    const [longitude, latitude] = Array.isArray(each) ? each : [];
    return typeof latitude === 'number' && typeof longitude === 'number' ? [[latitude, longitude]] : [];
  });
  return ring.slice(0, -1); // it ends where it begins
}

export const linesOf = (points: readonly Point[]): string =>
  points.map((point) => point.map((degrees) => Number(degrees.toFixed(DECIMALS))).join(', ')).join('\n');

export const cellsIn = (text: string): string[] =>
  text.split(/[\s,;]+/).filter((part) => /^[0-9a-f]{15}$/i.test(part));

/** Where a new point belongs: between the two neighbours whose line it is nearest to. */
export function placeFor(points: readonly Point[], [latitude, longitude]: Point): number {
  if (points.length < 3) return points.length;
  const detours = points.map(([aLatitude, aLongitude], index) => {
    const [bLatitude, bLongitude] = points[(index + 1) % points.length] ?? [aLatitude, aLongitude];
    const there = Math.hypot(latitude - aLatitude, longitude - aLongitude);
    const back = Math.hypot(latitude - bLatitude, longitude - bLongitude);
    return there + back - Math.hypot(aLatitude - bLatitude, aLongitude - bLongitude);
  });
  return detours.indexOf(Math.min(...detours)) + 1;
}
