import { branchShadow, floorLines, ledge, niche, tabletop } from './architecture.ts';
import { room, windowLight } from './backdrop.ts';
import { pileBooks } from './books.ts';
import { darken, lighten, mix } from './colour.ts';
import type { Drawing } from './drawing.ts';
import { DRAUGHTSMEN } from './kinds.ts';
import type { Look, Place } from './look.ts';
import { drawStanding } from './pack-shot.ts';
import { seeded } from './random.ts';

export type SceneKind = 'table' | 'shelf' | 'niche' | 'room';

const OAK = '#b98a5a';

/** Things of one maker, together in a place; the first is the one the picture is about. */
export function drawScene(
  drawing: Drawing,
  scene: SceneKind,
  looks: readonly Look[],
  tint: string,
  seed: string,
): void {
  switch (scene) {
    case 'table':
      return onTable(drawing, looks, tint, seed);
    case 'shelf':
      return onShelves(drawing, looks, tint, seed);
    case 'niche':
      return inNiche(drawing, looks, tint, seed);
    case 'room':
      throw new RangeError('a room is drawn by drawRoom');
  }
}

/** Pixels to the centimetre at which all of these fit side by side, and the tallest under `tall`. */
export function unitFor(looks: readonly Look[], wide: number, tall: number): number {
  let width = 0;
  let height = 1;
  for (const look of looks) {
    const box = DRAUGHTSMEN[look.kind].extent(look);
    width += box.width;
    height = Math.max(height, box.height);
  }
  return Math.min(wide / Math.max(1, width), tall / height);
}

/** In a row on a line, the gaps even, the first thing in the middle and nearest. */
export function standInRow(
  drawing: Drawing,
  looks: readonly Look[],
  [from, to]: readonly [number, number],
  y: number,
  unit: number,
  depth: number,
): void {
  const [main, ...rest] = looks;
  if (!main) return;
  const half = Math.ceil(rest.length / 2);
  const row = [...rest.slice(0, half), main, ...rest.slice(half)];
  const widths = row.map((look) => DRAUGHTSMEN[look.kind].extent(look).width * unit);
  const free = to - from - widths.reduce((sum, width) => sum + width, 0);
  const gap = free / (row.length + 1);
  let x = from + gap;
  const placed = row.map((look, i): { look: Look; place: Place } => {
    const width = widths[i] ?? 0;
    const place = { x: x + width / 2, y: y + (look === main ? depth : i % 2 ? depth * 0.35 : 0), unit };
    x += width + gap;
    return { look, place };
  });
  placed.sort((a, b) => a.place.y - b.place.y);
  for (const { look, place } of placed) drawStanding(drawing, look, place, 0.9);
}

const standing = (looks: readonly Look[]): Look[] =>
  looks.filter((look) => DRAUGHTSMEN[look.kind].mount(look) === 'stand');

/** Whatever hangs goes to the wall's upper part. */
export function hang(
  drawing: Drawing,
  looks: readonly Look[],
  x: number,
  y: number,
  tall: number,
  wide = 0.5,
): void {
  for (const look of looks) {
    const { mount, extent, draw } = DRAUGHTSMEN[look.kind];
    const how = mount(look);
    if (how === 'stand') continue;
    const box = extent(look);
    const unit = Math.min(tall / box.height, (drawing.width * wide) / box.width);
    draw(drawing, look, { x, y: how === 'ceiling' ? Math.max(0, y - tall * 0.1) : y, unit });
    return;
  }
}

function onTable(drawing: Drawing, looks: readonly Look[], tint: string, seed: string): void {
  const { width, height } = drawing;
  const random = seeded(`${seed} table`);
  const wall = mix(tint, '#d9b48f', random.between(0.05, 0.3));
  const line = room(drawing, wall, OAK, 0.66);
  windowLight(drawing, width * 0.08, height * 0.06, width * 0.56, height * 0.44, 0.5);
  branchShadow(drawing, width * 0.02, height * 0.08, width * 0.5, seed);
  tabletop(drawing, line, random.pick(['#b98a5a', '#9a6b42', '#d3c2a4']), seed);
  const things = standing(looks).slice(0, 3);
  hang(drawing, looks, width * 0.5, height * 0.1, height * 0.34);
  const unit = unitFor(things, width * 0.88, height * 0.56);
  standInRow(
    drawing,
    things,
    [width * 0.04, width * 0.96],
    line + (height - line) * 0.3,
    unit,
    (height - line) * 0.34,
  );
}

function onShelves(drawing: Drawing, looks: readonly Look[], tint: string, seed: string): void {
  const { width, height } = drawing;
  const random = seeded(`${seed} shelves`);
  const wall = mix(tint, random.pick(['#c98e6c', '#a9b29a', '#c4b08d']), 0.42);
  room(drawing, wall, wall, 1);
  windowLight(drawing, width * 0.2, height * 0.03, width * 0.62, height * 0.5, 0.42);
  const things = standing(looks);
  const upper = things.slice(1, Math.ceil((things.length + 1) / 2));
  const lower = [...things.slice(0, 1), ...things.slice(Math.ceil((things.length + 1) / 2))];
  const unit = Math.min(
    unitFor(lower, width * 0.76, height * 0.4),
    unitFor(upper, width * 0.66, height * 0.32),
  );
  const shelves = [height * 0.44, height * 0.9] as const;
  for (const y of shelves) ledge(drawing, width * 0.03, y, width * 0.94, height * 0.02, OAK);
  standInRow(drawing, upper, [width * 0.06, width * 0.72], shelves[0] - height * 0.006, unit, 0);
  pileBooks(drawing, width * 0.83, shelves[0] - height * 0.004, width * 0.2, random.int(3, 5), random);
  standInRow(drawing, lower, [width * 0.05, width * 0.95], shelves[1] - height * 0.006, unit, 0);
}

function inNiche(drawing: Drawing, looks: readonly Look[], tint: string, seed: string): void {
  const { width, height } = drawing;
  const random = seeded(`${seed} niche`);
  const wall = mix(tint, random.pick(['#e6cfae', '#d8b596', '#d9cdb4']), 0.5);
  room(drawing, lighten(wall, 0.1), darken(wall, 0.06), 1);
  windowLight(drawing, -width * 0.05, height * 0.02, width * 0.5, height * 0.55, 0.36);
  const sill = height * 0.86;
  const wide = Math.min(width * 0.74, height * 0.62);
  niche(drawing, width * 0.5, sill, wide, height * 0.76, wall);
  branchShadow(drawing, width * 0.06, height * 0.02, width * 0.46, seed, 0.08);
  const things = standing(looks).slice(0, 2);
  const unit = unitFor(things, wide * 0.84, height * 0.56);
  const mid = width / 2;
  standInRow(
    drawing,
    things,
    [mid - wide * 0.45, mid + wide * 0.45],
    sill - height * 0.026,
    unit,
    height * 0.012,
  );
}

/** Draws the floor of a room, and gives back its line. */
export function livingRoom(drawing: Drawing, tint: string, seed: string, share: number): number {
  const { width, height } = drawing;
  const random = seeded(`${seed} room`);
  const wall = mix(tint, random.pick(['#d9b79a', '#c9c6ae', '#d8c4a2', '#c99f80']), 0.45);
  const floor = random.pick(['#b78f63', '#c6a37a', '#b0724f', '#cdbb9c']);
  const line = room(drawing, wall, floor, share);
  floorLines(drawing, line, floor);
  windowLight(drawing, width * 0.12, height * 0.06, width * 0.46, height * 0.46, 0.46);
  branchShadow(drawing, width * 0.03, height * 0.04, width * 0.42, seed);
  drawing.fill(`M0 ${line - height * 0.022}H${width}V${line}H0Z`, lighten(wall, 0.4));
  drawing.fill(
    `M0 ${line - height * 0.002}H${width}V${line + height * 0.006}H0Z`,
    '#2a1608',
    ' fill-opacity=".3"',
  );
  return line;
}
