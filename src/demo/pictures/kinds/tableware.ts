import { darken, mix } from '../colour.ts';
import { ellipse, n, stops, type Drawing } from '../drawing.ts';
import { radiusAt, type Profile, type Turned } from '../lathe.ts';
import { lit } from '../light.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { rod } from '../solid.ts';
import { drawVessel, FINISHES, turnedOf } from '../vessel.ts';

const BOWL: Profile = [
  [0, 0.4],
  [0.06, 0.42],
  [0.1, 0.5],
  [0.32, 0.8],
  [0.62, 0.95],
  [1, 1],
];
const DEEP: Profile = [
  [0, 0.46],
  [0.05, 0.5],
  [0.25, 0.84],
  [0.5, 0.98],
  [0.75, 1],
  [1, 0.96],
];
const PLATE: Profile = [
  [0, 0.56],
  [0.3, 0.6],
  [0.55, 0.86],
  [1, 1],
];
const JUG: Profile = [
  [0, 0.72],
  [0.03, 0.78],
  [0.24, 1],
  [0.45, 0.94],
  [0.7, 0.66],
  [0.82, 0.6],
  [1, 0.7],
];
const POT: Profile = [
  [0, 0.6],
  [0.04, 0.66],
  [0.3, 0.98],
  [0.5, 1],
  [0.8, 0.72],
  [0.98, 0.42],
  [1, 0.4],
];

/** Bowls, plates, stacks of both, jugs and teapots; glass jugs are carafes. */
export const tableware: Draughtsman = {
  forms: ['bowl', 'deep-bowl', 'plate', 'stack', 'jug', 'teapot'],
  mount: () => 'stand',
  extent: (look) => {
    if (look.form === 'jug') return { width: look.width * 1.4, height: look.height };
    if (look.form === 'teapot') return { width: look.width * 1.75, height: look.height * 1.45 };
    if (look.form === 'plate') return { width: look.width, height: look.width * 0.42 };
    if (look.form === 'stack') return { width: look.width, height: look.height * 0.95 };
    return { width: look.width, height: look.height * 1.25 };
  },
  draw: (drawing, look, place) => {
    switch (look.form) {
      case 'plate':
        return dish(drawing, look, place, look.height, 0.34);
      case 'stack':
        return stack(drawing, look, place);
      case 'jug':
        return jug(drawing, look, place);
      case 'teapot':
        return teapot(drawing, look, place);
      default:
        return bowl(drawing, look, place);
    }
  },
};

function bowl(drawing: Drawing, look: Look, place: Place): void {
  const profile = look.form === 'deep-bowl' ? DEEP : BOWL;
  const tilt = 0.27;
  const body = drawVessel(drawing, look, place, { profile, open: true, tilt, glazeFrom: 0.16 });
  hollow(drawing, body, look, 0.5);
}

/** The well of an open dish: lighter on the right, where the window reaches it. */
function hollow(drawing: Drawing, body: Turned, look: Look, deep: number): void {
  if (look.material === 'glass') return;
  const inside = look.material === 'enamel' ? '#f0e9dc' : look.colour;
  const radius = radiusAt(body.profile, 1) * body.radius * 0.95;
  const y = body.base - body.height + radius * body.tilt * 0.04;
  const finish = FINISHES[look.material];
  const shade = stops(
    [0, darken(lit(inside, [0.6, 0.5, 0.3], finish), 0.34 * deep + 0.12)],
    [0.35, darken(lit(inside, [0.3, 0.8, 0.3], finish), 0.24 * deep)],
    [0.75, lit(inside, [-0.35, 0.8, 0.4], finish)],
    [1, lit(inside, [-0.6, 0.6, 0.4], finish)],
  );
  drawing.fill(ellipse(body.x, y, radius, radius * body.tilt), drawing.gradient(shade, [0, 0.1, 1, 0.7]));
  drawing.fill(
    ellipse(body.x - radius * 0.02, y + radius * body.tilt * 0.26, radius * 0.62, radius * body.tilt * 0.55),
    drawing.gradient(stops([0, darken(inside, 0.5), 0.28 * deep], [1, inside, 0.15]), [0, 0, 0.9, 1]),
  );
}

function dish(drawing: Drawing, look: Look, place: Place, height: number, tilt: number): void {
  const flat = { ...look, height, pattern: 'plain' as const };
  const body = drawVessel(drawing, flat, place, { profile: PLATE, open: true, tilt });
  hollow(drawing, body, look, 0.18);
  const radius = body.radius;
  const y = body.base - body.height;
  const line = mix(look.colour, look.accent, 0.55);
  drawing.stroke(
    ellipse(body.x, y, radius * 0.985, radius * tilt * 0.985),
    line,
    radius * 0.014,
    ' stroke-opacity=".8"',
  );
  drawing.stroke(
    ellipse(body.x, y + radius * tilt * 0.07, radius * 0.66, radius * tilt * 0.64),
    darken(look.colour, 0.5),
    radius * 0.012,
    ' stroke-opacity=".22"',
  );
  if (look.pattern === 'stripe') {
    drawing.stroke(
      ellipse(body.x, y + radius * tilt * 0.02, radius * 0.86, radius * tilt * 0.85),
      look.accent,
      radius * 0.03,
    );
  }
}

/** Plates below, bowls above, as they stand in a cupboard. */
function stack(drawing: Drawing, look: Look, place: Place): void {
  const { unit } = place;
  const step = look.height * 0.085;
  for (let i = 0; i < 3; i++) {
    dish(drawing, look, { ...place, y: place.y - i * step * unit }, look.height * 0.13, 0.2);
  }
  const small = {
    ...look,
    form: 'deep-bowl',
    width: look.width * 0.6,
    height: look.height * 0.34,
    pattern: 'plain' as const,
  };
  for (let i = 0; i < 3; i++) {
    const y = place.y - (step * 3 + look.height * 0.03 + i * look.height * 0.085) * unit;
    const body = drawVessel(
      drawing,
      small,
      { ...place, y },
      { profile: DEEP, open: true, tilt: 0.2, glazeFrom: 0.2 },
    );
    if (i === 2) hollow(drawing, body, look, 0.5);
  }
}

function jug(drawing: Drawing, look: Look, place: Place): void {
  const at = { ...place, x: place.x - look.width * 0.12 * place.unit };
  const vessel = { profile: JUG, open: true, tilt: 0.19, glazeFrom: look.pattern === 'band' ? 0.34 : 0.08 };
  const body = turnedOf(look, at, vessel);
  if (look.material !== 'glass') ear(drawing, look, body, 0.9, 0.36);
  drawVessel(drawing, look, at, vessel);
  const mouth = radiusAt(body.profile, 1) * body.radius;
  const y = body.base - body.height;
  const lip = `M${n(body.x - mouth * 0.72)} ${n(y + mouth * 0.12)}Q${n(body.x - mouth * 1.05)} ${n(y - mouth * 0.02)} ${n(body.x - mouth * 1.42)} ${n(y - mouth * 0.12)}Q${n(body.x - mouth * 1.2)} ${n(y + mouth * 0.28)} ${n(body.x - mouth * 0.86)} ${n(y + mouth * 0.56)}Z`;
  const tone = look.material === 'enamel' ? look.accent : look.colour;
  if (look.material !== 'glass') drawing.fill(lip, lit(tone, [-0.5, 0.5, 0.6], FINISHES[look.material]));
}

function ear(drawing: Drawing, look: Look, body: Turned, high: number, low: number): void {
  const from = body.x + radiusAt(body.profile, high) * body.radius * 0.9;
  const to = body.x + radiusAt(body.profile, low) * body.radius * 0.96;
  const top = body.base - body.height * high;
  const foot = body.base - body.height * low;
  const out = body.x + body.radius * 1.75;
  const path = `M${n(from)} ${n(top)}C${n(out)} ${n(top - body.height * 0.06)} ${n(out)} ${n(foot)} ${n(to)} ${n(foot)}`;
  const finish = FINISHES[look.material];
  drawing.stroke(path, darken(look.colour, 0.45), body.radius * 0.18);
  drawing.stroke(path, lit(look.colour, [0.1, 0.3, 0.8], finish), body.radius * 0.15);
  drawing.stroke(
    path,
    lit(look.colour, [-0.4, 0.6, 0.6], finish),
    body.radius * 0.05,
    ' stroke-opacity=".7"',
  );
}

function teapot(drawing: Drawing, look: Look, place: Place): void {
  const body = turnedOf(look, place, { profile: POT, open: false, tilt: 0.19 });
  const { x, base, height, radius } = body;
  const y = base - height;
  const finish = FINISHES[look.material];
  const spoutPaint = drawing.gradient(
    stops([0, lit(look.colour, [-0.5, 0.6, 0.5], finish)], [1, lit(look.colour, [0, -0.6, 0.6], finish)]),
    [0, 0, 0.5, 1],
  );
  drawing.fill(
    `M${n(x - radius * 0.7)} ${n(base - height * 0.34)}C${n(x - radius * 1.3)} ${n(base - height * 0.4)} ${n(x - radius * 1.3)} ${n(base - height * 0.8)} ${n(x - radius * 1.68)} ${n(y + height * 0.02)}L${n(x - radius * 1.5)} ${n(y - height * 0.02)}C${n(x - radius * 1.2)} ${n(base - height * 0.84)} ${n(x - radius)} ${n(base - height * 0.82)} ${n(x - radius * 0.6)} ${n(base - height * 0.74)}Z`,
    spoutPaint,
  );
  drawVessel(drawing, look, place, { profile: POT, open: false, tilt: 0.19, glazeFrom: 0.12 });
  const lid = {
    ...look,
    width: look.width * 0.44,
    height: (height * 0.1) / place.unit,
    seed: `${look.seed} lid`,
    pattern: 'plain' as const,
  };
  drawVessel(
    drawing,
    lid,
    { ...place, y: y + height * 0.02 },
    {
      profile: [
        [0, 1],
        [0.4, 0.86],
        [1, 0.3],
      ],
      open: false,
      tilt: 0.19,
    },
  );
  const knob = {
    ...lid,
    material: 'oak' as const,
    colour: '#b98a58',
    width: look.width * 0.13,
    height: look.height * 0.1,
  };
  drawVessel(
    drawing,
    knob,
    { ...place, y: y - height * 0.06 },
    {
      profile: [
        [0, 0.6],
        [0.5, 1],
        [0.9, 0.8],
        [1, 0.4],
      ],
      open: false,
      tilt: 0.19,
    },
  );
  const arch = `M${n(x - radius * 0.5)} ${n(base - height * 0.86)}C${n(x - radius * 0.62)} ${n(y - height * 0.58)} ${n(x + radius * 0.62)} ${n(y - height * 0.58)} ${n(x + radius * 0.5)} ${n(base - height * 0.86)}`;
  drawing.stroke(arch, darken('#b98a58', 0.5), radius * 0.085);
  drawing.stroke(arch, '#c79a68', radius * 0.06);
  rod(
    drawing,
    [x - radius * 0.26, y - height * 0.395],
    [x + radius * 0.26, y - height * 0.395],
    radius * 0.07,
    radius * 0.07,
    '#b98a58',
    false,
  );
}
