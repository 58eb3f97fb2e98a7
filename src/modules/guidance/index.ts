export { type Adjustment, adjustments, decide } from './adjustments.ts';
export { guidanceErrors } from './errors.ts';
export { type Finding, type FindingDay, findings, type FindingState, openFindingCount } from './findings.ts';
export type { Watched } from './markets.ts';
export { GET_WEEKS, KEEP_WEEKS, PACE_WEEKS } from './moves.ts';
