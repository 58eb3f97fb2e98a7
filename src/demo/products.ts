import { idOf } from '#platform/ids.ts';
import type {
  ImportedAttribute,
  ImportedCategory,
  ImportedProduct,
  ImportedVariant,
} from '../modules/catalog/index.ts';
import { MAKER_KEYS, MAKERS, type Maker, type Pictured, type Random, seeded } from './pictures/index.ts';
import { CATEGORIES, RANGES, type Range } from './ranges.ts';
import { DEMO_LOCATIONS } from './stores.ts';

/** A product of the demo, with what its pictures show. */
export interface DemoProduct {
  maker: Maker;
  range: Range;
  pictured: Pictured;
  /** Of the small demo's product whose pictures it shows: only those are drawn. */
  pictureRef: string;
  record: ImportedProduct;
  /** How well it sells beside the others. */
  appeal: number;
}

const SERIES = [
  'Sarn',
  'Ebb',
  'Holm',
  'Fen',
  'Marl',
  'Quay',
  'Tarn',
  'Wold',
  'Brae',
  'Lund',
  'Skerry',
  'Dune',
];
const SIZES = {
  one: [{ name: '', factor: 1 }],
  two: [
    { name: 'Medium', factor: 1 },
    { name: 'Large', factor: 1.3 },
  ],
  three: [
    { name: 'Small', factor: 0.76 },
    { name: 'Medium', factor: 1 },
    { name: 'Large', factor: 1.28 },
  ],
} as const;

export const SERIES_PER_MAKER = 4;

/** Every range of every maker in `seriesCount` series: the first four are the small demo's 300 products. */
export function* demoProducts(seriesCount: number): Generator<DemoProduct> {
  for (let series = 0; series < seriesCount; series++) {
    for (const [index, key] of MAKER_KEYS.entries()) {
      for (const range of RANGES[key])
        yield oneProduct(MAKERS[key], seriesName(index, series), range, series);
    }
  }
}

function oneProduct(maker: Maker, seriesName: string, range: Range, series: number): DemoProduct {
  const title = `${seriesName} ${range.noun}`;
  const externalRef = `${maker.key}-${series}-${slugOf(range.noun)}`;
  const random = seeded(`product ${externalRef}`);
  const pictured = picturedOf(maker, range, externalRef, random);
  const sizes = SIZES[range.sizes];
  const variants = pictured.colours.flatMap(({ name: colour }, nth) =>
    sizes.map((size) => oneVariant(externalRef, range, random, { colour, nth, size })),
  );
  const record: ImportedProduct = {
    id: idOf('demo:product', externalRef),
    externalRef,
    slug: slugOf(`${title} ${maker.key}`),
    brandId: brandId(maker.key),
    categoryId: categoryId(range.category),
    title,
    summary: range.note,
    description: describe(maker, range, pictured.colours.length, random),
    optionNames: sizes.length > 1 ? ['Colour', 'Size'] : ['Colour'],
    attributes: attributesOf(maker, range, pictured),
    variants,
  };
  const appeal = Math.exp(random.normal(0, 0.8)) * (9000 / (range.price + 3000));
  const pictureRef = `${maker.key}-${series % SERIES_PER_MAKER}-${slugOf(range.noun)}`;
  return { maker, range, pictured, pictureRef, record, appeal };
}

/** One thing of a range as its series has it: its own proportions, a few of the maker's colours. */
function picturedOf(maker: Maker, range: Range, seed: string, random: Random): Pictured {
  const proportion = random.between(0.9, 1.12);
  const step = (size: number) => (size > 60 ? 5 : 0.5);
  const width = roundTo(range.width * random.between(0.94, 1.08), step(range.width));
  const height = roundTo(range.height * proportion, step(range.height));
  const { kind, form, material, noun, pattern } = range;
  return {
    maker: maker.key,
    design: { kind, form, material, noun: capitalized(noun), width, height, patterns: [pattern] },
    colours: coloursOf(maker, random),
    accent: random.pick(maker.accents).hex,
    pattern,
    seed,
  };
}

function oneVariant(
  productRef: string,
  range: Range,
  random: Random,
  { colour, nth, size }: { colour: string; nth: number; size: { name: string; factor: number } },
): ImportedVariant {
  const ref = `${productRef}-${slugOf(`${colour} ${size.name}`)}`;
  const amountMinor = Math.max(900, Math.round((range.price * size.factor ** 1.6) / 500) * 500 - 100);
  const isReduced = random.chance(0.1);
  return {
    id: idOf('demo:variant', ref),
    // Twelve digits: among the large demo's variants, eight would meet by chance.
    sku: `ST-${idOf('demo:sku', ref).replaceAll('-', '').slice(0, 12).toUpperCase()}`,
    optionValues: size.name === '' ? [colour] : [colour, size.name],
    weightGrams: Math.round(range.weight * size.factor ** 2),
    offers: [
      {
        currency: 'EUR',
        amountMinor: isReduced ? Math.round(amountMinor * 0.008) * 100 : amountMinor,
        ...(isReduced && { compareAtMinor: amountMinor }),
      },
    ],
    availableAt: DEMO_LOCATIONS.filter(() => random.chance(nth === 0 ? 0.9 : 0.7)).map(({ id }) => id),
  };
}

function coloursOf(maker: Maker, random: Random) {
  const count = Math.min(maker.colours.length, random.pick([1, 2, 2, 3]));
  return random.shuffle(maker.colours).slice(0, count);
}

/** The first dozen series have names; the thousands that a benchmark needs are numbered. */
function seriesName(makerIndex: number, series: number): string {
  const name = SERIES[(makerIndex * 5 + series * 7) % SERIES.length] ?? 'Stoa';
  const round = Math.floor(series / SERIES_PER_MAKER);
  return round === 0 ? name : `${name} ${round + 1}`;
}

const CARE: Record<Range['material'], string> = {
  stoneware: 'Dishwasher and microwave',
  porcelain: 'Dishwasher',
  terracotta: 'Wipe clean; leave outside above freezing',
  enamel: 'Dishwasher; not the microwave',
  glass: 'Dishwasher on the glass programme',
  brass: 'Dry cloth; let it darken or polish it',
  paper: 'Dust with a soft brush',
  oak: 'Soap flakes twice a year',
  linen: '40 °C, line dry',
  wool: 'Air it; wool wash at 30 °C',
  rattan: 'Damp cloth',
  wax: 'Trim the wick',
};

function describe(maker: Maker, range: Range, colourCount: number, random: Random): string {
  const opening = random.pick([
    `${range.note} Made by ${maker.name} in ${maker.place}.`,
    `From the workshop of ${maker.name} in ${maker.place}. ${range.note}`,
    `${maker.name} has made this in ${maker.place} for years. ${range.note}`,
  ]);
  const numbers = ['', 'one colour, chosen for the form', 'two colours', 'three colours'];
  return `${opening}\n\nIt comes in ${numbers[colourCount] ?? 'many colours'}. ${CARE[range.material]}.`;
}

const CAN_BE_WASHED = new Set(['mugs', 'tableware', 'storage']);
const WOVEN = new Set(['cushions', 'throws', 'rugs']);

/** The ids of a kind of which there are a few, each hashed once: the large demo names them a million times. */
function idsOf(namespace: string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => known.get(name) ?? known.set(name, idOf(namespace, name)).get(name) ?? '';
}
const brandId = idsOf('demo:brand');
const categoryId = idsOf('demo:category');
const attributeId = idsOf('demo:attribute');

export const ATTRIBUTES: ImportedAttribute[] = (
  [
    { code: 'material', name: 'Material', type: 'text', isFacet: true },
    { code: 'height', name: 'Height', type: 'number', unit: 'centimeter' },
    { code: 'width', name: 'Width', type: 'number', unit: 'centimeter' },
    { code: 'weight', name: 'Weight', type: 'number', unit: 'gram' },
    { code: 'capacity', name: 'Capacity', type: 'number', unit: 'liter' },
    { code: 'light', name: 'Light', type: 'number', unit: 'lumen' },
    { code: 'pattern', name: 'Pattern', type: 'text', isFacet: true },
    { code: 'dishwasher-safe', name: 'Dishwasher safe', type: 'boolean', isFacet: true },
    { code: 'care', name: 'Care', type: 'text' },
    { code: 'made-in', name: 'Made in', type: 'text' },
  ] as const
).map((attribute, position) => ({ id: attributeId(attribute.code), position, ...attribute }));

function attributesOf(maker: Maker, range: Range, { design: size }: Pictured) {
  const values: [string, string | number | boolean | undefined][] = [
    ['material', range.material],
    ['height', size.height],
    ['width', size.width],
    ['weight', range.weight],
    ['capacity', range.capacity],
    ['light', range.lumens],
    ['pattern', WOVEN.has(range.category) ? range.pattern : undefined],
    ['dishwasher-safe', CAN_BE_WASHED.has(range.category) ? range.dishwasher : undefined],
    ['care', CARE[range.material]],
    ['made-in', maker.place],
  ];
  return values.flatMap(([code, value]) =>
    value === undefined ? [] : [{ attributeId: attributeId(code), value }],
  );
}

export const DEMO_CATEGORIES: ImportedCategory[] = CATEGORIES.flatMap(
  ({ slug, name, children }, position) => [
    { id: idOf('demo:category', slug), slug, name, position },
    ...children.map(([childSlug, childName], nth) => ({
      id: idOf('demo:category', childSlug),
      parentId: idOf('demo:category', slug),
      slug: childSlug,
      name: childName,
      position: nth,
    })),
  ],
);

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const roundTo = (value: number, step: number) => Math.round(value / step) * step;

const slugOf = (text: string) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
