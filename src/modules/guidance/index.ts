export { type Adjustment, adjustments, type AdjustmentState, decide } from './adjustments.ts';
export { guidanceErrors } from './errors.ts';
export { explain, type Explanation, type Split } from './explain.ts';
export {
  findingById,
  type Finding,
  type FindingDay,
  findings,
  type FindingState,
  openFindingCount,
} from './findings.ts';
export { type HistoryDay, historyOf } from './history.ts';
export { type Watched, WATCHED } from './markets.ts';
export { GET_WEEKS, KEEP_WEEKS, PACE_WEEKS } from './moves.ts';
export { endRule, putRule, type Rule, rules } from './rules.ts';
