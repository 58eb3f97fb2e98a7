export { addArea, type Area, type AreaPlan, areas, regionDetail } from './areas.ts';
export { type AreaSize, cellsOf, Outline, sizeOf } from './cells.ts';
export { type CreditPeriod, creditSums, type CreditSums, type LocationCredits } from './credit-sums.ts';
export { areasWithin } from './drawn-regions.ts';
export { marketErrors } from './errors.ts';
export { creditAll, creditFreshness, followCredits } from './follow-credits.ts';
export { huffWeights, type Sharing } from './huff.ts';
export {
  countPostcodePlaces,
  middlesOf,
  PLACES_MAX,
  type PostcodePlace,
  postcodesWithin,
  putPostcodePlaces,
} from './postcode-places.ts';
export { plainPostcode, PLAIN_POSTCODE, postcodeRange } from './postcodes.ts';
export { knownRegions, type Position, positionsOf, regionOfCountry, UNSPECIFIED_REGION } from './regions.ts';
export {
  costToServe,
  partsOfReturn,
  partsOfShipment,
  type ServeRate,
  serveRates,
  setServeRate,
} from './serve-rates.ts';
export {
  setSharing,
  setTerritory,
  type Share,
  sharesFor,
  sharing,
  territories,
  type Territory,
  type TerritoryStore,
} from './territories.ts';
export { regionalStore } from './territory-book.ts';
export { creditsBetween, creditsWaitingSince, lastCreditId } from './told-credits.ts';
export {
  regionOfAddress,
  regionOfPosition,
  regionsOfAddress,
  regionsWithoutAddresses,
} from './whereabouts.ts';
