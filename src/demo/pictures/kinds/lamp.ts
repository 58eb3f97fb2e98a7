import { darken, lighten, mix } from '../colour.ts';
import { ellipse, n, stops, type Drawing } from '../drawing.ts';
import { belt, outlineOf, radiusAt, turn, type Profile, type Turned } from '../lathe.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { glow } from '../shadow.ts';
import { rod } from '../solid.ts';
import { drawVessel } from '../vessel.ts';

const WARM = '#ffdf9e';
const FOOT: Profile = [
  [0, 1],
  [0.3, 0.98],
  [0.6, 0.8],
  [1, 0.12],
];
const GOURD: Profile = [
  [0, 0.7],
  [0.06, 0.76],
  [0.36, 1],
  [0.6, 0.86],
  [0.85, 0.3],
  [1, 0.22],
];
const DRUM: Profile = [
  [0, 1],
  [1, 0.72],
];
const DOME: Profile = [
  [0, 1],
  [0.25, 0.97],
  [0.5, 0.87],
  [0.7, 0.71],
  [0.85, 0.52],
  [0.94, 0.33],
  [0.985, 0.15],
  [1, 0.1],
];
const CAP: Profile = [
  [0, 1],
  [0.25, 0.98],
  [0.5, 0.89],
  [0.7, 0.74],
  [0.85, 0.55],
  [0.94, 0.36],
  [0.985, 0.18],
  [1, 0.08],
];
const GLOBE: Profile = [
  [0, 0.24],
  [0.06, 0.5],
  [0.25, 0.88],
  [0.5, 1],
  [0.75, 0.88],
  [0.94, 0.5],
  [1, 0.24],
];

/** Lamps, lit: `colour` is the shade's, `accent` the stand's. */
export const lamp: Draughtsman = {
  forms: ['table', 'mushroom', 'floor', 'dome', 'lantern', 'woven', 'wall'],
  mount: (look) => {
    if (look.form === 'dome' || look.form === 'lantern' || look.form === 'woven') return 'ceiling';
    return look.form === 'wall' ? 'wall' : 'stand';
  },
  extent: (look) => ({ width: look.width, height: look.height }),
  draw: (drawing, look, place) => {
    const reach = Math.max(look.width, 24) * place.unit;
    switch (look.form) {
      case 'floor':
        return floorLamp(drawing, look, place, reach);
      case 'mushroom':
        return mushroom(drawing, look, place, reach);
      case 'dome':
      case 'lantern':
      case 'woven':
        return pendant(drawing, look, place, reach);
      case 'wall':
        return wallLamp(drawing, look, place, reach);
      default:
        return tableLamp(drawing, look, place, reach);
    }
  },
};

/** A shade of paper or linen with the bulb behind it: brightest in the middle, pleated. */
function litShade(drawing: Drawing, shade: Turned, pleats: number): void {
  const { colour } = shade;
  const core = mix(lighten(colour, 0.55), '#fff0c8', 0.65);
  const paint = drawing.gradient(
    stops(
      [0, darken(mix(colour, '#e9b978', 0.3), 0.12)],
      [0.16, mix(colour, WARM, 0.35)],
      [0.42, core],
      [0.6, core],
      [0.86, mix(colour, WARM, 0.3)],
      [1, darken(mix(colour, '#d9a060', 0.35), 0.22)],
    ),
  );
  const outline = belt(shade, 0, 1);
  drawing.fill(outline, paint);
  drawing.fill(
    outline,
    drawing.gradient(
      stops([0, '#a86a30', 0.26], [0.4, '#fff3d6', 0.1], [0.75, '#fff3d6', 0.22], [1, '#a86a30', 0.12]),
      [0, 0, 0, 1],
    ),
  );
  let lines = '';
  for (let i = 1; i < pleats; i++) {
    const angle = -Math.PI / 2 + (Math.PI * i) / pleats;
    const low = radiusAt(shade.profile, 0) * shade.radius;
    const high = radiusAt(shade.profile, 1) * shade.radius;
    lines += `M${n(shade.x + low * Math.sin(angle))} ${n(shade.base + low * shade.tilt * Math.cos(angle))}L${n(shade.x + high * Math.sin(angle))} ${n(shade.base - shade.height + high * shade.tilt * Math.cos(angle))}`;
  }
  drawing.stroke(lines, '#8a5a2c', 1.4, ' stroke-opacity=".2"');
  const top = radiusAt(shade.profile, 1) * shade.radius;
  drawing.fill(
    ellipse(shade.x, shade.base - shade.height, top, top * shade.tilt),
    mix(colour, '#fff0c8', 0.6),
  );
  drawing.stroke(ellipse(shade.x, shade.base - shade.height, top, top * shade.tilt), darken(colour, 0.25), 2);
}

function shadeAt(look: Look, place: Place, bottom: number, top: number, profile: Profile): Turned {
  return {
    x: place.x,
    base: place.y - bottom * look.height * place.unit,
    height: (top - bottom) * look.height * place.unit,
    radius: (look.width * place.unit) / 2,
    profile,
    colour: look.colour,
    finish: 'matt',
    tilt: 0.1,
  };
}

function tableLamp(drawing: Drawing, look: Look, place: Place, reach: number): void {
  const shade = shadeAt(look, place, 0.52, 1, DRUM);
  glow(drawing, place.x, shade.base - shade.height * 0.4, reach * 1.15, reach * 1.1, WARM, 0.5);
  const neck = place.y - look.height * 0.55 * place.unit;
  rod(
    drawing,
    [place.x, neck],
    [place.x, neck + look.height * 0.12 * place.unit],
    place.unit * 0.7,
    place.unit * 0.7,
    '#b98f45',
    true,
  );
  const foot: Look = {
    ...look,
    colour: look.accent,
    material: look.material === 'paper' ? 'stoneware' : look.material,
    width: look.width * 0.52,
    height: look.height * 0.45,
    pattern: 'plain',
  };
  drawVessel(drawing, foot, place, { profile: GOURD, open: false, tilt: 0.14 });
  litShade(drawing, shade, look.pattern === 'stripe' ? 22 : 0);
  glow(drawing, place.x, place.y, reach * 0.8, reach * 0.13, WARM, 0.45);
}

function mushroom(drawing: Drawing, look: Look, place: Place, reach: number): void {
  const cap: Turned = { ...shadeAt(look, place, 0.5, 1, CAP), finish: 'satin', tilt: 0.16 };
  const { unit } = place;
  glow(drawing, place.x, cap.base, reach * 1.05, reach * 0.8, WARM, 0.5);
  const stem: Look = {
    ...look,
    material: 'brass',
    colour: look.accent,
    width: look.width * 0.5,
    height: look.height * 0.5,
  };
  drawVessel(drawing, stem, place, {
    profile: [
      [0, 1],
      [0.05, 1],
      [0.09, 0.9],
      [0.14, 0.34],
      [0.5, 0.26],
      [1, 0.26],
    ],
    open: false,
    tilt: 0.16,
  });
  const ry = cap.radius * cap.tilt;
  drawing.fill(
    ellipse(cap.x, cap.base, cap.radius, ry),
    drawing.radial(
      stops(
        [0, '#fff4d4'],
        [0.3, '#ffe2a0'],
        [0.75, mix(look.colour, '#ffcf80', 0.5)],
        [1, darken(look.colour, 0.2)],
      ),
    ),
  );
  turn(drawing, { ...cap, base: cap.base, tilt: 0.002 });
  drawing.stroke(
    `M${n(cap.x - cap.radius)} ${n(cap.base)}a${n(cap.radius)} ${n(ry)} 0 0 0 ${n(cap.radius * 2)} 0`,
    lighten(look.colour, 0.3),
    Math.max(1.5, unit * 0.16),
    ' stroke-opacity=".7"',
  );
  glow(drawing, place.x, place.y, reach * 0.85, reach * 0.14, WARM, 0.55);
}

function floorLamp(drawing: Drawing, look: Look, place: Place, reach: number): void {
  const shade = shadeAt(look, place, 0.8, 1, DRUM);
  glow(drawing, place.x, shade.base - shade.height * 0.4, reach * 1.25, reach * 1.2, WARM, 0.5);
  const metal: Look = {
    ...look,
    material: 'brass',
    colour: look.accent,
    width: look.width * 0.62,
    height: 3.2,
  };
  drawVessel(drawing, metal, place, { profile: FOOT, open: false, tilt: 0.16 });
  const { unit } = place;
  rod(
    drawing,
    [place.x, place.y - 2.6 * unit],
    [place.x, shade.base - shade.height * 0.3],
    unit * 0.95,
    unit * 0.95,
    look.accent,
    true,
  );
  litShade(drawing, shade, look.pattern === 'stripe' ? 24 : 0);
  rod(
    drawing,
    [place.x + look.width * 0.16 * unit, shade.base],
    [place.x + look.width * 0.16 * unit, shade.base + 16 * unit],
    unit * 0.14,
    unit * 0.14,
    look.accent,
    true,
  );
}

/** Hangs from (x, y): cord, cap, then a dome of metal, a paper lantern or a woven bell. */
function pendant(drawing: Drawing, look: Look, place: Place, reach: number): void {
  const { x, y, unit } = place;
  const cord = look.height * 0.4 * unit;
  const height = look.height * 0.6 * unit;
  const bottom = y + cord + height;
  drawing.stroke(
    `M${n(x)} ${n(y - 900)}V${n(y + cord)}`,
    darken(look.accent, 0.35),
    Math.max(2, unit * 0.34),
  );
  const radius = (look.width * unit) / 2;
  const base: Turned = {
    x,
    base: bottom,
    height,
    radius,
    profile: DOME,
    colour: look.colour,
    finish: look.material === 'brass' ? 'metal' : 'satin',
    tilt: 0.13,
  };
  glow(drawing, x, bottom, reach * 1.1, reach * 1.05, WARM, 0.5);
  if (look.form === 'dome') return dome(drawing, base, look);
  const shade: Turned = { ...base, profile: look.form === 'lantern' ? GLOBE : DOME, finish: 'matt' };
  const outline = outlineOf(shade);
  drawing.fill(
    outline,
    drawing.radial(
      stops(
        [0, '#fff3d0'],
        [0.4, mix(lighten(look.colour, 0.4), WARM, 0.5)],
        [0.8, mix(look.colour, '#e8b878', 0.3)],
        [1, darken(look.colour, 0.28)],
      ),
      0.46,
      0.55,
      0.62,
    ),
  );
  if (look.form === 'lantern') ribs(drawing, shade, 15);
  else weaveOn(drawing, shade, look.accent);
}

function dome(drawing: Drawing, body: Turned, look: Look): void {
  drawing.fill(
    ellipse(body.x, body.base, body.radius, body.radius * body.tilt),
    drawing.radial(stops([0, '#fff7dc'], [0.25, '#ffe6a8'], [0.8, '#e0aa58'], [1, '#a8742f'])),
  );
  turn(drawing, { ...body, tilt: 0.002 });
  drawing.stroke(
    `M${n(body.x - body.radius)} ${n(body.base)}a${n(body.radius)} ${n(body.radius * body.tilt)} 0 0 0 ${n(body.radius * 2)} 0`,
    '#f3d9a0',
    Math.max(1.6, body.radius * 0.014),
  );
  const cap = body.base - body.height;
  rod(
    drawing,
    [body.x, cap - body.radius * 0.14],
    [body.x, cap],
    body.radius * 0.07,
    body.radius * 0.09,
    look.accent,
    true,
  );
}

function ribs(drawing: Drawing, body: Turned, count: number): void {
  let path = '';
  for (let i = 1; i < count; i++) {
    const radius = radiusAt(body.profile, i / count) * body.radius;
    const y = body.base - (i / count) * body.height;
    const sag = radius * 0.1 * (i / count - 0.5) * -2;
    path += `M${n(body.x - radius)} ${n(y)}Q${n(body.x)} ${n(y + sag)} ${n(body.x + radius)} ${n(y)}`;
  }
  drawing.stroke(path, '#8a6232', Math.max(1.3, body.radius * 0.008), ' stroke-opacity=".35"');
}

/** Open basketwork: staves from the cap to the hem, crossed by wound rows. */
function weaveOn(drawing: Drawing, body: Turned, cane: string): void {
  let staves = '';
  for (let i = 0; i <= 22; i++) {
    const angle = -Math.PI / 2 + (Math.PI * i) / 22;
    const points: string[] = [];
    for (let j = 0; j <= 12; j++) {
      const radius = radiusAt(body.profile, j / 12) * body.radius;
      points.push(`${n(body.x + radius * Math.sin(angle))} ${n(body.base - (j / 12) * body.height)}`);
    }
    staves += `M${points.join('L')}`;
  }
  drawing.stroke(staves, darken(cane, 0.25), Math.max(1.5, body.radius * 0.016), ' stroke-opacity=".8"');
  let rows = '';
  for (let i = 0; i <= 20; i++) {
    if (i % 5 === 3) continue;
    const radius = radiusAt(body.profile, i / 20) * body.radius;
    rows += `M${n(body.x - radius)} ${n(body.base - (i / 20) * body.height)}h${n(radius * 2)}`;
  }
  drawing.stroke(rows, cane, Math.max(2.2, body.radius * 0.028), ' stroke-opacity=".85"');
}

function wallLamp(drawing: Drawing, look: Look, place: Place, reach: number): void {
  const { x, y, unit } = place;
  const height = look.height * unit;
  glow(drawing, x, y + height * 0.3, reach * 1.5, reach * 1.5, WARM, 0.55);
  rod(drawing, [x, y + height * 0.1], [x, y + height * 0.95], unit * 2, unit * 2, look.accent, true);
  rod(drawing, [x, y + height * 0.82], [x, y + height * 0.6], unit * 0.8, unit * 0.8, look.accent, true);
  const shade = shadeAt(
    { ...look, height: look.height * 0.62 },
    { ...place, y: y + height * 0.68 },
    0,
    1,
    DRUM,
  );
  litShade(drawing, { ...shade, radius: (look.width * unit) / 2 }, look.pattern === 'stripe' ? 14 : 0);
}
