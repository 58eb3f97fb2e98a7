import { darken, lighten } from '../colour.ts';
import { curve, n, polygon, stops, type Drawing, type Point } from '../drawing.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { seeded } from '../random.ts';
import { pool } from '../shadow.ts';
import { rod } from '../solid.ts';
import { cloth } from '../weave.ts';

/** Throws over a rail, folded blankets, rugs on the floor, towels on a peg. `width` × `height` is the folded or hung size. */
export const textile: Draughtsman = {
  forms: ['throw', 'blanket', 'rug', 'towel'],
  mount: (look) => (look.form === 'blanket' ? 'stand' : 'wall'),
  extent: (look) => {
    if (look.form === 'rug') return { width: look.height * 1.04, height: look.width * 1.1 };
    return { width: look.width * (look.form === 'throw' ? 1.16 : 1.2), height: look.height };
  },
  draw: (drawing, look, place) => {
    switch (look.form) {
      case 'rug':
        return flatLay(drawing, look, place);
      case 'blanket':
        return folded(drawing, look, place);
      default:
        return hung(drawing, look, place);
    }
  },
};

/** Hangs from a rail (a throw, folded lengthwise, its back half showing) or a peg (a towel); (x, y) is the rail's middle. */
function hung(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const peg = look.form === 'towel';
  const w = look.width * unit * (peg ? 0.5 : 0.36);
  const h = look.height * unit;
  pool(drawing, x + w * 0.24, y + h * 0.52, w * 1.4, h * 0.58, 0.3);
  if (!peg) {
    const behind = {
      ...look,
      colour: darken(look.colour, 0.22),
      pattern: 'plain' as const,
      seed: `${look.seed} back`,
    };
    sheet(drawing, behind, [x + w * 0.16, y, w, h], unit, 3);
  }
  const rail = (look.width * unit) / 2 + unit * 8;
  rod(
    drawing,
    [x - rail, y + unit * 0.4],
    [x + rail, y + unit * 0.4],
    unit * 1.2,
    unit * 1.2,
    '#b98a58',
    false,
  );
  sheet(
    drawing,
    look,
    [x - w * (peg ? 0 : 0.06), y - unit * (peg ? 0 : 0.9), w, h * (peg ? 1 : 0.9)],
    unit,
    peg ? 5 : 3,
  );
}

function sheet(
  drawing: Drawing,
  look: Look,
  [x, y, w, h]: readonly [number, number, number, number],
  unit: number,
  folds: number,
): void {
  const random = seeded(`${look.seed} hung`);
  const top = look.form === 'towel' ? 0.72 : 0.95;
  const hem: Point[] = [];
  for (let i = 0; i <= folds * 2; i++) {
    const t = i / (folds * 2);
    const wave = i % 2 ? 0.01 : -0.008;
    hem.push([x - w + 2 * w * t, y + h * (0.97 + wave + random.between(-0.005, 0.005))]);
  }
  const [first] = hem;
  if (!first) return;
  const shape = `M${n(x - w * top)} ${n(y)}C${n(x - w * top)} ${n(y + h * 0.3)} ${n(x - w)} ${n(y + h * 0.6)} ${n(first[0])} ${n(first[1])}${curve(hem).replace('M', 'L')}C${n(x + w)} ${n(y + h * 0.6)} ${n(x + w * top)} ${n(y + h * 0.3)} ${n(x + w * top)} ${n(y)}Q${n(x)} ${n(y - h * 0.012)} ${n(x - w * top)} ${n(y)}Z`;
  fringe(drawing, hem, look, unit);
  cloth(drawing, shape, look, unit);
  bands(drawing, look, x, y + h * 0.8, w, unit, h * 0.011);
  drapes(drawing, shape, look, [x, y, w, h, top], folds);
}

function fringe(drawing: Drawing, hem: readonly Point[], look: Look, unit: number): void {
  const random = seeded(`${look.seed} fringe`);
  const long = unit * (look.form === 'towel' ? 1.4 : 6);
  let path = '';
  for (let i = 0; i + 1 < hem.length; i++) {
    const [x0, y0] = hem[i] ?? [0, 0];
    const [x1, y1] = hem[i + 1] ?? [0, 0];
    for (let k = 0; k < 5; k++) {
      const px = x0 + ((x1 - x0) * (k + 0.5)) / 5;
      path += `M${n(px)} ${n(y0 + ((y1 - y0) * k) / 5 - 3)}q${n(random.between(-3, 3))} ${n(long * 0.5)} ${n(random.between(-3, 3))} ${n(long * random.between(0.85, 1.1))}`;
    }
  }
  drawing.stroke(path, darken(look.colour, 0.12), Math.max(1.8, unit * 0.42));
}

/** Stripes woven near the end of a cloth. */
function bands(
  drawing: Drawing,
  look: Look,
  x: number,
  y: number,
  w: number,
  unit: number,
  sag: number,
): void {
  if (look.pattern !== 'band') return;
  for (const [offset, thick] of [
    [0, 2.6],
    [4.2, 0.8],
    [-4.2, 0.8],
  ] as const) {
    const at = y + offset * unit;
    drawing.stroke(
      `M${n(x - w * 0.985)} ${n(at)}Q${n(x)} ${n(at + sag)} ${n(x + w * 0.985)} ${n(at)}`,
      look.accent,
      thick * unit,
      ' stroke-linecap="butt" stroke-opacity=".9"',
    );
  }
}

/** Soft folds falling from the rail: one gradient across, dark and light by turns. */
function drapes(
  drawing: Drawing,
  shape: string,
  look: Look,
  [x, y, w, h, top]: readonly [number, number, number, number, number],
  folds: number,
): void {
  const random = seeded(`${look.seed} drapes`);
  const list: (readonly [number, string, number])[] = [];
  for (let i = 0; i < folds; i++) {
    const at = (i + random.between(0.2, 0.4)) / folds;
    list.push([at, '#2a1608', random.between(0.18, 0.34)]);
    list.push([at + 0.34 / folds, '#fff3dc', random.between(0.12, 0.26)]);
    list.push([at + 0.62 / folds, '#2a1608', 0.05]);
  }
  drawing.fill(shape, drawing.gradient(stops([0, '#fff3dc', 0.1], ...list, [1, '#2a1608', 0.36])));
  drawing.fill(
    shape,
    drawing.gradient(
      stops([0, '#fff3dc', 0.22], [0.05, '#2a1608', 0.16], [0.14, '#2a1608', 0], [1, '#2a1608', 0.14]),
      [0, 0, 0, 1],
    ),
  );
  let lines = '';
  for (let i = 1; i < folds; i++) {
    const t = (i / folds) * 2 - 1;
    lines += `M${n(x + t * w * top * 0.94)} ${n(y + h * 0.015)}Q${n(x + t * w * top)} ${n(y + h * 0.4)} ${n(x + t * w + random.between(-0.03, 0.03) * w)} ${n(y + h * random.between(0.7, 0.94))}`;
  }
  drawing.stroke(lines, darken(look.colour, 0.5), 2, ' stroke-opacity=".2"');
}

/** A blanket folded to a bundle: the fold's round edge in front, layers below. */
function folded(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const w = (look.width * unit) / 2;
  const h = look.height * unit;
  const layers = 4;
  const lid = h * 0.3;
  const thick = (h - lid) / layers;
  for (let i = 0; i < layers; i++) {
    const bottom = y - i * thick;
    const out = w * (1 - i * 0.006 + (i % 2) * 0.012);
    const r = thick * 0.5;
    const shape = `M${n(x - out + r)} ${n(bottom - thick * 1.03)}H${n(x + out - r)}q${n(r)} 0 ${n(r)} ${n(thick * 0.5)}t${n(-r)} ${n(thick * 0.52)}H${n(x - out + r)}q${n(-r)} 0 ${n(-r)} ${n(-thick * 0.5)}t${n(r)} ${n(-thick * 0.52)}Z`;
    cloth(drawing, shape, look, unit);
    drawing.fill(
      shape,
      drawing.gradient(
        stops([0, '#fff3dc', 0.3], [0.35, '#fff3dc', 0], [0.7, '#2a1608', 0.16], [1, '#2a1608', 0.58]),
        [0, 0, 0, 1],
      ),
    );
    drawing.fill(
      shape,
      drawing.gradient(
        stops([0, '#2a1608', 0.12], [0.2, '#fff3dc', 0.08], [0.6, '#2a1608', 0], [1, '#2a1608', 0.3]),
      ),
    );
  }
  const top = y - layers * thick;
  const back = w * 0.9;
  const cover = `M${n(x - w * 0.985)} ${n(top + 2)}Q${n(x - w)} ${n(top - 6)} ${n(x - back)} ${n(top - lid)}Q${n(x)} ${n(top - lid * 1.12)} ${n(x + back)} ${n(top - lid)}Q${n(x + w)} ${n(top - 6)} ${n(x + w * 0.985)} ${n(top + 2)}Z`;
  cloth(drawing, cover, { ...look, colour: lighten(look.colour, 0.14) }, unit);
  drawing.fill(
    cover,
    drawing.gradient(
      stops([0, '#fff3dc', 0.32], [0.6, '#fff3dc', 0.05], [1, '#2a1608', 0.2]),
      [0, 0, 1, 0.4],
    ),
  );
  const hem: Point[] = [];
  for (let i = 0; i <= 10; i++) hem.push([x - w * 0.93 + w * 0.5 * (i / 10), y - thick * 1.1]);
  fringe(drawing, hem, { ...look, form: 'towel' }, unit * 1.6);
  if (look.pattern === 'band') {
    drawing.fill(
      polygon([
        [x + w * 0.45, top + 1],
        [x + w * 0.41, top - lid * 1.03],
        [x + w * 0.53, top - lid * 1.03],
        [x + w * 0.58, top + 1],
      ]),
      look.accent,
      ' fill-opacity=".85"',
    );
    drawing.fill(
      `M${n(x + w * 0.45)} ${n(top)}h${n(w * 0.13)}V${n(y - 4)}h${n(-w * 0.13)}z`,
      look.accent,
      ' fill-opacity=".55"',
    );
  }
}

/** A rug seen from above, its short sides up and down; (x, y) is the middle of its upper edge. */
function flatLay(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const w = (look.height * unit) / 2;
  const h = look.width * unit;
  pool(drawing, x + w * 0.06, y + h * 0.52, w * 1.3, h * 0.64, 0.5);
  const edge = (at: number): Point[] => Array.from({ length: 25 }, (_, i) => [x - w + (2 * w * i) / 24, at]);
  fringe(drawing, edge(y + h * 0.995), { ...look, colour: look.accent }, unit);
  drawing.group(`transform="translate(0 ${n(2 * y + h * 0.01)}) scale(1 -1)"`, () =>
    fringe(drawing, edge(y), { ...look, colour: look.accent }, unit),
  );
  const shape = `M${n(x - w)} ${n(y)}H${n(x + w)}V${n(y + h)}H${n(x - w)}Z`;
  const scale = look.pattern === 'diamond' ? 2.2 : 1.5;
  cloth(drawing, shape, look, unit * scale);
  if (look.pattern === 'band') {
    for (const at of [0.1, 0.16, 0.2, 0.8, 0.84, 0.9]) {
      drawing.fill(
        `M${n(x - w)} ${n(y + h * at)}h${n(w * 2)}v${n(h * (at === 0.16 || at === 0.8 ? 0.03 : 0.014))}h${n(-w * 2)}z`,
        look.accent,
        ' fill-opacity=".9"',
      );
    }
  } else if (look.pattern !== 'stripe') {
    drawing.stroke(
      `M${n(x - w * 0.94)} ${n(y + w * 0.06)}H${n(x + w * 0.94)}V${n(y + h - w * 0.06)}H${n(x - w * 0.94)}Z`,
      look.accent,
      unit * 1.6,
      ' stroke-opacity=".85"',
    );
  }
  drawing.fill(
    shape,
    drawing.gradient(
      stops([0, '#fff3dc', 0.16], [0.5, '#fff3dc', 0], [1, '#2a1608', 0.22]),
      [0, 0, 0.9, 0.4],
    ),
  );
}

/** A rug lying on the floor of a room; (x, y) is the middle of its near edge. */
export function lyingRug(drawing: Drawing, look: Look, place: Place): void {
  const { x, y, unit } = place;
  const w = (look.width * unit) / 2;
  const deep = look.height * unit * 0.46;
  const far = w * 0.72;
  const corners: readonly [Point, Point, Point, Point] = [
    [x - w, y],
    [x + w, y],
    [x + far, y - deep],
    [x - far, y - deep],
  ];
  pool(drawing, x + w * 0.04, y - deep * 0.42, w * 1.12, deep * 0.72, 0.34);
  const shape = polygon(corners);
  fringeAlong(drawing, corners, look, unit);
  drawing.fill(polygon(corners.map(([px, py]) => [px, py + unit * 1.2])), darken(look.colour, 0.5));
  drawing.fill(shape, look.colour);
  lyingMotif(drawing, corners, look);
  drawing.fill(shape, threadsOf(drawing, look, unit));
  drawing.fill(
    shape,
    drawing.gradient(stops([0, '#fff3dc', 0.2], [0.5, '#fff3dc', 0], [1, '#2a1608', 0.24]), [0, 0, 1, 0.3]),
  );
}

function threadsOf(drawing: Drawing, look: Look, unit: number): string {
  const size = Math.max(4, Math.round(unit * 1.1));
  const lines = `<path d="M0 ${n(size * 0.3)}H${n(size)}" stroke="${darken(look.colour, 0.6)}" stroke-opacity=".2" stroke-width="${n(size * 0.25)}"/><path d="M${n(size * 0.3)} 0V${n(size)}" stroke="${lighten(look.colour, 0.6)}" stroke-opacity=".16" stroke-width="${n(size * 0.3)}"/>`;
  return drawing.tile(size, size, lines);
}

type Corners = readonly [Point, Point, Point, Point];

/** A point of the lying rug: u from left to right, v from the near edge to the far one. */
function lying([a, b, c, d]: Corners, u: number, v: number): Point {
  const depth = (v * 0.72) / (0.72 + (1 - v) * 0.28);
  const near: Point = [a[0] + (b[0] - a[0]) * u, a[1]];
  const far: Point = [d[0] + (c[0] - d[0]) * u, d[1]];
  return [near[0] + (far[0] - near[0]) * depth, near[1] + (far[1] - near[1]) * depth];
}

function lyingMotif(drawing: Drawing, corners: Corners, look: Look): void {
  const quad = (u0: number, u1: number, v0: number, v1: number): string =>
    polygon([lying(corners, u0, v0), lying(corners, u1, v0), lying(corners, u1, v1), lying(corners, u0, v1)]);
  let path = '';
  if (look.pattern === 'diamond' || look.pattern === 'herringbone') {
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 3; j++) {
        const [u, v] = [(i + 0.5) / 6, (j + 0.5) / 3];
        for (const [ru, rv] of [
          [0.08, 0.16],
          [0.035, 0.07],
        ] as const) {
          path += polygon([
            lying(corners, u - ru, v),
            lying(corners, u, v - rv),
            lying(corners, u + ru, v),
            lying(corners, u, v + rv),
          ]);
        }
      }
    }
    drawing.fill(path, look.accent, ' fill-rule="evenodd" fill-opacity=".9"');
  } else if (look.pattern === 'check' || look.pattern === 'tartan') {
    for (let i = 0; i < 7; i++) path += quad((i + 0.3) / 7, (i + 0.62) / 7, 0, 1);
    for (let j = 0; j < 4; j++) path += quad(0, 1, (j + 0.3) / 4, (j + 0.62) / 4);
    drawing.fill(path, look.accent, ' fill-opacity=".55"');
  } else if (look.pattern === 'stripe') {
    for (let i = 0; i < 11; i++) path += quad((i + 0.25) / 11, (i + (i % 3 ? 0.4 : 0.7)) / 11, 0, 1);
    drawing.fill(path, look.accent, ' fill-opacity=".85"');
  }
  if (look.pattern !== 'stripe') {
    const edge =
      quad(0.03, 0.05, 0, 1) + quad(0.95, 0.97, 0, 1) + quad(0.07, 0.085, 0, 1) + quad(0.915, 0.93, 0, 1);
    drawing.fill(edge, look.accent, ' fill-opacity=".8"');
  }
}

function fringeAlong(drawing: Drawing, corners: Corners, look: Look, unit: number): void {
  const random = seeded(`${look.seed} rug`);
  let path = '';
  for (const [u, out] of [
    [0, -1],
    [1, 1],
  ] as const) {
    for (let i = 0; i < 34; i++) {
      const [px, py] = lying(corners, u, (i + 0.5) / 34);
      path += `M${n(px)} ${n(py)}l${n(out * unit * random.between(4.5, 6.5))} ${n(unit * random.between(0.4, 1.6))}`;
    }
  }
  drawing.stroke(path, lighten(look.accent, 0.5), Math.max(1.6, unit * 0.6));
}
