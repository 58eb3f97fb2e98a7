export { type Adjustment, adjustments, decide, RULE_NAMES, type RuleName } from './adjustments.ts';
export { acceptedRules, inForceOf } from './accepted-rules.ts';
export { adjustmentsSince } from './adjustments-since.ts';
export { daysAround, DELAY_AFTER_DAYS, DELAY_SETTLE_DAYS, delayEffect } from './delay-effect.ts';
export { type Effect, writeEffect } from './effects.ts';
export { guidanceErrors } from './errors.ts';
export { type Explanation, explain, type Split } from './explain.ts';
export {
  type Finding,
  findingById,
  type FindingDay,
  findings,
  type FindingState,
  openFindingCount,
} from './findings.ts';
export { type HistoryDay, historyOf } from './history.ts';
export { AFTER_LEAST, MARKETS_LEAST } from './measure-adjustments.ts';
export { WATCHED, type Watched } from './markets.ts';
export { type PriceLook, writePriceChanges } from './price-changes.ts';
export { latestPriceLook } from './price-looks.ts';
export { type PricedThing } from './reprice.ts';
export { bestChange, changesOf, ORDERS_LEAST, type TriedChange, writeRuleChange } from './rule-changes.ts';
export { endRule, putRule, type Rule, rules, type RuleWish } from './rules.ts';
export { GET_WEEKS, KEEP_WEEKS, PACE_WEEKS } from './moves.ts';
