import type { Kind, Material, Pattern } from './pictures/look.ts';
import type { MakerKey } from './pictures/index.ts';

/** One sort of thing that a maker makes in each of its series. */
export interface Range {
  kind: Kind;
  form: string;
  material: Material;
  /** What it is called after the series: "bottle vase". */
  noun: string;
  category: string;
  /** Centimetres of the middle size. */
  width: number;
  height: number;
  /** Cents, of the middle size. */
  price: number;
  /** Grams, of the middle size. */
  weight: number;
  sizes?: 'one' | 'two' | 'three';
  pattern?: Pattern;
  /** Litres, of vessels. */
  capacity?: number;
  /** Lumens, of lamps. */
  lumens?: number;
  dishwasher?: boolean;
  /** A sentence of its own. */
  note: string;
}

/** What each maker makes; its series differ in colour and proportion. */
export const RANGES: Record<MakerKey, readonly Range[]> = {
  kerameas: [
    { kind: 'vase', form: 'bottle', material: 'stoneware', noun: 'bottle vase', category: 'vases', width: 15, height: 27, price: 6400, weight: 1150, sizes: 'two', note: 'A narrow neck that holds a single branch upright.' },
    { kind: 'vase', form: 'moon', material: 'stoneware', noun: 'moon vase', category: 'vases', width: 24, height: 25, price: 8900, weight: 1900, note: 'Two bowls joined at the belly, so that no two are quite round.' },
    { kind: 'vase', form: 'amphora', material: 'stoneware', noun: 'amphora', category: 'vases', width: 22, height: 36, price: 11800, weight: 2700, note: 'Thrown in two parts; the shoulder shows where they met.' },
    { kind: 'mug', form: 'round', material: 'stoneware', noun: 'mug', category: 'mugs', width: 9, height: 8.5, price: 2200, weight: 320, capacity: 0.32, dishwasher: true, note: 'The handle takes three fingers.' },
    { kind: 'mug', form: 'tumbler', material: 'stoneware', noun: 'tumbler', category: 'mugs', width: 8, height: 9.5, price: 1800, weight: 260, capacity: 0.28, dishwasher: true, note: 'Thin at the lip and warm in the hand.' },
    { kind: 'tableware', form: 'bowl', material: 'stoneware', noun: 'bowl', category: 'tableware', width: 17, height: 7, price: 2600, weight: 520, sizes: 'three', capacity: 0.7, dishwasher: true, note: 'Deep enough for soup and wide enough for pasta.' },
    { kind: 'tableware', form: 'plate', material: 'stoneware', noun: 'plate', category: 'tableware', width: 26, height: 3, price: 2900, weight: 780, sizes: 'two', dishwasher: true, note: 'A low rim keeps a sauce where it belongs.' },
    { kind: 'tableware', form: 'jug', material: 'stoneware', noun: 'jug', category: 'tableware', width: 13, height: 19, price: 4800, weight: 900, capacity: 1.1, dishwasher: true, note: 'Pours without a drip, which takes longer to make than to say.' },
    { kind: 'jar', form: 'lidded', material: 'stoneware', noun: 'lidded jar', category: 'storage', width: 13, height: 16, price: 4200, weight: 850, sizes: 'two', capacity: 1.2, dishwasher: true, note: 'The lid was fired in its place and fits no other jar.' },
    { kind: 'planter', form: 'pot', material: 'terracotta', noun: 'plant pot', category: 'planters', width: 18, height: 17, price: 3400, weight: 1400, sizes: 'three', note: 'Unglazed inside, so that roots can breathe.' },
  ],
  arber: [
    { kind: 'vase', form: 'cylinder', material: 'glass', noun: 'cylinder vase', category: 'vases', width: 13, height: 24, price: 5200, weight: 1300, sizes: 'two', note: 'Blown into a wet wooden mould that lasts a few hundred pieces.' },
    { kind: 'vase', form: 'bulb', material: 'glass', noun: 'bulb vase', category: 'vases', width: 18, height: 24, price: 6900, weight: 1250, note: 'For one hyacinth, or for nothing but the light.' },
    { kind: 'vase', form: 'gourd', material: 'glass', noun: 'gourd vase', category: 'vases', width: 15, height: 28, price: 7600, weight: 1200, note: 'Two breaths, one above the other.' },
    { kind: 'mug', form: 'tumbler', material: 'glass', noun: 'water glass', category: 'mugs', width: 8, height: 10, price: 1600, weight: 210, capacity: 0.3, dishwasher: true, note: 'A heavy foot, so that it stands on a garden table.' },
    { kind: 'tableware', form: 'deep-bowl', material: 'glass', noun: 'fruit bowl', category: 'tableware', width: 26, height: 12, price: 7200, weight: 1700, capacity: 2.4, note: 'Spun open while it was soft; the rim is never quite level.' },
    { kind: 'tableware', form: 'jug', material: 'glass', noun: 'carafe', category: 'tableware', width: 11, height: 24, price: 4600, weight: 820, capacity: 1, dishwasher: true, note: 'Holds a litre up to the shoulder.' },
    { kind: 'jar', form: 'bottle', material: 'glass', noun: 'stoppered bottle', category: 'storage', width: 11, height: 25, price: 4900, weight: 760, capacity: 0.9, note: 'With a ground stopper.' },
    { kind: 'candle', form: 'votive', material: 'glass', noun: 'tea-light holder', category: 'candles', width: 8, height: 8, price: 1900, weight: 280, note: 'Thick walls, so the flame shines through as colour.' },
    { kind: 'lamp', form: 'mushroom', material: 'glass', noun: 'table lamp', category: 'lamps', width: 26, height: 32, price: 18900, weight: 2600, lumens: 470, note: 'Shade and foot are one colour of glass, the shade twice as thin.' },
  ],
  ekhult: [
    { kind: 'seat', form: 'chair', material: 'oak', noun: 'dining chair', category: 'chairs', width: 48, height: 80, price: 34900, weight: 5400, note: 'The back leg is one piece, steamed and bent.' },
    { kind: 'seat', form: 'armchair', material: 'oak', noun: 'armchair', category: 'chairs', width: 68, height: 78, price: 74900, weight: 11800, note: 'Low, deep, and made for a long book.' },
    { kind: 'seat', form: 'stool', material: 'oak', noun: 'stool', category: 'chairs', width: 36, height: 45, price: 14900, weight: 3100, sizes: 'two', note: 'A seat, a step, a bedside table.' },
    { kind: 'seat', form: 'bench', material: 'oak', noun: 'bench', category: 'chairs', width: 110, height: 45, price: 39900, weight: 9800, sizes: 'two', note: 'Wedged tenons come through the seat and show on top.' },
    { kind: 'table', form: 'side', material: 'oak', noun: 'side table', category: 'tables', width: 45, height: 52, price: 24900, weight: 5200, note: 'The top is book-matched: its halves were neighbours in the tree.' },
    { kind: 'table', form: 'coffee', material: 'oak', noun: 'coffee table', category: 'tables', width: 90, height: 38, price: 45900, weight: 13500, sizes: 'two', note: 'Edges rounded to a child’s height.' },
    { kind: 'table', form: 'pedestal', material: 'oak', noun: 'pedestal table', category: 'tables', width: 50, height: 56, price: 32900, weight: 7900, note: 'One turned column; nothing for the knees to meet.' },
    { kind: 'shelf', form: 'wall-shelf', material: 'oak', noun: 'wall shelf', category: 'shelves', width: 80, height: 26, price: 12900, weight: 3600, sizes: 'two', note: 'Hangs on one hidden rail.' },
    { kind: 'shelf', form: 'bookcase', material: 'oak', noun: 'bookcase', category: 'shelves', width: 84, height: 160, price: 79900, weight: 38000, note: 'Comes flat, goes up with a mallet and no screws.' },
    { kind: 'board', form: 'paddle', material: 'oak', noun: 'serving board', category: 'tableware', width: 22, height: 40, price: 4900, weight: 1100, note: 'Cut from what the tables leave.' },
  ],
  upyte: [
    { kind: 'cushion', form: 'square', material: 'linen', noun: 'cushion', category: 'cushions', width: 50, height: 50, price: 4900, weight: 720, pattern: 'plain', sizes: 'two', note: 'Washed before it was sewn, so it will not shrink after.' },
    { kind: 'cushion', form: 'oblong', material: 'linen', noun: 'lumbar cushion', category: 'cushions', width: 60, height: 35, price: 4500, weight: 620, pattern: 'stripe', note: 'The stripe is woven, not printed: it is there on both sides.' },
    { kind: 'cushion', form: 'round', material: 'linen', noun: 'round cushion', category: 'cushions', width: 42, height: 42, price: 5200, weight: 680, pattern: 'plain', note: 'Piped by hand around the edge.' },
    { kind: 'textile', form: 'throw', material: 'linen', noun: 'throw', category: 'throws', width: 130, height: 170, price: 11900, weight: 950, pattern: 'herringbone', note: 'Light enough for August.' },
    { kind: 'textile', form: 'throw', material: 'linen', noun: 'check throw', category: 'throws', width: 140, height: 180, price: 12900, weight: 1000, pattern: 'check', note: 'A check that lines up across the seam.' },
    { kind: 'textile', form: 'towel', material: 'linen', noun: 'tea towel', category: 'throws', width: 50, height: 70, price: 1900, weight: 140, pattern: 'stripe', note: 'Dries glass without a trace.' },
    { kind: 'textile', form: 'towel', material: 'linen', noun: 'bath towel', category: 'throws', width: 70, height: 140, price: 5900, weight: 420, pattern: 'band', sizes: 'two', note: 'A waffle weave that is rough for a week and soft for years.' },
    { kind: 'textile', form: 'blanket', material: 'linen', noun: 'bedspread', category: 'throws', width: 220, height: 260, price: 24900, weight: 2200, pattern: 'plain', sizes: 'two', note: 'Falls to the floor on both sides of a double bed.' },
    { kind: 'cushion', form: 'pouf', material: 'linen', noun: 'floor pouf', category: 'cushions', width: 55, height: 38, price: 16900, weight: 4800, pattern: 'plain', note: 'Filled with buckwheat, which takes the shape of whoever sits.' },
  ],
  teviot: [
    { kind: 'textile', form: 'blanket', material: 'wool', noun: 'blanket', category: 'throws', width: 150, height: 200, price: 18900, weight: 1500, pattern: 'tartan', note: 'Spun, woven and fulled in one valley.' },
    { kind: 'textile', form: 'throw', material: 'wool', noun: 'herringbone throw', category: 'throws', width: 140, height: 180, price: 14900, weight: 1150, pattern: 'herringbone', note: 'The fringe is twisted by hand, four threads at a time.' },
    { kind: 'textile', form: 'throw', material: 'wool', noun: 'striped throw', category: 'throws', width: 140, height: 190, price: 13900, weight: 1100, pattern: 'band', note: 'Bands the width of a hand, as on the old cart rugs.' },
    { kind: 'textile', form: 'rug', material: 'wool', noun: 'flat-woven rug', category: 'rugs', width: 170, height: 240, price: 54900, weight: 7800, pattern: 'diamond', sizes: 'three', note: 'Reversible, and better on its second side.' },
    { kind: 'textile', form: 'rug', material: 'wool', noun: 'hall runner', category: 'rugs', width: 75, height: 260, price: 32900, weight: 4100, pattern: 'stripe', note: 'Dense enough for wet boots.' },
    { kind: 'textile', form: 'rug', material: 'wool', noun: 'banded rug', category: 'rugs', width: 160, height: 230, price: 49900, weight: 7200, pattern: 'band', sizes: 'two', note: 'Undyed wool from three breeds: the colours are the sheep’s.' },
    { kind: 'cushion', form: 'square', material: 'wool', noun: 'cushion', category: 'cushions', width: 48, height: 48, price: 6400, weight: 860, pattern: 'check', note: 'Closed with three horn buttons.' },
    { kind: 'cushion', form: 'oblong', material: 'wool', noun: 'bench cushion', category: 'cushions', width: 70, height: 35, price: 7400, weight: 980, pattern: 'herringbone', note: 'Firm, for wooden seats.' },
    { kind: 'cushion', form: 'pouf', material: 'wool', noun: 'pouf', category: 'cushions', width: 52, height: 36, price: 18900, weight: 5200, pattern: 'tartan', note: 'Packed with the wool that is too short to spin.' },
  ],
  chiaro: [
    { kind: 'lamp', form: 'table', material: 'brass', noun: 'table lamp', category: 'lamps', width: 30, height: 48, price: 22900, weight: 2800, lumens: 470, note: 'A turned brass stem that darkens where it is touched.' },
    { kind: 'lamp', form: 'floor', material: 'brass', noun: 'floor lamp', category: 'lamps', width: 42, height: 150, price: 42900, weight: 7400, lumens: 806, note: 'The shade tilts towards whoever reads.' },
    { kind: 'lamp', form: 'dome', material: 'brass', noun: 'dome pendant', category: 'lamps', width: 40, height: 28, price: 26900, weight: 1900, lumens: 806, sizes: 'two', note: 'Spun from one sheet; the rings inside are the tool’s.' },
    { kind: 'lamp', form: 'lantern', material: 'paper', noun: 'paper pendant', category: 'lamps', width: 50, height: 50, price: 12900, weight: 380, lumens: 806, sizes: 'three', note: 'Mulberry paper over split bamboo, folded flat for the post.' },
    { kind: 'lamp', form: 'mushroom', material: 'brass', noun: 'reading lamp', category: 'lamps', width: 26, height: 36, price: 19900, weight: 2300, lumens: 320, note: 'Dims by a turn of the knob.' },
    { kind: 'lamp', form: 'wall', material: 'brass', noun: 'wall lamp', category: 'lamps', width: 18, height: 26, price: 15900, weight: 1100, lumens: 320, note: 'Plugs in: no electrician needed.' },
    { kind: 'candle', form: 'taper', material: 'brass', noun: 'candlestick', category: 'candles', width: 9, height: 18, price: 4900, weight: 640, sizes: 'three', note: 'Cast in sand; heavy enough not to mind a sleeve.' },
    { kind: 'candle', form: 'lantern', material: 'brass', noun: 'lantern', category: 'candles', width: 18, height: 32, price: 8900, weight: 1600, sizes: 'two', note: 'For the table outside, after ten.' },
    { kind: 'mirror', form: 'round', material: 'brass', noun: 'round mirror', category: 'mirrors', width: 60, height: 60, price: 24900, weight: 5800, sizes: 'two', note: 'A brass hoop no wider than a pencil.' },
    { kind: 'mirror', form: 'arch', material: 'brass', noun: 'arch mirror', category: 'mirrors', width: 55, height: 95, price: 34900, weight: 8600, note: 'The proportions are those of a colonnade’s arch.' },
  ],
  combe: [
    { kind: 'mug', form: 'straight', material: 'enamel', noun: 'mug', category: 'mugs', width: 8.5, height: 8, price: 1400, weight: 180, capacity: 0.35, dishwasher: true, note: 'Chips where it falls and goes on for thirty years.' },
    { kind: 'tableware', form: 'bowl', material: 'enamel', noun: 'bowl', category: 'tableware', width: 18, height: 7, price: 1900, weight: 260, sizes: 'two', capacity: 0.9, dishwasher: true, note: 'Oven, table, dishwasher, beach.' },
    { kind: 'tableware', form: 'plate', material: 'enamel', noun: 'plate', category: 'tableware', width: 25, height: 2.5, price: 1800, weight: 320, dishwasher: true, note: 'Two coats of enamel over drawn steel.' },
    { kind: 'tableware', form: 'teapot', material: 'enamel', noun: 'teapot', category: 'tableware', width: 17, height: 15, price: 4900, weight: 720, capacity: 1.2, dishwasher: true, note: 'Straight from the stove to the table.' },
    { kind: 'tableware', form: 'jug', material: 'enamel', noun: 'milk jug', category: 'tableware', width: 12, height: 18, price: 3400, weight: 480, capacity: 1, dishwasher: true, note: 'Also for tulips.' },
    { kind: 'tableware', form: 'stack', material: 'enamel', noun: 'nesting bowls', category: 'tableware', width: 22, height: 15, price: 5900, weight: 980, dishwasher: true, note: 'Three bowls that take the room of one.' },
    { kind: 'jar', form: 'canister', material: 'enamel', noun: 'canister', category: 'storage', width: 13, height: 18, price: 3200, weight: 420, sizes: 'three', capacity: 1.8, note: 'The lid closes on a cork ring.' },
    { kind: 'clock', form: 'railway', material: 'enamel', noun: 'wall clock', category: 'clocks', width: 32, height: 32, price: 8900, weight: 1300, note: 'A silent movement behind a fired dial.' },
    { kind: 'clock', form: 'round', material: 'enamel', noun: 'kitchen clock', category: 'clocks', width: 24, height: 24, price: 6900, weight: 900, note: 'Read it from the far end of the room.' },
    { kind: 'lamp', form: 'dome', material: 'enamel', noun: 'workshop lamp', category: 'lamps', width: 36, height: 24, price: 12900, weight: 1400, lumens: 806, sizes: 'two', note: 'White inside, so that nothing of the light is lost.' },
  ],
  verga: [
    { kind: 'basket', form: 'belly', material: 'rattan', noun: 'belly basket', category: 'storage', width: 34, height: 30, price: 5400, weight: 800, sizes: 'two', note: 'Folds in half when it is empty.' },
    { kind: 'basket', form: 'bucket', material: 'rattan', noun: 'log basket', category: 'storage', width: 44, height: 40, price: 8900, weight: 2100, note: 'Carries a week of wood.' },
    { kind: 'basket', form: 'tray', material: 'rattan', noun: 'tray', category: 'tableware', width: 42, height: 8, price: 4400, weight: 620, sizes: 'two', note: 'Breakfast for two, with room for a paper.' },
    { kind: 'basket', form: 'lidded', material: 'rattan', noun: 'lidded basket', category: 'storage', width: 36, height: 34, price: 7400, weight: 1300, sizes: 'two', note: 'The lid lies in a groove of its own.' },
    { kind: 'basket', form: 'hamper', material: 'rattan', noun: 'laundry hamper', category: 'storage', width: 42, height: 62, price: 12900, weight: 2900, note: 'Woven tight below and open above, for air.' },
    { kind: 'planter', form: 'woven', material: 'rattan', noun: 'plant basket', category: 'planters', width: 28, height: 26, price: 4900, weight: 700, sizes: 'three', note: 'Lined, so the floor stays dry.' },
    { kind: 'lamp', form: 'woven', material: 'rattan', noun: 'woven pendant', category: 'lamps', width: 48, height: 34, price: 14900, weight: 1100, lumens: 806, sizes: 'two', note: 'Throws a net of shadow on the ceiling.' },
    { kind: 'mirror', form: 'oval', material: 'rattan', noun: 'oval mirror', category: 'mirrors', width: 45, height: 65, price: 11900, weight: 3200, note: 'One long cane, bent over steam.' },
    { kind: 'seat', form: 'stool', material: 'rattan', noun: 'woven stool', category: 'chairs', width: 40, height: 44, price: 16900, weight: 3400, note: 'The seat is re-woven for free, once.' },
  ],
};

/** The shop's categories, in the order of its menu. */
export const CATEGORIES = [
  { slug: 'table', name: 'Table', children: [['tableware', 'Tableware'], ['mugs', 'Mugs and glasses']] },
  { slug: 'light', name: 'Light', children: [['lamps', 'Lamps'], ['candles', 'Candles and lanterns']] },
  { slug: 'furniture', name: 'Furniture', children: [['chairs', 'Chairs and stools'], ['tables', 'Tables'], ['shelves', 'Shelves']] },
  { slug: 'textiles', name: 'Textiles', children: [['cushions', 'Cushions'], ['throws', 'Throws and towels'], ['rugs', 'Rugs']] },
  { slug: 'decoration', name: 'Decoration', children: [['vases', 'Vases'], ['planters', 'Planters'], ['mirrors', 'Mirrors'], ['clocks', 'Clocks']] },
  { slug: 'storage-and-order', name: 'Storage', children: [['storage', 'Jars and baskets']] },
] as const;
