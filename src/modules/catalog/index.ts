export type * from './catalog-import.ts';
export type * from './product-card.ts';
export { askedPrices, pricesAsked } from './asked-prices.ts';
export { changePrice } from './change-price.ts';
export { cardFrom, cardsOf } from './cards.ts';
export { importCatalog } from './import-catalog.ts';
export { refreshListings } from './listing.ts';
export { catalogErrors } from './errors.ts';
export { currencyFor, sellIn, type SoldCurrencies, soldCurrencies, stopSellingIn } from './currencies.ts';
export {
  PRICE_MAX_MINOR,
  PRICE_SKU_MAX,
  type PriceLine,
  type PriceOutcome,
  type PriceRefusal,
  setPrices,
} from './list-prices.ts';
export {
  type ListedPrice,
  listedPrices,
  type PriceList,
  type PriceListInput,
  priceListOf,
  priceLists,
  putPriceList,
} from './price-lists.ts';
export { pricesInParts } from './prices-in-parts.ts';
export { marketsAt, pricedMarkets, type SeenAt, WORLD } from './markets.ts';
export { openWithPicture, useCurrency } from './marketplace.ts';
export { prepareDrawn, storeMedia, UPLOAD_BYTES_MAX } from './media.ts';
export type { PreparedMedia } from './prepared-media.ts';
export { readdressMedia } from './readdress-media.ts';
export {
  addReceived,
  addRendered,
  addRenderedFiles,
  dropMedia,
  mediaStates,
  receiveMedia,
  smallMedia,
  dropStored,
} from './received-media.ts';
export {
  priceOf,
  sellable,
  type SellableVariant,
  sellableWithPrice,
  soldSomewhere,
  variantIdsOfCodes,
  variantIdsOfSkus,
} from './prices.ts';
export { type ProductInShop, productInShop, productsOfBrands } from './product-in-shop.ts';
export { compareProducts, productBySlug, productDetailJson } from './product-detail.ts';
export { productListJson, searchProducts } from './product-list.ts';
export { noteRatings, type Rated } from './ratings.ts';
export { idsOfSlugs, knownThings, type ReferenceKind, slugsOfIds, unknownReference } from './references.ts';
export { takeUploads, UPLOAD_BODY_BYTES_MAX, UPLOAD_PROBLEMS, uploadIn } from './upload-routes.ts';
export { openStorage } from './storage.ts';
export { type TillItem, tillItems, tillItemsOf } from './till-items.ts';
export { brandNames, categoryNames, shelvesOfProducts } from './shelves.ts';
export { brandBySlug, brandPages, categoryTree, suggestionsFor } from './surroundings.ts';
