import { DRAUGHTSMEN } from './kinds.ts';
import type { Look, Pattern } from './look.ts';
import { MAKERS, type Colourway, type MakerKey } from './palettes.ts';
import { pictureKey, type PictureSpec } from './picture-spec.ts';
import { looksOf } from './portraits.ts';
import { seeded } from './random.ts';
import type { Design } from './ranges.ts';
import type { SceneKind } from './scenes.ts';

/** What must be known of a product to picture it. */
export interface Pictured {
  maker: MakerKey;
  design: Design;
  /** In the order of the colour option; at least one. */
  colours: readonly Colourway[];
  accent: string;
  pattern: Pattern;
  seed: string;
}

export interface ProductPicture {
  key: string;
  spec: PictureSpec;
  /** For those who cannot see it. */
  alt: string;
  /** The colour option's value that it shows, when it shows one. */
  colour?: string;
  /** 1: the shop is not a shop without it; 2: the product's page wants it; 3: makes the page richer. */
  rank: 1 | 2 | 3;
}

/** A product's pictures, in the order of its gallery; the first is its face, the second its scene. */
export function picturesFor(product: Pictured): ProductPicture[] {
  const { maker, design, colours, seed } = product;
  const { tint, name } = MAKERS[maker];
  const looks = colours.map((colour) => lookOf(product, colour.hex));
  const [first] = looks;
  const [colour] = colours;
  if (!first || !colour) return [];
  const noun = design.noun.toLowerCase();
  const inColour = (way: Colourway): string => `${design.noun} in ${way.name.toLowerCase()}`;
  const mates = looksOf(maker, seed, 3, (look) => goesWith(first, look));
  const scene = sceneFor(first, mates, seed);
  const pictures = [
    picture({ view: 'front', look: first, tint }, inColour(colour), 1, colour.name),
    picture(
      { view: 'scene', scene, looks: [first, ...mates], tint, seed },
      `${inColour(colour)} ${WHERE[scene]}, with other things by ${name}`,
      2,
    ),
    picture({ view: 'detail', look: first, tint }, `The ${noun} from near`, 2),
  ];
  looks.slice(1).forEach((look, i) => {
    const way = colours[i + 1];
    if (way) pictures.push(picture({ view: 'front', look, tint }, inColour(way), 1, way.name));
  });
  if (looks.length > 1) {
    const names = colours.slice(0, 3).map((way) => way.name.toLowerCase());
    const spec: PictureSpec = { view: 'family', looks: looks.slice(0, 3), tint };
    pictures.push(picture(spec, `The ${noun} in ${names.join(', ')}`, 3));
  }
  return pictures;
}

const WHERE: Record<SceneKind, string> = {
  table: 'on a table by a window',
  shelf: 'on a shelf',
  niche: 'in an arched niche',
  room: 'in a room',
};

/** A product as it is drawn in one of its colours. */
export function lookOf(product: Pictured, colour: string): Look {
  const { kind, form, material, width, height } = product.design;
  const { accent, pattern, seed } = product;
  return { kind, form, material, colour, accent, width, height, pattern, seed };
}

function picture(spec: PictureSpec, alt: string, rank: 1 | 2 | 3, colour?: string): ProductPicture {
  const base = { key: pictureKey(spec), spec, alt, rank };
  return colour === undefined ? base : { ...base, colour };
}

const ON_TABLES: readonly Look['kind'][] = ['vase', 'mug', 'tableware', 'candle', 'jar', 'board', 'planter'];

function sitsOnTable(look: Look): boolean {
  if (look.kind === 'lamp') return look.form === 'table' || look.form === 'mushroom';
  return ON_TABLES.includes(look.kind);
}

/** Company of the same order of size, and never the same form twice. */
function goesWith(main: Look, look: Look): boolean {
  if (look.kind === main.kind && look.form === main.form) return false;
  if (DRAUGHTSMEN[look.kind].mount(look) !== 'stand') return false;
  if (!sitsOnTable(main)) return look.height < 70;
  const ratio = look.height / main.height;
  return sitsOnTable(look) && ratio > 0.2 && ratio < 4;
}

function sceneFor(main: Look, mates: readonly Look[], seed: string): SceneKind {
  if (!sitsOnTable(main) || (mates.length === 0 && main.height > 40)) return 'room';
  const choices: readonly SceneKind[] =
    mates.length < 2 ? ['table', 'niche'] : ['table', 'shelf', 'niche', 'table'];
  return seeded(`${seed} scene`).pick(choices);
}
