export { type Arrivals, ARRIVALS_BY, type ArrivalsBy, arrivalsOf } from './arrivals.ts';
export { type Feed, feeds, LEDGERS, sourceFeed } from './feeds.ts';
export { FAULTS, type Finding, findings, muteFault, openFindingCount } from './findings.ts';
export { HISTORY_MIN, type Measure, median } from './judge.ts';
export { type FeedHour, lastHours } from './watch.ts';
