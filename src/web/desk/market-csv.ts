import {
  type MetricName,
  metricOf,
  type ParquetColumn,
  type SalesAnswer,
  type SalesRow,
} from '#modules/insight/index.ts';
import { csvOf, decimalText } from '#platform/csv.ts';
import { decimalsOf } from '#platform/money.ts';
import type { MarketRegion } from '#read/market-regions.ts';
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

function amount(name: MetricName, value: number | null | undefined, currency: string): string {
  if (value === null || value === undefined) return '';
  return metricOf(name).unit === 'money' ? decimalText(value, currency) : String(value);
}

/** The same rows for programs: plain names, amounts as decimals, and no total, which they add up themselves. */
export function marketParquet(
  { currency, rows }: SalesAnswer,
  by: 'region' | 'day',
  regions: ReadonlyMap<string, MarketRegion>,
  metrics: readonly MetricName[],
): { columns: ParquetColumn[]; rows: (string | number | null)[][] } {
  const decimals = decimalsOf(currency);
  const typeOf = (name: MetricName): ParquetColumn['type'] => {
    const { unit } = metricOf(name);
    if (unit === 'money') return { decimals };
    return unit === 'count' ? 'integer' : 'number';
  };
  const valueOf = (name: MetricName, value: number | null | undefined) => {
    if (value === null || value === undefined) return null;
    return metricOf(name).unit === 'money' ? decimalText(value, currency) : value;
  };
  const columns: ParquetColumn[] = [
    ...(by === 'region' ? ['region_code', 'region'] : ['day']).map((name) => ({
      name,
      type: 'text' as const,
    })),
    { name: 'currency', type: 'text' },
    ...metrics.map((name) => ({ name, type: typeOf(name) })),
    ...metrics.map((name) => ({ name: `${name}_before`, type: typeOf(name) })),
  ];
  return {
    columns,
    rows: rows.map(({ key, figures, before }) => [
      ...(by === 'region' ? [key, regions.get(key)?.name ?? key] : [key]),
      currency,
      ...metrics.map((name) => valueOf(name, figures[name]?.value)),
      ...metrics.map((name) => valueOf(name, before?.[name]?.value)),
    ]),
  };
}
