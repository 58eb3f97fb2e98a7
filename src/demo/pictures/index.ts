export type { Face } from './avatars.ts';
export { KINDS, type Look } from './look.ts';
export { MAKER_STORIES } from './maker-stories.ts';
export { MAKER_KEYS, MAKERS, type Colourway, type Maker, type MakerKey } from './palettes.ts';
export { picturesFor, type Pictured, type ProductPicture } from './picture-set.ts';
export { drawProduct, type PictureSpec, sizeOf } from './picture-spec.ts';
export { seeded, type Random } from './random.ts';
export { develop } from './rasterize.ts';
export { STORE_FRONTS } from './store-fronts.ts';
