import { darken, lighten } from './colour.ts';
import { n, type Drawing, type Point } from './drawing.ts';
import { onWall, type Turned } from './lathe.ts';
import type { Random } from './random.ts';

/** Grain along a turned thing, following its wall. */
export function grainOn(drawing: Drawing, body: Turned, random: Random): void {
  let path = '';
  for (let i = 0; i < 16; i++) {
    const angle = random.between(-1.3, 1.3);
    const low = random.between(0.01, 0.5);
    const high = Math.min(0.98, low + random.between(0.2, 0.5));
    const points = [0, 0.33, 0.66, 1].map((t) =>
      onWall(body, low + (high - low) * t, angle + 0.05 * Math.sin(t * 5 + i)),
    );
    path += `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`;
  }
  drawing.stroke(path, darken(body.colour, 0.55), 1.4, ' stroke-opacity=".28"');
}

/** Grain on a flat board whose corners are given in order; the lines run from the first side to the third. */
export function grainAcross(
  drawing: Drawing,
  corners: readonly [Point, Point, Point, Point],
  colour: string,
  random: Random,
  lines: number,
): void {
  const [a, b, c, d] = corners;
  const at = (u: number, v: number): Point => [
    (a[0] * (1 - u) + d[0] * u) * (1 - v) + (b[0] * (1 - u) + c[0] * u) * v,
    (a[1] * (1 - u) + d[1] * u) * (1 - v) + (b[1] * (1 - u) + c[1] * u) * v,
  ];
  let dark = '';
  let light = '';
  for (let i = 0; i < lines; i++) {
    const v = (i + random.between(0.15, 0.85)) / lines;
    const start = random.between(0, 0.45);
    const end = Math.min(1, start + random.between(0.25, 0.75));
    const sway = random.between(-0.5, 0.5) / lines;
    const points = [0, 0.33, 0.66, 1].map((t) => {
      const across = Math.min(0.99, Math.max(0.01, v + sway * Math.sin(t * 4 + i)));
      return at(start + (end - start) * t, across);
    });
    const line = `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`;
    if (random.chance(0.72)) dark += line;
    else light += line;
  }
  drawing.stroke(dark, darken(colour, 0.5), 1.3, ' stroke-opacity=".24"');
  drawing.stroke(light, lighten(colour, 0.5), 1.5, ' stroke-opacity=".3"');
}
