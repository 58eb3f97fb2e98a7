import type { Kind, Material, Pattern } from './look.ts';
import type { MakerKey } from './palettes.ts';

/** One thing that a maker makes, before colour: what the generator turns into products. */
export interface Design {
  kind: Kind;
  form: string;
  material: Material;
  /** What it is called on a shelf label, without the series' name. */
  noun: string;
  /** Centimetres. */
  width: number;
  height: number;
  patterns: readonly Pattern[];
}

type Row = readonly [Kind, string, Material, string, number, number, ...Pattern[]];

const ROWS: Record<MakerKey, readonly Row[]> = {
  kerameas: [
    ['vase', 'bottle', 'stoneware', 'Bottle vase', 14, 28, 'plain', 'band'],
    ['vase', 'amphora', 'stoneware', 'Amphora', 20, 34, 'band', 'plain'],
    ['vase', 'moon', 'stoneware', 'Moon jar', 24, 24, 'plain', 'band'],
    ['vase', 'gourd', 'terracotta', 'Gourd vase', 15, 27, 'plain'],
    ['mug', 'straight', 'stoneware', 'Mug', 8.5, 9.5, 'plain', 'band'],
    ['mug', 'round', 'stoneware', 'Breakfast cup', 10, 8, 'band', 'plain'],
    ['mug', 'tumbler', 'stoneware', 'Beaker', 8, 9, 'band', 'plain'],
    ['tableware', 'bowl', 'stoneware', 'Serving bowl', 26, 10.5, 'plain'],
    ['tableware', 'deep-bowl', 'stoneware', 'Bowl', 15, 9, 'plain'],
    ['tableware', 'plate', 'stoneware', 'Dinner plate', 27, 2.6, 'plain', 'stripe'],
    ['tableware', 'stack', 'stoneware', 'Table set for three', 27, 24, 'plain'],
    ['tableware', 'jug', 'stoneware', 'Water jug', 14, 23, 'band', 'plain'],
    ['tableware', 'teapot', 'stoneware', 'Teapot', 17, 13.5, 'plain'],
    ['planter', 'pot', 'terracotta', 'Plant pot', 22, 20, 'plain'],
    ['planter', 'bowl', 'stoneware', 'Planting bowl', 26, 15, 'band', 'plain'],
    ['candle', 'votive', 'stoneware', 'Candle cup', 9, 8, 'plain'],
    ['jar', 'lidded', 'stoneware', 'Lidded jar', 13, 18, 'band', 'plain'],
  ],
  arber: [
    ['vase', 'bulb', 'glass', 'Bulb vase', 15, 27, 'plain'],
    ['vase', 'flared', 'glass', 'Flared vase', 16, 30, 'plain'],
    ['vase', 'bottle', 'glass', 'Stem bottle', 12, 29, 'plain'],
    ['vase', 'cylinder', 'glass', 'Cylinder vase', 12, 25, 'plain'],
    ['mug', 'tumbler', 'glass', 'Tumbler', 8, 9.5, 'plain'],
    ['tableware', 'jug', 'glass', 'Carafe', 12, 25, 'plain'],
    ['tableware', 'bowl', 'glass', 'Fruit bowl', 26, 11, 'plain'],
    ['jar', 'lidded', 'glass', 'Pantry jar', 12, 19, 'plain', 'stripe'],
    ['jar', 'bottle', 'glass', 'Oil bottle', 8.5, 28, 'plain', 'stripe'],
    ['candle', 'votive', 'glass', 'Tealight glass', 9, 10, 'plain'],
  ],
  ekhult: [
    ['seat', 'chair', 'oak', 'Dining chair', 48, 80, 'plain', 'stripe'],
    ['seat', 'armchair', 'oak', 'Armchair', 58, 78, 'plain', 'stripe'],
    ['seat', 'stool', 'oak', 'Stool', 34, 46, 'plain', 'check'],
    ['seat', 'bench', 'oak', 'Bench', 112, 45, 'plain'],
    ['table', 'side', 'oak', 'Side table', 45, 52, 'plain', 'band'],
    ['table', 'tray', 'oak', 'Tray table', 42, 47, 'plain', 'band'],
    ['table', 'coffee', 'oak', 'Coffee table', 110, 42, 'plain'],
    ['table', 'pedestal', 'oak', 'Pedestal table', 50, 55, 'plain'],
    ['shelf', 'wall-shelf', 'oak', 'Wall shelf', 84, 52, 'plain'],
    ['shelf', 'bookcase', 'oak', 'Bookcase', 82, 168, 'plain'],
    ['shelf', 'cabinet', 'oak', 'Cabinet', 92, 124, 'plain'],
    ['shelf', 'ladder', 'oak', 'Blanket ladder', 46, 172, 'plain'],
    ['mirror', 'arch', 'oak', 'Arched mirror', 60, 104, 'plain'],
    ['mirror', 'oval', 'oak', 'Oval mirror', 48, 78, 'plain'],
    ['board', 'paddle', 'oak', 'Bread board', 20, 44, 'plain'],
    ['board', 'round', 'oak', 'Round board', 32, 42, 'plain'],
    ['board', 'plank', 'oak', 'Carving board', 26, 40, 'plain'],
  ],
  upyte: [
    ['cushion', 'square', 'linen', 'Cushion', 48, 48, 'plain', 'stripe', 'check'],
    ['cushion', 'oblong', 'linen', 'Long cushion', 62, 38, 'stripe', 'plain', 'check'],
    ['cushion', 'round', 'linen', 'Round cushion', 42, 42, 'plain', 'check'],
    ['textile', 'towel', 'linen', 'Kitchen towel', 38, 60, 'band', 'stripe', 'check'],
    ['textile', 'throw', 'linen', 'Bed throw', 84, 116, 'band', 'plain', 'stripe'],
    ['textile', 'blanket', 'linen', 'Folded bedspread', 48, 24, 'plain', 'band'],
  ],
  teviot: [
    ['textile', 'throw', 'wool', 'Throw', 78, 108, 'herringbone', 'tartan', 'band'],
    ['textile', 'blanket', 'wool', 'Blanket', 46, 26, 'tartan', 'plain', 'band', 'herringbone'],
    ['textile', 'rug', 'wool', 'Rug', 200, 140, 'diamond', 'band', 'stripe', 'check'],
    ['cushion', 'square', 'wool', 'Wool cushion', 50, 50, 'tartan', 'herringbone', 'diamond'],
    ['cushion', 'oblong', 'wool', 'Bolster cushion', 62, 38, 'herringbone', 'diamond'],
    ['cushion', 'pouf', 'wool', 'Pouf', 52, 34, 'diamond', 'plain', 'check'],
  ],
  chiaro: [
    ['lamp', 'table', 'paper', 'Table lamp', 32, 52, 'stripe', 'plain'],
    ['lamp', 'mushroom', 'enamel', 'Mushroom lamp', 27, 35, 'plain'],
    ['lamp', 'floor', 'paper', 'Floor lamp', 44, 152, 'stripe', 'plain'],
    ['lamp', 'dome', 'enamel', 'Dome pendant', 44, 54, 'plain'],
    ['lamp', 'dome', 'brass', 'Brass pendant', 36, 46, 'plain'],
    ['lamp', 'lantern', 'paper', 'Paper lantern', 48, 66, 'plain'],
    ['lamp', 'wall', 'paper', 'Wall lamp', 17, 35, 'stripe', 'plain'],
    ['candle', 'taper', 'brass', 'Candlestick', 10, 34, 'plain'],
    ['candle', 'trio', 'brass', 'Three candlesticks', 9, 34, 'plain'],
    ['candle', 'lantern', 'brass', 'Lantern', 21, 38, 'plain'],
    ['mirror', 'round', 'brass', 'Round mirror', 60, 60, 'plain'],
  ],
  combe: [
    ['mug', 'straight', 'enamel', 'Enamel mug', 8.5, 8.5, 'plain', 'band'],
    ['mug', 'tapered', 'enamel', 'Camp cup', 9.5, 8, 'plain', 'band'],
    ['tableware', 'jug', 'enamel', 'Enamel jug', 14, 24, 'plain'],
    ['tableware', 'teapot', 'enamel', 'Coffee pot', 16, 14, 'plain'],
    ['tableware', 'plate', 'enamel', 'Enamel plate', 26, 2.6, 'plain'],
    ['tableware', 'deep-bowl', 'enamel', 'Mixing bowl', 22, 12, 'plain'],
    ['jar', 'canister', 'enamel', 'Canister', 12, 17, 'plain', 'stripe'],
    ['vase', 'cylinder', 'enamel', 'Flower can', 13, 25, 'plain'],
    ['clock', 'round', 'enamel', 'Kitchen clock', 30, 30, 'plain'],
    ['clock', 'railway', 'enamel', 'Station clock', 36, 36, 'plain'],
    ['clock', 'pendulum', 'enamel', 'Comtoise clock', 28, 78, 'plain'],
  ],
  verga: [
    ['basket', 'belly', 'rattan', 'Belly basket', 40, 36, 'plain', 'band'],
    ['basket', 'bucket', 'rattan', 'Log basket', 42, 38, 'plain', 'band'],
    ['basket', 'tray', 'rattan', 'Bread tray', 42, 9, 'plain'],
    ['basket', 'lidded', 'rattan', 'Lidded basket', 42, 44, 'band', 'plain'],
    ['basket', 'hamper', 'rattan', 'Laundry hamper', 44, 56, 'plain', 'band'],
    ['planter', 'woven', 'rattan', 'Plant basket', 30, 28, 'plain', 'band'],
    ['lamp', 'woven', 'rattan', 'Woven pendant', 50, 62, 'plain'],
  ],
};

export const RANGES: Record<MakerKey, readonly Design[]> = {
  kerameas: designs('kerameas'),
  arber: designs('arber'),
  ekhult: designs('ekhult'),
  upyte: designs('upyte'),
  teviot: designs('teviot'),
  chiaro: designs('chiaro'),
  combe: designs('combe'),
  verga: designs('verga'),
};

function designs(maker: MakerKey): readonly Design[] {
  return ROWS[maker].map(([kind, form, material, noun, width, height, ...patterns]) => ({
    kind,
    form,
    material,
    noun,
    width,
    height,
    patterns,
  }));
}
