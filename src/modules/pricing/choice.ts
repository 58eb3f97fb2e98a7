import type { Basket, BasketLine, Candidate, CodeRefusal, CodeState, Discount, Facts } from './basket.ts';
import { type Left, takenOff } from './discounts.ts';

interface Off {
  lines: number[];
  postage: number;
}

interface Outcome {
  off: Off;
  amounts: Map<string, number>;
  saved: number;
}

interface Choice {
  off: Off;
  discounts: Discount[];
  codes: CodeState[];
}

/**
 * The discounts that a basket gets: of all sets that may apply together, an exclusive promotion or those of one
 * combination, the one that saves the buyer most; of equal ones the one of the higher priority, then of the lower id.
 */
export function chosenDiscounts(basket: Basket, facts: Facts): Choice {
  const refusals = new Map<string, CodeRefusal>();
  const fitting = facts.promotions.filter((promotion) => {
    const refusal = refusalOf(promotion, basket, facts);
    if (refusal) refusals.set(promotion.id, refusal);
    return !refusal;
  });
  let best: { set: Candidate[]; outcome: Outcome } | undefined;
  for (const set of setsOf(fitting)) {
    const within = withinBudget(set, basket, refusals);
    if (within.set.length > 0 && (!best || within.outcome.saved > best.outcome.saved)) best = within;
  }
  const nothing: Off = { lines: basket.lines.map(() => 0), postage: 0 };
  const { set, outcome } = best ?? {
    set: [] as Candidate[],
    outcome: { off: nothing, amounts: new Map<string, number>() },
  };
  for (const promotion of fitting) {
    if (refusals.has(promotion.id)) continue;
    if (!set.includes(promotion)) refusals.set(promotion.id, 'another_is_better');
    else if (!outcome.amounts.has(promotion.id) && !waitsForDelivery(promotion, basket)) {
      refusals.set(promotion.id, 'not_for_this_basket');
    }
  }
  return {
    off: outcome.off,
    discounts: discountsOf(set, outcome.amounts),
    codes: codesOf(basket, facts, refusals),
  };
}

/** Delivery that will be free can't say by how much before its way is chosen. */
const waitsForDelivery = ({ effect }: Candidate, { postageMinor }: Basket) =>
  effect.kind === 'free_shipping' && postageMinor === undefined;

const discountsOf = (set: readonly Candidate[], amounts: ReadonlyMap<string, number>): Discount[] =>
  set.flatMap(({ id: promotionId, name, code }) => {
    const amountMinor = amounts.get(promotionId);
    return amountMinor === undefined ? [] : [{ promotionId, name, code, amountMinor }];
  });

function codesOf({ codes }: Basket, { promotions }: Facts, refusals: Map<string, CodeRefusal>): CodeState[] {
  return codes.map((code) => {
    const promotion = promotions.find((each) => each.code === code);
    if (!promotion) return { code, name: null, refusal: 'unknown' };
    return { code, name: promotion.name, refusal: refusals.get(promotion.id) ?? null };
  });
}

function refusalOf(promotion: Candidate, basket: Basket, facts: Facts): CodeRefusal | undefined {
  if (promotion.hasEnded) return 'ended';
  if (!promotion.hasBegun) return 'not_begun';
  if (promotion.isForMembers && !facts.isMember) return 'members_only';
  const isUsedUp = [promotion.usesLeft, promotion.budgetLeftMinor, promotion.memberUsesLeft].some(
    (left) => left !== null && left <= 0,
  );
  if (isUsedUp) return 'used_up';
  return fits(promotion, basket) ? undefined : 'not_for_this_basket';
}

function fits(promotion: Candidate, { currency, lines, places }: Basket): boolean {
  const { regionCodes } = promotion;
  if (promotion.currency !== null && promotion.currency !== currency) return false;
  if (regionCodes.length > 0 && !places.some((place) => regionCodes.includes(place))) return false;
  const worth = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
  return worth >= promotion.minGoodsMinor && lines.some((line) => isFor(promotion, line));
}

function isFor({ productIds, categoryIds, brandIds }: Candidate, line: BasketLine): boolean {
  if (productIds.length + categoryIds.length + brandIds.length === 0) return true;
  return (
    productIds.includes(line.productId) ||
    (line.brandId !== null && brandIds.includes(line.brandId)) ||
    line.categoryIds.some((id) => categoryIds.includes(id))
  );
}

/** What may apply together, each set in the order it is taken off; the sets in the order that decides between equals. */
function setsOf(promotions: readonly Candidate[]): Candidate[][] {
  const sorted = promotions.toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
  const sets = Map.groupBy(sorted, ({ id, combination }) => combination ?? `exclusive ${id}`);
  return [...sets.values()];
}

/** The set without those whose budget the basket would overspend: a discount is given whole or not at all. */
function withinBudget(
  set: Candidate[],
  basket: Basket,
  refusals: Map<string, CodeRefusal>,
): { set: Candidate[]; outcome: Outcome } {
  const outcome = outcomeOf(set, basket);
  const over = set.find(
    ({ id, budgetLeftMinor }) => budgetLeftMinor !== null && (outcome.amounts.get(id) ?? 0) > budgetLeftMinor,
  );
  if (!over) return { set, outcome };
  refusals.set(over.id, 'used_up');
  return withinBudget(
    set.filter((each) => each !== over),
    basket,
    refusals,
  );
}

function outcomeOf(set: readonly Candidate[], { lines, postageMinor }: Basket): Outcome {
  const left: Left = {
    lines: lines.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor),
    postage: postageMinor,
  };
  const off: Off = { lines: lines.map(() => 0), postage: 0 };
  const amounts = new Map<string, number>();
  for (const promotion of set) {
    const matching = lines.map((line) => isFor(promotion, line));
    const taken = takenOff(promotion.effect, lines, matching, left);
    const amount = taken.lines.reduce((sum, each) => sum + each, taken.postage);
    if (amount === 0) continue;
    amounts.set(promotion.id, amount);
    left.lines = left.lines.map((each, index) => each - (taken.lines[index] ?? 0));
    if (left.postage !== undefined) left.postage -= taken.postage;
    off.lines = off.lines.map((each, index) => each + (taken.lines[index] ?? 0));
    off.postage += taken.postage;
  }
  const saved = [...amounts.values()].reduce((sum, each) => sum + each, 0);
  return { off, amounts, saved };
}
