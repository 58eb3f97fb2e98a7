import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { DRAUGHTSMEN } from './kinds.ts';
import { KINDS, type Kind, type Look } from './look.ts';
import { MAKER_KEYS, MAKERS } from './palettes.ts';
import { lookOf, picturesFor, type Pictured } from './picture-set.ts';
import { drawProduct, pictureKey, sizeOf, type PictureSpec } from './picture-spec.ts';
import { RANGES } from './ranges.ts';
import { develop, rasterize } from './rasterize.ts';
import { STORE_FRONTS } from './store-fronts.ts';

const products: Pictured[] = MAKER_KEYS.flatMap((maker) =>
  RANGES[maker].map((design) => ({
    maker,
    design,
    colours: MAKERS[maker].colours.slice(0, 2),
    accent: MAKERS[maker].accents[0]?.hex ?? '',
    pattern: design.patterns[0] ?? 'plain',
    seed: `test ${design.noun}`,
  })),
);

function productOf(noun: string): Pictured {
  const found = products.find((product) => product.design.noun === noun);
  if (!found) throw new Error(`no design is called ${noun}`);
  return found;
}

const frontOf = (product: Pictured): PictureSpec => ({
  view: 'front',
  look: lookOf(product, product.colours[0]?.hex ?? ''),
  tint: MAKERS[product.maker].tint,
});

const hashOf = (svg: string): string => createHash('sha256').update(svg).digest('hex').slice(0, 16);

test('the same spec is the same picture, to the byte, on every machine', () => {
  const specs: PictureSpec[] = [
    frontOf(productOf('Moon jar')),
    frontOf(productOf('Dining chair')),
    { view: 'home' },
  ];
  expect(specs.map((spec) => hashOf(drawProduct(spec)))).toEqual([
    'a718ae2fd91952a1',
    '9cc447bfadd8f120',
    '6d795d8f2afdddd3',
  ]);
  expect(specs.map(pictureKey)).toEqual([
    'yNmP8csLZ1H1ocoGzZKK',
    '9NwBBJjD7Mng1v6SakwP',
    'pIpL8uXOru14q2NT3dKP',
  ]);
});

test('a spec that was stored as JSON draws the same picture and keeps its key', () => {
  const spec = frontOf(productOf('Throw'));
  const stored: PictureSpec = JSON.parse(JSON.stringify(spec));

  expect(drawProduct(stored)).toBe(drawProduct(spec));
  const { view, ...rest } = spec;
  expect(pictureKey({ ...rest, view } as PictureSpec)).toBe(pictureKey(spec));
});

test('every form of every kind is made by somebody, or draws all the same', async () => {
  for (const kind of KINDS) {
    for (const form of DRAUGHTSMEN[kind].forms) {
      const { width, height, channels } = await develop(drawProduct(front(kind, form)), 120);
      expect({ width, height, channels }, `${kind} ${form}`).toEqual({
        width: 120,
        height: 150,
        channels: 4,
      });
    }
  }
});

function front(kind: Kind, form: string): PictureSpec {
  const look: Look = {
    kind,
    form,
    material: 'oak',
    colour: '#c2935c',
    accent: '#efe2c8',
    width: 40,
    height: 40,
    pattern: 'check',
    seed: form,
  };
  return { view: 'front', look, tint: '#ece1cd' };
}

test('the thing shows: it differs from its ground in a good part of the picture', async () => {
  for (const noun of ['Moon jar', 'Dining chair', 'Rug', 'Paper lantern', 'Station clock']) {
    const spec = frontOf(productOf(noun));
    if (spec.view !== 'front') throw new Error('not a front');
    const drawn = await develop(drawProduct(spec), 96);
    const bare = await develop(drawProduct({ view: 'family', looks: [], tint: spec.tint }), 96);
    let changed = 0;
    for (let i = 0; i < drawn.data.length; i += 4) {
      if (Math.abs((drawn.data[i + 2] ?? 0) - (bare.data[i + 2] ?? 0)) > 14) changed++;
    }
    expect(changed / (drawn.data.length / 4), noun).toBeGreaterThan(0.08);
  }
});

test('every view renders to a JPEG of its own size', async () => {
  const [moon] = picturesFor(productOf('Moon jar'));
  expect(moon?.spec.view).toBe('front');
  const specs: PictureSpec[] = [
    ...picturesFor(productOf('Moon jar')).map(({ spec }) => spec),
    ...picturesFor(productOf('Rug')).map(({ spec }) => spec),
    { view: 'workshop', maker: 'teviot', seed: 'test' },
    { view: 'brand', maker: 'arber', seed: 'test' },
    { view: 'place', front: STORE_FRONTS.warehouse },
    { view: 'home' },
  ];
  expect(new Set(specs.map(({ view }) => view)).size).toBe(8);
  for (const spec of specs) {
    const { format, width, height } = await sharp(await rasterize(drawProduct(spec))).metadata();
    expect({ format, width, height }, spec.view).toEqual({ format: 'jpeg', ...sizeOf(spec) });
  }
});

test('grain never carries from one channel into the next, even on the brightest white', async () => {
  const product = { ...productOf('Moon jar'), colours: [{ name: 'White', hex: '#ffffff' }] };
  const spec = { ...frontOf(product), tint: '#ffffff' } as PictureSpec;
  const svg = drawProduct(spec);
  expect(svg).not.toMatch(/#(f[b-f]....|..f[b-f]..|....f[b-f])\b/);
  const { data } = await develop(svg, 200);
  let odd = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) odd++;
  expect(odd).toBe(0);
});

test('a gallery begins with the face and has a picture for each colour', () => {
  const pictures = picturesFor(productOf('Amphora'));

  expect(pictures.map(({ spec, colour, rank }) => [spec.view, colour ?? '', rank])).toEqual([
    ['front', 'Limestone', 1],
    ['scene', '', 2],
    ['detail', '', 2],
    ['front', 'Fired earth', 1],
    ['family', '', 3],
  ]);
  expect(pictures[0]?.alt).toBe('Amphora in limestone');
  expect(new Set(pictures.map(({ key }) => key)).size).toBe(5);
});

test('every product of every maker has its pictures, each with a name of its own', () => {
  const keys = products.flatMap((product) => picturesFor(product).map(({ key }) => key));

  expect(products).toHaveLength(85);
  expect(keys).toHaveLength(products.length * 5);
  expect(new Set(keys).size).toBe(keys.length);
});
