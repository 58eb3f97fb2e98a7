import { variantIdsOfSkus } from '#modules/catalog/index.ts';
import type { Db } from '#platform/db.ts';
import { t } from '../messages.ts';
import { type NamedSheet, namedSheet, sheetRows } from './sheet.ts';
import { faultWith, type LineFault, minorIn, type StockFault, unitsIn } from './stock-shell.tsx';

export const LINES_MAX = 5_000;

const COLUMNS = ['sku', 'quantity', 'unit_cost'] as const;
type ColumnName = (typeof COLUMNS)[number];

export interface LinesWish {
  /** The columns that there must be; typed lines have them in this order, files name them on their first line. */
  columns: readonly ColumnName[];
  /** The least quantity that makes sense. */
  least: number;
  currency: string;
}

interface Source extends NamedSheet {
  /** The field of the form that they came in. */
  field: string;
}

export interface SkuLine {
  variantId: string;
  quantity: number;
  unitCostMinor?: number;
}

/** Lines of a CSV file, by SKU; or every line that is wrong, with its number and why. */
export async function linesOfFile(db: Db, bytes: Buffer, wish: LinesWish): Promise<SkuLine[] | StockFault> {
  const sheet = namedSheet(bytes, wish.columns);
  return 'status' in sheet ? sheet : linesOf(db, { ...sheet, field: 'file' }, wish);
}

/** Lines as somebody typed or pasted them: "SKU, quantity". */
export async function linesOfText(db: Db, text: string, wish: LinesWish): Promise<SkuLine[] | StockFault> {
  if (text.trim() === '') return faultWith('lines', t('desk.lines.none'));
  const read = sheetRows(Buffer.from(text));
  return 'status' in read ? read : linesOf(db, { ...read, fieldOf: typedIn(wish), field: 'lines' }, wish);
}

/** Typed lines name no columns: they have them in the order of the wish. */
const typedIn =
  ({ columns }: LinesWish): NamedSheet['fieldOf'] =>
  ({ fields }, column) =>
    fields[columns.findIndex((each) => each === column)]?.trim() ?? '';

async function linesOf(
  db: Db,
  { rows, fieldOf, field }: Source,
  { columns, least, currency }: LinesWish,
): Promise<SkuLine[] | StockFault> {
  if (rows.length > LINES_MAX) return faultWith(field, t('desk.lines.too_many', { max: LINES_MAX }));
  if (rows.length === 0) return faultWith(field, t('desk.lines.none'));
  const variants = await variantIdsOfSkus(
    db,
    rows.map((row) => fieldOf(row, 'sku')),
  );
  const faults: LineFault[] = [];
  const lines: SkuLine[] = [];
  const firstLineOf = new Map<string, number>();
  for (const row of rows) {
    const sku = fieldOf(row, 'sku');
    const [variantId, first] = [variants.get(sku), firstLineOf.get(sku)];
    const quantity = unitsIn(fieldOf(row, 'quantity'), least);
    const unitCostMinor = columns.includes('unit_cost')
      ? minorIn(fieldOf(row, 'unit_cost'), currency)
      : undefined;
    firstLineOf.set(sku, first ?? row.line);
    const why = [
      sku === '' && t('desk.lines.no_sku'),
      sku !== '' && variantId === undefined && t('desk.lines.sku_unknown', { sku: sku.slice(0, 64) }),
      sku !== '' && first !== undefined && t('desk.lines.sku_twice', { sku: sku.slice(0, 64), line: first }),
      quantity === undefined && t('desk.lines.quantity', { least }),
      columns.includes('unit_cost') && unitCostMinor === undefined && t('desk.lines.unit_cost', { currency }),
    ].filter((each) => each !== false);
    if (why.length > 0) faults.push({ line: row.line, text: why.join(' ') });
    else if (variantId !== undefined && quantity !== undefined)
      lines.push({ variantId, quantity, ...(unitCostMinor !== undefined && { unitCostMinor }) });
  }
  if (faults.length === 0) return lines;
  return { status: 422, text: t('desk.lines.wrong', { count: faults.length }), lines: faults };
}
