export { type Availability, availabilityOf } from './availability.ts';
export { inventoryErrors } from './errors.ts';
export {
  type ImportedLocation,
  importLocations,
  type Location,
  locations,
  openingHoursToday,
} from './locations.ts';
export { openingStock } from './opening-stock.ts';
export { availableOf, receive, reserve, settle, type StockLine } from './stock.ts';
