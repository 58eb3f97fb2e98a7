import type { Db } from '#platform/db.ts';
import { memberOfEmail } from '../identity/index.ts';
import { cartAtCounter, ordersErrors, postageOf, quoteOf } from '../orders/index.ts';
import type { CodeState, Discount } from '../pricing/index.ts';
import { tillErrors } from './errors.ts';
import { counterOf } from './registers.ts';

export interface QuoteWish {
  registerId: string;
  lines: { variantId: string; quantity: number }[];
  codes?: string[];
  customerEmail?: string;
  /** Left out: carried away. */
  delivery?: { deliveryCode: string; countryCode?: string };
}

export interface Quote {
  currency: string;
  isTaxIncluded: boolean;
  lines: {
    variantId: string;
    sku: string;
    title: string;
    options: string;
    quantity: number;
    unitPriceMinor: number;
    grossMinor: number;
    discountMinor: number;
    taxMinor: number;
    taxRate: number;
    netMinor: number;
  }[];
  postageMinor: number;
  discounts: Discount[];
  codes: CodeState[];
  taxMinor: number;
  totalMinor: number;
}

/** What a basket costs at a register, as the shop prices it, and why. */
export async function quoteAt(db: Db, wish: QuoteWish, now: Date): Promise<Quote> {
  const { register, store } = await counterOf(db, wish.registerId);
  const { currency } = register;
  const memberId =
    wish.customerEmail === undefined ? null : ((await memberOfEmail(db, wish.customerEmail)) ?? null);
  if (wish.customerEmail !== undefined && memberId === null) throw tillErrors.customer_unknown({});
  const countryCode = wish.delivery?.countryCode ?? store.countryCode;
  const { lines: wanted, codes = [] } = wish;
  const cart = await cartAtCounter(db, { currency, memberId, codes, lines: wanted }, countryCode, now);
  const unsold = cart.lines.find(({ variant }) => variant === null);
  if (unsold) throw ordersErrors.not_sold({ variantId: unsold.variantId });
  const postageMinor = wish.delivery ? await postageOf(db, cart, wish.delivery.deliveryCode, countryCode) : 0;
  const priced = quoteOf(cart, postageMinor);
  const lines = cart.lines.flatMap(({ variant, variantId, quantity }, index) => {
    const line = priced.lines[index];
    if (!variant || !line) return [];
    const { sku, title, options, amountMinor: unitPriceMinor } = variant;
    return [{ variantId, sku, title, options, quantity, unitPriceMinor, ...line }];
  });
  const { discounts, codes: states, isTaxIncluded, taxMinor, totalMinor } = priced;
  return { currency, isTaxIncluded, lines, postageMinor, discounts, codes: states, taxMinor, totalMinor };
}
