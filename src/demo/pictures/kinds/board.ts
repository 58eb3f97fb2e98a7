import { darken, lighten } from '../colour.ts';
import { ellipse, n, stops, type Drawing } from '../drawing.ts';
import type { Draughtsman, Look, Place } from '../look.ts';
import { seeded } from '../random.ts';
import { pool } from '../shadow.ts';
import { grainAcross } from '../wood.ts';

/** Serving boards, leaning upright against the wall. */
export const servingBoard: Draughtsman = {
  forms: ['paddle', 'round', 'plank'],
  mount: () => 'stand',
  extent: (look) => ({ width: look.width, height: look.height }),
  draw: (drawing, look, place) => {
    const { x, y, unit } = place;
    const w = (look.width * unit) / 2;
    const h = look.height * unit;
    pool(drawing, x + w * 0.3, y - h * 0.42, w * 1.3, h * 0.56, 0.22);
    const thick = unit * 1.1;
    drawing.group(`transform="translate(${n(thick)} ${n(thick * 0.2)})"`, () =>
      drawing.fill(shape(look, place), darken(look.colour, 0.45)),
    );
    drawing.fill(
      shape(look, place),
      drawing.gradient(
        stops([0, lighten(look.colour, 0.24)], [0.5, look.colour], [1, darken(look.colour, 0.2)]),
        [0, 0, 1, 0.7],
      ),
    );
    veins(drawing, look, x, y, w, h);
    drawing.stroke(shape(look, place), lighten(look.colour, 0.5), 1.8, ' stroke-opacity=".5"');
    const hole = look.form === 'round' ? y - h * 0.93 : y - h * 0.92;
    const size = unit * 0.9;
    drawing.fill(ellipse(x, hole, size, size), darken(look.colour, 0.66));
    drawing.stroke(
      `M${n(x)} ${n(hole)}c${n(-unit)} ${n(-unit * 2.4)} ${n(unit * 1.4)} ${n(-unit * 3.4)} ${n(unit * 0.4)} ${n(-unit * 5)}`,
      look.accent,
      Math.max(2, unit * 0.3),
    );
  },
};

function shape(look: Look, { x, y, unit }: Place): string {
  const w = (look.width * unit) / 2;
  const h = look.height * unit;
  const grip = Math.min(w * 0.3, unit * 3);
  if (look.form === 'round') {
    const r = Math.min(w, h * 0.43);
    return `M${n(x - grip)} ${n(y - 2 * r + r * 0.06)}V${n(y - h + grip)}a${n(grip)} ${n(grip)} 0 0 1 ${n(grip * 2)} 0V${n(y - 2 * r + r * 0.06)}A${n(r)} ${n(r)} 0 1 1 ${n(x - grip)} ${n(y - 2 * r + r * 0.06)}Z`;
  }
  const r = unit * (look.form === 'plank' ? 1 : 2.4);
  if (look.form === 'plank')
    return `M${n(x - w)} ${n(y - r)}V${n(y - h + r)}q0 ${n(-r)} ${n(r)} ${n(-r)}H${n(x + w - r)}q${n(r)} 0 ${n(r)} ${n(r)}V${n(y - r)}q0 ${n(r)} ${n(-r)} ${n(r)}H${n(x - w + r)}q${n(-r)} 0 ${n(-r)} ${n(-r)}Z`;
  const s = h * 0.72;
  return `M${n(x - w)} ${n(y - r)}V${n(y - s + r * 2)}C${n(x - w)} ${n(y - s - r)} ${n(x - grip)} ${n(y - s)} ${n(x - grip)} ${n(y - s - h * 0.06)}V${n(y - h + grip)}a${n(grip)} ${n(grip)} 0 0 1 ${n(grip * 2)} 0V${n(y - s - h * 0.06)}C${n(x + grip)} ${n(y - s)} ${n(x + w)} ${n(y - s - r)} ${n(x + w)} ${n(y - s + r * 2)}V${n(y - r)}q0 ${n(r)} ${n(-r)} ${n(r)}H${n(x - w + r)}q${n(-r)} 0 ${n(-r)} ${n(-r)}Z`;
}

function veins(drawing: Drawing, look: Look, x: number, y: number, w: number, h: number): void {
  const random = seeded(`${look.seed} board`);
  const inner = look.form === 'round' ? 0.62 : 0.9;
  const low = look.form === 'round' ? 0.16 : 0.02;
  const high = look.form === 'plank' ? 0.97 : 0.66;
  grainAcross(
    drawing,
    [
      [x - w * inner, y - h * high],
      [x + w * inner, y - h * high],
      [x + w * inner, y - h * low],
      [x - w * inner, y - h * low],
    ],
    look.colour,
    random,
    22,
  );
}
