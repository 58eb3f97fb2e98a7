import type { ProductCard, ProductDetail, ProductVariant } from '#modules/catalog/index.ts';
import type { Cart } from '#modules/orders/index.ts';
import { decimalsOf } from '#platform/money.ts';
import type { HappenedFacts } from '../collecting.tsx';
import type { SpecProduct } from '../snippet/ecommerce.ts';

const PRODUCTS_MAX = 60;

/** In major units, as the Segment Ecommerce Spec writes money. */
const major = (minor: number, currency: string) => minor / 10 ** decimalsOf(currency);

const priced = (price: { amountMinor: number; currency: string } | null): SpecProduct =>
  price ? { price: major(price.amountMinor, price.currency), currency: price.currency } : {};

/** A product, and which of its variants is meant. */
export function productSaid(product: ProductDetail, variant: ProductVariant | undefined): SpecProduct {
  const category = product.categories.at(-1)?.slug;
  return {
    product_id: product.id,
    name: product.title,
    ...(variant && { variant_id: variant.id, sku: variant.sku }),
    ...(product.brand && { brand: product.brand.name }),
    ...(category !== undefined && { category }),
    ...priced(variant ? variant.price : product.price),
  };
}

export const cardSaid = ({ id, title, brand, price }: ProductCard): SpecProduct => ({
  product_id: id,
  name: title,
  ...(brand && { brand: brand.name }),
  ...priced(price),
});

/** What a list shows, in its order. */
export const listed = (cards: readonly ProductCard[]): SpecProduct[] =>
  cards.slice(0, PRODUCTS_MAX).map((card, index) => ({ ...cardSaid(card), position: index + 1 }));

/** Without the cart's number: it is what proves a guest's order to be theirs. */
const inCart = ({ lines, currency }: Cart): SpecProduct[] =>
  lines.slice(0, PRODUCTS_MAX).map(({ variantId, quantity, netMinor, variant }) => ({
    ...(variant && { product_id: variant.productId, sku: variant.sku, name: variant.title }),
    variant_id: variantId,
    quantity,
    price: major(Math.round(netMinor / quantity), currency),
    currency,
  }));

export const cartViewed = (cart: Cart): HappenedFacts => ({
  name: 'Cart Viewed',
  facts: { products: inCart(cart) },
});

export const checkoutStarted = (cart: Cart): HappenedFacts => ({
  name: 'Checkout Started',
  facts: { value: major(cart.totalMinor, cart.currency), currency: cart.currency, products: inCart(cart) },
});

const JUST_NOW_MS = 24 * 60 * 60 * 1000;

/** Its page is opened more than once: it was completed once, when it was placed. */
export function orderCompleted(
  order: { id: string; placedAt: Date; currency: string; totalMinor: number },
  now: Date,
): HappenedFacts | undefined {
  const { id, placedAt, currency, totalMinor } = order;
  if (now.getTime() - placedAt.getTime() > JUST_NOW_MS) return undefined;
  const facts = { order_id: id, total: major(totalMinor, currency), currency };
  return { name: 'Order Completed', facts, once: { id: `order-completed-${id}`, at: placedAt } };
}
