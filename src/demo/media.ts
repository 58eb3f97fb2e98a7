import type { Deps } from '#platform/module.ts';
import type { PreparedMedia } from '../modules/catalog/index.ts';
import { drawAll } from './draw-all.ts';
import {
  MAKER_KEYS,
  type MakerKey,
  picturesFor,
  type PictureSpec,
  type ProductPicture,
} from './pictures/index.ts';
import { DEMO_PEOPLE } from './people.ts';
import { DEMO_CATEGORIES, type DemoProduct } from './products.ts';
import { DEMO_LOCATIONS, FRONTS } from './stores.ts';

type Attached = { mediaId: string; alt: string; optionValue?: string };

/** The pictures that a shop can't open without: a face for each product and each person, the makers, the stores, the head of the home page. */
export interface DemoMedia {
  all: PreparedMedia[];
  home: { mediaId?: string };
  ofBrand(key: MakerKey): { mediaId?: string };
  ofPlace(code: string): { mediaId?: string };
  ofCategory(slug: string): { mediaId?: string };
  ofPerson(handle: string): { mediaId?: string };
  ofProduct(product: DemoProduct): Attached[];
}

export async function drawFaces(
  deps: Deps,
  products: readonly DemoProduct[],
  pictureScale: number,
  progress: (done: number, total: number) => void,
): Promise<DemoMedia> {
  const wanted = new Map<string, PictureSpec>([['home', { view: 'home' }]]);
  for (const key of MAKER_KEYS) wanted.set(`brand ${key}`, { view: 'brand', maker: key, seed: key });
  for (const { code } of DEMO_LOCATIONS) {
    const front = FRONTS[code];
    if (front) wanted.set(`place ${code}`, { view: 'place', front });
  }
  for (const { handle, face } of DEMO_PEOPLE)
    wanted.set(`person ${handle}`, { view: 'avatar', face, seed: handle });
  const faces = new Map<string, ProductPicture>();
  for (const product of products) {
    const [face] = picturesFor(product.pictured);
    if (!face) continue;
    faces.set(product.pictureRef, face);
    wanted.set(`product ${product.pictureRef}`, face.spec);
    categoryFaces(product.range.category, face.spec, wanted);
  }
  const drawn = await drawAll(deps, wanted, pictureScale, progress);
  const idOf = (name: string) => {
    const media = drawn.get(name);
    return media ? { mediaId: media.id } : {};
  };
  return {
    all: [...new Map([...drawn.values()].map((media) => [media.id, media])).values()],
    home: idOf('home'),
    ofBrand: (key) => idOf(`brand ${key}`),
    ofPlace: (code) => idOf(`place ${code}`),
    ofCategory: (slug) => idOf(`category ${slug}`),
    ofPerson: (handle) => idOf(`person ${handle}`),
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

/** The whole galleries of some products, their faces first, drawn by a job once the shop is open. */
export async function drawGalleries(
  deps: Deps,
  products: readonly DemoProduct[],
  pictureScale: number,
): Promise<{ all: PreparedMedia[]; ofProduct(product: DemoProduct): Attached[] }> {
  const pictures = products.flatMap((product) => picturesFor(product.pictured));
  const drawn = await drawAll(deps, new Map(pictures.map(({ key, spec }) => [key, spec])), pictureScale);
  return {
    all: [...new Map([...drawn.values()].map((media) => [media.id, media])).values()],
    ofProduct: ({ pictured }) =>
      picturesFor(pictured).flatMap((picture) => attached(drawn.get(picture.key), picture)),
  };
}
