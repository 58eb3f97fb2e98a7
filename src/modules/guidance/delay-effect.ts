import { dayCount, shiftDay } from '../insight/index.ts';
import type { Beside, Effect, EffectMetric } from './effects.ts';
import { compareLateShares, type Delays, type DelayWeeks, totalOf } from './late-shares.ts';
import type { EffectWay } from './synthetic.ts';

/** What was to come of a day's sending. */
export interface DelayDay extends Delays {
  key: string;
  day: string;
}

/** Others that may be the measure, the best first. */
export interface Others {
  way: EffectWay;
  keys: ReadonlySet<string>;
  /** Fewer of them are no measure. */
  least: number;
}

export interface DelayedThing {
  metric: EffectMetric;
  beside: Beside;
  /** From the day after this one on it may have had an effect. */
  since: string;
  /** The last day on which it held, where it was taken back. */
  until?: string;
  knownTo: string;
  /** So many late ones less are expected in four weeks. */
  expectedFewer: number;
}

export const DELAY_BEFORE_DAYS = 56;
export const DELAY_AFTER_DAYS = 28;
const AFTER_LEAST = 14;
/** What was sent on the last day has come, or its promise is over. */
export const DELAY_SETTLE_DAYS = 14;
const HOPED_DAYS = 28;
const LATE_LEAST = 10;
/** Of fewer in the days before or after no share is told. */
const DUE_LEAST = 30;
const WEIGHTS_MOST = 10;
const WEEK = 7;

/** The days that are looked at: eight weeks before, and up to four after it. */
export function daysAround({ since, until, knownTo }: DelayedThing) {
  const last = [shiftDay(since, DELAY_AFTER_DAYS), until ?? knownTo, knownTo].reduce((a, b) =>
    b < a ? b : a,
  );
  return {
    from: shiftDay(since, -DELAY_BEFORE_DAYS),
    to: last < since ? since : last,
    isFinal: knownTo >= shiftDay(since, DELAY_AFTER_DAYS + DELAY_SETTLE_DAYS),
  };
}

/** What came late after it, beside what the first group of others that is large enough lets expect. */
export function delayEffect(
  thing: DelayedThing,
  days: readonly DelayDay[],
  subject: string,
  groups: readonly Others[],
): Effect & { weighed: { key: string; weight: number }[] } {
  const { metric, beside, since, knownTo, expectedFewer } = thing;
  const { to, isFinal } = daysAround(thing);
  const fromDay = shiftDay(since, 1);
  const told = { metric, beside, fromDay, toDay: to, knownTo, markets: 0, isFinal, weighed: [] };
  const span = dayCount({ from: fromDay, to });
  if (span < AFTER_LEAST) return { ...told, state: thing.until === undefined ? 'too_early' : 'too_little' };
  const all = [...Map.groupBy(days, ({ key }) => key)].map(([key, found]) => weeksOf(key, found, since, to));
  const treated = all.find(({ key }) => key === subject);
  const late = treated && totalOf([...treated.before, ...treated.after]).late;
  if (!treated || late === undefined || late < LATE_LEAST || !isEnough([treated]))
    return { ...told, state: 'too_little' };
  for (const { way, keys, least } of groups) {
    const others = all.filter(({ key, before, after }) => {
      const sent = keys.has(key) && key !== subject;
      return sent && totalOf(before).due > 0 && totalOf(after).due > 0;
    });
    if (others.length < least || !isEnough(others)) continue;
    const total = totalOf(others.flatMap(({ before }) => before)).due;
    return {
      ...told,
      state: 'measured',
      markets: others.length,
      way,
      hoped: (-expectedFewer * span) / HOPED_DAYS,
      ...compareLateShares(treated, others),
      weights: [],
      weighed: others
        .map(({ key, before }) => ({ key, weight: totalOf(before).due / total }))
        .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
        .slice(0, WEIGHTS_MOST),
    };
  }
  return { ...told, state: 'too_few_markets' };
}

const isEnough = (all: readonly DelayWeeks[]) =>
  totalOf(all.flatMap(({ before }) => before)).due >= DUE_LEAST &&
  totalOf(all.flatMap(({ after }) => after)).due >= DUE_LEAST;

/** The day itself is neither before nor after. */
function weeksOf(key: string, days: readonly DelayDay[], since: string, to: string): DelayWeeks {
  const weeks = (from: string, until: string) => {
    const made: Delays[] = [];
    for (let week = from; week <= until; week = shiftDay(week, WEEK)) {
      const next = shiftDay(week, WEEK);
      made.push(totalOf(days.filter(({ day }) => day >= week && day < next && day <= until)));
    }
    return made;
  };
  return {
    key,
    before: weeks(shiftDay(since, -DELAY_BEFORE_DAYS), shiftDay(since, -1)),
    after: weeks(shiftDay(since, 1), to),
  };
}
