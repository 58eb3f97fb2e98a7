export const SCALES = ['tiny', 'small', 'medium', 'large'] as const;
export type Scale = (typeof SCALES)[number];

interface Size {
  /** Series of every maker: 76 products each. */
  series: number;
  /** At most this many products. */
  productsMax: number;
  customers: number;
  orders: number;
  reviewsPerProduct: number;
  /** Of the few members who post; a reader sees as many in any size. */
  posts: number;
  /** How wide pictures are drawn, against their own width: what a test looks at need not be sharp. */
  pictureScale: number;
}

/** `tiny` is for tests, `large` for benchmarks. Every size is the whole demo: shops, a year of orders, returns, reviews. */
export const SIZES: Record<Scale, Size> = {
  tiny: {
    series: 1,
    productsMax: 24,
    customers: 60,
    orders: 300,
    reviewsPerProduct: 3,
    posts: 3,
    pictureScale: 0.25,
  },
  small: {
    series: 4,
    productsMax: 304,
    customers: 2_500,
    orders: 12_000,
    reviewsPerProduct: 7,
    posts: 18,
    pictureScale: 1,
  },
  medium: {
    series: 14,
    productsMax: 1_000,
    customers: 20_000,
    orders: 100_000,
    reviewsPerProduct: 7,
    posts: 18,
    pictureScale: 1,
  },
  large: {
    series: 1_316,
    productsMax: 100_000,
    customers: 200_000,
    orders: 1_000_000,
    reviewsPerProduct: 3,
    posts: 18,
    pictureScale: 1,
  },
};
