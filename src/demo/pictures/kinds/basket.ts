import { darken, lighten } from '../colour.ts';
import { ellipse, n, stops, type Drawing } from '../drawing.ts';
import { belt, onWall, radiusAt, turn, type Profile, type Turned } from '../lathe.ts';
import type { Draughtsman, Look } from '../look.ts';
import { seeded, type Random } from '../random.ts';
import { turnedOf } from '../vessel.ts';

const PROFILES: Record<string, Profile> = {
  belly: [
    [0, 0.72],
    [0.06, 0.8],
    [0.4, 1],
    [0.7, 0.96],
    [1, 0.84],
  ],
  bucket: [
    [0, 0.78],
    [0.5, 0.9],
    [1, 1],
  ],
  tray: [
    [0, 0.86],
    [0.3, 0.94],
    [1, 1],
  ],
  lidded: [
    [0, 0.84],
    [0.1, 0.92],
    [0.5, 1],
    [0.9, 0.96],
    [1, 0.93],
  ],
  hamper: [
    [0, 0.9],
    [0.5, 1],
    [1, 0.96],
  ],
};

/** Baskets; `colour` is the cane's, `accent` the rim's, the handles' and the bands'. */
export const basket: Draughtsman = {
  forms: Object.keys(PROFILES),
  mount: () => 'stand',
  extent: (look) => ({
    width: look.width * (look.form === 'tray' ? 1.12 : 1.06),
    height: look.height * (look.form === 'lidded' ? 1.25 : look.form === 'tray' ? 1.9 : 1.18),
  }),
  draw: (drawing, look, place) => {
    const body = wovenBody(look, place.x, place.y, place.unit);
    if (look.form === 'bucket' || look.form === 'belly') handles(drawing, look, body, true);
    drawBasketBody(drawing, look, body);
    if (look.form === 'lidded') lid(drawing, look, body);
    else if (look.form !== 'tray') handles(drawing, look, body, false);
    else handles(drawing, { ...look, form: 'bucket' }, body, true);
  },
};

export function wovenBody(look: Look, x: number, y: number, unit: number): Turned {
  const tilt = look.form === 'tray' ? 0.3 : 0.2;
  return turnedOf(
    look,
    { x, y, unit },
    { profile: PROFILES[look.form] ?? PROFILES['bucket'] ?? [], open: true, tilt },
  );
}

/** The form in shadow first, then rows of strokes over and under the staves. */
export function drawBasketBody(drawing: Drawing, look: Look, body: Turned): void {
  const random = seeded(`${look.seed} basket`);
  turn(drawing, {
    ...body,
    colour: darken(look.colour, 0.34),
    finish: 'matt',
    inside: darken(look.colour, 0.1),
    lip: look.accent,
  });
  strokes(drawing, look, body, random);
  const rimRadius = radiusAt(body.profile, 1) * body.radius;
  const top = body.base - body.height;
  const thick = Math.max(3, body.radius * 0.05);
  drawing.stroke(ellipse(body.x, top, rimRadius, rimRadius * body.tilt), darken(look.accent, 0.4), thick);
  const wound = `stroke-dasharray="${n(thick * 0.9)} ${n(thick * 0.32)}"`;
  drawing.stroke(
    ellipse(body.x, top - thick * 0.1, rimRadius, rimRadius * body.tilt),
    lighten(look.accent, 0.16),
    thick * 0.8,
    ` ${wound} stroke-linecap="butt"`,
  );
}

function strokes(drawing: Drawing, look: Look, body: Turned, random: Random): void {
  const rows = Math.max(5, Math.min(26, Math.round(body.height / Math.max(9, body.radius * 0.075))));
  const staves = 18;
  const rowHeight = 1 / rows;
  const paints = new Map<string, string>();
  for (let row = 0; row < rows; row++) {
    const at = (row + 0.5) * rowHeight * 0.97 + 0.005;
    const banded =
      look.pattern !== 'plain' &&
      (row === Math.floor(rows * 0.62) ||
        row === Math.floor(rows * 0.62) + 1 ||
        row === Math.floor(rows * 0.3));
    for (let stave = 0; stave < staves; stave++) {
      if ((row + stave) % 2) continue;
      const from = -Math.PI / 2 + (Math.PI * (stave - 0.12)) / staves;
      const to = from + (Math.PI * 1.24) / staves;
      const start = onWall(body, at, Math.max(-1.57, from));
      const end = onWall(body, at, Math.min(1.57, to));
      const middle = onWall(body, at, (from + to) / 2);
      const key = `${Math.min(5, Math.floor(((from + 1.57) / 3.14) * 6))} ${banded ? 1 : 0} ${random.int(0, 1)}`;
      const line = `M${n(start[0])} ${n(start[1])}Q${n(middle[0])} ${n(middle[1] + 1.5)} ${n(end[0])} ${n(end[1])}`;
      paints.set(key, (paints.get(key) ?? '') + line);
    }
  }
  const width = body.height * rowHeight * 0.8;
  for (const [key, path] of paints) {
    const [zone = 0, banded, tone] = key.split(' ').map(Number);
    const cane = banded ? look.accent : look.colour;
    const light = [0.06, 0.34, 0.2, 0, -0.2, -0.42][zone] ?? 0;
    const shade = light + (tone ? 0.07 : -0.05);
    const colour = shade > 0 ? lighten(cane, shade) : darken(cane, -shade);
    drawing.stroke(path, colour, width, ' stroke-linecap="round"');
  }
}

function handles(drawing: Drawing, look: Look, body: Turned, behind: boolean): void {
  const r = radiusAt(body.profile, 1) * body.radius;
  const top = body.base - body.height;
  const thick = Math.max(4, body.radius * 0.075);
  const loop = (x: number, y: number, w: number, h: number): void => {
    const path = `M${n(x - w)} ${n(y)}C${n(x - w)} ${n(y - h)} ${n(x + w)} ${n(y - h)} ${n(x + w)} ${n(y)}`;
    drawing.stroke(path, darken(look.accent, 0.5), thick);
    drawing.stroke(path, look.accent, thick * 0.72);
    drawing.stroke(
      path,
      lighten(look.accent, 0.35),
      thick * 0.6,
      ` stroke-dasharray="${n(thick * 0.5)} ${n(thick * 0.7)}" stroke-linecap="butt" stroke-opacity=".7"`,
    );
  };
  if (look.form === 'bucket' && behind) {
    for (const side of [-1, 1]) loop(body.x + side * r * 0.98, top + r * 0.06, r * 0.16, r * 0.36);
  }
  if (look.form === 'belly') {
    if (behind) loop(body.x, top - r * body.tilt * 0.85, r * 0.28, r * 0.34);
    else loop(body.x, top + r * body.tilt * 0.98, r * 0.28, r * 0.36);
  }
}

function lid(drawing: Drawing, look: Look, body: Turned): void {
  const r = radiusAt(body.profile, 1) * body.radius * 1.05;
  const top = body.base - body.height;
  const cover: Turned = {
    ...body,
    base: top + body.height * 0.03,
    height: body.height * 0.2,
    radius: r,
    profile: [
      [0, 1],
      [0.14, 1],
      [0.4, 0.82],
      [0.75, 0.44],
      [1, 0.08],
    ],
  };
  turn(drawing, { ...cover, colour: darken(look.colour, 0.3), finish: 'matt' });
  strokes(drawing, { ...look, pattern: 'plain' }, cover, seeded(`${look.seed} lid`));
  drawing.fill(
    belt(cover, 0, 0.12),
    drawing.gradient(
      stops([0, darken(look.accent, 0.2)], [0.3, lighten(look.accent, 0.3)], [1, darken(look.accent, 0.4)]),
    ),
  );
  const knob: Turned = {
    ...cover,
    base: cover.base - cover.height * 0.94,
    height: body.height * 0.07,
    radius: r * 0.09,
    profile: [
      [0, 0.6],
      [0.6, 1],
      [1, 0.5],
    ],
    colour: look.accent,
  };
  turn(drawing, knob);
}
