/** What a list shows of a product. */
export interface ProductCard {
  id: string;
  slug: string;
  title: string;
  brand: { slug: string; name: string } | null;
  /** The lowest that any variant costs now; `isFrom` when others cost more. Null: not sold in the currency. */
  price: (Price & { isFrom: boolean }) | null;
  picture: Picture | null;
  /** A second view, for a pointer that rests on the card. */
  secondPicture: Picture | null;
  options: ProductOption[];
  inStock: boolean;
  /** Null without reviews. */
  rating: CardRating | null;
}

interface CardRating {
  /** To one decimal. */
  average: number;
  count: number;
}

export interface Price {
  amountMinor: number;
  /** What it cost before, or costs elsewhere; always higher. */
  compareAtMinor: number | null;
  currency: string;
}

interface ProductOption {
  name: string;
  values: string[];
}

/** Each of `files` (`480.avif`, `480.webp`, `960.jpg`, `source.jpg`, …) is served at `/media/<sha256>/<file>`. */
export interface Picture {
  sha256: string;
  alt: string;
  width: number;
  height: number;
  /** The picture's main colour, `#rrggbb`: the ground to show while it loads. */
  colour: string | null;
  files: string[];
}

/** What the product page shows of the catalogue. */
export interface ProductDetail {
  id: string;
  slug: string;
  title: string;
  summary: string;
  /** Paragraphs parted by an empty line. */
  description: string;
  brand: {
    slug: string;
    name: string;
    tagline: string;
    place: string | null;
    countryCode: string | null;
    colour: string | null;
  } | null;
  /** From the top of the tree down to the product's own. */
  categories: { slug: string; name: string }[];
  options: ProductOption[];
  variants: ProductVariant[];
  pictures: (Picture & { optionValue: string | null })[];
  attributes: AttributeValue[];
  price: (Price & { isFrom: boolean }) | null;
  inStock: boolean;
  /** Null without reviews. */
  rating: CardRating | null;
  /** RFC 3339 */
  publishedAt: string;
  updatedAt: string;
}

export interface ProductVariant {
  id: string;
  sku: string;
  /** One for each option, in the options' order. */
  optionValues: string[];
  gtin: string | null;
  weightGrams: number | null;
  price: (Price & { validTo: string | null }) | null;
  inStock: boolean;
}

/** A typed value. Only numbers have a unit: as Intl.NumberFormat knows it, or a plain word. */
export interface AttributeValue {
  code: string;
  name: string;
  type: 'text' | 'number' | 'boolean';
  unit: string | null;
  value: string | number | boolean;
}

/** In what prices are shown. */
export interface PricesFor {
  /** Without it, the marketplace's. */
  currency?: string | undefined;
  /** By which regions, the narrowest first, as `marketsAt` says them; without any, the whole world's. */
  markets?: readonly string[] | undefined;
}

/** Prices are shown, sorted and bounded as they are for whoever asks. */
export interface ProductQuery extends PricesFor {
  /** What somebody typed. */
  words?: string;
  /** Slugs. */
  category?: string;
  brand?: string;
  /** Chosen values by facet code; of several values of one facet, any will do. */
  facets?: Record<string, readonly string[]>;
  priceMinMinor?: number;
  priceMaxMinor?: number;
  inStock?: boolean;
  /** Without it: relevance where there are words, popularity elsewhere. */
  sort?: ProductSort;
  /** 20 unless said, 100 at most. */
  limit?: number;
  /** Leaves out facets and total, for lists that do not show them. */
  uncounted?: boolean;
  /** The `cursor` of the page before. Facets and total come with the first page only. */
  cursor?: string;
}

export type ProductSort = 'relevance' | 'popularity' | 'price' | '-price' | 'newest';

export interface ProductPage {
  cards: ProductCard[];
  /** Null on later pages, and where they were not asked for. */
  facets: Facet[] | null;
  total: Total | null;
  /** For the next page; null on the last. */
  cursor: string | null;
  /** What was searched for instead, when the words as typed were found nowhere. */
  searchedFor: string | null;
}

/** When not exact, there are more than `count`. */
export interface Total {
  count: number;
  isExact: boolean;
}

/** `code` is `category`, `brand`, an attribute's code or an option's name as a slug. */
export interface Facet {
  code: string;
  name: string;
  unit: string | null;
  values: FacetValue[];
}

interface FacetValue {
  value: string;
  label: string;
  /** Null where there are too many products to count: never an estimate. */
  count: number | null;
  isChosen: boolean;
}

export interface Suggestions {
  products: ProductCard[];
  categories: { slug: string; name: string }[];
  brands: { slug: string; name: string }[];
}

export interface BrandPage {
  slug: string;
  name: string;
  tagline: string;
  /** Paragraphs parted by an empty line. */
  story: string;
  place: string | null;
  countryCode: string | null;
  foundedYear: number | null;
  colour: string | null;
  picture: Picture | null;
  productCount: number;
}

export interface CategoryNode {
  id: string;
  slug: string;
  name: string;
  description: string;
  picture: Picture | null;
  /** Published products in it and below. */
  productCount: number;
  children: CategoryNode[];
}
