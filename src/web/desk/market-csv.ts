import { type MetricName, metricOf, type SalesAnswer, type SalesRow } from '#modules/insight/index.ts';
import { decimalsOf } from '#platform/money.ts';
import type { MarketRegion } from '../../read/market-regions.ts';
import { t } from '../messages.ts';

/** The table that is shown, as CSV (RFC 4180): amounts as decimals of the currency, so that any sheet can add them. */
export function marketCsv(
  answer: SalesAnswer,
  by: 'region' | 'day',
  regions: ReadonlyMap<string, MarketRegion>,
  metrics: readonly MetricName[],
): string {
  const { currency, rows, total } = answer;
  const head = [
    by === 'day' ? t('desk.table.day') : t('desk.table.region_code'),
    ...(by === 'region' ? [t('desk.table.region')] : []),
    ...metrics.map((name) => {
      const { title, unit } = metricOf(name);
      return unit === 'money' ? `${title} (${currency})` : title;
    }),
  ];
  const line = (row: SalesRow, names: string[]) => [
    ...names,
    ...metrics.map((name) => amount(name, row.figures[name]?.value, currency)),
  ];
  const nameOf = ({ key }: SalesRow) => (by === 'region' ? [key, regions.get(key)?.name ?? key] : [key]);
  const totalName = by === 'region' ? [t('desk.table.total'), ''] : [t('desk.table.total')];
  return csvOf([head, ...rows.map((row) => line(row, nameOf(row))), line(total, totalName)]);
}

/** Lines of cells as CSV (RFC 4180). */
export const csvOf = (lines: readonly (readonly string[])[]): string =>
  `${lines.map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;

function amount(name: MetricName, value: number | null | undefined, currency: string): string {
  if (value === null || value === undefined) return '';
  return metricOf(name).unit === 'count' ? String(value) : decimalText(value, currency);
}

/** An amount as a decimal of its currency, without signs of thousands. */
export function decimalText(value: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return value < 0 ? `-${text}` : text;
}

/** A sheet takes a cell that begins with one of `=+@` for a formula; a negative number is none. */
function quoted(cell: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
