import { type MetricName, metricOf, type SalesAnswer, type SalesRow } from '#modules/insight/index.ts';
import { csvOf, decimalText } from '#platform/csv.ts';
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

function amount(name: MetricName, value: number | null | undefined, currency: string): string {
  if (value === null || value === undefined) return '';
  return metricOf(name).unit === 'money' ? decimalText(value, currency) : String(value);
}
