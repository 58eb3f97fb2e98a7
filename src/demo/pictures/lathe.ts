import { darken, lighten } from './colour.ts';
import { ellipse, n, polyline, stops, type Drawing, type Point } from './drawing.ts';
import { roundStops, type Finish } from './light.ts';
import type { Random } from './random.ts';

/** Half the outline of a turned thing: [height, radius], from the foot at 0 to the rim at 1; radius 1 is the widest. */
export type Profile = readonly (readonly [number, number])[];

export interface Turned {
  x: number;
  /** Where the foot's middle stands. */
  base: number;
  height: number;
  radius: number;
  profile: Profile;
  colour: string;
  finish: Finish;
  /** How round the rim looks from above: 0 is seen from the side. */
  tilt: number;
  /** Another colour from this height upwards. */
  glaze?: { from: number; colour: string; finish: Finish; waves?: Random };
  /** Inside colour of an open vessel; without it the top is closed. */
  inside?: string;
  lip?: string;
}

/** The radius at a height, smooth between the profile's points and never overshooting them. */
export function radiusAt(profile: Profile, height: number): number {
  const found = profile.findIndex(([at]) => at >= height);
  const i = found === -1 ? profile.length - 1 : Math.max(1, found);
  const [h0, r0] = profile[i - 1] ?? [0, 1];
  const [h1, r1] = profile[i] ?? [1, 1];
  const span = h1 - h0;
  if (span <= 0.0001) return r1;
  const before = profile[i - 2];
  const after = profile[i + 1];
  const slope = (r1 - r0) / span;
  const ease = (neighbour: number): number => {
    if (neighbour * slope <= 0) return 0;
    const most = 2.5 * Math.min(Math.abs(neighbour), Math.abs(slope));
    return Math.sign(slope) * Math.min(most, Math.abs(neighbour + slope) / 2);
  };
  const m0 = before === undefined ? slope : ease((r0 - before[1]) / Math.max(0.0001, h0 - before[0]));
  const m1 = after === undefined ? slope : ease((after[1] - r1) / Math.max(0.0001, after[0] - h1));
  const t = Math.min(1, Math.max(0, (height - h0) / span));
  const t2 = t * t;
  const t3 = t2 * t;
  return (
    (2 * t3 - 3 * t2 + 1) * r0 +
    (t3 - 2 * t2 + t) * span * m0 +
    (3 * t2 - 2 * t3) * r1 +
    (t3 - t2) * span * m1
  );
}

/** Paints the body in slices as wide as it is there, then its glaze, the lean of its wall, and its rim. */
export function turn(drawing: Drawing, body: Turned): void {
  const foot = radiusAt(body.profile, 0) * body.radius;
  drawing.fill(ellipse(body.x, body.base, foot, foot * body.tilt), wall(drawing, body.colour, body.finish));
  const { glaze } = body;
  slices(
    drawing,
    body,
    0,
    glaze ? Math.min(1, glaze.from + 0.03) : 1,
    wall(drawing, body.colour, body.finish),
  );
  if (glaze) glazeOver(drawing, body, glaze);
  drawing.fill(outlineOf(body), drawing.gradient(leanStops(body), [0, 1, 0, 0]));
  rim(drawing, body);
}

function slices(drawing: Drawing, body: Turned, from: number, to: number, paint: string): void {
  const count = Math.min(64, Math.max(3, Math.ceil(((to - from) * body.height) / 8)));
  const step = (to - from) / count;
  let start = 0;
  while (start < count) {
    const width = radiusAt(body.profile, from + start * step);
    let end = start + 1;
    // Neighbours of nearly one width are one slice: a straight wall costs one shape.
    while (end < count && Math.abs(radiusAt(body.profile, from + (end + 1) * step) / width - 1) < 0.035)
      end++;
    drawing.fill(slice(body, from + start * step, from + end * step, end - start), paint);
    start = end;
  }
}

function slice(body: Turned, low: number, high: number, count: number): string {
  const left: string[] = [];
  const right: string[] = [];
  for (let i = 0; i <= count; i++) {
    // Reaches a little under its upper neighbour, so that no seam shows between the two.
    const reach = i === count && high < 0.999 ? 1.2 / body.height : 0;
    const at = low + ((high - low) * i) / count + reach;
    const radius = radiusAt(body.profile, at) * body.radius;
    const y = n(body.base - at * body.height);
    left.push(`${n(body.x - radius)} ${y}`);
    right.push(`${n(body.x + radius)} ${y}`);
  }
  return `M${left.join('L')}L${right.reverse().join('L')}Z`;
}

const wall = (drawing: Drawing, colour: string, finish: Finish): string =>
  drawing.gradient(roundStops(colour, finish));

/** From the foot to the rim: a wall that leans to the sky takes light, one that hangs over loses it. */
function leanStops(body: Turned): string {
  const list: (readonly [number, string, number])[] = [];
  const count = 14;
  for (let i = 0; i <= count; i++) {
    const at = i / count;
    const rise = 0.03;
    const low = Math.max(0, at - rise);
    const high = Math.min(1, at + rise);
    const change = (radiusAt(body.profile, low) - radiusAt(body.profile, high)) * body.radius;
    const up = Math.sin(Math.atan2(change, (high - low) * body.height));
    const nearFoot = Math.max(0, 1 - (at * body.height) / (body.radius * 0.5)) * 0.26;
    const light = (up > 0 ? up * 0.3 : up * 0.46) - nearFoot;
    list.push([at, light > 0 ? '#fff3dc' : '#20130a', Math.abs(light)]);
  }
  return stops(...list);
}

function glazeOver(drawing: Drawing, body: Turned, glaze: NonNullable<Turned['glaze']>): void {
  const { from, colour, finish, waves } = glaze;
  const phase = waves?.between(0, 6) ?? 0;
  const thick = 2 / body.height;
  drawing.fill(
    belt(body, from - thick, from + 0.02, phase, true),
    wall(drawing, darken(colour, 0.35), finish),
  );
  drawing.fill(belt(body, from, from + 0.02, phase, true), wall(drawing, colour, finish));
  slices(drawing, body, from + 0.01, 1, wall(drawing, colour, finish));
}

/** The whole silhouette of a turned thing as one path. */
export function outlineOf(body: Turned): string {
  const left: Point[] = [];
  const right: Point[] = [];
  const count = Math.min(64, Math.max(10, Math.round(body.height / 8)));
  for (let i = 0; i <= count; i++) {
    const radius = radiusAt(body.profile, i / count) * body.radius;
    const y = body.base - (i / count) * body.height;
    left.push([body.x - radius, y]);
    right.push([body.x + radius, y]);
  }
  const foot = radiusAt(body.profile, 0) * body.radius;
  return `${polyline([...left, ...right.reverse()])}A${n(foot)} ${n(foot * body.tilt)} 0 0 1 ${n(body.x - foot)} ${n(body.base)}Z`;
}

/** The strip of wall between two heights, its edges curved as rings are; with a phase the lower edge runs. */
export function belt(body: Turned, low: number, high: number, phase = 0, flatTop = false): string {
  const count = 24;
  const depth = phase === 0 ? 0 : body.height * 0.012;
  const points: Point[] = [];
  for (let i = 0; i <= count; i++) {
    const angle = -Math.PI / 2 + (Math.PI * i) / count;
    const run = depth * (Math.sin(angle * 3 + phase) + 0.6 * Math.sin(angle * 7 + phase * 2));
    const [x, y] = onWall(body, low, angle, run);
    // A foot narrower than the ring above it must not let the ring's ends stick out.
    const room = radiusAt(body.profile, Math.max(0, (body.base - y) / body.height)) * body.radius;
    points.push([Math.max(body.x - room, Math.min(body.x + room, x)), y]);
  }
  for (let i = count; i >= 0; i--) {
    const [x, y] = onWall(body, high, -Math.PI / 2 + (Math.PI * i) / count);
    points.push([x, flatTop ? body.base - high * body.height : y]);
  }
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;
}

/** A ring painted round the wall, shaded as the wall is. */
export function ring(drawing: Drawing, body: Turned, low: number, high: number, colour: string): void {
  drawing.fill(belt(body, low, high), wall(drawing, colour, body.finish));
}

/** A point of the wall, by height and by angle from the middle (left is negative). */
export function onWall(body: Turned, at: number, angle: number, down = 0): Point {
  const radius = radiusAt(body.profile, at) * body.radius;
  const drop = radius * body.tilt * Math.cos(angle);
  return [body.x + radius * Math.sin(angle), body.base - at * body.height + drop + down];
}

/** Iron spots, thrown on by the seed; they narrow towards the edges as they do on a round wall. */
export function speckle(
  drawing: Drawing,
  body: Turned,
  random: Random,
  count: number,
  colour: string,
  from = 0.02,
): void {
  let path = '';
  for (let i = 0; i < count; i++) {
    const angle = random.between(-1.35, 1.35);
    const at = random.between(from, 0.97);
    const [x, y] = onWall(body, at, angle);
    const size = (0.5 + random.next() ** 4 * 2.4) * Math.max(0.7, body.radius / 200);
    const narrow = size * Math.max(0.35, Math.cos(angle));
    path += `M${n(x - narrow)} ${n(y)}l${n(narrow)} ${n(-size)}l${n(narrow)} ${n(size)}l${n(-narrow)} ${n(size)}z`;
  }
  drawing.fill(path, colour, ' fill-opacity=".5"');
}

/** Faint rings that the potter's fingers left. */
export function throwingLines(drawing: Drawing, body: Turned, random: Random, count: number): void {
  let path = '';
  for (let i = 0; i < count; i++) {
    const at = 0.08 + (0.86 * (i + random.between(-0.25, 0.25))) / count;
    const left = onWall(body, at, -Math.PI / 2);
    const radius = radiusAt(body.profile, at) * body.radius;
    path += `M${n(left[0])} ${n(left[1])}a${n(radius)} ${n(radius * body.tilt)} 0 0 0 ${n(2 * radius)} 0`;
  }
  drawing.stroke(path, '#2a1a10', 1.6, ' stroke-opacity=".07"');
}

/** The window mirrored in a glaze: a tall bright patch on the left shoulder. */
export function windowGleam(
  drawing: Drawing,
  body: Turned,
  low: number,
  high: number,
  strength: number,
): void {
  const points: Point[] = [];
  const count = 14;
  const along = (i: number): number => low + ((high - low) * i) / count;
  for (let i = 0; i <= count; i++) points.push(onWall(body, along(i), -0.86));
  for (let i = count; i >= 0; i--) points.push(onWall(body, along(i), -0.6));
  const paint = drawing.gradient(
    stops([0, '#fffaf0', strength], [0.55, '#fffaf0', strength * 0.55], [1, '#fffaf0', 0]),
    [0, 0, 0.15, 1],
  );
  drawing.fill(`M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`, paint);
}

function rim(drawing: Drawing, body: Turned): void {
  const radius = radiusAt(body.profile, 1) * body.radius;
  const y = body.base - body.height;
  const top = body.glaze?.colour ?? body.colour;
  const lip = body.lip ?? lighten(top, 0.22);
  const edge = drawing.gradient(
    stops([0, lighten(lip, 0.1)], [0.3, lighten(lip, 0.4)], [0.7, lip], [1, darken(lip, 0.25)]),
  );
  drawing.fill(ellipse(body.x, y, radius, radius * body.tilt), edge);
  if (body.inside === undefined) return;
  const thick = Math.max(1.5, Math.min(radius * 0.07, body.radius * 0.035));
  const hole = radius - thick;
  const inner = drawing.gradient(
    stops(
      [0, darken(body.inside, 0.72)],
      [0.3, darken(body.inside, 0.55)],
      [0.75, darken(body.inside, 0.18)],
      [1, darken(body.inside, 0.3)],
    ),
    [0, 0, 1, 0.25],
  );
  drawing.fill(ellipse(body.x, y + thick * 0.12, hole, hole * body.tilt), inner);
}
