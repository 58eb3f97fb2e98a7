/** A part of a whole, in two periods: what is divided, and what by. */
export interface Segment {
  key: string;
  amount: { before: number; now: number };
  volume: { before: number; now: number };
}

export interface SegmentPart {
  key: string;
  /** Its share of the volume changed. */
  mix: number;
  /** What one unit of its volume brings changed. */
  rate: number;
}

/**
 * The change of a ratio of sums, taken apart by segments, without a rest (Kitagawa 1955, Components of a Difference Between
 * Two Rates): Σ change of share × mean rate above the mean of all, and Σ change of rate × mean share. The mean is of both
 * periods, so that neither is the measure of the other. Undefined where either period has no volume.
 */
export function partsOfRatio(segments: readonly Segment[]): SegmentPart[] | undefined {
  const volume = { before: total(segments, 'volume', 'before'), now: total(segments, 'volume', 'now') };
  if (volume.before <= 0 || volume.now <= 0) return undefined;
  const whole = {
    before: total(segments, 'amount', 'before') / volume.before,
    now: total(segments, 'amount', 'now') / volume.now,
  };
  const middle = (whole.before + whole.now) / 2;
  return segments.map((segment) => {
    const share = {
      before: segment.volume.before / volume.before,
      now: segment.volume.now / volume.now,
    };
    const rate = ratesOf(segment);
    // An amount without volume (money back where nothing was sold) changes the ratio all the same: it counts as rate.
    if (!rate) {
      const loose = segment.amount.now / volume.now - segment.amount.before / volume.before;
      return { key: segment.key, mix: 0, rate: loose };
    }
    return {
      key: segment.key,
      mix: (share.now - share.before) * ((rate.before + rate.now) / 2 - middle),
      rate: (rate.now - rate.before) * ((share.before + share.now) / 2) + looseOf(segment, volume),
    };
  });
}

/** A segment that one period has not had had the other's rate: all of it is mix. */
function ratesOf({ amount, volume }: Segment): { before: number; now: number } | undefined {
  const before = volume.before > 0 ? amount.before / volume.before : undefined;
  const now = volume.now > 0 ? amount.now / volume.now : undefined;
  const known = before ?? now;
  return known === undefined ? undefined : { before: before ?? known, now: now ?? known };
}

const looseOf = ({ amount, volume }: Segment, whole: { before: number; now: number }): number =>
  (volume.now > 0 ? 0 : amount.now / whole.now) - (volume.before > 0 ? 0 : amount.before / whole.before);

/** What the change of an amount is made of; the three add up to it. */
export interface AmountParts {
  change: number;
  /** As much more or less of everything as there was. */
  volume: number;
  /** More of what brings more, or of what brings less. */
  mix: number;
  /** Each brings more or less. */
  rate: number;
}

/**
 * The change of an amount that is volume × ratio: the change of the volume at the mean ratio, and the parts of the ratio's change
 * at the mean volume. Without volume in one of the periods all of the change is volume.
 */
export function partsOfAmount(segments: readonly Segment[]): AmountParts {
  const amount = { before: total(segments, 'amount', 'before'), now: total(segments, 'amount', 'now') };
  const volume = { before: total(segments, 'volume', 'before'), now: total(segments, 'volume', 'now') };
  const change = amount.now - amount.before;
  const parts = partsOfRatio(segments);
  if (!parts) return { change, volume: change, mix: 0, rate: 0 };
  const mean = (volume.before + volume.now) / 2;
  const ratio = (amount.before / volume.before + amount.now / volume.now) / 2;
  return {
    change,
    volume: (volume.now - volume.before) * ratio,
    mix: mean * parts.reduce((sum, { mix }) => sum + mix, 0),
    rate: mean * parts.reduce((sum, { rate }) => sum + rate, 0),
  };
}

const total = (segments: readonly Segment[], of: 'amount' | 'volume', at: 'before' | 'now'): number =>
  segments.reduce((sum, segment) => sum + segment[of][at], 0);

/** One of the parts of a change. */
interface Changed {
  key: string;
  change: number;
}

/** Those that changed the most, whichever way, and all others; what did not change at all explains nothing and is among these. */
export function mostChanged<Row extends Changed>(
  rows: readonly Row[],
  count: number,
): { most: Row[]; others: Row[] } {
  const sorted = rows.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.key < b.key ? -1 : 1));
  const most = sorted.slice(0, count).filter(({ change }) => change !== 0);
  return { most, others: sorted.slice(most.length) };
}

/** What one value of a dimension brings to the change of an amount. */
export interface AmountDriver extends Changed {
  before: number;
  now: number;
}

/** The most changed and all others as one: together they are the whole change. */
export function topDrivers(
  rows: readonly { key: string; before: number; now: number }[],
  count: number,
): { drivers: AmountDriver[]; rest: Omit<AmountDriver, 'key'> & { count: number } } {
  const changed = rows.map((row) => ({ ...row, change: row.now - row.before }));
  const { most: drivers, others } = mostChanged(changed, count);
  const sum = (of: 'before' | 'now' | 'change') => others.reduce((whole, row) => whole + row[of], 0);
  return {
    drivers,
    rest: { count: others.length, before: sum('before'), now: sum('now'), change: sum('change') },
  };
}
