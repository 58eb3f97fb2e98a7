import { branchShadow, ledge, niche, paneWindow, tabletop } from './architecture.ts';
import { room, windowLight } from './backdrop.ts';
import { drawBooks } from './books.ts';
import { darken, lighten, mix } from './colour.ts';
import { n, stops, type Drawing } from './drawing.ts';
import { DRAUGHTSMEN } from './kinds.ts';
import type { Look } from './look.ts';
import { drawPlant } from './plants.ts';
import { hang, standInRow, unitFor } from './scenes.ts';
import { seeded } from './random.ts';
import { MAKERS, type MakerKey } from './palettes.ts';
import { RANGES } from './ranges.ts';
import { groundShadow, pool } from './shadow.ts';

/** Things of a maker in its colours, as its seed chooses them; `kept` says which designs may come. */
export function looksOf(maker: MakerKey, seed: string, count: number, kept: (look: Look) => boolean): Look[] {
  const random = seeded(`${maker} ${seed} looks`);
  const { colours, accents } = MAKERS[maker];
  const looks = random.shuffle(RANGES[maker]).map((design, i): Look => {
    const { kind, form, material, width, height } = design;
    return {
      kind,
      form,
      material,
      colour: colours[i % colours.length]?.hex ?? '#ddd0b8',
      accent: random.pick(accents).hex,
      width,
      height,
      pattern: random.pick(design.patterns),
      seed: `${maker} ${seed} ${i}`,
    };
  });
  return looks.filter(kept).slice(0, count);
}

const stands = (look: Look): boolean => DRAUGHTSMEN[look.kind].mount(look) === 'stand';
const small = (look: Look): boolean => stands(look) && look.height < 62 && look.width < 66;

/** A maker's workshop: window, bench, shelves of finished things, and what they are made of. */
export function drawWorkshop(drawing: Drawing, maker: MakerKey, seed: string): void {
  const { width, height } = drawing;
  const { tint, colours } = MAKERS[maker];
  const wall = mix(tint, '#cfa98a', 0.3);
  const line = room(drawing, wall, '#9a6b42', 0.74);
  paneWindow(drawing, width * 0.07, height * 0.12, width * 0.24, height * 0.44, '#e9dfca');
  windowLight(drawing, width * 0.42, height * 0.02, width * 0.4, height * 0.6, 0.34);
  branchShadow(drawing, width * 0.4, height * 0.02, width * 0.26, seed, 0.05);
  const goods = looksOf(maker, `${seed} shelf`, 9, small);
  const lamps = looksOf(maker, `${seed} hung`, 1, (look) => !stands(look) && look.form !== 'rug');
  ledge(drawing, width * 0.38, height * 0.36, width * 0.58, height * 0.018, '#b98a5a');
  const upper = goods.slice(0, 4);
  const upperUnit = unitFor(upper, width * 0.5, height * 0.24);
  standInRow(
    drawing,
    upper,
    [width * 0.39, width * (lamps.length > 0 ? 0.8 : 0.95)],
    height * 0.355,
    upperUnit,
    0,
  );
  if (lamps.length > 0) hang(drawing, lamps, width * 0.89, height * 0.05, height * 0.42, 0.17);
  tabletop(drawing, line, '#a97c50', seed);
  const onBench = goods.length > 5 ? goods.slice(4, 8) : looksOf(maker, `${seed} bench`, 4, stands);
  const unit = unitFor(onBench, width * 0.52, height * 0.46);
  standInRow(
    drawing,
    onBench,
    [width * 0.36, width * 0.98],
    line + (height - line) * 0.3,
    unit,
    (height - line) * 0.3,
  );
  rawMaterial(
    drawing,
    maker,
    width * 0.18,
    line + (height - line) * 0.58,
    height * 0.1,
    colours.map(({ hex }) => hex),
    seed,
  );
}

/** What lies on a maker's bench. */
function rawMaterial(
  drawing: Drawing,
  maker: MakerKey,
  x: number,
  y: number,
  size: number,
  colours: readonly string[],
  seed: string,
): void {
  const random = seeded(`${seed} material`);
  switch (maker) {
    case 'kerameas':
      return lumps(drawing, x, y, size, ['#a5704c', '#8a5a3c', '#b98664']);
    case 'teviot':
    case 'upyte':
      return yarn(drawing, x, y, size, colours);
    case 'verga':
      return bundle(drawing, x, y, size, '#c79a5e', 26, random.next());
    case 'ekhult':
      return bundle(drawing, x, y, size, '#c2935c', 7, random.next());
    case 'arber':
      return lumps(drawing, x, y, size, ['#8fb5a0', '#d9a25a', '#b9d3d2']);
    case 'chiaro':
    case 'combe':
      drawBooks(drawing, x - size, y, size * 2.1, size * 1.5, random);
  }
}

function lumps(drawing: Drawing, x: number, y: number, size: number, tones: readonly string[]): void {
  tones.forEach((tone, i) => {
    const [cx, r] = [x + (i - 1) * size * 1.15, size * (0.86 - (i % 2) * 0.22)];
    const cy = y + (i % 2) * size * 0.24;
    groundShadow(drawing, cx, cy, r, r);
    drawing.fill(
      `M${n(cx - r)} ${n(cy)}C${n(cx - r * 1.15)} ${n(cy - r * 0.9)} ${n(cx - r * 0.5)} ${n(cy - r * 1.35)} ${n(cx + r * 0.1)} ${n(cy - r * 1.2)}S${n(cx + r * 1.2)} ${n(cy - r * 0.6)} ${n(cx + r)} ${n(cy)}Q${n(cx)} ${n(cy + r * 0.3)} ${n(cx - r)} ${n(cy)}Z`,
      drawing.radial(stops([0, lighten(tone, 0.42)], [0.5, tone], [1, darken(tone, 0.55)]), 0.34, 0.24, 0.85),
    );
  });
}

/** Balls of yarn, wound crosswise. */
function yarn(drawing: Drawing, x: number, y: number, size: number, colours: readonly string[]): void {
  const places = [
    [-1.3, 0, 0.8],
    [0.35, -0.06, 0.72],
    [1.5, 0.1, 0.6],
    [-0.4, 0.36, 0.7],
  ] as const;
  places.forEach(([dx, dy, scale], i) => {
    const r = size * scale;
    const cx = x + dx * size;
    const cy = y + dy * size - r * 0.86;
    const tone = colours[(i * 2 + 1) % colours.length] ?? '#b46a55';
    pool(drawing, cx + r * 0.5, cy + r * 0.86, r * 1.5, r * 0.36, 0.5);
    drawing.fill(
      `M${n(cx - r)} ${n(cy)}a${n(r)} ${n(r)} 0 1 1 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 1 ${n(-2 * r)} 0z`,
      drawing.radial(stops([0, lighten(tone, 0.4)], [0.55, tone], [1, darken(tone, 0.55)]), 0.36, 0.3, 0.75),
    );
    let threads = '';
    for (let k = -4; k <= 4; k++) {
      const t = k / 5;
      const half = Math.sqrt(1 - t * t) * r;
      threads += `M${n(cx - half)} ${n(cy + t * r)}Q${n(cx)} ${n(cy + t * r + r * 0.32)} ${n(cx + half)} ${n(cy + t * r)}`;
      if (k > -3 && k < 3)
        threads += `M${n(cx + t * r)} ${n(cy - half)}Q${n(cx + t * r + r * 0.36)} ${n(cy)} ${n(cx + t * r)} ${n(cy + half)}`;
    }
    drawing.stroke(threads, darken(tone, 0.5), Math.max(1.4, r * 0.035), ' stroke-opacity=".35"');
  });
}

/** Rods or laths in a bundle, tied in the middle. */
function bundle(
  drawing: Drawing,
  x: number,
  y: number,
  size: number,
  tone: string,
  count: number,
  shift: number,
): void {
  pool(drawing, x + size * 0.3, y + size * 0.1, size * 2.6, size * 0.5, 0.55);
  const thick = Math.max(4, (size * 1.3) / count);
  for (let i = 0; i < count; i++) {
    const row = (i * 7 + Math.floor(shift * 5)) % count;
    const up = (row / count) * size * 0.9;
    const skew = (((i * 5) % count) / count - 0.5) * size * 0.5;
    const shade = mix(darken(tone, 0.36), lighten(tone, 0.3), ((i * 3) % count) / count);
    drawing.stroke(
      `M${n(x - size * 2 + skew)} ${n(y - up - skew * 0.1)}L${n(x + size * 2 + skew * 0.6)} ${n(y - up * 0.8 + skew * 0.16)}`,
      shade,
      thick,
      ' stroke-linecap="butt"',
    );
  }
  for (const dx of [-0.7, 0.8])
    drawing.stroke(
      `M${n(x + dx * size)} ${n(y + size * 0.1)}q${n(size * 0.14)} ${n(-size * 0.5)} 0 ${n(-size * 1.04)}`,
      '#7a4a2c',
      size * 0.09,
    );
}

/** A still life of a maker's things in three arches, for the head of its page. */
export function drawBrandHero(drawing: Drawing, maker: MakerKey, seed: string): void {
  const { width, height } = drawing;
  const { tint, colours } = MAKERS[maker];
  const wall = mix(tint, colours[1]?.hex ?? tint, 0.16);
  room(drawing, lighten(wall, 0.06), wall, 1);
  windowLight(drawing, -width * 0.03, height * 0.02, width * 0.3, height * 0.7, 0.34);
  const sill = height * 0.88;
  const big = looksOf(
    maker,
    seed,
    9,
    (look) => stands(look) && look.form !== 'ladder' && look.form !== 'bookcase',
  );
  big.sort((a, b) => b.height / b.width - a.height / a.width);
  const arch = width * 0.29;
  for (let i = 0; i < 3; i++) {
    const x = width * (0.18 + i * 0.32);
    niche(drawing, x, sill, arch, height * 0.74, wall);
    const things = big.slice(i * 2, i * 2 + 2).length > 0 ? big.slice(i * 2, i * 2 + 2) : big.slice(0, 1);
    const unit = unitFor(things, arch * 0.88, height * 0.58);
    standInRow(
      drawing,
      things,
      [x - arch * 0.46, x + arch * 0.46],
      sill - height * 0.026,
      unit,
      height * 0.012,
    );
  }
  branchShadow(drawing, width * 0.02, height * 0.02, width * 0.28, seed, 0.07);
  if (maker === 'kerameas' || maker === 'verga')
    drawPlant(drawing, 'olive', width * 0.965, height * 1.02, width * 0.2, height * 0.66, seed);
}
