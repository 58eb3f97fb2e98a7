import type { Availability, Location, StockLine } from '../inventory/index.ts';
import { ordersErrors } from './errors.ts';

interface WantedLine {
  variantId: string;
  quantity: number;
}

/**
 * Where each line is taken from: the first location that has them all, else the first that has the line, else
 * the line is split. This simple rule stands until fulfilment's routing (promise, cost, distance, capacity) takes
 * its place. Locations in the buyer's country come first, warehouses before stores, then by code.
 */
export function chooseLocations(
  lines: readonly WantedLine[],
  availability: ReadonlyMap<string, Availability>,
  locations: readonly Location[],
  countryCode: string,
): StockLine[] {
  const order = inOrder(locations, countryCode);
  const has = (locationId: string, { variantId, quantity }: WantedLine) =>
    freeAt(availability, variantId, locationId) >= quantity;
  const all = order.find((locationId) => lines.every((line) => has(locationId, line)));
  return lines.flatMap((line) => {
    const one = all ?? order.find((locationId) => has(locationId, line));
    return one === undefined ? split(line, order, availability) : [{ ...line, locationId: one }];
  });
}

function split(
  { variantId, quantity }: WantedLine,
  order: readonly string[],
  availability: ReadonlyMap<string, Availability>,
): StockLine[] {
  const parts: StockLine[] = [];
  let left = quantity;
  for (const locationId of order) {
    const part = Math.min(left, freeAt(availability, variantId, locationId));
    if (part > 0) parts.push({ variantId, locationId, quantity: part });
    left -= part;
    if (left === 0) return parts;
  }
  throw ordersErrors.not_enough_stock({ variantId, wanted: quantity, available: quantity - left });
}

const freeAt = (availability: ReadonlyMap<string, Availability>, variantId: string, locationId: string) =>
  availability.get(variantId)?.locations.find((each) => each.locationId === locationId)?.available ?? 0;

const KINDS = ['warehouse', 'store', 'supplier'];

function inOrder(locations: readonly Location[], countryCode: string): string[] {
  const rank = (location: Location) =>
    (location.countryCode === countryCode ? 0 : KINDS.length) + KINDS.indexOf(location.kind);
  return locations.toSorted((a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : 1)).map(({ id }) => id);
}
