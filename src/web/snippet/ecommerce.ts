/** A product as the Segment Ecommerce Spec v2 writes it. Money is in major units, with its currency beside it. */
export interface SpecProduct {
  product_id?: string;
  variant_id?: string;
  sku?: string;
  category?: string;
  name?: string;
  brand?: string;
  variant?: string;
  price?: number;
  quantity?: number;
  coupon?: string;
  currency?: string;
  position?: number;
  value?: number;
  url?: string;
  image_url?: string;
}

interface SpecOrder {
  order_id?: string;
  checkout_id?: string;
  affiliation?: string;
  value?: number;
  revenue?: number;
  total?: number;
  shipping?: number;
  tax?: number;
  discount?: number;
  coupon?: string;
  currency?: string;
  products?: SpecProduct[];
}

interface SpecList {
  list_id?: string;
  category?: string;
  products?: SpecProduct[];
}

/** The names of the spec, and what belongs to each. Any other name may say anything. */
export interface SpecEvents {
  'Products Searched': { query: string };
  'Product List Viewed': SpecList;
  'Product List Filtered': SpecList & {
    filters?: { type: string; value: string }[];
    sorts?: { type: string; value: string }[];
  };
  'Product Clicked': SpecProduct;
  'Product Viewed': SpecProduct;
  'Product Added': SpecProduct & { cart_id?: string };
  'Product Removed': SpecProduct & { cart_id?: string };
  'Cart Viewed': { cart_id?: string; products?: SpecProduct[] };
  'Checkout Started': SpecOrder & { cart_id?: string };
  'Order Completed': SpecOrder & { order_id: string };
  'Product Added to Wishlist': SpecProduct & { wishlist_id?: string };
  'Product Shared': SpecProduct & { share_via?: string };
  'Experiment Viewed': {
    experiment_id: string;
    experiment_name: string;
    variation_id: string;
    variation_name: string;
  };
  'Cart Shared': { cart_id?: string; share_via?: string; products?: SpecProduct[] };
}

export interface Stoa {
  /** Says that something happened: with the fields of the spec for a name of the spec, with any for another. */
  track<Name extends keyof SpecEvents>(name: Name, properties: SpecEvents[Name]): void;
  track(name: string, properties?: Record<string, unknown>): void;
  /** What the visitor agreed to. Without `analytics` nothing is sent, and what was kept in the browser goes. */
  consent(choices: { analytics: boolean } & Record<string, boolean>): void;
}
