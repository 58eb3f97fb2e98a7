import { darken, lighten } from '../colour.ts';
import { ellipse, n, stops, type Drawing } from '../drawing.ts';
import { lit } from '../light.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { pool } from '../shadow.ts';
import { FINISHES } from '../vessel.ts';

/** Mirrors; (x, y) is the middle of the top edge. `colour` is the frame's. */
export const mirror: Draughtsman = {
  forms: ['round', 'arch', 'oval'],
  mount: () => 'wall',
  extent: (look) => ({ width: look.width, height: look.height }),
  draw: (drawing, look, place) => {
    const { x, y, unit } = place;
    const w = (look.width * unit) / 2;
    const h = look.height * unit;
    pool(drawing, x + w * 0.14, y + h * 0.54, w * 1.3, h * 0.62, 0.4);
    const frame = Math.max(4, unit * 1.6);
    const at = (inset: number): string => outline(look, x, y + inset, w - inset, h - 2 * inset);
    drawing.fill(at(0), framePaint(drawing, look));
    drawing.stroke(at(frame * 0.3), lighten(look.colour, 0.5), frame * 0.14, ' stroke-opacity=".6"');
    drawing.fill(at(frame), darken(look.colour, 0.5));
    glassOf(drawing, at(frame * 1.18), w);
  },
};

function outline(look: Look, x: number, y: number, w: number, h: number): string {
  if (look.form === 'arch')
    return `M${n(x - w)} ${n(y + h)}V${n(y + w)}a${n(w)} ${n(w)} 0 0 1 ${n(2 * w)} 0V${n(y + h)}Z`;
  return ellipse(x, y + h / 2, w, h / 2);
}

function framePaint(drawing: Drawing, look: Look): string {
  const finish = FINISHES[look.material];
  return drawing.gradient(
    stops(
      [0, lit(look.colour, [-0.5, 0.6, 0.6], finish)],
      [0.4, lit(look.colour, [0, 0.2, 0.9], finish)],
      [1, lit(look.colour, [0.6, -0.5, 0.5], finish)],
    ),
    [0, 0, 1, 1],
  );
}

/** What a mirror shows of a quiet room: a pale wall, the window's brightness, slanting streaks. */
function glassOf(drawing: Drawing, path: string, w: number): void {
  drawing.fill(
    path,
    drawing.gradient(
      stops(
        [0, '#ece7da'],
        [0.28, '#dcd9cd'],
        [0.33, '#f2eee2'],
        [0.46, '#efebdf'],
        [0.5, '#d9d7cb'],
        [0.58, '#e6e3d7'],
        [0.62, '#d2d0c5'],
        [1, '#bdb8ab'],
      ),
      [0.1, 0, 0.9, 1],
    ),
  );
  drawing.stroke(path, '#3a2f25', Math.max(1.5, w * 0.012), ' stroke-opacity=".25"');
}

/** Clocks; `colour` is the face's, `accent` the hands' and the rim's. The time shown is ten past ten. */
export const clock: Draughtsman = {
  forms: ['round', 'railway', 'pendulum'],
  mount: () => 'wall',
  extent: (look) => ({ width: look.width, height: look.form === 'pendulum' ? look.height : look.width }),
  draw: (drawing, look, place) => {
    const { x, y, unit } = place;
    const r = (look.width * unit) / 2;
    const cy = y + r;
    pool(drawing, x + r * 0.16, cy + r * 0.2, r * 1.32, r * 1.3, 0.42);
    if (look.form === 'pendulum') pendulum(drawing, look, place, r);
    const rim = look.form === 'railway' ? look.colour : look.accent;
    drawing.fill(ellipse(x, cy, r, r), framePaint(drawing, { ...look, colour: rim }));
    drawing.stroke(
      ellipse(x, cy, r * 0.965, r * 0.965),
      lighten(rim, 0.45),
      r * 0.02,
      ' stroke-opacity=".7"',
    );
    drawing.fill(
      ellipse(x, cy, r * 0.9, r * 0.9),
      drawing.gradient(
        stops([0, darken(look.colour, 0.1)], [0.4, lighten(look.colour, 0.2)], [1, darken(look.colour, 0.1)]),
        [0, 0, 1, 1],
      ),
    );
    face(drawing, look, x, cy, r);
    drawing.fill(
      `M${n(x - r * 0.72)} ${n(cy - r * 0.5)}A${n(r * 0.88)} ${n(r * 0.88)} 0 0 1 ${n(x + r * 0.3)} ${n(cy - r * 0.82)}C${n(x - r * 0.1)} ${n(cy - r * 0.7)} ${n(x - r * 0.5)} ${n(cy - r * 0.4)} ${n(x - r * 0.66)} ${n(cy + r * 0.1)}Z`,
      '#fffaf0',
      ' fill-opacity=".2"',
    );
  },
};

function face(drawing: Drawing, look: Look, x: number, y: number, r: number): void {
  const ink = look.accent;
  const ray = (turn: number, from: number, to: number): string => {
    const [s, c] = [Math.sin(turn * Math.PI * 2), -Math.cos(turn * Math.PI * 2)];
    return `M${n(x + s * r * from)} ${n(y + c * r * from)}L${n(x + s * r * to)} ${n(y + c * r * to)}`;
  };
  let hours = '';
  let minutes = '';
  for (let i = 0; i < 60; i++) {
    if (i % 5 === 0) hours += ray(i / 60, look.form === 'railway' ? 0.66 : 0.72, 0.82);
    else if (look.form !== 'round') minutes += ray(i / 60, 0.78, 0.82);
  }
  drawing.stroke(hours, ink, r * (look.form === 'railway' ? 0.06 : 0.03));
  if (minutes !== '') drawing.stroke(minutes, ink, r * 0.014);
  const shade = `transform="translate(${n(r * 0.025)} ${n(r * 0.04)})" opacity=".22"`;
  const hands = (colour: string): void => {
    drawing.stroke(ray(10.17 / 12, -0.08, 0.46), colour, r * 0.05);
    drawing.stroke(ray(10 / 60, -0.1, 0.68), colour, r * 0.036);
  };
  drawing.group(shade, () => hands('#20130a'));
  hands(ink);
  drawing.stroke(ray(36 / 60, -0.16, 0.72), '#b5482a', r * 0.014);
  drawing.fill(ellipse(x, y, r * 0.045, r * 0.045), '#b5482a');
}

function pendulum(drawing: Drawing, look: Look, place: Place, r: number): void {
  const { x, y, unit } = place;
  const h = look.height * unit;
  const w = r * 0.52;
  drawing.fill(
    `M${n(x - w)} ${n(y + r)}H${n(x + w)}V${n(y + h - w * 0.3)}q0 ${n(w * 0.3)} ${n(-w * 0.3)} ${n(w * 0.3)}H${n(x - w * 0.7)}q${n(-w * 0.3)} 0 ${n(-w * 0.3)} ${n(-w * 0.3)}Z`,
    framePaint(drawing, look),
  );
  drawing.stroke(`M${n(x)} ${n(y + r * 1.9)}L${n(x + w * 0.2)} ${n(y + h * 0.84)}`, '#c9a04e', r * 0.03);
  drawing.fill(
    ellipse(x + w * 0.22, y + h * 0.87, w * 0.42, w * 0.42),
    drawing.gradient(stops([0, '#f0d898'], [0.5, '#c9a04e'], [1, '#7a5620']), [0, 0, 1, 1]),
  );
}
