import type { ExportQuestion } from './columns.ts';
import { type ExportFormat, headOf, linesOf } from './formats.ts';
import type { Ledger } from './ledger.ts';
import { type ExportDeps, rowsOf } from './rows.ts';

export interface FilePart {
  text: string;
  rows: number;
}

/** A ledger as a file, part by part: whoever reads slowly makes the database wait, and nothing piles up. */
export async function* fileOf(
  deps: ExportDeps,
  ledger: Ledger,
  format: ExportFormat,
  question: ExportQuestion,
  signal: AbortSignal,
): AsyncGenerator<FilePart> {
  let isFirst = true;
  for await (const { columns, rows } of rowsOf(deps, ledger, question, signal)) {
    const head = isFirst ? headOf(format, columns) : '';
    isFirst = false;
    yield { text: head + linesOf(format, columns, rows), rows: rows.length };
  }
}
