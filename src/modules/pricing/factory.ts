import { randomUUID } from 'node:crypto';
import { type Db, inTransaction } from '#platform/db.ts';
import { newId } from '#platform/ids.ts';
import type { BasketLine, Candidate, Facts } from './basket.ts';
import type { Promotion, PromotionTerms } from './promotion.ts';
import { putPromotion } from './promotions.ts';

export const aLine = (facts: Partial<BasketLine> = {}): BasketLine => ({
  productId: randomUUID(),
  categoryIds: [],
  brandId: null,
  taxCategory: 'standard',
  quantity: 1,
  unitPriceMinor: 1000,
  ...facts,
});

/** A promotion that holds: ten percent off everything, exclusive, without a limit. */
export const aCandidate = (facts: Partial<Candidate> = {}): Candidate => ({
  id: randomUUID(),
  name: 'Ten off',
  code: null,
  effect: { kind: 'percent_off', basisPoints: 1000 },
  currency: null,
  minGoodsMinor: 0,
  productIds: [],
  categoryIds: [],
  brandIds: [],
  regionCodes: [],
  combination: null,
  priority: 0,
  hasBegun: true,
  hasEnded: false,
  usesLeft: null,
  budgetLeftMinor: null,
  memberUsesLeft: null,
  isForMembers: false,
  ...facts,
});

export const someFacts = (facts: Partial<Facts> = {}): Facts => ({
  promotions: [],
  rates: [{ place: 'NL', category: 'standard', name: 'VAT', rate: 0.21 }],
  isTaxIncluded: true,
  isMember: false,
  ...facts,
});

export const someTerms = (facts: Partial<PromotionTerms> = {}): PromotionTerms => ({
  name: 'Ten off',
  code: null,
  effect: { kind: 'percent_off', basisPoints: 1000 },
  currency: null,
  minGoodsMinor: 0,
  productIds: [],
  categoryIds: [],
  brandIds: [],
  regionCodes: [],
  combination: null,
  priority: 0,
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: null,
  usesMax: null,
  budgetMinor: null,
  usesPerMember: null,
  ...facts,
});

/** A promotion in the database, by a code of its own. */
export const aPromotion = (db: Db, facts: Partial<PromotionTerms> = {}): Promise<Promotion> => {
  const code = `C-${randomUUID().slice(0, 13).toUpperCase()}`;
  return inTransaction(db, (tx) => putPromotion(tx, newId(), someTerms({ code, ...facts }), new Date()));
};
