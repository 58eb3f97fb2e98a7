import { AppError } from '#platform/errors.ts';
import { rowsIn } from '../../imports/separated.ts';
import { t } from '../messages.ts';
import { faultWith, type StockFault } from './stock-shell.tsx';

/** A line of a sheet that somebody sent. */
export interface SheetRow {
  /** From 1. */
  line: number;
  fields: string[];
}

/** The lines that are not empty; or why there are none to be read. */
export function sheetRows(bytes: Buffer): { rows: SheetRow[] } | StockFault {
  const rows: SheetRow[] = [];
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

export interface NamedSheet {
  rows: SheetRow[];
  /** The text of a line under a column's name, without the spaces around it. */
  fieldOf: (row: SheetRow, column: string) => string;
}

/** A sheet whose first line names its columns, in any order and among others. */
export function namedSheet(bytes: Buffer, columns: readonly string[]): NamedSheet | StockFault {
  const read = sheetRows(bytes);
  if ('status' in read) return read;
  const [head, ...rows] = read.rows;
  const names =
    head?.fields.map((name) =>
      name
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_'),
    ) ?? [];
  if (columns.some((column) => !names.includes(column)))
    return faultWith('file', t('desk.lines.head', { columns: columns.join(', ') }));
  return { rows, fieldOf: ({ fields }, column) => fields[names.indexOf(column)]?.trim() ?? '' };
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
