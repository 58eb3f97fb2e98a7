import { decimalsOf, isCurrency } from '#platform/money.ts';
import {
  type Commerce,
  NUMBER_COLUMNS,
  type NumberColumn,
  TEXT_COLUMNS,
  type TextColumn,
} from './event-row.ts';
import { Fault, ID_LENGTH } from './fault.ts';

/**
 * Fields of the Segment Ecommerce Spec v2 that have a column of their own. The clients' money is what the page said:
 * it is for comparing steps of one visit, and no ledger's figure is made of it.
 */
const FIELDS: Record<string, { text: TextColumn } | { whole: NumberColumn } | { money: NumberColumn }> = {
  order_id: { text: 'order_id' },
  cart_id: { text: 'cart_id' },
  product_id: { text: 'product_id' },
  variant_id: { text: 'variant_id' },
  sku: { text: 'sku' },
  category: { text: 'category' },
  coupon: { text: 'coupon' },
  list_id: { text: 'list_id' },
  query: { text: 'query' },
  quantity: { whole: 'quantity' },
  position: { whole: 'position' },
  price: { money: 'price_minor' },
  value: { money: 'amount_minor' },
  revenue: { money: 'amount_minor' },
  total: { money: 'amount_minor' }, // read last: what was paid
};
const FIELD_NAMES = Object.keys(FIELDS);

/** Of these names the fields must have their types; of any other name they are taken where they have. */
const NAMES = new Set([
  'Products Searched',
  'Product List Viewed',
  'Product List Filtered',
  'Promotion Viewed',
  'Promotion Clicked',
  'Product Clicked',
  'Product Viewed',
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Checkout Step Viewed',
  'Checkout Step Completed',
  'Payment Info Entered',
  'Order Updated',
  'Order Completed',
  'Order Refunded',
  'Order Cancelled',
  'Coupon Entered',
  'Coupon Applied',
  'Coupon Denied',
  'Coupon Removed',
  'Product Added to Wishlist',
  'Product Removed from Wishlist',
  'Wishlist Product Added to Cart',
  'Product Shared',
  'Cart Shared',
  'Product Reviewed',
]);

const PRODUCTS_MAX = 500;
const DECIMAL = /^-?\d{1,15}(\.\d{1,8})?$/;

/** The typed columns of an event. What is of the wrong type in an event of the spec is a fault, with its place. */
export function commerceOf(name: string, properties: Record<string, unknown>): Commerce {
  const isStrict = NAMES.has(name);
  const commerce = nothing();
  commerce.currency = currencyOf(properties['currency'], isStrict);
  for (const field of FIELD_NAMES) {
    const value = properties[field];
    if (value === undefined || value === null || value === '') continue;
    if (!take(commerce, field, value) && isStrict) throw new Fault('wrong_type', `/properties/${field}`);
  }
  const { products } = properties;
  if (products !== undefined && products !== null) takeProducts(commerce, products, isStrict);
  return commerce;
}

const NOTHING = Object.fromEntries<string | number>([
  ...TEXT_COLUMNS.map((column) => [column, ''] as const),
  ...NUMBER_COLUMNS.map((column) => [column, 0] as const),
]) as Omit<Commerce, 'product_ids' | 'product_quantities'>;

const nothing = (): Commerce => ({ ...NOTHING, product_ids: [], product_quantities: [] });

function currencyOf(value: unknown, isStrict: boolean): string {
  if (value === undefined || value === null || value === '') return '';
  const code = typeof value === 'string' ? value.toUpperCase() : '';
  if (isCurrency(code)) return code;
  if (isStrict) throw new Fault('wrong_type', '/properties/currency');
  return '';
}

/** False where the value is not of the field's type. */
function take(commerce: Commerce, field: string, value: unknown): boolean {
  const column = FIELDS[field];
  if (!column) return true;
  if ('text' in column) {
    const text = idText(value);
    if (text === undefined) return false;
    commerce[column.text] = text;
    return true;
  }
  const number = numberOf(value);
  if (number === undefined) return false;
  if ('whole' in column) {
    if (!Number.isSafeInteger(number)) return false;
    commerce[column.whole] = number;
    return true;
  }
  // An amount without its currency is a number of nothing.
  if (!commerce.currency) return true;
  const minor = Math.round(number * 10 ** decimalsOf(commerce.currency));
  if (!Number.isSafeInteger(minor)) return false;
  commerce[column.money] = minor;
  return true;
}

function takeProducts(commerce: Commerce, products: unknown, isStrict: boolean): void {
  if (!Array.isArray(products) || products.length > PRODUCTS_MAX) {
    if (isStrict) throw new Fault('wrong_type', '/properties/products');
    return;
  }
  for (const [index, product] of (products as unknown[]).entries()) {
    const { product_id: id, quantity = 1 } = isRecord(product) ? product : {};
    const productId = idText(id ?? '');
    const units = numberOf(quantity);
    if (productId !== undefined && units !== undefined && Number.isSafeInteger(units)) {
      commerce.product_ids.push(productId);
      commerce.product_quantities.push(units);
    } else if (isStrict) {
      throw new Fault('wrong_type', `/properties/products/${index}`);
    }
  }
}

/** Ids come as numbers, too. */
function idText(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text.length <= ID_LENGTH ? text : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
