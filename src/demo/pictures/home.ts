import { archPath, floorLines, landscape } from './architecture.ts';
import { darken, lighten } from './colour.ts';
import { n, polygon, stops, type Drawing } from './drawing.ts';
import type { Look } from './look.ts';
import { drawStanding } from './pack-shot.ts';
import { drawPlant } from './plants.ts';
import { pool } from './shadow.ts';
import { DRAUGHTSMEN } from './kinds.ts';

const STONE = '#e6d6ba';

const item = (
  kind: Look['kind'],
  form: string,
  material: Look['material'],
  colour: string,
  accent: string,
  width: number,
  height: number,
  pattern: Look['pattern'],
  seed: string,
): Look => ({ kind, form, material, colour, accent, width, height, pattern, seed });

/** What stands in the walk: something of every maker, as [thing, across, centimetres above the floor]. */
const STALL: readonly (readonly [Look, number, number])[] = [
  [item('basket', 'lidded', 'rattan', '#d3b078', '#85552f', 42, 44, 'band', 'home basket'), 0.345, 0],
  [item('seat', 'chair', 'oak', '#c2935c', '#d9c6a0', 48, 80, 'plain', 'home chair'), 0.445, 0],
  [item('vase', 'moon', 'stoneware', '#3a5a6b', '#a5704c', 27, 27, 'band', 'home moon 3'), 0.565, 46],
  [item('vase', 'bottle', 'stoneware', '#ddd0b8', '#a5704c', 16, 33, 'plain', 'home bottle'), 0.632, 46],
  [item('textile', 'blanket', 'wool', '#a8633c', '#eee4d0', 42, 20, 'band', 'home blanket'), 0.718, 46],
  [item('vase', 'bulb', 'glass', '#6f9a80', '#eef0ea', 18, 31, 'plain', 'home glass'), 0.797, 46],
  [item('tableware', 'jug', 'enamel', '#efe5d0', '#27384a', 16, 26, 'plain', 'home jug'), 0.852, 46],
  [item('lamp', 'table', 'paper', '#f1e7d2', '#b9633f', 33, 55, 'stripe', 'home lamp'), 0.925, 46],
  [item('cushion', 'square', 'linen', '#b46a55', '#f1e9da', 44, 44, 'stripe', 'home cushion'), 0.675, 0],
  [item('cushion', 'pouf', 'wool', '#c0893a', '#eee4d0', 52, 32, 'diamond', 'home pouf'), 0.845, 0],
];

/** The head of the shop: a covered walk by the sea in the afternoon, with the makers' things laid out. */
export function drawHome(drawing: Drawing): void {
  const { width, height } = drawing;
  const ground = height * 0.72;
  landscape(drawing, height * 0.52);
  drawing.fill(
    `M0 ${n(height * 0.62)}H${width}V${n(ground)}H0Z`,
    drawing.gradient(stops([0, '#8f9a6c'], [1, '#b3a878']), [0, 0, 0, 1]),
  );
  for (const [x, w] of [
    [0.09, 0.1],
    [0.3, 0.08],
    [0.52, 0.09],
    [0.76, 0.1],
  ] as const) {
    drawPlant(drawing, 'olive', width * x, ground, width * w, height * 0.3, `home tree ${x}`);
  }
  colonnade(drawing, ground);
  floor(drawing, ground);
  bench(drawing, ground);
  const unit = height / 205;
  const pendant = item('lamp', 'dome', 'brass', '#c79c4b', '#bd9145', 42, 52, 'plain', 'home pendant');
  DRAUGHTSMEN.lamp.draw(drawing, pendant, { x: width * 0.655, y: -height * 0.03, unit });
  for (const [look, x, up] of STALL) {
    const base = up > 0 ? height * 0.905 : height * (look.kind === 'cushion' ? 0.965 : 0.93);
    drawStanding(drawing, look, { x: width * x, y: base - up * unit, unit }, up > 0 ? 0.8 : 1);
  }
  drawing.fill(
    `M0 0H${width}V${height}H0Z`,
    drawing.gradient(stops([0, '#fff0d0', 0.14], [0.5, '#fff0d0', 0], [1, '#3a2415', 0.16])),
  );
}

/** Five arches, their thickness lit from the left, under a plain wall. */
function colonnade(drawing: Drawing, ground: number): void {
  const { width, height } = drawing;
  const pitch = width / 4.6;
  const wide = pitch * 0.74;
  const tall = height * 0.6;
  let openings = '';
  for (let i = -1; i < 5; i++) openings += archPath(pitch * (i + 0.62), ground, wide, tall);
  const reveal = pitch * 0.07;
  for (let i = -1; i < 5; i++) {
    const x = pitch * (i + 0.62);
    const inner = archPath(x - reveal, ground, wide, tall - reveal * 0.4);
    drawing.fill(
      `${archPath(x, ground, wide, tall)}${inner}`,
      drawing.gradient(
        stops([0, darken(STONE, 0.35)], [0.6, darken(STONE, 0.1)], [1, '#fbeccb']),
        [0, 0, 1, 0],
      ),
      ' fill-rule="evenodd"',
    );
  }
  const wall = `M0 0H${width}V${n(ground)}H0Z${openings}`;
  drawing.fill(
    wall,
    drawing.gradient(
      stops([0, darken(STONE, 0.17)], [0.25, darken(STONE, 0.07)], [1, lighten(STONE, 0.1)]),
      [0, 0, 0, 1],
    ),
    ' fill-rule="evenodd"',
  );
  drawing.fill(
    wall,
    drawing.gradient(stops([0, '#fff0d0', 0.22], [0.5, '#fff0d0', 0], [1, '#3a2415', 0.2])),
    ' fill-rule="evenodd"',
  );
  for (let i = -1; i < 5; i++) {
    drawing.stroke(
      archPath(pitch * (i + 0.62), ground + 4, wide, tall),
      lighten(STONE, 0.4),
      3,
      ' stroke-opacity=".7"',
    );
    const column = pitch * (i + 1.12);
    const cap = ground - tall + wide * 0.5;
    const half = (pitch - wide) * 0.53;
    drawing.fill(
      `M${n(column - half)} ${n(cap)}h${n(half * 2)}l${n(-half * 0.22)} ${n(height * 0.026)}h${n(-half * 1.56)}z`,
      drawing.gradient(stops([0, '#fdf0d6'], [0.5, STONE], [1, darken(STONE, 0.3)])),
    );
    drawing.fill(
      `M${n(column - half * 0.95)} ${n(ground)}h${n(half * 1.9)}v${n(-height * 0.035)}h${n(-half * 1.9)}z`,
      drawing.gradient(stops([0, '#fdf0d6'], [0.5, STONE], [1, darken(STONE, 0.35)])),
    );
  }
}

/** Flags, with the arches' light thrown across them. */
function floor(drawing: Drawing, ground: number): void {
  const { width, height } = drawing;
  const tone = '#cfb48d';
  drawing.fill(
    `M0 ${n(ground)}H${width}V${height}H0Z`,
    drawing.gradient(
      stops([0, darken(tone, 0.24)], [0.3, darken(tone, 0.06)], [1, darken(tone, 0.14)]),
      [0, 0, 0, 1],
    ),
  );
  floorLines(drawing, ground, tone);
  const pitch = width / 4.6;
  const wide = pitch * 0.74;
  for (let i = -2; i < 5; i++) {
    const x = pitch * (i + 0.62);
    for (const grow of [7, 0]) {
      drawing.fill(
        polygon([
          [x - wide / 2 - grow, ground],
          [x + wide / 2 + grow, ground],
          [x + wide * 1.15 + grow, height + 4],
          [x - wide * 0.15 - grow, height + 4],
        ]),
        '#ffe7b4',
        ' fill-opacity=".26"',
      );
    }
  }
}

function bench(drawing: Drawing, ground: number): void {
  const { width, height } = drawing;
  const unit = height / 205;
  const top = height * 0.905 - 46 * unit;
  const [left, right] = [width * 0.515, width * 0.985];
  pool(drawing, (left + right) / 2 + 30, height * 0.93, (right - left) * 0.58, height * 0.05, 0.6);
  for (const x of [left + width * 0.03, (left + right) / 2, right - width * 0.03]) {
    drawing.fill(
      `M${n(x - 26)} ${n(top)}h52V${n(height * 0.925)}h-52z`,
      drawing.gradient(stops([0, lighten(STONE, 0.3)], [0.5, darken(STONE, 0.1)], [1, darken(STONE, 0.4)])),
    );
  }
  drawing.fill(
    polygon([
      [left, top + 4],
      [right, top + 4],
      [right - 16, top - 24],
      [left + 16, top - 24],
    ]),
    lighten(STONE, 0.42),
  );
  drawing.fill(
    `M${n(left)} ${n(top + 4)}H${n(right)}v26H${n(left)}Z`,
    drawing.gradient(stops([0, STONE], [1, darken(STONE, 0.32)]), [0, 0, 0, 1]),
  );
  if (ground > top)
    drawing.fill(
      `M${n(left + 30)} ${n(top + 30)}H${n(right - 30)}v16H${n(left + 30)}z`,
      '#3a2415',
      ' fill-opacity=".22"',
    );
}
