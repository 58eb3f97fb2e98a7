import { darken, lighten, lightnessOf, mix } from './colour.ts';
import { ellipse, n, stops, type Drawing, type Point } from './drawing.ts';
import {
  onWall,
  outlineOf,
  radiusAt,
  ring,
  speckle,
  throwingLines,
  turn,
  windowGleam,
  type Profile,
  type Turned,
} from './lathe.ts';
import type { Finish } from './light.ts';
import type { Look, Place } from './look.ts';
import { seeded, type Random } from './random.ts';
import { grainOn } from './wood.ts';

export interface Vessel {
  profile: Profile;
  /** Open vessels show their inside. */
  open: boolean;
  tilt: number;
  /** Where the glaze stops on stoneware; 0 leaves no clay bare. */
  glazeFrom?: number;
}

/** How each material answers the light. */
export const FINISHES: Record<Look['material'], Finish> = {
  stoneware: 'satin',
  porcelain: 'gloss',
  terracotta: 'matt',
  enamel: 'gloss',
  glass: 'gloss',
  brass: 'metal',
  paper: 'matt',
  oak: 'matt',
  linen: 'matt',
  wool: 'matt',
  rattan: 'matt',
  wax: 'satin',
};

export function turnedOf(look: Look, place: Place, vessel: Vessel): Turned {
  return {
    x: place.x,
    base: place.y,
    height: look.height * place.unit,
    radius: (look.width * place.unit) / 2,
    profile: vessel.profile,
    colour: look.colour,
    finish: FINISHES[look.material],
    tilt: vessel.tilt,
  };
}

/** A turned thing in its material: glazed clay, enamelled steel, blown glass, brass, wood, wax. */
export function drawVessel(drawing: Drawing, look: Look, place: Place, vessel: Vessel): Turned {
  const random = seeded(`${look.seed} vessel`);
  const body = turnedOf(look, place, vessel);
  switch (look.material) {
    case 'glass':
      return drawGlass(drawing, body, look);
    case 'stoneware':
      return drawStoneware(drawing, body, look, vessel, random);
    case 'enamel':
      return drawEnamel(drawing, body, look, vessel);
    case 'oak':
      turn(drawing, vessel.open ? { ...body, inside: darken(look.colour, 0.15) } : body);
      grainOn(drawing, body, random);
      return body;
    case 'porcelain':
    case 'terracotta':
    case 'brass':
    case 'paper':
    case 'linen':
    case 'wool':
    case 'rattan':
    case 'wax': {
      const whole = vessel.open ? { ...body, inside: look.colour } : body;
      turn(drawing, whole);
      if (look.material === 'terracotta') throwingLines(drawing, body, random, 12);
      if (look.material === 'porcelain') windowGleam(drawing, body, 0.2, 0.86, 0.4);
      return body;
    }
  }
}

function drawStoneware(drawing: Drawing, body: Turned, look: Look, vessel: Vessel, random: Random): Turned {
  const from = vessel.glazeFrom ?? 0;
  const shown: Turned = vessel.open ? { ...body, inside: mix(look.colour, look.accent, 0.15) } : body;
  if (from > 0) {
    turn(drawing, {
      ...shown,
      colour: look.accent,
      finish: 'matt',
      glaze: { from, colour: look.colour, finish: 'satin', waves: random },
      lip: mix(look.colour, look.accent, 0.45),
    });
  } else {
    turn(drawing, { ...shown, lip: mix(look.colour, look.accent, 0.45) });
  }
  throwingLines(drawing, body, random, Math.max(4, Math.round(look.height / 2.2)));
  const iron = lightnessOf(look.colour) > 0.45 ? '#5b3a22' : '#e9d9bd';
  speckle(drawing, body, random, Math.round(40 + body.height * 0.35), iron, from + 0.03);
  windowGleam(drawing, body, 0.3, 0.85, 0.13);
  return body;
}

function drawEnamel(drawing: Drawing, body: Turned, look: Look, vessel: Vessel): Turned {
  const inside = lightnessOf(look.colour) > 0.85 ? look.colour : '#f0e9dc';
  turn(drawing, { ...body, ...(vessel.open ? { inside } : {}), lip: look.accent });
  windowGleam(drawing, body, 0.12, 0.9, 0.4);
  const edge = Math.min(0.05, 3.2 / body.height + 0.018);
  ring(drawing, body, 1 - edge, 0.999, look.accent);
  const radius = radiusAt(body.profile, 1) * body.radius;
  const y = body.base - body.height;
  drawing.stroke(ellipse(body.x, y, radius - 1, radius * body.tilt - 0.6), look.accent, body.radius * 0.025);
  return body;
}

/** Seen through: the far rim, the tinted walls darker at the edges, a thick foot, and the window twice. */
function drawGlass(drawing: Drawing, body: Turned, look: Look): Turned {
  const deep = darken(look.colour, 0.35);
  const outline = outlineOf(body);
  drawing.fill(
    outline,
    drawing.gradient(
      stops(
        [0, deep, 0.78],
        [0.07, look.colour, 0.5],
        [0.2, lighten(look.colour, 0.35), 0.34],
        [0.5, lighten(look.colour, 0.25), 0.3],
        [0.8, look.colour, 0.42],
        [0.94, deep, 0.6],
        [1, deep, 0.85],
      ),
    ),
  );
  drawing.fill(
    outline,
    drawing.gradient(
      stops([0, look.colour, 0.05], [0.6, look.colour, 0.12], [0.9, deep, 0.3], [1, deep, 0.62]),
      [0, 0, 0, 1],
    ),
  );
  glassFoot(drawing, body, look.colour);
  glassRim(drawing, body, look.colour);
  windowGleam(drawing, body, 0.1, 0.94, 0.75);
  const right: Point[] = [];
  for (let i = 0; i <= 12; i++) right.push(onWall(body, 0.08 + i * 0.07, 1.12));
  drawing.stroke(
    `M${right.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}`,
    '#fffaf0',
    body.radius * 0.03,
    ' stroke-opacity=".45"',
  );
  return body;
}

function glassFoot(drawing: Drawing, body: Turned, colour: string): void {
  const foot = radiusAt(body.profile, 0) * body.radius;
  const rise = Math.min(body.height * 0.05, foot * 0.3);
  drawing.fill(
    ellipse(body.x, body.base - rise, foot * 0.9, foot * body.tilt * 0.9),
    drawing.gradient(
      stops([0, darken(colour, 0.4), 0.5], [0.5, lighten(colour, 0.6), 0.55], [1, darken(colour, 0.3), 0.4]),
    ),
  );
  drawing.stroke(
    ellipse(body.x, body.base, foot, foot * body.tilt),
    darken(colour, 0.45),
    1.6,
    ' stroke-opacity=".4"',
  );
}

function glassRim(drawing: Drawing, body: Turned, colour: string): void {
  const radius = radiusAt(body.profile, 1) * body.radius;
  const y = body.base - body.height;
  const line = ellipse(body.x, y, radius, radius * body.tilt);
  drawing.fill(line, darken(colour, 0.2), ' fill-opacity=".16"');
  drawing.stroke(line, darken(colour, 0.4), Math.max(1.4, body.radius * 0.022), ' stroke-opacity=".55"');
  drawing.stroke(
    `M${n(body.x - radius * 0.94)} ${n(y + radius * body.tilt * 0.34)}a${n(radius)} ${n(radius * body.tilt)} 0 0 0 ${n(radius * 0.9)} ${n(radius * body.tilt * 0.62)}`,
    '#fffaf0',
    Math.max(1.2, body.radius * 0.02),
    ' stroke-opacity=".8"',
  );
}
