import { csvOf } from '#platform/csv.ts';
import { type Column, decimalIn, decimalName, isMoney, isoOf, type Row } from './columns.ts';

export const FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof FORMATS)[number];

export const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/x-ndjson; charset=utf-8',
};

/** What a file begins with. */
export const headOf = (format: ExportFormat, columns: readonly Column[]): string =>
  format === 'csv' ? csvOf([columns.flatMap(namesOf)]) : '';

const namesOf = (column: Column): string[] =>
  isMoney(column) ? [column.name, decimalName(column.name)] : [column.name];

/** Rows as CSV, or as one JSON object a line. */
export function linesOf(format: ExportFormat, columns: readonly Column[], rows: readonly Row[]): string {
  const currencyAt = columns.findIndex(({ name }) => name === 'currency');
  if (format === 'csv')
    return rows.length === 0 ? '' : csvOf(rows.map((row) => cellsOf(row, columns, currencyAt)));
  return rows.map((row) => `${objectOf(row, columns, currencyAt)}\n`).join('');
}

function cellsOf(row: Row, columns: readonly Column[], currencyAt: number): string[] {
  const cells: string[] = [];
  columns.forEach((column, at) => {
    const value = row[at] ?? null;
    cells.push(value === null ? '' : cellOf(value, column));
    if (isMoney(column)) cells.push(decimalIn(row, at, currencyAt) ?? '');
  });
  return cells;
}

function cellOf(value: string, { kind }: Column): string {
  if (kind === 'moment') return isoOf(value);
  return kind === 'boolean' ? String(isTrue(value)) : value;
}

function objectOf(row: Row, columns: readonly Column[], currencyAt: number): string {
  const parts: string[] = [];
  columns.forEach((column, at) => {
    const value = row[at] ?? null;
    parts.push(`"${column.name}":${value === null ? 'null' : jsonOf(value, column)}`);
    if (isMoney(column))
      parts.push(`"${decimalName(column.name)}":${JSON.stringify(decimalIn(row, at, currencyAt))}`);
  });
  return `{${parts.join(',')}}`;
}

function jsonOf(value: string, { kind }: Column): string {
  if (kind === 'number') return value;
  if (kind === 'boolean') return String(isTrue(value));
  // A line holds one object: what PostgreSQL keeps as it was written may have lines of its own.
  if (kind === 'json') return value.replaceAll(/[\r\n]/g, ' ');
  return JSON.stringify(kind === 'moment' ? isoOf(value) : value);
}

const isTrue = (value: string): boolean => value === 't' || value === 'true';
