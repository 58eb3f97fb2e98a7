export {
  type CreditPeriod,
  creditSums,
  type CreditSums,
  type AssociateCredits,
  type LocationCredits,
} from './credit-sums.ts';
export { marketErrors } from './errors.ts';
export { creditFreshness, followCredits } from './follow-credits.ts';
export { type Position, positionsOf, type Region, regionOfCountry, UNSPECIFIED_REGION } from './regions.ts';
export { regionOfAddress } from './whereabouts.ts';
export { type ServeRate, serveRates, setServeRate } from './serve-rates.ts';
export { setTerritory, territories, type Territory, type TerritoryStore } from './territories.ts';
