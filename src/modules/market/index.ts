export { type Region, regionOfCountry, regions, UNSPECIFIED_REGION } from './regions.ts';
