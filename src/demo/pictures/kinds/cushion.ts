import { darken, lighten } from '../colour.ts';
import { curve, n, stops, type Drawing, type Point } from '../drawing.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { seeded } from '../random.ts';
import { pool } from '../shadow.ts';
import { cloth } from '../weave.ts';

/** Cushions, standing on an edge; `accent` is the piping and the pattern. */
export const cushion: Draughtsman = {
  forms: ['square', 'oblong', 'round', 'pouf'],
  mount: () => 'stand',
  extent: (look) => ({ width: look.width, height: look.height }),
  draw: (drawing, look, place) => {
    if (look.form === 'pouf') return pouf(drawing, look, place);
    const w = (look.width * place.unit) / 2;
    const h = (look.height * place.unit) / 2;
    const centre: Point = [place.x, place.y - h * 0.97];
    pillow(drawing, look, place.unit, centre, w, h);
  },
};

function outline([cx, cy]: Point, w: number, h: number, round: boolean): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < 40; i++) {
    const angle = (i / 40) * Math.PI * 2;
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    // Between a disc and a square with drawn-out corners and sides that hang in a little.
    const power = round ? 1 : 0.34;
    const x = Math.sign(c) * Math.abs(c) ** power;
    const y = Math.sign(s) * Math.abs(s) ** power;
    const pinch = round ? 1 : 0.93 + 0.07 * Math.abs(Math.sin(angle * 2)) ** 3;
    points.push([cx + w * x * pinch, cy + h * y * pinch]);
  }
  return points;
}

function leaning(points: readonly Point[], [cx, cy]: Point, angle: number): Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(([x, y]) => [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos]);
}

function pillow(drawing: Drawing, look: Look, unit: number, centre: Point, w: number, h: number): void {
  const random = seeded(`${look.seed} cushion`);
  const round = look.form === 'round';
  const lean = look.form === 'oblong' ? -0.02 : -0.06;
  const shape = curve(leaning(outline(centre, w, h, round), centre, lean), true);
  cloth(drawing, shape, look, unit);
  const [cx, cy] = centre;
  drawing.fill(
    shape,
    drawing.radial(
      stops(
        [0, '#fff3dc', 0.34],
        [0.4, '#fff3dc', 0.06],
        [0.62, '#2a1608', 0.06],
        [0.85, '#2a1608', 0.3],
        [1, '#2a1608', 0.5],
      ),
      0.38,
      0.34,
      0.78,
    ),
  );
  let dark = '';
  let light = '';
  const corners: readonly Point[] = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  for (const [sx, sy] of round ? [] : corners) {
    for (let i = 0; i < 2; i++) {
      const spread = random.between(-0.16, 0.16);
      const long = random.between(0.1, 0.24);
      const from: Point = [cx + sx * w * 0.9, cy + sy * h * 0.9];
      const to: Point = [cx + sx * w * (0.88 - long - spread * 0.4), cy + sy * h * (0.88 - long + spread)];
      dark += `M${n(from[0])} ${n(from[1])}Q${n((from[0] + to[0]) / 2 + spread * w * 0.3)} ${n((from[1] + to[1]) / 2)} ${n(to[0])} ${n(to[1])}`;
      light += `M${n(from[0] - 2)} ${n(from[1] - 4)}Q${n((from[0] + to[0]) / 2 + spread * w * 0.3 - 3)} ${n((from[1] + to[1]) / 2 - 5)} ${n(to[0])} ${n(to[1] - 4)}`;
    }
  }
  if (dark !== '') {
    drawing.stroke(dark, '#2a1608', Math.max(2.5, unit * 0.5), ' stroke-opacity=".1"');
    drawing.stroke(light, '#fff3dc', Math.max(2, unit * 0.35), ' stroke-opacity=".1"');
  }
  const piping = look.pattern === 'plain' ? darken(look.colour, 0.2) : look.accent;
  drawing.stroke(shape, darken(piping, 0.25), Math.max(2, unit * 0.55));
  drawing.stroke(shape, lighten(piping, 0.2), Math.max(1, unit * 0.2), ' stroke-opacity=".7"');
  if (round) {
    pool(drawing, cx - w * 0.02, cy, w * 0.16, h * 0.16, 0.6);
    drawing.fill(
      `M${n(cx - w * 0.07)} ${n(cy)}a${n(w * 0.06)} ${n(w * 0.055)} 0 1 1 ${n(w * 0.12)} 0a${n(w * 0.06)} ${n(w * 0.055)} 0 1 1 ${n(-w * 0.12)} 0z`,
      piping,
    );
  }
}

/** A floor cushion: a drum with a soft edge, seen from a little above. */
function pouf(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const w = (look.width * unit) / 2;
  const h = look.height * unit;
  const ry = w * 0.26;
  const side = `M${n(x - w * 0.96)} ${n(y - h + ry)}C${n(x - w * 1.1)} ${n(y - h * 0.5)} ${n(x - w * 1.02)} ${n(y - h * 0.1)} ${n(x - w * 0.86)} ${n(y - ry * 0.2)}Q${n(x)} ${n(y + ry * 0.9)} ${n(x + w * 0.86)} ${n(y - ry * 0.2)}C${n(x + w * 1.02)} ${n(y - h * 0.1)} ${n(x + w * 1.1)} ${n(y - h * 0.5)} ${n(x + w * 0.96)} ${n(y - h + ry)}Z`;
  cloth(drawing, side, look, unit);
  drawing.fill(
    side,
    drawing.gradient(
      stops([0, '#2a1608', 0.34], [0.25, '#fff3dc', 0.2], [0.5, '#2a1608', 0.02], [1, '#2a1608', 0.5]),
    ),
  );
  const top = `M${n(x - w * 0.99)} ${n(y - h + ry)}a${n(w * 0.99)} ${n(ry)} 0 1 1 ${n(w * 1.98)} 0a${n(w * 0.99)} ${n(ry)} 0 1 1 ${n(-w * 1.98)} 0z`;
  cloth(drawing, top, { ...look, colour: lighten(look.colour, 0.14) }, unit);
  drawing.fill(
    top,
    drawing.gradient(stops([0, '#fff3dc', 0.3], [0.6, '#fff3dc', 0], [1, '#2a1608', 0.2]), [0, 0, 1, 0.6]),
  );
  drawing.stroke(top, darken(look.colour, 0.35), Math.max(2, unit * 0.4), ' stroke-opacity=".7"');
}
