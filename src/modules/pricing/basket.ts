import type { Effect } from './promotion.ts';
import type { TaxRate } from './tax.ts';

export interface BasketLine {
  productId: string;
  /** Its own and those above it. */
  categoryIds: readonly string[];
  brandId: string | null;
  taxCategory: string;
  quantity: number;
  unitPriceMinor: number;
}

export interface Basket {
  currency: string;
  lines: readonly BasketLine[];
  /** Where it goes: the codes of regions, the narrowest first; none while nobody knows. */
  places: readonly string[];
  /** As they were entered, in capitals. */
  codes: readonly string[];
  /** What it costs to get it home; undefined while no way is chosen. */
  postageMinor: number | undefined;
}

/** A promotion as a basket meets it at a moment. */
export interface Candidate {
  id: string;
  name: string;
  code: string | null;
  effect: Effect;
  currency: string | null;
  minGoodsMinor: number;
  productIds: readonly string[];
  categoryIds: readonly string[];
  brandIds: readonly string[];
  regionCodes: readonly string[];
  combination: string | null;
  priority: number;
  hasBegun: boolean;
  hasEnded: boolean;
  /** Null: without a limit. */
  usesLeft: number | null;
  budgetLeftMinor: number | null;
  /** Of the member who asks; null where each may use it as often as they like. */
  memberUsesLeft: number | null;
  isForMembers: boolean;
}

/** All that a price depends on beside the basket. */
export interface Facts {
  promotions: readonly Candidate[];
  rates: readonly TaxRate[];
  isTaxIncluded: boolean;
  isMember: boolean;
}

export type CodeRefusal =
  | 'unknown'
  | 'not_begun'
  | 'ended'
  | 'not_for_this_basket'
  | 'used_up'
  | 'members_only'
  | 'another_is_better';

export interface CodeState {
  code: string;
  name: string | null;
  /** Why it does nothing; null when it works. */
  refusal: CodeRefusal | null;
}

export interface Discount {
  promotionId: string;
  name: string;
  code: string | null;
  /** As shown to the buyer. */
  amountMinor: number;
}

export interface PricedLine {
  /** Quantity × unit price, as shown to the buyer. */
  grossMinor: number;
  /** As shown to the buyer. */
  discountMinor: number;
  taxMinor: number;
  taxRate: number;
  /** After discount, without tax. */
  netMinor: number;
}

export interface Priced {
  lines: PricedLine[];
  postage: PricedLine;
  discounts: Discount[];
  codes: CodeState[];
  isTaxIncluded: boolean;
  taxMinor: number;
  /** What the buyer pays. */
  totalMinor: number;
}
