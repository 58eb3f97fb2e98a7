import type { Deps } from '#platform/module.ts';
import { type PreparedMedia, prepareMedia } from '../modules/catalog/index.ts';
import {
  drawProduct,
  MAKER_KEYS,
  type MakerKey,
  picturesFor,
  type PictureSpec,
  type ProductPicture,
  rasterize,
} from './pictures/index.ts';
import { DEMO_CATEGORIES, type DemoProduct } from './products.ts';
import { DEMO_LOCATIONS, FRONTS } from './stores.ts';

type Attached = { mediaId: string; alt: string; optionValue?: string };

/** The pictures that a shop can't open without: a face for each product, the makers, the stores, the head of the home page. */
export interface DemoMedia {
  all: PreparedMedia[];
  home: { mediaId: string };
  ofBrand(key: MakerKey): { mediaId?: string };
  ofPlace(code: string): { mediaId?: string };
  ofCategory(slug: string): { mediaId?: string };
  ofProduct(product: DemoProduct): Attached[];
}

/** Drawing and encoding happen in sharp's threads; more at once than this only takes memory. */
const AT_ONCE = 3;

export async function drawFaces(
  deps: Deps,
  products: readonly DemoProduct[],
  progress: (done: number, total: number) => void,
): Promise<DemoMedia> {
  const wanted = new Map<string, PictureSpec>([['home', { view: 'home' }]]);
  for (const key of MAKER_KEYS) wanted.set(`brand ${key}`, { view: 'brand', maker: key, seed: key });
  for (const { code } of DEMO_LOCATIONS) {
    const front = FRONTS[code];
    if (front) wanted.set(`place ${code}`, { view: 'place', front });
  }
  const faces = new Map<string, ProductPicture>();
  for (const product of products) {
    const [face] = picturesFor(product.pictured);
    if (!face) continue;
    faces.set(product.pictureRef, face);
    wanted.set(`product ${product.pictureRef}`, face.spec);
    categoryFaces(product.range.category, face.spec, wanted);
  }
  const drawn = await drawAll(deps, wanted, progress);
  const idOf = (name: string) => {
    const media = drawn.get(name);
    return media ? { mediaId: media.id } : {};
  };
  return {
    all: [...new Map([...drawn.values()].map((media) => [media.id, media])).values()],
    home: { mediaId: drawn.get('home')?.id ?? '' },
    ofBrand: (key) => idOf(`brand ${key}`),
    ofPlace: (code) => idOf(`place ${code}`),
    ofCategory: (slug) => idOf(`category ${slug}`),
    ofProduct: ({ pictureRef }) => attached(drawn.get(`product ${pictureRef}`), faces.get(pictureRef)),
  };
}

/** A category shows its first product; the one above it shows a product that none of its own shows. */
function categoryFaces(slug: string, face: PictureSpec, wanted: Map<string, PictureSpec>): void {
  const isFirst = !wanted.has(`category ${slug}`);
  const parent = DEMO_CATEGORIES.find(
    ({ id }) => id === DEMO_CATEGORIES.find((each) => each.slug === slug)?.parentId,
  );
  if (isFirst) wanted.set(`category ${slug}`, face);
  else if (parent && !wanted.has(`category ${parent.slug}`)) wanted.set(`category ${parent.slug}`, face);
}

function attached(media: PreparedMedia | undefined, picture: ProductPicture | undefined): Attached[] {
  if (!media || !picture) return [];
  return [{ mediaId: media.id, alt: picture.alt, ...(picture.colour && { optionValue: picture.colour }) }];
}

/** A product's whole gallery, its face first, drawn by a job once the shop is open. */
export async function drawGallery(
  deps: Deps,
  product: DemoProduct,
): Promise<{ all: PreparedMedia[]; pictures: Attached[] }> {
  const all: PreparedMedia[] = [];
  const pictures: Attached[] = [];
  for (const picture of picturesFor(product.pictured)) {
    const media = await draw(deps, picture.spec);
    all.push(media);
    pictures.push(...attached(media, picture));
  }
  return { all, pictures };
}

async function drawAll(
  deps: Deps,
  wanted: ReadonlyMap<string, PictureSpec>,
  progress: (done: number, total: number) => void,
): Promise<Map<string, PreparedMedia>> {
  const drawn = new Map<string, PreparedMedia>();
  const waiting = wanted.entries();
  const worker = async (): Promise<void> => {
    for (const [name, spec] of waiting) {
      drawn.set(name, await draw(deps, spec));
      progress(drawn.size, wanted.size);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return drawn;
}

const draw = async (deps: Deps, spec: PictureSpec): Promise<PreparedMedia> =>
  prepareMedia(deps, await rasterize(drawProduct(spec)));
