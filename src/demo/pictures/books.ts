import { darken, lighten } from './colour.ts';
import { n, stops, type Drawing } from './drawing.ts';
import type { Random } from './random.ts';

const CLOTHS = [
  '#b5482a',
  '#1f5f7a',
  '#5f6f32',
  '#c9a86a',
  '#8a2438',
  '#e2d6bd',
  '#6b6255',
  '#3c4a45',
  '#d8b48a',
];

/** Cloth-bound books standing in a row from (x, y) to the right. */
export function drawBooks(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  height: number,
  random: Random,
): void {
  let at = x;
  while (at < x + width - 4) {
    const thick = Math.min(x + width - at, height * random.between(0.09, 0.2));
    const tall = height * random.between(0.72, 1);
    book(drawing, at, y - tall, thick, tall, random, true);
    at += thick + 0.6;
  }
}

/** Books lying in a pile with its foot's middle at (x, y); gives back the height of the pile. */
export function pileBooks(
  drawing: Drawing,
  x: number,
  y: number,
  width: number,
  count: number,
  random: Random,
): number {
  let up = 0;
  for (let i = 0; i < count; i++) {
    const thick = width * random.between(0.1, 0.17);
    const wide = width * random.between(0.84, 1);
    book(
      drawing,
      x - wide / 2 + random.between(-0.04, 0.04) * width,
      y - up - thick,
      wide,
      thick,
      random,
      false,
    );
    up += thick;
  }
  return up;
}

function book(
  drawing: Drawing,
  x: number,
  y: number,
  w: number,
  h: number,
  random: Random,
  upright: boolean,
): void {
  const colour = random.pick(CLOTHS);
  const paint = drawing.gradient(
    stops([0, darken(colour, 0.24)], [0.25, lighten(colour, 0.2)], [0.6, colour], [1, darken(colour, 0.4)]),
    upright ? [0, 0, 1, 0] : [0, 0, 0, 1],
  );
  drawing.fill(`M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`, paint);
  const gold = lighten(colour, 0.55);
  const mark = upright
    ? `M${n(x + w * 0.12)} ${n(y + h * 0.12)}h${n(w * 0.76)}M${n(x + w * 0.12)} ${n(y + h * 0.2)}h${n(w * 0.76)}M${n(x + w * 0.5)} ${n(y + h * 0.34)}v${n(h * 0.3)}`
    : `M${n(x + w * 0.06)} ${n(y + h * 0.15)}v${n(h * 0.7)}M${n(x + w * 0.94)} ${n(y + h * 0.15)}v${n(h * 0.7)}M${n(x + w * 0.36)} ${n(y + h * 0.5)}h${n(w * 0.28)}`;
  drawing.stroke(mark, gold, Math.max(1, Math.min(w, h) * 0.09), ' stroke-opacity=".6"');
}
