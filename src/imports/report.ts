import { closeSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { decimalsOf } from '#platform/money.ts';
import { type FateTally, sumOf } from './fates.ts';
import type { Mapping } from './mapping.ts';
import { AMOUNT_DECIMALS, type SetAsideRow } from './rows.ts';
import type { Survey, SurveyNotes } from './survey.ts';

/** What writing to the ledgers did. */
export interface Written {
  runId: string;
  recorded: number;
  alreadyHere: number;
  /** Whether this very file was imported before, under this very mapping. */
  wasFinishedAt: Date | undefined;
  /** Whether an earlier attempt was cut off, and this one went on from there. */
  wasResumed: boolean;
  productCount: number;
  customerCount: number;
  publication: 'draft' | 'published';
}

/** What an import did: with every row of the file, to the last hundredth of a penny. */
export interface ImportReport {
  /** The same file under the same mapping is the same run. */
  runId: string;
  source: string;
  file: string;
  sha256: string;
  folder: string;
  startedAt: string;
  currency: string;
  /** What this file had become before: nothing, a part, or all of it. */
  outcome: 'imported' | 'resumed' | 'nothing to do';
  finishedBefore?: string;
  fates: ReportedFate[];
  total: Omit<ReportedFate, 'fate' | 'isTaken'>;
  /** The sum of the file before each line is rounded, and what the rounding of its lines took from it. */
  exact: string;
  rounding: string;
  documents: { orders: number; returns: number; recorded: number; alreadyHere: number };
  products: { count: number; publication: 'draft' | 'published' };
  customers: number;
  notes: SurveyNotes;
}

interface ReportedFate {
  fate: string;
  isTaken: boolean;
  rows: number;
  units: number;
  money: string;
}

export function reportOf(made: {
  file: string;
  mapping: Mapping;
  survey: Survey;
  written: Written;
  folder: string;
  startedAt: Date;
}): ImportReport {
  const { mapping, survey, written } = made;
  const money = (minor: number) => decimalText(BigInt(minor), decimalsOf(mapping.currency));
  const reported = ({ fate, isTaken, rows, units, minor }: FateTally) => ({
    fate,
    isTaken,
    rows,
    units,
    money: money(minor),
  });
  const sum = sumOf(survey.fates);
  const roundedOff =
    sum.exact - BigInt(sum.minor) * 10n ** BigInt(AMOUNT_DECIMALS - decimalsOf(mapping.currency));
  const orders = survey.documents.filter(({ isReturn }) => !isReturn).length;
  return {
    runId: written.runId,
    source: mapping.source,
    file: basename(made.file),
    sha256: survey.sha256,
    folder: made.folder,
    startedAt: made.startedAt.toISOString(),
    currency: mapping.currency,
    outcome: written.wasFinishedAt ? 'nothing to do' : written.wasResumed ? 'resumed' : 'imported',
    ...(written.wasFinishedAt && { finishedBefore: written.wasFinishedAt.toISOString() }),
    fates: survey.fates.map(reported),
    total: { rows: sum.rows, units: sum.units, money: money(sum.minor) },
    exact: decimalText(sum.exact, AMOUNT_DECIMALS),
    rounding: decimalText(roundedOff, AMOUNT_DECIMALS),
    documents: {
      orders,
      returns: survey.documents.length - orders,
      recorded: written.recorded,
      alreadyHere: written.alreadyHere,
    },
    products: { count: written.productCount, publication: written.publication },
    customers: written.customerCount,
    notes: survey.notes,
  };
}

/** A row in the end of the report for each line of the file that is not taken: where it was, why, and the row. */
export function openSetAsideFile(path: string) {
  const fd = openSync(path, 'w');
  const write = (fields: readonly (string | number)[]) =>
    writeSync(fd, `${fields.map(csvField).join(',')}\r\n`);
  return {
    head: (header: readonly string[]): void => void write(['line', 'reason', ...header]),
    add: (line: number, { reason }: SetAsideRow, fields: readonly string[]): void =>
      void write([line, reason, ...fields]),
    close: (): void => closeSync(fd),
  };
}

const csvField = (value: string | number) =>
  typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);

/** 974774793 with two decimals is 9,747,747.93. */
function decimalText(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${units < 0n ? '-' : ''}${whole}${fraction}`;
}

/** The report for a terminal. */
export function reportText(report: ImportReport): string {
  const { fates, total, currency, documents, products, customers } = report;
  const count = (n: number) => n.toLocaleString('en');
  const line = ({ fate, rows, units, money }: { fate: string; rows: number; units: number; money: string }) =>
    [fate, count(rows), count(units), money] as const;
  const table = [
    ['fate', 'rows', 'units', currency] as const,
    ...fates.map(({ isTaken, fate, ...rest }) =>
      line({ fate: isTaken ? fate : `set aside: ${fate}`, ...rest }),
    ),
    line({ fate: 'all rows', ...total }),
  ];
  const published = products.publication === 'published' ? 'published' : 'kept as drafts';
  return [
    ...aligned(table),
    '',
    `The file says ${currency} ${report.exact}; rounding each line to the minor unit took ${report.rounding}.`,
    `Orders ${count(documents.orders)}, returns ${count(documents.returns)}: recorded ${count(documents.recorded)}, here before ${count(documents.alreadyHere)}.`,
    `Products ${count(products.count)} (${published}), customers ${count(customers)}.`,
    ...noteLines(report),
    `Report: ${report.folder}`,
  ].join('\n');
}

function noteLines({ notes, documents, outcome, finishedBefore }: ImportReport): string[] {
  const { inParts, withTimes, withCustomers, withRegions } = notes;
  const lines = [
    inParts > 0 && `${inParts} documents lie in the file in parts; each was put together.`,
    withTimes > 0 && `${withTimes} documents have several times; each took its first.`,
    withCustomers > 0 && `${withCustomers} documents name several customers; each took its first.`,
    withRegions > 0 && `${withRegions} documents name several countries; each took its first.`,
    documents.returns > 0 && 'Returns name no order in this file, and none was guessed.',
    outcome === 'resumed' && 'An earlier attempt was cut off; this one wrote what was missing.',
    outcome === 'nothing to do' &&
      `This file was imported before (finished ${finishedBefore}): nothing has changed.`,
  ];
  return lines.filter((each) => typeof each === 'string');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const cells = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const lines = rows.map((row) => cells(row).join('  '));
  return [...lines.slice(0, 1), rule, ...lines.slice(1, -1), rule, ...lines.slice(-1)];
}
