import { divideHalfEven, splitByWeight } from '#platform/money.ts';
import type { BasketLine } from './basket.ts';
import type { Effect } from './promotion.ts';

/** What is left to pay of each line and of the postage while discounts are taken off. */
export interface Left {
  lines: number[];
  /** Undefined while nobody has chosen a way of delivery. */
  postage: number | undefined;
}

/** What an effect takes off; no line ever falls below nothing. `isFor` says which lines it is for. */
export function takenOff(
  effect: Effect,
  lines: readonly BasketLine[],
  isFor: readonly boolean[],
  left: Left,
): { lines: number[]; postage: number } {
  const open = left.lines.map((amount, index) => (isFor[index] ? amount : 0));
  const none = left.lines.map(() => 0);
  switch (effect.kind) {
    case 'percent_off':
      return { lines: open.map((amount) => shareOf(amount, effect.basisPoints)), postage: 0 };
    case 'amount_off':
      return { lines: amountOff(effect, lines, open), postage: 0 };
    case 'buy_get': {
      const wanted = cheapestUnits(effect, lines, isFor);
      return { lines: open.map((amount, index) => Math.min(amount, wanted[index] ?? 0)), postage: 0 };
    }
    case 'free_shipping':
      return { lines: none, postage: left.postage ?? 0 };
    default:
      return effect satisfies never;
  }
}

const shareOf = (amountMinor: number, basisPoints: number): number =>
  Number(divideHalfEven(BigInt(amountMinor) * BigInt(basisPoints), 10_000n));

function amountOff(
  { amountMinor, per }: Extract<Effect, { kind: 'amount_off' }>,
  lines: readonly BasketLine[],
  open: readonly number[],
): number[] {
  if (per === 'unit') {
    return open.map((amount, index) => Math.min(amount, amountMinor * (lines[index]?.quantity ?? 0)));
  }
  const whole = open.reduce((sum, amount) => sum + amount, 0);
  return splitByWeight(Math.min(amountMinor, whole), open);
}

/** For each so many bought, so many of the cheapest: what that is worth on each line. */
function cheapestUnits(
  { buy, get, basisPoints }: Extract<Effect, { kind: 'buy_get' }>,
  lines: readonly BasketLine[],
  isFor: readonly boolean[],
): number[] {
  const worth = lines.map(() => 0);
  const matching = lines
    .map((line, index) => ({ line, index }))
    .filter(({ index }) => isFor[index])
    .sort((a, b) => a.line.unitPriceMinor - b.line.unitPriceMinor || a.index - b.index);
  const units = matching.reduce((sum, { line }) => sum + line.quantity, 0);
  let given = Math.floor(units / (buy + get)) * get;
  for (const { line, index } of matching) {
    const here = Math.min(given, line.quantity);
    worth[index] = here * shareOf(line.unitPriceMinor, basisPoints);
    given -= here;
  }
  return worth;
}
