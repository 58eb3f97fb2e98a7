import { darken, lighten } from '../colour.ts';
import { n, stops, type Drawing } from '../drawing.ts';
import { radiusAt, type Profile, type Turned } from '../lathe.ts';
import { lit } from '../light.ts';
import type { Draughtsman, Look } from '../look.ts';
import { drawVessel, FINISHES, turnedOf, type Vessel } from '../vessel.ts';

const PROFILES: Record<string, Profile> = {
  straight: [
    [0, 0.9],
    [0.03, 0.96],
    [0.1, 1],
    [0.9, 1],
    [1, 0.98],
  ],
  round: [
    [0, 0.62],
    [0.04, 0.68],
    [0.24, 0.94],
    [0.45, 1],
    [0.8, 0.92],
    [1, 0.88],
  ],
  tapered: [
    [0, 0.68],
    [0.04, 0.72],
    [0.5, 0.86],
    [1, 1],
  ],
  tumbler: [
    [0, 0.76],
    [0.04, 0.8],
    [0.5, 0.92],
    [1, 1],
  ],
};

/** Mugs and cups; a tumbler has no handle. `width` is without the handle. */
export const mug: Draughtsman = {
  forms: Object.keys(PROFILES),
  mount: () => 'stand',
  extent: (look) => ({ width: look.width * (look.form === 'tumbler' ? 1 : 1.5), height: look.height }),
  draw: (drawing, look, place) => {
    const vessel: Vessel = {
      profile: PROFILES[look.form] ?? [
        [0, 1],
        [1, 1],
      ],
      open: true,
      tilt: 0.2,
      glazeFrom: look.pattern === 'band' ? 0.42 : 0.1,
    };
    const shift = look.form === 'tumbler' ? 0 : look.width * 0.2 * place.unit;
    const at = { ...place, x: place.x - shift };
    const body = turnedOf(look, at, vessel);
    if (look.form !== 'tumbler') handle(drawing, look, body);
    drawVessel(drawing, look, at, vessel);
  },
};

/** A pulled strap: wide where it leaves the wall, lit along its back. */
function handle(drawing: Drawing, look: Look, body: Turned): void {
  const from = body.x + radiusAt(body.profile, 0.82) * body.radius * 0.97;
  const to = body.x + radiusAt(body.profile, 0.24) * body.radius * 0.97;
  const top = body.base - body.height * 0.82;
  const foot = body.base - body.height * 0.24;
  const out = body.x + body.radius * 1.78;
  const thick = body.radius * (look.material === 'enamel' ? 0.13 : 0.19);
  const path = `M${n(from - thick)} ${n(top)}C${n(out + thick)} ${n(top - body.height * 0.06)} ${n(out + thick)} ${n(foot + body.height * 0.02)} ${n(to - thick)} ${n(foot)}`;
  const finish = FINISHES[look.material];
  const base = look.material === 'enamel' && look.pattern === 'band' ? look.accent : look.colour;
  const shades = drawing.gradientAlong(
    stops(
      [0, lit(base, [-0.3, 0.7, 0.6], finish)],
      [0.5, lit(base, [0.5, 0.1, 0.8], finish)],
      [1, darken(lit(base, [0.7, -0.5, 0.4], finish), 0.2)],
    ),
    [from, top],
    [from, foot],
  );
  const butt = ' stroke-linecap="butt"';
  drawing.stroke(path, darken(base, 0.5), thick * 1.12, butt);
  drawing.stroke(path, shades, thick);
  drawing.group(`transform="translate(${n(-thick * 0.14)} ${n(-thick * 0.16)})"`, () => {
    drawing.stroke(path, lighten(base, 0.55), thick * 0.26, ' stroke-opacity=".4"');
  });
}
