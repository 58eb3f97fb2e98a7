import {
  BRIDGE,
  type MetricName,
  metricOf,
  type SalesAnswer,
  type SalesRow,
} from '#modules/insight/index.ts';
import type { MarketRegion } from '#read/market-regions.ts';
import { type Column, Table } from '../components/Table.tsx';
import { t } from '../messages.ts';
import { changeText, dayName, Definition, figureText, type Teller, valueOf } from './figures.tsx';
import { hrefOf, type View } from './market-query.ts';

const SHOWN: readonly MetricName[] = ['net_sales', 'orders', 'units', 'average_order', 'returns', 'invoiced'];

/** The usual columns, and the chosen metric among them. */
export const columnsFor = (chosen: MetricName): MetricName[] =>
  SHOWN.includes(chosen) ? [...SHOWN] : [chosen, ...SHOWN];

interface Props {
  view: View;
  answer: SalesAnswer;
  regions: ReadonlyMap<string, MarketRegion>;
  teller: Teller;
}

/** The figures by region or by day. Its rows add up to the total at its foot. */
export function MarketTable({ view, answer, regions, teller }: Props) {
  const { metric } = view;
  const names = columnsFor(metric);
  const change = (row: SalesRow) =>
    changeText(teller.format, valueOf(row.figures, metric), valueOf(row.before, metric));
  const columns: Column<SalesRow>[] = [
    {
      title: view.by === 'day' ? t('desk.table.day') : t('desk.table.region'),
      cell: (row) => <RowName view={view} row={row} regions={regions} teller={teller} />,
      total: t('desk.table.total'),
    },
    ...names.map((name): Column<SalesRow> => ({
      title: metricOf(name).title,
      figures: true,
      hint: `${metricOf(name).definition} ${metricOf(name).formula}`,
      cell: (row) => figureText(teller, name, valueOf(row.figures, name)),
      total: figureText(teller, name, valueOf(answer.total.figures, name)),
    })),
    {
      title: t('desk.table.change', { metric: metricOf(metric).title }),
      figures: true,
      hint: t('desk.table.change.hint'),
      cell: change,
      total: change(answer.total),
    },
  ];
  const rows = view.by === 'day' ? answer.rows : byFigure(answer.rows, metric);
  const caption = view.by === 'day' ? t('desk.table.by_day') : t('desk.table.by_region');
  return <Table caption={caption} columns={columns} rows={rows} rowKey={({ key }) => key} />;
}

function RowName({
  view,
  row: { key },
  regions,
  teller: { format },
}: Omit<Props, 'answer'> & { row: SalesRow }) {
  return view.by === 'day' ? (
    <a href={hrefOf(view, { from: key, to: key, by: 'region' })}>{dayName(format, key)}</a>
  ) : (
    <a href={hrefOf(view, { region: key })}>{regions.get(key)?.name ?? key}</a>
  );
}

const byFigure = (rows: readonly SalesRow[], metric: MetricName) =>
  rows.toSorted((a, b) => (valueOf(b.figures, metric) ?? 0) - (valueOf(a.figures, metric) ?? 0));

/** From what was ordered to what was invoiced, line by line. */
export function Bridge({ total, teller }: { total: SalesRow; teller: Teller }) {
  const most = Math.max(...BRIDGE.map(({ metric }) => Math.abs(valueOf(total.figures, metric) ?? 0)), 1);
  return (
    <table class="bridge">
      <caption class="visually-hidden">{t('desk.bridge')}</caption>
      <tbody>
        {BRIDGE.map(({ metric, sign, sum }) => {
          const value = (valueOf(total.figures, metric) ?? 0) * sign;
          return (
            <tr key={metric} class={sum ? 'bridge-sum' : undefined}>
              <th scope="row">
                <span>
                  <span aria-hidden="true" class="bridge-sign">
                    {sum ? '=' : sign < 0 ? '−' : '+'}
                  </span>
                  {metricOf(metric).title}
                </span>
                <Definition metric={metric} />
              </th>
              <td class="figures">{figureText(teller, metric, value)}</td>
              <td class="bridge-bar" aria-hidden="true">
                <span
                  data-negative={value < 0 ? '' : undefined}
                  style={`inline-size:${((Math.abs(value) / most) * 100).toFixed(2)}%`}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
