export { ADVOCACY_SEGMENTS, type AdvocacyCounts, type AdvocacySegment, advocacyTitle } from './advocacy.ts';
export { type Against, answerAgainst } from './against.ts';
export { type Answer, answer } from './answers.ts';
export { eraseCustomerFigures } from './customers-count.ts';
export { SEGMENTS, segmentTitle } from './customers-scores.ts';
export {
  type CustomerFigures,
  type CustomerPage,
  customerSeen,
  customersSeen,
  figuresOfMember,
} from './customers.ts';
export { type AmountDriver, partsOfAmount, partsOfRatio, type Segment, topDrivers } from './decompose.ts';
export { drill, type DrillPage, withOrders } from './drill.ts';
export { type Driver, driverDimensions, type Drivers, driversOf } from './drivers.ts';
export { insightErrors } from './errors.ts';
export { type Dimension, type FilterName } from './facts.ts';
export { type Figures } from './figures.ts';
export { followEvents } from './follow-events.ts';
export {
  creditsFreshness,
  freshness,
  contactsFreshness,
  opinionsFreshness,
  serviceFreshness,
  stockFreshness,
} from './freshness.ts';
export { HALF_LIFE_DAYS } from './interests.ts';
export { type LedgerPart, ledgerParts } from './ledger.ts';
export { homes } from './market-stock-routes.ts';
export { marketStock, type MarketStockAnswer } from './market-stock.ts';
export {
  BRIDGE,
  METRIC_NAMES,
  metricDimensions,
  type MetricName,
  metricOf,
  SALE_METRIC_NAMES,
} from './metrics.ts';
export { type ParquetColumn, parquetOf } from './parquet.ts';
export { bucketsOf, businessDayAt, dayCount, type Period, shiftDay } from './periods.ts';
export { type Clock, type Filters, type Question } from './questions.ts';
export { type Cohort, monthAfter, retention, type RetentionAnswer } from './retention.ts';
export { type AnswerRow } from './rows.ts';
export { type SalesAnswer, salesBy, type SalesQuestion, type SalesRow } from './sales.ts';
export {
  deleteView,
  eraseViews,
  type SavedView,
  savedViews,
  saveView,
  VIEW_NAME_MAX,
} from './saved-views.ts';
export { countTastes, type KnownCustomer, type TasteSources } from './tastes-count.ts';
export { type CustomerTastes, interestsShared, tastesOfMember } from './tastes.ts';
