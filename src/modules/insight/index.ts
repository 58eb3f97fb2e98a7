export { type Answer } from './answers.ts';
export { type Figures } from './figures.ts';
export { followEvents } from './follow-events.ts';
export { freshness } from './freshness.ts';
export { type LedgerPart, ledgerParts } from './ledger.ts';
export { BRIDGE, type MetricName, metricOf, SALE_METRIC_NAMES } from './metrics.ts';
export { businessDayAt, type Period, shiftDay } from './periods.ts';
export { type SalesAnswer, salesBy, type SalesQuestion, type SalesRow } from './sales.ts';
