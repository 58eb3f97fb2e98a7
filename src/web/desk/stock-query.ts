import { type Static, Type } from 'typebox';
import { STOCK_STATES, type StockCursor, type StockQuestion, type StockRow } from '#read/stock-list.ts';
import { Text } from '../page.ts';

/** The filters as the address has them. What it can't mean is left out, not refused: people type addresses. */
export const StockFilters = Type.Object({
  words: Text(120),
  location: Text(120),
  state: Text(20),
  after: Text(200),
});
export type StockFilters = Static<typeof StockFilters>;

export function questionOf({ words, location, state }: StockFilters): StockQuestion {
  return { words, location, state: STOCK_STATES.find((each) => each === state) };
}

/** "store-utrecht/VASE-1": a location's code has no slash, a SKU may. */
export const cursorText = ({ locationCode, sku }: StockRow) => `${locationCode}/${sku}`;

export function cursorOf({ after }: StockFilters): StockCursor | undefined {
  const slash = after.indexOf('/');
  return slash > 0 ? { location: after.slice(0, slash), sku: after.slice(slash + 1) } : undefined;
}

/** An address with these fields, the empty ones left out. */
export function addressOf(path: string, fields: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
