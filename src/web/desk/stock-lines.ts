import { variantIdsOfSkus } from '#modules/catalog/index.ts';
import { AppError } from '#platform/errors.ts';
import type { Db } from '#platform/db.ts';
import { rowsIn } from '../../imports/separated.ts';
import { t } from '../messages.ts';
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

interface Source {
  rows: readonly Row[];
  placeOf: (column: ColumnName) => number;
  /** The field of the form that they came in. */
  field: string;
}

export interface SkuLine {
  variantId: string;
  quantity: number;
  unitCostMinor?: number;
}

interface Row {
  line: number;
  fields: string[];
}

/** Lines of a CSV file, by SKU; or every line that is wrong, with its number and why. */
export async function linesOfFile(db: Db, bytes: Buffer, wish: LinesWish): Promise<SkuLine[] | StockFault> {
  const read = rowsOf(bytes);
  if ('status' in read) return read;
  const [head, ...rows] = read.rows;
  const names =
    head?.fields.map((name) =>
      name
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_'),
    ) ?? [];
  if (wish.columns.some((column) => !names.includes(column)))
    return faultWith('file', t('desk.lines.head', { columns: wish.columns.join(', ') }));
  return linesOf(db, { rows, placeOf: (column) => names.indexOf(column), field: 'file' }, wish);
}

/** Lines as somebody typed or pasted them: "SKU, quantity". */
export async function linesOfText(db: Db, text: string, wish: LinesWish): Promise<SkuLine[] | StockFault> {
  if (text.trim() === '') return faultWith('lines', t('desk.lines.none'));
  const read = rowsOf(Buffer.from(text));
  return 'status' in read
    ? read
    : linesOf(db, { ...read, placeOf: (column) => wish.columns.indexOf(column), field: 'lines' }, wish);
}

function rowsOf(bytes: Buffer): { rows: Row[] } | StockFault {
  const rows: Row[] = [];
  const format = { delimiter: delimiterOf(bytes), quote: '"', encoding: 'utf-8' } as const;
  try {
    rowsIn('', bytes, format, (fields, line) => {
      if (fields.some((field) => field.trim() !== '')) rows.push({ line, fields });
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return unreadable(error.data as { line?: number; detail: string });
  }
  return { rows };
}

const unreadable = ({ line, detail }: { line?: number; detail: string }): StockFault =>
  line === undefined
    ? { status: 422, text: t('desk.lines.unreadable', { detail }) }
    : { status: 422, text: t('desk.lines.wrong', { count: 1 }), lines: [{ line, text: detail }] };

/** The one that its first line has: sheets write commas, semicolons or tabs, as their country does. */
function delimiterOf(bytes: Buffer): string {
  const [first = ''] = bytes.toString('utf8', 0, 1000).split('\n', 1);
  return [';', '\t'].find((each) => first.includes(each)) ?? ',';
}

async function linesOf(
  db: Db,
  { rows, placeOf, field }: Source,
  { columns, least, currency }: LinesWish,
): Promise<SkuLine[] | StockFault> {
  if (rows.length > LINES_MAX) return faultWith(field, t('desk.lines.too_many', { max: LINES_MAX }));
  if (rows.length === 0) return faultWith(field, t('desk.lines.none'));
  const fieldOf = ({ fields }: Row, column: ColumnName) => fields[placeOf(column)]?.trim() ?? '';
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
