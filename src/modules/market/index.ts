export { type Region, regionOfCountry, UNSPECIFIED_REGION } from './regions.ts';
