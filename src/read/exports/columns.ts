import { decimalText } from '#platform/csv.ts';

/** What a column's text is, as the engines write it. */
export type ColumnKind = 'text' | 'number' | 'boolean' | 'moment' | 'day' | 'json';

export interface Column {
  name: string;
  kind: ColumnKind;
  isPersonal: boolean;
}

/** A row as an engine gives it: every value as text. */
export type Row = readonly (string | null)[];

export interface ExportQuestion {
  from?: Date | undefined;
  to?: Date | undefined;
  /** Of a ledger that is added up for a moment. */
  at?: Date | undefined;
  /** The cursor of the last row that is known. */
  after?: string | undefined;
  /** Whether columns that say who somebody is go with it. */
  isPersonal: boolean;
}

export interface RowBatch {
  columns: readonly Column[];
  rows: readonly Row[];
}

/** The column that every row ends with: where the next export goes on. */
export const CURSOR = 'cursor';

const UNITS: readonly [RegExp, string][] = [
  [/_minor$/, 'minor units of currency'],
  [/_ms$/, 'milliseconds'],
  [/_grams$/, 'grams'],
  [/_mm$/, 'millimetres'],
  [/_km$/, 'kilometres'],
  [/^(tax_rate|weight|attractiveness)$/, 'ratio'],
  [/(quantity|units|_delta|on_hand|reserved|allocated|damaged|safety|short|available|counted)$/, 'units'],
  [/^(rejected|cancelled|moved|remaining)$/, 'units'],
];

const KIND_UNITS: Partial<Record<ColumnKind, string>> = {
  moment: 'ISO 8601, UTC',
  day: 'YYYY-MM-DD',
  json: 'JSON',
};

export const unitOf = ({ name, kind }: Pick<Column, 'name' | 'kind'>): string | null =>
  KIND_UNITS[kind] ?? (kind === 'number' ? (UNITS.find(([form]) => form.test(name))?.[1] ?? null) : null);

/** The name of the decimal beside an amount of minor units. */
export const decimalName = (name: string): string => name.slice(0, -'_minor'.length);

export const isMoney = ({ name, kind }: Pick<Column, 'name' | 'kind'>): boolean =>
  kind === 'number' && name.endsWith('_minor');

/** An amount of a row as a decimal of the row's currency. */
export const decimalIn = (row: Row, at: number, currencyAt: number): string | null => {
  const [minor, currency] = [row[at], row[currencyAt]];
  return minor === null || minor === undefined || !currency ? null : decimalText(Number(minor), currency);
};

/** PostgreSQL's `2026-11-22 14:55:10.123456+00` and ClickHouse's moments without a zone, both in UTC. */
export const isoOf = (moment: string): string => `${moment.replace(' ', 'T').replace(/\+00$/, '')}Z`;
