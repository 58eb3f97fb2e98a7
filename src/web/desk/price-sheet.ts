import { listedPrices, PRICE_SKU_MAX, type PriceLine, type PriceList } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';
import { t } from '../messages.ts';
import { csvOf, decimalText } from '#platform/csv.ts';
import { priceIn } from './price-amount.ts';
import { namedSheet } from './sheet.ts';
import { faultWith, type LineFault, type StockFault } from './stock-shell.tsx';

export const SHEET_LINES_MAX = 20_000;
/** What a sheet of prices has to have; it is sent down with titles too, which nobody reads when it comes back. */
export const SHEET_COLUMNS = ['sku', 'amount', 'price_before'] as const;
const ROWS_AT_ONCE = 500;

/** The prices of a list, some hundreds at a time: a list of any length needs the memory of one part. */
export async function* pricesCsv(reads: Db, { id, currency }: PriceList): AsyncGenerator<string> {
  yield csvOf([['sku', 'title', 'amount', 'price_before']]);
  for (let after = ''; ;) {
    const rows = await listedPrices(reads, id, { after, limit: ROWS_AT_ONCE });
    const cells = rows.map(({ sku, title, options, amountMinor, compareAtMinor }) => [
      sku,
      options === '' ? title : `${title} (${options})`,
      decimalText(amountMinor, currency),
      compareAtMinor === null ? '' : decimalText(compareAtMinor, currency),
    ]);
    if (cells.length > 0) yield csvOf(cells);
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) return;
    after = last.sku;
  }
}

export interface ReadPrices {
  lines: PriceLine[];
  /** On which line of the sheet each of them is. */
  lineOf: number[];
  refused: LineFault[];
}

/** The prices of a sheet, by SKU; what can't be read is told beside them. */
export function pricesOfSheet(bytes: Buffer, currency: string): ReadPrices | StockFault {
  const sheet = namedSheet(bytes, SHEET_COLUMNS);
  if ('status' in sheet) return sheet;
  const { rows, fieldOf } = sheet;
  if (rows.length > SHEET_LINES_MAX)
    return faultWith('file', t('desk.lines.too_many', { max: SHEET_LINES_MAX }));
  if (rows.length === 0) return faultWith('file', t('desk.lines.none'));
  const read: ReadPrices = { lines: [], lineOf: [], refused: [] };
  const firstLineOf = new Map<string, number>();
  for (const row of rows) {
    const sku = asWritten(fieldOf(row, 'sku'));
    const first = firstLineOf.get(sku);
    const { price, why } = priceLine(sku, fieldOf(row, 'amount'), fieldOf(row, 'price_before'), currency);
    if (sku !== '' && first !== undefined)
      why.push(t('desk.prices.wrong.sku_twice', { sku: sku.slice(0, PRICE_SKU_MAX), line: first }));
    firstLineOf.set(sku, first ?? row.line);
    if (why.length > 0) read.refused.push({ line: row.line, text: why.join(' ') });
    else {
      read.lines.push(price);
      read.lineOf.push(row.line);
    }
  }
  return read;
}

/** A price as it was typed, and all that is wrong with it. An empty amount takes the price off the list. */
export function priceLine(
  sku: string,
  amount: string,
  before: string,
  currency: string,
): { price: PriceLine; why: string[] } {
  const [price, compare] = [amount, before].map((text) =>
    text.trim() === '' ? { minor: null } : priceIn(text, currency),
  );
  const why = [
    sku === '' && t('desk.prices.wrong.no_sku'),
    sku.length > PRICE_SKU_MAX && t('desk.prices.wrong.sku_long', { max: PRICE_SKU_MAX }),
    price && 'why' in price && price.why,
    compare && 'why' in compare && compare.why,
  ].filter((each) => typeof each === 'string');
  return { price: { sku, amountMinor: price?.minor ?? null, compareAtMinor: compare?.minor ?? null }, why };
}

/** A cell that a sheet would take for a formula goes down with an apostrophe before it, and comes back with it. */
const asWritten = (sku: string): string => (/^'[=+@-]/.test(sku) ? sku.slice(1) : sku);
