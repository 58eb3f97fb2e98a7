import { KINDS, type Look, MAKER_KEYS, type MakerKey } from './pictures/index.ts';

/** One sort of thing that a maker makes in each of its series. */
export interface Range extends Pick<Look, 'kind' | 'form' | 'material' | 'pattern'> {
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
  sizes: 'one' | 'two' | 'three';
  /** Litres, of vessels. */
  capacity: number | undefined;
  /** Lumens, of lamps. */
  lumens: number | undefined;
  dishwasher: boolean;
  /** A sentence of its own. */
  note: string;
}

/**
 * What each maker makes; its series differ in colour and proportion. Columns: kind, form, material, noun, category,
 * width × height in cm, cents, grams, sizes, pattern, litres, lumens, dishwasher, and a sentence.
 */
const TABLE = `
# kerameas
vase | bottle | stoneware | bottle vase | vases | 15 × 27 | 6400 | 1150 | two | plain | - | - | - | A narrow neck that holds a single branch upright.
vase | moon | stoneware | moon vase | vases | 24 × 25 | 8900 | 1900 | one | plain | - | - | - | Two bowls joined at the belly, so that no two are quite round.
vase | amphora | stoneware | amphora | vases | 22 × 36 | 11800 | 2700 | one | plain | - | - | - | Thrown in two parts; the shoulder shows where they met.
mug | round | stoneware | mug | mugs | 9 × 8.5 | 2200 | 320 | one | plain | 0.32 | - | yes | The handle takes three fingers.
mug | tumbler | stoneware | tumbler | mugs | 8 × 9.5 | 1800 | 260 | one | plain | 0.28 | - | yes | Thin at the lip and warm in the hand.
tableware | bowl | stoneware | bowl | tableware | 17 × 7 | 2600 | 520 | three | plain | 0.7 | - | yes | Deep enough for soup and wide enough for pasta.
tableware | plate | stoneware | plate | tableware | 26 × 3 | 2900 | 780 | two | plain | - | - | yes | A low rim keeps a sauce where it belongs.
tableware | jug | stoneware | jug | tableware | 13 × 19 | 4800 | 900 | one | plain | 1.1 | - | yes | Pours without a drip, which takes longer to make than to say.
jar | lidded | stoneware | lidded jar | storage | 13 × 16 | 4200 | 850 | two | plain | 1.2 | - | yes | The lid was fired in its place and fits no other jar.
planter | pot | terracotta | plant pot | planters | 18 × 17 | 3400 | 1400 | three | plain | - | - | - | Unglazed inside, so that roots can breathe.
# arber
vase | cylinder | glass | cylinder vase | vases | 13 × 24 | 5200 | 1300 | two | plain | - | - | - | Blown into a wet wooden mould that lasts a few hundred pieces.
vase | bulb | glass | bulb vase | vases | 18 × 24 | 6900 | 1250 | one | plain | - | - | - | For one hyacinth, or for nothing but the light.
vase | gourd | glass | gourd vase | vases | 15 × 28 | 7600 | 1200 | one | plain | - | - | - | Two breaths, one above the other.
mug | tumbler | glass | water glass | mugs | 8 × 10 | 1600 | 210 | one | plain | 0.3 | - | yes | A heavy foot, so that it stands on a garden table.
tableware | deep-bowl | glass | fruit bowl | tableware | 26 × 12 | 7200 | 1700 | one | plain | 2.4 | - | - | Spun open while it was soft; the rim is never quite level.
tableware | jug | glass | carafe | tableware | 11 × 24 | 4600 | 820 | one | plain | 1 | - | yes | Holds a litre up to the shoulder.
jar | bottle | glass | stoppered bottle | storage | 11 × 25 | 4900 | 760 | one | plain | 0.9 | - | - | With a ground stopper.
candle | votive | glass | tea-light holder | candles | 8 × 8 | 1900 | 280 | one | plain | - | - | - | Thick walls, so the flame shines through as colour.
lamp | mushroom | glass | table lamp | lamps | 26 × 32 | 18900 | 2600 | one | plain | - | 470 | - | Shade and foot are one colour of glass, the shade twice as thin.
# ekhult
seat | chair | oak | dining chair | chairs | 48 × 80 | 34900 | 5400 | one | plain | - | - | - | The back leg is one piece, steamed and bent.
seat | armchair | oak | armchair | chairs | 68 × 78 | 74900 | 11800 | one | plain | - | - | - | Low, deep, and made for a long book.
seat | stool | oak | stool | chairs | 36 × 45 | 14900 | 3100 | two | plain | - | - | - | A seat, a step, a bedside table.
seat | bench | oak | bench | chairs | 110 × 45 | 39900 | 9800 | two | plain | - | - | - | Wedged tenons come through the seat and show on top.
table | side | oak | side table | tables | 45 × 52 | 24900 | 5200 | one | plain | - | - | - | The top is book-matched: its halves were neighbours in the tree.
table | coffee | oak | coffee table | tables | 90 × 38 | 45900 | 13500 | two | plain | - | - | - | Edges rounded to a child’s height.
table | pedestal | oak | pedestal table | tables | 50 × 56 | 32900 | 7900 | one | plain | - | - | - | One turned column; nothing for the knees to meet.
shelf | wall-shelf | oak | wall shelf | shelves | 80 × 26 | 12900 | 3600 | two | plain | - | - | - | Hangs on one hidden rail.
shelf | bookcase | oak | bookcase | shelves | 84 × 160 | 79900 | 38000 | one | plain | - | - | - | Comes flat, goes up with a mallet and no screws.
board | paddle | oak | serving board | tableware | 22 × 40 | 4900 | 1100 | one | plain | - | - | - | Cut from what the tables leave.
# upyte
cushion | square | linen | cushion | cushions | 50 × 50 | 4900 | 720 | two | plain | - | - | - | Washed before it was sewn, so it will not shrink after.
cushion | oblong | linen | lumbar cushion | cushions | 60 × 35 | 4500 | 620 | one | stripe | - | - | - | The stripe is woven, not printed: it is there on both sides.
cushion | round | linen | round cushion | cushions | 42 × 42 | 5200 | 680 | one | plain | - | - | - | Piped by hand around the edge.
textile | throw | linen | throw | throws | 130 × 170 | 11900 | 950 | one | herringbone | - | - | - | Light enough for August.
textile | throw | linen | check throw | throws | 140 × 180 | 12900 | 1000 | one | check | - | - | - | A check that lines up across the seam.
textile | towel | linen | tea towel | throws | 50 × 70 | 1900 | 140 | one | stripe | - | - | - | Dries glass without a trace.
textile | towel | linen | bath towel | throws | 70 × 140 | 5900 | 420 | two | band | - | - | - | A waffle weave that is rough for a week and soft for years.
textile | blanket | linen | bedspread | throws | 220 × 260 | 24900 | 2200 | two | plain | - | - | - | Falls to the floor on both sides of a double bed.
cushion | pouf | linen | floor pouf | cushions | 55 × 38 | 16900 | 4800 | one | plain | - | - | - | Filled with buckwheat, which takes the shape of whoever sits.
# teviot
textile | blanket | wool | blanket | throws | 150 × 200 | 18900 | 1500 | one | tartan | - | - | - | Spun, woven and fulled in one valley.
textile | throw | wool | herringbone throw | throws | 140 × 180 | 14900 | 1150 | one | herringbone | - | - | - | The fringe is twisted by hand, four threads at a time.
textile | throw | wool | striped throw | throws | 140 × 190 | 13900 | 1100 | one | band | - | - | - | Bands the width of a hand, as on the old cart rugs.
textile | rug | wool | flat-woven rug | rugs | 170 × 240 | 54900 | 7800 | three | diamond | - | - | - | Reversible, and better on its second side.
textile | rug | wool | hall runner | rugs | 75 × 260 | 32900 | 4100 | one | stripe | - | - | - | Dense enough for wet boots.
textile | rug | wool | banded rug | rugs | 160 × 230 | 49900 | 7200 | two | band | - | - | - | Undyed wool from three breeds: the colours are the sheep’s.
cushion | square | wool | cushion | cushions | 48 × 48 | 6400 | 860 | one | check | - | - | - | Closed with three horn buttons.
cushion | oblong | wool | bench cushion | cushions | 70 × 35 | 7400 | 980 | one | herringbone | - | - | - | Firm, for wooden seats.
cushion | pouf | wool | pouf | cushions | 52 × 36 | 18900 | 5200 | one | tartan | - | - | - | Packed with the wool that is too short to spin.
# chiaro
lamp | table | brass | table lamp | lamps | 30 × 48 | 22900 | 2800 | one | plain | - | 470 | - | A turned brass stem that darkens where it is touched.
lamp | floor | brass | floor lamp | lamps | 42 × 150 | 42900 | 7400 | one | plain | - | 806 | - | The shade tilts towards whoever reads.
lamp | dome | brass | dome pendant | lamps | 40 × 28 | 26900 | 1900 | two | plain | - | 806 | - | Spun from one sheet; the rings inside are the tool’s.
lamp | lantern | paper | paper pendant | lamps | 50 × 50 | 12900 | 380 | three | plain | - | 806 | - | Mulberry paper over split bamboo, folded flat for the post.
lamp | mushroom | brass | reading lamp | lamps | 26 × 36 | 19900 | 2300 | one | plain | - | 320 | - | Dims by a turn of the knob.
lamp | wall | brass | wall lamp | lamps | 18 × 26 | 15900 | 1100 | one | plain | - | 320 | - | Plugs in: no electrician needed.
candle | taper | brass | candlestick | candles | 9 × 18 | 4900 | 640 | three | plain | - | - | - | Cast in sand; heavy enough not to mind a sleeve.
candle | lantern | brass | lantern | candles | 18 × 32 | 8900 | 1600 | two | plain | - | - | - | For the table outside, after ten.
mirror | round | brass | round mirror | mirrors | 60 × 60 | 24900 | 5800 | two | plain | - | - | - | A brass hoop no wider than a pencil.
mirror | arch | brass | arch mirror | mirrors | 55 × 95 | 34900 | 8600 | one | plain | - | - | - | The proportions are those of a colonnade’s arch.
# combe
mug | straight | enamel | mug | mugs | 8.5 × 8 | 1400 | 180 | one | plain | 0.35 | - | yes | Chips where it falls and goes on for thirty years.
tableware | bowl | enamel | bowl | tableware | 18 × 7 | 1900 | 260 | two | plain | 0.9 | - | yes | Oven, table, dishwasher, beach.
tableware | plate | enamel | plate | tableware | 25 × 2.5 | 1800 | 320 | one | plain | - | - | yes | Two coats of enamel over drawn steel.
tableware | teapot | enamel | teapot | tableware | 17 × 15 | 4900 | 720 | one | plain | 1.2 | - | yes | Straight from the stove to the table.
tableware | jug | enamel | milk jug | tableware | 12 × 18 | 3400 | 480 | one | plain | 1 | - | yes | Also for tulips.
tableware | stack | enamel | nesting bowls | tableware | 22 × 15 | 5900 | 980 | one | plain | - | - | yes | Three bowls that take the room of one.
jar | canister | enamel | canister | storage | 13 × 18 | 3200 | 420 | three | plain | 1.8 | - | - | The lid closes on a cork ring.
clock | railway | enamel | wall clock | clocks | 32 × 32 | 8900 | 1300 | one | plain | - | - | - | A silent movement behind a fired dial.
clock | round | enamel | kitchen clock | clocks | 24 × 24 | 6900 | 900 | one | plain | - | - | - | Read it from the far end of the room.
lamp | dome | enamel | workshop lamp | lamps | 36 × 24 | 12900 | 1400 | two | plain | - | 806 | - | White inside, so that nothing of the light is lost.
# verga
basket | belly | rattan | belly basket | storage | 34 × 30 | 5400 | 800 | two | plain | - | - | - | Folds in half when it is empty.
basket | bucket | rattan | log basket | storage | 44 × 40 | 8900 | 2100 | one | plain | - | - | - | Carries a week of wood.
basket | tray | rattan | tray | tableware | 42 × 8 | 4400 | 620 | two | plain | - | - | - | Breakfast for two, with room for a paper.
basket | lidded | rattan | lidded basket | storage | 36 × 34 | 7400 | 1300 | two | plain | - | - | - | The lid lies in a groove of its own.
basket | hamper | rattan | laundry hamper | storage | 42 × 62 | 12900 | 2900 | one | plain | - | - | - | Woven tight below and open above, for air.
planter | woven | rattan | plant basket | planters | 28 × 26 | 4900 | 700 | three | plain | - | - | - | Lined, so the floor stays dry.
lamp | woven | rattan | woven pendant | lamps | 48 × 34 | 14900 | 1100 | two | plain | - | 806 | - | Throws a net of shadow on the ceiling.
mirror | oval | rattan | oval mirror | mirrors | 45 × 65 | 11900 | 3200 | one | plain | - | - | - | One long cane, bent over steam.
seat | stool | rattan | woven stool | chairs | 40 × 44 | 16900 | 3400 | one | plain | - | - | - | The seat is re-woven for free, once.
`;

/** The table's lines, by maker. */
export const RANGES: Record<MakerKey, readonly Range[]> = read(TABLE);

function read(table: string): Record<MakerKey, Range[]> {
  const ranges = Object.fromEntries(MAKER_KEYS.map((key) => [key, [] as Range[]])) as Record<
    MakerKey,
    Range[]
  >;
  let maker: Range[] = [];
  for (const line of table.trim().split('\n')) {
    const key = MAKER_KEYS.find((each) => line === `# ${each}`);
    if (key) maker = ranges[key];
    else maker.push(rangeOf(line));
  }
  return ranges;
}

function rangeOf(line: string): Range {
  const [
    kind,
    form,
    material,
    noun,
    category,
    size,
    price,
    weight,
    sizes,
    pattern,
    capacity,
    lumens,
    dishwasher,
    note,
  ] = line.split(' | ');
  const [width, height] = (size ?? '').split(' × ').map(Number);
  if (!KINDS.some((each) => each === kind) || !width || !height || !note) throw new RangeError(line);
  return {
    kind: kind as Range['kind'],
    form: form ?? '',
    material: material as Range['material'],
    noun: noun ?? '',
    category: category ?? '',
    width,
    height,
    price: Number(price),
    weight: Number(weight),
    sizes: sizes as Range['sizes'],
    pattern: pattern as Range['pattern'],
    capacity: capacity === '-' ? undefined : Number(capacity),
    lumens: lumens === '-' ? undefined : Number(lumens),
    dishwasher: dishwasher === 'yes',
    note,
  };
}

/** The shop's categories, in the order of its menu. */
export const CATEGORIES = [
  {
    slug: 'table',
    name: 'Table',
    children: [
      ['tableware', 'Tableware'],
      ['mugs', 'Mugs and glasses'],
    ],
  },
  {
    slug: 'light',
    name: 'Light',
    children: [
      ['lamps', 'Lamps'],
      ['candles', 'Candles and lanterns'],
    ],
  },
  {
    slug: 'furniture',
    name: 'Furniture',
    children: [
      ['chairs', 'Chairs and stools'],
      ['tables', 'Tables'],
      ['shelves', 'Shelves'],
    ],
  },
  {
    slug: 'textiles',
    name: 'Textiles',
    children: [
      ['cushions', 'Cushions'],
      ['throws', 'Throws and towels'],
      ['rugs', 'Rugs'],
    ],
  },
  {
    slug: 'decoration',
    name: 'Decoration',
    children: [
      ['vases', 'Vases'],
      ['planters', 'Planters'],
      ['mirrors', 'Mirrors'],
      ['clocks', 'Clocks'],
    ],
  },
  { slug: 'storage-and-order', name: 'Storage', children: [['storage', 'Jars and baskets']] },
] as const;
