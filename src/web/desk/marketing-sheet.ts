import type { SpendLine } from '#modules/marketing/index.ts';
import { isCurrency, parseDecimal, decimalsOf } from '#platform/money.ts';
import { t } from '../messages.ts';
import { namedSheet } from './sheet.ts';
import { faultWith, isDay, type LineFault, type StockFault } from './stock-shell.tsx';

export const SPEND_COLUMNS = ['reference', 'day', 'region', 'campaign', 'amount', 'currency'] as const;
export const SPEND_LINES_MAX = 5_000;
const AMOUNT_MAX = 1_000_000_000_000n;
const REFERENCE_MAX = 120;

export interface ReadSpend {
  lines: SpendLine[];
  /** On which line of the sheet each of them is. */
  lineOf: number[];
  refused: LineFault[];
}

/** What was spent, from a sheet; what can't be read is told beside it. */
export function spendOfSheet(bytes: Buffer): ReadSpend | StockFault {
  const sheet = namedSheet(bytes, SPEND_COLUMNS);
  if ('status' in sheet) return sheet;
  const { rows, fieldOf } = sheet;
  if (rows.length > SPEND_LINES_MAX)
    return faultWith('file', t('desk.lines.too_many', { max: SPEND_LINES_MAX }));
  if (rows.length === 0) return faultWith('file', t('desk.lines.none'));
  const read: ReadSpend = { lines: [], lineOf: [], refused: [] };
  for (const row of rows) {
    const { line, why } = spendLine((column) => fieldOf(row, column));
    if (why.length > 0) read.refused.push({ line: row.line, text: why.join(' ') });
    else {
      read.lines.push(line);
      read.lineOf.push(row.line);
    }
  }
  return read;
}

/** A line as it was typed, and all that is wrong with it. */
export function spendLine(fieldOf: (column: (typeof SPEND_COLUMNS)[number]) => string): {
  line: SpendLine;
  why: string[];
} {
  const [reference, day, regionCode, campaign] = [
    fieldOf('reference'),
    fieldOf('day'),
    fieldOf('region'),
    fieldOf('campaign'),
  ];
  const currency = fieldOf('currency').toUpperCase();
  const knows = isCurrency(currency);
  const amount = fieldOf('amount').replace(/^([^.,]*),([^.,]*)$/, '$1.$2');
  const minor = knows ? parseDecimal(amount, decimalsOf(currency)) : 0n;
  const fits = minor !== undefined && minor >= 0n && minor <= AMOUNT_MAX;
  const why = [
    (reference === '' || reference.length > REFERENCE_MAX) && t('desk.marketing.wrong.reference'),
    !isDay(day) && t('desk.marketing.wrong.day'),
    regionCode.length < 2 && t('desk.marketing.wrong.region'),
    campaign.length > REFERENCE_MAX && t('desk.marketing.wrong.campaign'),
    !knows && t('desk.promotions.error.currency'),
    !fits && t('desk.serve_rates.fault.money'),
  ].filter((each) => typeof each === 'string');
  return { line: { reference, day, regionCode, campaign, currency, amountMinor: Number(minor ?? 0n) }, why };
}
