export { type Position, positionsOf, type Region, regionOfCountry, UNSPECIFIED_REGION } from './regions.ts';
