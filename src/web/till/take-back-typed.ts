import type { ExchangeQuote } from '#modules/orders/index.ts';

export const TAKE_BACK = '/till/take-back';

/** What is wrong with a form about goods that come back, and what was typed into it. */
export interface FormFault {
  status: number;
  text: string;
  /** Beside which field it is said; above the form without one. */
  field?: string;
  typed: Record<string, string>;
}

/** What is wanted in place of goods, priced: done only at this price. */
export interface Priced {
  quote: ExchangeQuote;
  /** Of what is wanted, in words. */
  names: readonly string[];
  typed: Record<string, string>;
}
