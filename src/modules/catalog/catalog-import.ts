import type { PreparedMedia } from './prepared-media.ts';

/**
 * Records from elsewhere, for `importCatalog`. The ids come from `idOf(namespace, name)`, so that the same
 * import made twice names the same rows. Whatever is left out keeps its table's default.
 */
export interface CatalogImport {
  /** Who made the records: `demo`, or the name of an import. */
  source: string;
  media?: Iterable<PreparedMedia>;
  brands?: Iterable<ImportedBrand>;
  /** In any order: a child may come before its parent. */
  categories?: Iterable<ImportedCategory>;
  attributes?: Iterable<ImportedAttribute>;
  /** What the shop sells in beside its own currency. */
  currencies?: Iterable<{ currency: string; countryCodes?: readonly string[] }>;
  priceLists?: Iterable<ImportedPriceList>;
  /** Read once, some thousands at a time: a generator may make them as they are asked for. */
  products?: Iterable<ImportedProduct>;
}

export interface ImportedBrand {
  id: string;
  slug: string;
  name: string;
  tagline?: string;
  /** Paragraphs parted by an empty line. */
  story?: string;
  place?: string;
  /** ISO 3166-1 alpha-2. */
  countryCode?: string;
  foundedYear?: number;
  mediaId?: string;
  /** `#rrggbb`, lower case. */
  colour?: string;
}

export interface ImportedCategory {
  id: string;
  parentId?: string;
  slug: string;
  name: string;
  description?: string;
  mediaId?: string;
  position?: number;
}

export interface ImportedAttribute {
  id: string;
  code: string;
  name: string;
  type: 'text' | 'number' | 'boolean';
  /** Of numbers: as Intl.NumberFormat knows it (`centimeter`, `gram`), or a plain word. */
  unit?: string;
  isFacet?: boolean;
  position?: number;
}

export interface ImportedPriceList {
  id: string;
  name: string;
  currency: string;
  priority?: number;
  /** Without it the list has always held. */
  validFrom?: Date;
  validTo?: Date;
}

export interface ImportedProduct {
  id: string;
  externalRef?: string;
  slug: string;
  brandId?: string;
  categoryId?: string;
  title: string;
  summary?: string;
  description?: string;
  /** Without it the product is published. */
  publication?: 'draft' | 'published';
  publishedAt?: Date;
  optionNames?: readonly string[];
  /** Units sold so far, by which lists are sorted; orders heard of later add to it. */
  unitsSold?: number;
  attributes?: readonly { attributeId: string; value: string | number | boolean }[];
  /** In order; the first is the one on cards. `optionValue` names the option value that a picture shows. */
  pictures?: readonly { mediaId: string; alt: string; optionValue?: string }[];
  variants: readonly ImportedVariant[];
}

export interface ImportedVariant {
  id: string;
  sku: string;
  /** One for each of the product's `optionNames`, in their order. */
  optionValues?: readonly string[];
  gtin?: string;
  weightGrams?: number;
  offers?: readonly ImportedOffer[];
  /** Prices in lists of the same import, whose currency, dates and priority they have. */
  listed?: readonly { priceListId: string; amountMinor: number; compareAtMinor?: number }[];
  /** The locations that have some of it, as the opening stock will say. */
  availableAt?: readonly string[];
}

interface ImportedOffer {
  /** Without it, one that follows from the variant, currency, market and start. */
  id?: string;
  currency: string;
  /** A region's code; without it `world`. */
  marketCode?: string;
  amountMinor: number;
  compareAtMinor?: number;
  /** Without it the offer has always held. */
  validFrom?: Date;
  validTo?: Date;
}
