export type * from './catalog-import.ts';
export type * from './product-card.ts';
export { importCatalog } from './import-catalog.ts';
export { refreshListings } from './listing.ts';
export { prepareDrawn, type PreparedMedia, storeMedia } from './media.ts';
export { priceOf, sellable, type SellableVariant } from './prices.ts';
export { compareProducts, productBySlug, productDetailJson } from './product-detail.ts';
export { productListJson, searchProducts } from './product-list.ts';
export { brandBySlug, brandPages, categoryTree, suggestionsFor } from './surroundings.ts';
