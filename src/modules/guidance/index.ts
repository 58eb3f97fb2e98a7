export { type Adjustment, adjustments, decide } from './adjustments.ts';
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
export { WATCHED, type Watched } from './markets.ts';
export { endRule, putRule, type Rule, rules, type RuleWish } from './rules.ts';
export { GET_WEEKS, KEEP_WEEKS, PACE_WEEKS } from './moves.ts';
