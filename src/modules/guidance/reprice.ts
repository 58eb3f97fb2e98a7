import { type PriceWeek, UNITS_A_WEEK_LEAST } from './elasticity.ts';
import { median } from './robust.ts';

/** A price that holds, with what it sold and what is there to be sold. */
export interface PricedThing {
  variantId: string;
  offerId: string;
  /** A country, or the whole world less the countries that have a price of their own. */
  marketCode: string;
  /** Countries that have a price of their own, where this one is the world's. */
  besides: string[];
  amountMinor: number;
  /** Nothing above it may be asked: it is the price that the shop says it was before. */
  compareAtMinor: number | null;
  category: string;
  /** What a piece costs on average; null where nobody knows. */
  costMinor: number | null;
  /** Null where stock serves other markets too, so that nothing follows from it for this one. */
  stock: {
    available: number;
    incoming: number;
    /** What lay there so many weeks ago. */
    before: { weeksAgo: number; onHand: number }[];
  } | null;
  /** Whole weeks, the last one last. */
  weeks: PriceWeek[];
}

export const PRICE_REASONS = ['sales_fell', 'cover_long', 'cover_short'] as const;
export type PriceReason = (typeof PRICE_REASONS)[number];

/** What is expected of so many weeks is told of four. */
export const PRICE_WEEKS_AHEAD = 4;
const PACE_WEEKS = 8;
const BEFORE_WEEKS = 12;
const FELL_MOST = 0.7;
const FELL_DEVIATIONS = 3;
const COVER_TIMES = 2;
const COVER_LONG_LEAST = 8;
const COVER_SHORT_MOST = 4;
const COVERS_LEAST = 2;

export interface Why {
  reason: PriceReason;
  /** Units of the last four weeks, and what the twelve before and all else let expect. */
  unitsNow: number;
  unitsExpected: number;
  /** Weeks that the stock lasts, now and as usual. */
  coverNow: number | null;
  coverBefore: number | null;
}

const sumOf = (weeks: readonly PriceWeek[], of: (week: PriceWeek) => number) =>
  weeks.reduce((sum, week) => sum + of(week), 0);

/** What left its own past and asks for another price; undefined where all goes its way. */
export function reasonToReprice({ weeks, stock }: PricedThing): Why | undefined {
  const now = weeks.slice(-PRICE_WEEKS_AHEAD);
  const before = weeks.slice(-PRICE_WEEKS_AHEAD - BEFORE_WEEKS, -PRICE_WEEKS_AHEAD);
  if (before.length < BEFORE_WEEKS) return undefined;
  const share =
    sumOf(before, ({ units }) => units) /
    Math.max(
      1,
      sumOf(before, ({ othersUnits }) => othersUnits),
    );
  const unitsNow = sumOf(now, ({ units }) => units);
  const unitsExpected = share * sumOf(now, ({ othersUnits }) => othersUnits);
  const covers = stock ? coversOf(weeks, stock) : undefined;
  const told = {
    unitsNow,
    unitsExpected,
    coverNow: covers?.now ?? null,
    coverBefore: covers?.before ?? null,
  };
  if (covers?.before !== undefined && stock) {
    const { now: lasts, before: usual } = covers;
    if (
      lasts <= usual / COVER_TIMES &&
      lasts <= COVER_SHORT_MOST &&
      stock.incoming === 0 &&
      stock.available > 0
    )
      return { reason: 'cover_short', ...told };
    if (lasts >= usual * COVER_TIMES && lasts >= COVER_LONG_LEAST) return { reason: 'cover_long', ...told };
  }
  if (sumOf(before, ({ units }) => units) < UNITS_A_WEEK_LEAST * BEFORE_WEEKS) return undefined;
  // An empty shelf sells nothing at any price.
  if (stock?.available === 0) return undefined;
  const spread = Math.sqrt(unitsExpected * overdispersion(before, share));
  const fell = unitsNow <= FELL_MOST * unitsExpected && unitsExpected - unitsNow >= FELL_DEVIATIONS * spread;
  return fell ? { reason: 'sales_fell', ...told } : undefined;
}

function overdispersion(weeks: readonly PriceWeek[], share: number): number {
  const squares = sumOf(weeks, ({ units, othersUnits }) => {
    const expected = share * othersUnits;
    return expected > 0 ? (units - expected) ** 2 / expected : 0;
  });
  return Math.max(1, squares / (weeks.length - 1));
}

function coversOf(weeks: readonly PriceWeek[], stock: NonNullable<PricedThing['stock']>) {
  const paceUpTo = (weeksAgo: number) => {
    const last = weeks.length - weeksAgo;
    return sumOf(weeks.slice(Math.max(0, last - PACE_WEEKS), last), ({ units }) => units) / PACE_WEEKS;
  };
  const past = stock.before
    .filter(
      ({ weeksAgo, onHand }) => onHand > 0 && paceUpTo(weeksAgo) > 0 && weeksAgo + PACE_WEEKS <= weeks.length,
    )
    .map(({ weeksAgo, onHand }) => onHand / paceUpTo(weeksAgo));
  const pace = paceUpTo(0);
  if (pace < 1 || past.length < COVERS_LEAST) return undefined;
  return { now: stock.available / pace, before: median(past) };
}
