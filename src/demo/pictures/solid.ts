import { darken, lighten } from './colour.ts';
import { n, polygon, stops, type Drawing, type Point } from './drawing.ts';
import { lit, type Normal } from './light.ts';
import type { Place } from './look.ts';
import type { Random } from './random.ts';
import { grainAcross } from './wood.ts';

/** A place in the room, in centimetres: x to the right, y up, z towards the viewer. */
export type Spot = readonly [number, number, number];

/** How a piece of furniture is seen: turned by `yaw`, from a little above by `pitch` (radians). */
export interface Camera {
  place: Place;
  yaw: number;
  pitch: number;
}

export function project(camera: Camera, [x, y, z]: Spot): Point {
  const { place, yaw, pitch } = camera;
  const across = x * Math.cos(yaw) + z * Math.sin(yaw);
  const near = z * Math.cos(yaw) - x * Math.sin(yaw);
  // Things farther away are a little smaller, as they are to an eye some five metres off.
  const scale = place.unit / (1 - near / 520);
  return [place.x + across * scale, place.y - (y * Math.cos(pitch) - near * Math.sin(pitch)) * scale];
}

function turned(camera: Camera, [x, y, z]: Normal): Normal {
  const across = x * Math.cos(camera.yaw) + z * Math.sin(camera.yaw);
  const near = z * Math.cos(camera.yaw) - x * Math.sin(camera.yaw);
  return [across, y, near];
}

export interface Board {
  /** The corner with the smallest x, y and z, and the size along each. */
  at: Spot;
  size: Spot;
  colour: string;
  /** The axis the grain runs along; none for painted or upholstered blocks. */
  grain?: 'x' | 'y' | 'z';
}

/** A squared board: the three sides that the camera sees. */
export function board(drawing: Drawing, camera: Camera, piece: Board, random: Random): void {
  const [x, y, z] = piece.at;
  const [w, h, d] = piece.size;
  const right = camera.yaw < 0;
  const sideX = right ? x + w : x;
  const side: readonly Spot[] = [
    [sideX, y, z + d],
    [sideX, y + h, z + d],
    [sideX, y + h, z],
    [sideX, y, z],
  ];
  const front: readonly Spot[] = [
    [x, y, z + d],
    [x + w, y, z + d],
    [x + w, y + h, z + d],
    [x, y + h, z + d],
  ];
  const top: readonly Spot[] = [
    [x, y + h, z + d],
    [x + w, y + h, z + d],
    [x + w, y + h, z],
    [x, y + h, z],
  ];
  face(drawing, camera, side, [right ? 1 : -1, 0, 0], piece, piece.grain === 'z' ? 1 : 0, random);
  face(drawing, camera, front, [0, 0, 1], piece, piece.grain === 'x' ? 0 : 1, random);
  face(drawing, camera, top, [0, 1, 0], piece, piece.grain === 'z' ? 1 : 0, random);
}

function face(
  drawing: Drawing,
  camera: Camera,
  spots: readonly Spot[],
  normal: Normal,
  piece: Board,
  along: 0 | 1,
  random: Random,
): void {
  const corners = spots.map((spot) => project(camera, spot));
  const [a, b, c, d] = corners;
  if (!a || !b || !c || !d) return;
  const base = lit(piece.colour, turned(camera, normal), 'matt', 0.98);
  const paint = drawing.gradientAlong(stops([0, lighten(base, 0.1)], [1, darken(base, 0.12)]), a, c);
  drawing.fill(polygon(corners), paint);
  drawing.stroke(
    `M${n(d[0])} ${n(d[1])}L${n(c[0])} ${n(c[1])}`,
    lighten(base, 0.4),
    1.2,
    ' stroke-opacity=".5"',
  );
  if (!piece.grain) return;
  const breadth = along === 0 ? Math.hypot(b[0] - a[0], b[1] - a[1]) : Math.hypot(d[0] - a[0], d[1] - a[1]);
  const crossing = along === 0 ? Math.hypot(d[0] - a[0], d[1] - a[1]) : breadth;
  const lines = Math.max(
    2,
    Math.min(16, Math.round((along === 0 ? crossing : Math.hypot(b[0] - a[0], b[1] - a[1])) / 9)),
  );
  grainAcross(drawing, along === 0 ? [a, d, c, b] : [a, b, c, d], base, random, lines);
}

export interface Leg {
  from: Spot;
  to: Spot;
  /** Thickness at each end, centimetres. */
  thick: readonly [number, number];
  colour: string;
  metal?: boolean;
}

/** A round leg or rail between two spots, lit across. */
export function limb(drawing: Drawing, camera: Camera, leg: Leg): void {
  const a = project(camera, leg.from);
  const b = project(camera, leg.to);
  const unit = camera.place.unit;
  rod(drawing, a, b, (leg.thick[0] * unit) / 2, (leg.thick[1] * unit) / 2, leg.colour, leg.metal ?? false);
}

/** A round rod in the picture, with half its thickness at each end. */
export function rod(
  drawing: Drawing,
  a: Point,
  b: Point,
  ra: number,
  rb: number,
  colour: string,
  metal: boolean,
): void {
  const length = Math.max(0.01, Math.hypot(b[0] - a[0], b[1] - a[1]));
  let nx = (b[1] - a[1]) / length;
  let ny = -(b[0] - a[0]) / length;
  // The lit side is the upper left one, whichever way the rod was given.
  if (nx * -0.75 + ny * -0.66 < 0) {
    nx = -nx;
    ny = -ny;
  }
  const wide = Math.max(ra, rb);
  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const finish = metal ? 'metal' : 'satin';
  const shades = [-1, -0.6, -0.25, 0.3, 0.75, 1].map((t): readonly [number, string] => [
    (t + 1) / 2,
    lit(colour, [t * 0.9, 0.1, Math.sqrt(Math.max(0.05, 1 - t * t))], finish),
  ]);
  const paint = drawing.gradientAlong(
    stops(...shades),
    [middle[0] + nx * wide, middle[1] + ny * wide],
    [middle[0] - nx * wide, middle[1] - ny * wide],
  );
  const at = (p: Point, r: number): string => `${n(p[0] + nx * r)} ${n(p[1] + ny * r)}`;
  drawing.fill(
    `M${at(a, ra)}L${at(b, rb)}A${n(rb)} ${n(rb)} 0 0 1 ${at(b, -rb)}L${at(a, -ra)}A${n(ra)} ${n(ra)} 0 0 1 ${at(a, ra)}Z`,
    paint,
  );
}

/** A round top seen from above, with its edge. */
export function disc(
  drawing: Drawing,
  camera: Camera,
  centre: Spot,
  radius: number,
  thick: number,
  colour: string,
): void {
  const [x, y] = project(camera, centre);
  const unit = camera.place.unit;
  const rx = radius * unit;
  const ry = rx * Math.sin(camera.pitch);
  const drop = thick * unit;
  const edge = [-1, -0.7, -0.35, 0.1, 0.5, 0.85, 1].map((t): readonly [number, string] => [
    (t + 1) / 2,
    lit(colour, [t, 0, Math.sqrt(Math.max(0, 1 - t * t))], 'satin', 0.86),
  ]);
  drawing.fill(
    `M${n(x - rx)} ${n(y)}V${n(y + drop)}A${n(rx)} ${n(ry)} 0 0 0 ${n(x + rx)} ${n(y + drop)}V${n(y)}Z`,
    drawing.gradient(stops(...edge)),
  );
  const top = lit(colour, [0, 0.97, 0.25], 'satin');
  drawing.fill(
    `M${n(x - rx)} ${n(y)}a${n(rx)} ${n(ry)} 0 1 0 ${n(2 * rx)} 0a${n(rx)} ${n(ry)} 0 1 0 ${n(-2 * rx)} 0Z`,
    drawing.gradient(stops([0, lighten(top, 0.2)], [0.5, top], [1, darken(top, 0.16)]), [0, 0.1, 1, 0.6]),
  );
}

/** Grain lines over a disc, all one way and ending at its edge. */
export function discGrain(
  drawing: Drawing,
  camera: Camera,
  centre: Spot,
  radius: number,
  colour: string,
  random: Random,
): void {
  let path = '';
  for (let i = 1; i < 18; i++) {
    const across = (i / 9 - 1) * 0.96;
    const half = Math.sqrt(1 - across * across) * 0.97;
    const start = random.between(-1, 0.3);
    const end = Math.min(1, start + random.between(0.4, 1.2));
    const spots = [start, (start + end) / 2, end].map((t) =>
      project(camera, [
        centre[0] + t * half * radius,
        centre[1],
        centre[2] + (across + random.between(-0.015, 0.015)) * radius,
      ]),
    );
    path += `M${spots.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`;
  }
  drawing.stroke(path, darken(colour, 0.5), 1.3, ' stroke-opacity=".22"');
}
