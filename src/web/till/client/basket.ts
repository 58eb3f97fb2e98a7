import type { Facts, Priced } from '#modules/pricing/index.ts';
import { priceBasket } from '#modules/pricing/price.ts';

/** What can be sold, as this browser keeps it. */
export interface Item {
  variantId: string;
  productId: string;
  sku: string;
  gtin: string | null;
  title: string;
  /** "Sage, large"; empty where there is one only. */
  options: string;
  brandId: string | null;
  categoryIds: readonly string[];
  taxCategory: string;
  unitPriceMinor: number;
  pictureUrl: string | null;
}

export interface BasketLine {
  item: Item;
  quantity: number;
}

export interface Basket {
  lines: readonly BasketLine[];
  codes: readonly string[];
}

export const EMPTY: Basket = { lines: [], codes: [] };

/** What a line may hold; more is a slip of a finger or of a scanner. */
export const QUANTITY_MAX = 99;

/** One more of it. At the limit nothing changes: the same basket comes back. */
export function addItem(basket: Basket, item: Item): Basket {
  const line = basket.lines.find((each) => each.item.variantId === item.variantId);
  if (!line) return { ...basket, lines: [...basket.lines, { item, quantity: 1 }] };
  return line.quantity >= QUANTITY_MAX ? basket : setQuantity(basket, item.variantId, line.quantity + 1);
}

export function setQuantity(basket: Basket, variantId: string, quantity: number): Basket {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX) return basket;
  const lines = basket.lines.map((line) =>
    line.item.variantId === variantId ? { ...line, quantity } : line,
  );
  return { ...basket, lines };
}

export const removeItem = (basket: Basket, variantId: string): Basket => ({
  ...basket,
  lines: basket.lines.filter(({ item }) => item.variantId !== variantId),
});

export const unitsOf = ({ lines }: Pick<Basket, 'lines'>): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** Where the goods change hands and what that costs: the price's other half. */
export interface Place {
  currency: string;
  /** The codes of its regions, the narrowest first. */
  places: readonly string[];
}

/** What a basket that is carried away costs: by the function that the server takes too. */
export const priceOf = (
  { lines, codes }: Pick<Basket, 'lines' | 'codes'>,
  facts: Facts,
  { currency, places }: Place,
): Priced =>
  priceBasket(
    {
      currency,
      places,
      codes,
      postageMinor: 0,
      lines: lines.map(({ item, quantity }) => ({
        productId: item.productId,
        categoryIds: item.categoryIds,
        brandId: item.brandId,
        taxCategory: item.taxCategory,
        quantity,
        unitPriceMinor: item.unitPriceMinor,
      })),
    },
    facts,
  );
