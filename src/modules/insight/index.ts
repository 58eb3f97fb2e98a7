export { followEvents } from './follow-events.ts';
export { freshness } from './freshness.ts';
export { type LedgerPart, ledgerParts } from './ledger.ts';
export { BRIDGE, METRIC_NAMES, type MetricName, metricOf } from './metrics.ts';
export { businessDayAt, type Period, shiftDay } from './periods.ts';
export { type Figures, type SalesAnswer, salesBy, type SalesQuestion, type SalesRow } from './sales.ts';
