import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import { MAKER_KEYS, MAKERS } from './palettes.ts';
import { picturesFor, type Pictured } from './picture-set.ts';
import { drawProduct, type PictureSpec } from './picture-spec.ts';
import { rasterize } from './rasterize.ts';
import { RANGES } from './ranges.ts';
import { STORE_FRONTS } from './store-fronts.ts';

/** A person looks at these: every design in every maker's colours, on the shop's two grounds, and the large pictures. */
const GROUNDS = { light: '#F7F3EB', dark: '#16130F' } as const;
const COLUMNS = 8;
const [TILE, TALL, GAP] = [240, 300, 16];

const out = process.argv[2];
if (out === undefined) {
  process.stderr.write('Say where to: node src/demo/pictures/sheet.ts FOLDER\n');
  process.exitCode = 2;
} else await writeSheets(out);

async function writeSheets(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fronts: PictureSpec[] = [];
  const others: PictureSpec[] = [];
  for (const product of everyDesign()) {
    for (const { spec } of picturesFor(product)) (spec.view === 'front' ? fronts : others).push(spec);
  }
  const wide: PictureSpec[] = MAKER_KEYS.flatMap((maker): PictureSpec[] => [
    { view: 'workshop', maker, seed: 'page' },
    { view: 'brand', maker, seed: 'page' },
  ]);
  for (const front of Object.values(STORE_FRONTS)) wide.push({ view: 'place', front });
  await sheet(path.join(folder, 'fronts-light.png'), fronts, GROUNDS.light);
  await sheet(path.join(folder, 'fronts-dark.png'), fronts.slice(0, 64), GROUNDS.dark);
  await sheet(path.join(folder, 'scenes.png'), others, GROUNDS.light);
  await sheet(path.join(folder, 'large.png'), wide, GROUNDS.light);
  for (const spec of [...fronts.slice(0, 6), { view: 'home' } as const]) {
    const name = `full-${spec.view}-${fronts.indexOf(spec)}.jpg`;
    await writeFile(path.join(folder, name), await rasterize(drawProduct(spec)));
  }
}

function everyDesign(): Pictured[] {
  return MAKER_KEYS.flatMap((maker) => {
    const { colours, accents } = MAKERS[maker];
    return RANGES[maker].map((design, i): Pictured => {
      const turn = i % colours.length;
      return {
        maker,
        design,
        colours: [...colours.slice(turn), ...colours.slice(0, turn)].slice(0, 2),
        accent: accents[i % accents.length]?.hex ?? '#efe2c8',
        pattern: design.patterns[i % design.patterns.length] ?? 'plain',
        seed: `${maker} ${design.noun}`,
      };
    });
  });
}

async function sheet(file: string, specs: readonly PictureSpec[], ground: string): Promise<void> {
  const tiles: OverlayOptions[] = [];
  for (const [i, spec] of specs.entries()) {
    const input = await sharp(await rasterize(drawProduct(spec)))
      .resize(TILE, TALL, { fit: 'contain', background: ground })
      .png()
      .toBuffer();
    tiles.push({
      input,
      left: GAP + (i % COLUMNS) * (TILE + GAP),
      top: GAP + Math.floor(i / COLUMNS) * (TALL + GAP),
    });
  }
  const width = GAP + COLUMNS * (TILE + GAP);
  const height = GAP + Math.ceil(specs.length / COLUMNS) * (TALL + GAP);
  await sharp({ create: { width, height, channels: 3, background: ground } })
    .composite(tiles)
    .png()
    .toFile(file);
}
