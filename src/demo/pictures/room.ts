import { DRAUGHTSMEN } from './kinds.ts';
import { lyingRug } from './kinds/textile.ts';
import type { Drawing } from './drawing.ts';
import type { Look } from './look.ts';
import { drawStanding } from './pack-shot.ts';
import { seeded } from './random.ts';
import { livingRoom } from './scenes.ts';

const thing = (
  kind: Look['kind'],
  form: string,
  material: Look['material'],
  colour: string,
  accent: string,
  width: number,
  height: number,
  pattern: Look['pattern'] = 'plain',
): Omit<Look, 'seed'> => ({ kind, form, material, colour, accent, width, height, pattern });

/** What furnishes a room around the thing that it shows. */
const PROPS = {
  armchair: thing('seat', 'armchair', 'oak', '#c2935c', '#d9c6a0', 58, 78, 'stripe'),
  bench: thing('seat', 'bench', 'oak', '#c2935c', '#d9c6a0', 112, 45),
  side: thing('table', 'side', 'oak', '#b98a5a', '#d9c6a0', 45, 52, 'band'),
  coffee: thing('table', 'coffee', 'oak', '#b98a5a', '#d9c6a0', 110, 42),
  cabinet: thing('shelf', 'cabinet', 'oak', '#9a6b42', '#bd9145', 92, 74),
  plant: thing('planter', 'pot', 'terracotta', '#b9633f', '#8a5a34', 30, 28),
  basket: thing('basket', 'belly', 'rattan', '#c79a5e', '#85552f', 40, 34),
  vase: thing('vase', 'moon', 'stoneware', '#ddd0b8', '#a5704c', 22, 22),
  bowl: thing('tableware', 'bowl', 'stoneware', '#8f9c83', '#a5704c', 26, 10),
  lamp: thing('lamp', 'floor', 'paper', '#f1e7d2', '#bd9145', 42, 150),
  pendant: thing('lamp', 'dome', 'enamel', '#b5583a', '#bd9145', 46, 56),
  mirror: thing('mirror', 'round', 'brass', '#bd9145', '#bd9145', 60, 60),
  rug: thing('textile', 'rug', 'wool', '#d8c6a6', '#a8633c', 112, 96, 'diamond'),
  cushion: thing('cushion', 'square', 'linen', '#b46a55', '#f1e9da', 44, 44),
  blanket: thing('textile', 'blanket', 'wool', '#6f7353', '#eee4d0', 44, 20),
} as const;

type Prop = keyof typeof PROPS | 'main' | 'mate' | 'second';

/** What, how far across, how far down the floor (0 the wall, 1 the front), centimetres above it. */
type Spot = readonly [what: Prop, x: number, depth: number, up?: number];

interface Recipe {
  spots: readonly Spot[];
  /** Centimetres that the picture is high. */
  scale: number;
}

/** Draws a room around a thing that is too large for a table, and around what hangs or lies. */
export function drawRoom(drawing: Drawing, looks: readonly Look[], tint: string, seed: string): void {
  const [main, mate, second] = looks;
  if (!main) return;
  const line = livingRoom(drawing, tint, seed, 0.7);
  const { spots, scale } = recipeFor(main);
  const unit = drawing.height / scale;
  const random = seeded(`${seed} furnish`);
  for (const [what, across, depth, up] of spots) {
    const look = pick(what, seed, main, mate, second);
    if (!look) continue;
    const x = drawing.width * (0.5 + (across - 0.5) * (drawing.width < drawing.height ? 1 : 0.82));
    const y = line + (drawing.height - line) * depth - (up ?? 0) * unit;
    const near = 0.9 + 0.1 * depth;
    place(drawing, look, x + random.between(-4, 4), y, unit * near, up ?? 0);
  }
}

function pick(what: Prop, seed: string, main: Look, mate?: Look, second?: Look): Look | undefined {
  if (what === 'main') return main;
  if (what === 'mate' || what === 'second') {
    const look = what === 'mate' ? mate : second;
    return look && DRAUGHTSMEN[look.kind].mount(look) === 'stand' && look.height < 70 ? look : undefined;
  }
  return { ...PROPS[what], seed: `${seed} ${what}` };
}

function place(drawing: Drawing, look: Look, x: number, y: number, unit: number, up: number): void {
  const { mount, draw } = DRAUGHTSMEN[look.kind];
  if (look.kind === 'textile' && look.form === 'rug') return lyingRug(drawing, look, { x, y, unit });
  if (mount(look) === 'ceiling') return draw(drawing, look, { x, y: -look.height * unit * 0.1, unit });
  if (mount(look) === 'wall') return draw(drawing, look, { x, y, unit });
  drawStanding(drawing, look, { x, y, unit }, up > 0 ? 0.5 : 0.9);
}

/** By kind and form, or by kind alone; `small` is for things that stand on the floor below a bench. */
const RECIPES: Readonly<Record<string, Recipe>> = {
  'seat bench': {
    scale: 178,
    spots: [
      ['mirror', 0.5, 0, 116],
      ['plant', 0.86, 0.16],
      ['main', 0.47, 0.5],
      ['cushion', 0.3, 0.4, 43],
      ['basket', 0.8, 0.94],
    ],
  },
  seat: {
    scale: 160,
    spots: [
      ['rug', 0.46, 0.96],
      ['plant', 0.84, 0.12],
      ['main', 0.44, 0.74],
      ['basket', 0.86, 0.86],
    ],
  },
  'shelf wall-shelf': {
    scale: 180,
    spots: [
      ['main', 0.5, 0, 118],
      ['bench', 0.46, 0.36],
      ['plant', 0.88, 0.5],
    ],
  },
  'lamp floor': {
    scale: 226,
    spots: [
      ['rug', 0.42, 0.94],
      ['main', 0.74, 0.16],
      ['armchair', 0.38, 0.56],
      ['basket', 0.84, 0.8],
    ],
  },
  'lamp wall': {
    scale: 130,
    spots: [
      ['main', 0.5, 0, 84],
      ['side', 0.5, 0.5],
      ['vase', 0.5, 0.5, 54],
    ],
  },
  lamp: {
    scale: 172,
    spots: [
      ['rug', 0.46, 0.98],
      ['plant', 0.88, 0.1],
      ['main', 0.47, 0],
      ['coffee', 0.46, 0.74],
      ['bowl', 0.48, 0.66, 46],
    ],
  },
  'textile rug': {
    scale: 240,
    spots: [
      ['mirror', 0.46, 0, 150],
      ['main', 0.48, 1],
      ['plant', 0.88, 0.06],
      ['armchair', 0.36, 0.34],
      ['basket', 0.74, 0.22],
    ],
  },
  'textile blanket': {
    scale: 158,
    spots: [
      ['mirror', 0.68, 0, 102],
      ['bench', 0.48, 0.56],
      ['main', 0.36, 0.46, 44],
      ['plant', 0.9, 0.2],
      ['basket', 0.8, 0.96],
    ],
  },
  'cushion pouf': {
    scale: 150,
    spots: [
      ['rug', 0.5, 0.98],
      ['plant', 0.86, 0.08],
      ['armchair', 0.3, 0.2],
      ['main', 0.64, 0.72],
    ],
  },
  cushion: {
    scale: 152,
    spots: [
      ['mirror', 0.7, 0, 98],
      ['bench', 0.48, 0.56],
      ['second', 0.66, 0.42, 43],
      ['main', 0.36, 0.44, 43],
      ['basket', 0.84, 0.96],
    ],
  },
  small: {
    scale: 158,
    spots: [
      ['mirror', 0.66, 0, 102],
      ['bench', 0.42, 0.34],
      ['blanket', 0.28, 0.22, 44],
      ['plant', 0.92, 0.12],
      ['main', 0.64, 0.84],
      ['mate', 0.26, 0.94],
    ],
  },
};

const NOTHING: Recipe = { scale: 158, spots: [['main', 0.5, 0.8]] };

function recipeFor(main: Look): Recipe {
  const { kind, form, height } = main;
  const fixed = RECIPES[`${kind} ${form}`];
  if (fixed) return fixed;
  if (kind === 'table') {
    const top = height + main.width * 0.06;
    return {
      scale: 150,
      spots: [
        ['rug', 0.48, 0.98],
        ['plant', 0.86, 0.1],
        ['main', 0.46, 0.76],
        ['vase', 0.46, 0.76, top],
      ],
    };
  }
  if (kind === 'shelf')
    return {
      scale: height * 1.5,
      spots: [
        ['main', 0.44, 0.14],
        ['plant', 0.86, 0.3],
        ['basket', 0.82, 0.84],
      ],
    };
  if (kind === 'textile')
    return {
      scale: height * 1.95,
      spots: [
        ['main', 0.46, 0, height * 1.22],
        ['plant', 0.87, 0.3],
        ['basket', 0.28, 0.76],
      ],
    };
  if (kind === 'mirror' || kind === 'clock') {
    const up = 84 + height;
    return {
      scale: (up + 8) / 0.7,
      spots: [
        ['main', 0.46, 0, up],
        ['cabinet', 0.46, 0.16],
        ['vase', 0.34, 0.12, 66],
        ['plant', 0.87, 0.44],
      ],
    };
  }
  return RECIPES[kind] ?? RECIPES['small'] ?? NOTHING;
}
