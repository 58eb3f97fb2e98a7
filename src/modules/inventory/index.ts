export { type Availability, availabilityOf } from './availability.ts';
export { inventoryErrors } from './errors.ts';
export { type ImportedLocation, importLocations, type Location, locations } from './locations.ts';
export { openingStock } from './opening-stock.ts';
export { receive, reserve, settle, type StockLine } from './stock.ts';
