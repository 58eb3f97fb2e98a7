import type { Material } from './look.ts';

export const MAKER_KEYS = [
  'kerameas',
  'arber',
  'ekhult',
  'upyte',
  'teviot',
  'chiaro',
  'combe',
  'verga',
] as const;
export type MakerKey = (typeof MAKER_KEYS)[number];

export interface Colourway {
  /** As people choose it. */
  name: string;
  hex: string;
}

export interface Maker {
  key: MakerKey;
  name: string;
  place: string;
  country: string;
  founded: number;
  craft: string;
  materials: readonly Material[];
  /** The colours that its things come in. */
  colours: readonly Colourway[];
  /** Second colours: bare clay, rims, cords, wax, stripes. */
  accents: readonly Colourway[];
  /** The studio paper behind its things. */
  tint: string;
  /** A few sentences for a card. */
  intro: string;
}

export const MAKERS: Record<MakerKey, Maker> = {
  kerameas: {
    key: 'kerameas',
    name: 'Kerameas',
    place: 'Margarites',
    country: 'GR',
    founded: 1974,
    craft: 'Stoneware pottery',
    materials: ['stoneware', 'terracotta', 'porcelain'],
    colours: [
      { name: 'Limestone', hex: '#ddd0b8' },
      { name: 'Fired earth', hex: '#b9633f' },
      { name: 'Deep water', hex: '#3a5a6b' },
      { name: 'Sage smoke', hex: '#8f9c83' },
      { name: 'Wine lees', hex: '#7c3f42' },
      { name: 'Charcoal', hex: '#46423d' },
    ],
    accents: [
      { name: 'Bare clay', hex: '#a5704c' },
      { name: 'Iron clay', hex: '#6e4a37' },
    ],
    tint: '#ece1cd',
    intro:
      'Two kick wheels, one gas kiln and a view of the olive terraces. Kerameas throws everyday stoneware from Cretan clay and glazes it with ash from the grove next door. No two firings come out alike, and nobody there would want them to.',
  },
  arber: {
    key: 'arber',
    name: 'Arber Glas',
    place: 'Zwiesel',
    country: 'DE',
    founded: 1921,
    craft: 'Mouth-blown glass',
    materials: ['glass'],
    colours: [
      { name: 'Forest', hex: '#6f9a80' },
      { name: 'Smoke', hex: '#9a9288' },
      { name: 'Amber', hex: '#d39a4e' },
      { name: 'Ice', hex: '#b9d3d2' },
      { name: 'Heather', hex: '#a98698' },
    ],
    accents: [
      { name: 'Clear', hex: '#eef0ea' },
      { name: 'Ivory wax', hex: '#f0e4c8' },
    ],
    tint: '#e6e4d6',
    intro:
      'Glass has been blown in the Bavarian Forest for as long as there was wood to burn. Arber Glas still works a single furnace with nine people, in wooden moulds turned on the spot. Look for the tiny bubble in the foot: it is how they sign.',
  },
  ekhult: {
    key: 'ekhult',
    name: 'Ekhult',
    place: 'Värnamo',
    country: 'SE',
    founded: 1958,
    craft: 'Oak furniture',
    materials: ['oak'],
    colours: [
      { name: 'Soaped oak', hex: '#d8b98c' },
      { name: 'Oiled oak', hex: '#c2935c' },
      { name: 'Smoked oak', hex: '#7d563a' },
      { name: 'Black oak', hex: '#3f3833' },
    ],
    accents: [
      { name: 'Paper cord', hex: '#d9c6a0' },
      { name: 'Cognac leather', hex: '#a9673c' },
      { name: 'Moss wool', hex: '#747a55' },
    ],
    tint: '#e9dfd0',
    intro:
      'Ekhult makes furniture that comes apart with one key and is meant to be repaired. The oak is felled within sixty kilometres of the workshop and dried for two winters. Spare parts exist for every chair since the first.',
  },
  upyte: {
    key: 'upyte',
    name: 'Upytė Linen',
    place: 'Panevėžys',
    country: 'LT',
    founded: 1992,
    craft: 'Linen weaving',
    materials: ['linen'],
    colours: [
      { name: 'Flax', hex: '#cdbb9a' },
      { name: 'Chalk', hex: '#e9e1d1' },
      { name: 'River mist', hex: '#9aa9a6' },
      { name: 'Rosehip', hex: '#b46a55' },
      { name: 'Rye field', hex: '#c79f52' },
      { name: 'Night blue', hex: '#37475a' },
    ],
    accents: [
      { name: 'Chalk', hex: '#f1e9da' },
      { name: 'Indigo', hex: '#3f5670' },
      { name: 'Madder', hex: '#a8543f' },
    ],
    tint: '#eae3d6',
    intro:
      'Flax grown north of the town, spun wet, woven on looms that three sisters bought when the state mill closed. Upytė washes every piece twice before it leaves, so it is soft on the first day and softer in ten years.',
  },
  teviot: {
    key: 'teviot',
    name: 'Teviot Mill',
    place: 'Hawick',
    country: 'GB',
    founded: 1887,
    craft: 'Wool mill',
    materials: ['wool'],
    colours: [
      { name: 'Oatmeal', hex: '#d2c2a5' },
      { name: 'Bracken', hex: '#a8633c' },
      { name: 'Moorland', hex: '#6f7353' },
      { name: 'Slate', hex: '#566270' },
      { name: 'Thistle', hex: '#83647a' },
      { name: 'Peat', hex: '#54433a' },
    ],
    accents: [
      { name: 'Undyed', hex: '#eee4d0' },
      { name: 'Ochre', hex: '#c0893a' },
      { name: 'Ink', hex: '#34404c' },
    ],
    tint: '#e5ddd0',
    intro:
      'The Teviot turned the first looms here, and still cools the dye house. Five generations have spun wool from hill flocks into blankets heavy enough to be inherited. The offcuts become felt, and the felt becomes insulation: nothing leaves by the skip.',
  },
  chiaro: {
    key: 'chiaro',
    name: 'Officina Chiaro',
    place: 'Bassano del Grappa',
    country: 'IT',
    founded: 1966,
    craft: 'Brass and paper lighting',
    materials: ['brass', 'paper', 'enamel'],
    colours: [
      { name: 'Raw brass', hex: '#c79c4b' },
      { name: 'Rice paper', hex: '#f1e7d2' },
      { name: 'Terracotta', hex: '#b5583a' },
      { name: 'Bottle green', hex: '#3f5c4a' },
      { name: 'Graphite', hex: '#4a4844' },
    ],
    accents: [
      { name: 'Brass', hex: '#bd9145' },
      { name: 'Bronze', hex: '#7d5f38' },
    ],
    tint: '#ead9c4',
    intro:
      'A workshop of spinners and folders under the arcades of Bassano. Officina Chiaro presses brass over beech forms and pleats shades from paper made in the next valley. Every lamp is wired, lit for a night, and only then packed.',
  },
  combe: {
    key: 'combe',
    name: 'Émaux de la Combe',
    place: 'Morez',
    country: 'FR',
    founded: 1934,
    craft: 'Enamel ware and clocks',
    materials: ['enamel'],
    colours: [
      { name: 'Cream', hex: '#efe5d0' },
      { name: 'Ink blue', hex: '#2f5068' },
      { name: 'Gentian', hex: '#5c7ba0' },
      { name: 'Poppy', hex: '#bd4a30' },
      { name: 'Spruce', hex: '#4d6a55' },
      { name: 'Mustard', hex: '#cd9a3d' },
    ],
    accents: [
      { name: 'Navy rim', hex: '#27384a' },
      { name: 'Black rim', hex: '#2f2a26' },
    ],
    tint: '#e7e2d3',
    intro:
      'In the narrow valley where the Jura made its clock faces, one furnace for enamel is still alight. The Combe dips steel jugs and clock dials three times each, by hand and by eye. Drop one: it will chip, and it will last.',
  },
  verga: {
    key: 'verga',
    name: 'Casa Verga',
    place: 'Gonçalo',
    country: 'PT',
    founded: 1949,
    craft: 'Basketry',
    materials: ['rattan'],
    colours: [
      { name: 'Peeled willow', hex: '#d3b078' },
      { name: 'Honey', hex: '#b98445' },
      { name: 'Walnut stain', hex: '#7c5536' },
      { name: 'Whitewash', hex: '#ddcfb6' },
    ],
    accents: [
      { name: 'Chestnut', hex: '#85552f' },
      { name: 'Indigo', hex: '#3d5468' },
      { name: 'Terracotta', hex: '#ac5a3b' },
    ],
    tint: '#ece0cb',
    intro:
      'Willow is cut in January, boiled in March and woven all year on the doorsteps of Gonçalo. Casa Verga buys from fourteen weavers and pays by the basket, the same for everyone, posted on the wall. The oldest of them taught the rest.',
  },
};
