import { type MetricName, metricOf } from '#modules/insight/index.ts';
import { SERVE_COST_KINDS } from '#modules/orders/index.ts';
import { MATTERS, OCCASIONS } from '#modules/satisfaction/index.ts';
import { t } from '../messages.ts';
import { figureText, type Teller } from './figures.tsx';

/** What one value of a dimension brings to a change; of the rest, what all others bring together. */
interface DriverRow {
  key: string;
  isRest?: true;
  before: number | null;
  now: number | null;
  change: number;
  /** Of a ratio: what its share and its own ratio bring. */
  mix?: number;
  rate?: number;
}

interface Props {
  metric: MetricName;
  drivers: { by: string; title: string; rows: readonly DriverRow[] };
  /** Products and stores by their ids, regions by their codes. */
  names: ReadonlyMap<string, string>;
  teller: Teller;
  /** Where a row is a part of a ratio, what was before and is now is no figure of its own. */
  isChangeAlone?: boolean;
}

/** The rows that a change consists of, each with its bar: they add up to it. */
export function DriverTable({ metric, drivers: { by, title, rows }, names, teller, isChangeAlone }: Props) {
  const most = Math.max(...rows.map(({ change }) => Math.abs(change)), Number.EPSILON);
  const text = (value: number | null) => figureText(teller, metric, value);
  return (
    <table class="drivers">
      <caption>{t('desk.market.panel.by', { dimension: inSentence(title) })}</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.isRest ? '\n' : row.key}>
            <th scope="row">
              {driverName(metric, row, by, names)}
              {!isChangeAlone && (
                <small>{t('desk.market.panel.from', { before: text(row.before), now: text(row.now) })}</small>
              )}
              {row.mix !== undefined && row.rate !== undefined && (
                <small>
                  {t('desk.market.panel.parts', { mix: signed(row.mix, text), rate: signed(row.rate, text) })}
                </small>
              )}
            </th>
            <td class="drivers-bar" aria-hidden="true">
              <span
                data-negative={row.change < 0 ? '' : undefined}
                style={`inline-size:${((Math.abs(row.change) / most) * 50).toFixed(1)}%`}
              />
            </td>
            <td class="figures">{signed(row.change, text)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const inSentence = (title: string) => title.charAt(0).toLowerCase() + title.slice(1);

/** A change always has its sign. */
export function signed(value: number, text: (value: number) => string): string {
  if (value === 0) return text(0);
  return value > 0 ? `+${text(value)}` : `−${text(-value)}`;
}

function driverName(
  metric: MetricName,
  { key, isRest }: DriverRow,
  by: string,
  names: ReadonlyMap<string, string>,
): string {
  if (isRest) return t('desk.market.panel.rest');
  if (by === 'store' && key === '')
    return t(isOfOpinions(metric) ? 'desk.satisfaction.no_store' : 'desk.market.panel.unassigned');
  const occasion = by === 'occasion' && OCCASIONS.find((each) => each === key);
  if (occasion) return t(`desk.satisfaction.occasion.${occasion}`);
  if (by === 'brand' && /^0{8}-/.test(key)) return t('desk.market.panel.no_brand');
  if (by === 'category' && key === '') return t('desk.market.panel.no_category');
  const matter = by === 'matter' && MATTERS.find((each) => each === key);
  if (matter) return t(`desk.order.matter.${matter}`);
  const kind = by === 'cost_kind' && SERVE_COST_KINDS.find((each) => each === key);
  if (kind) return t(`desk.cost_kind.${kind}`);
  if (by === 'location' && key === '') return t('desk.market.panel.no_location');
  if (key === '' || /^0{8}-0{4}-/.test(key)) return t('desk.market.panel.unknown');
  if (by === 'customer' && (key === 'new' || key === 'returning' || key === 'unknown'))
    return t(`desk.market.panel.customer.${key}`);
  const known = names.get(key);
  if (known === undefined) return key.length === 36 ? key.slice(-8) : key;
  return known;
}

function isOfOpinions(name: MetricName): boolean {
  const metric = metricOf(name);
  const { fact } = metric.kind === 'ratio' ? metric.numerator : metric.of;
  return fact === 'opinions' || fact === 'contacts';
}
