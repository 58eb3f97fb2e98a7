import { isDeepStrictEqual } from 'node:util';
import {
  driverDimensions,
  type Figures,
  METRIC_NAMES,
  type MetricName,
  metricOf,
  type SalesAnswer,
  type SalesRow,
} from '#modules/insight/index.ts';
import { SMALL_N } from '#modules/satisfaction/index.ts';
import { t } from '../messages.ts';
import { changeText, Definition, figureText, type Teller, valueOf } from './figures.tsx';
import { DriverTable, signed } from './driver-table.tsx';
import type { Panel, StoreRow } from './market-panel-read.ts';
import { StockOfMarket } from './market-panel-stock.tsx';
import { hrefOf, type View } from './market-query.ts';
import { columnsFor } from './market-tables.tsx';
import { touchpointName } from './touchpoints.ts';

interface Props {
  view: View;
  panel: Panel;
  total: SalesRow;
  teller: Teller;
}

/** The region that was chosen: its figures, whose it is, what drives its change, and the very orders. */
export function MarketPanel({ view, panel, total, teller }: Props) {
  const region = panel.path.at(-1);
  if (!region) return null;
  return (
    <aside class="panel market-panel" aria-labelledby="panel-title">
      <div class="panel-head">
        <h2 id="panel-title">{region.name}</h2>
        <a class="market-panel-close" href={hrefOf(view, { region: '', diagnose: '' })}>
          {t('desk.market.panel.close')}
        </a>
      </div>
      <Headline view={view} total={total} teller={teller} />
      <Stores view={view} panel={panel} teller={teller} />
      <StockOfMarket {...panel} teller={teller} />
      <Change view={view} panel={panel} total={total} teller={teller} />
      <Orders view={view} panel={panel} teller={teller} />
      <Diagnosis view={view} rows={panel.touchpoints} teller={teller} />
    </aside>
  );
}

function Headline({ view, total, teller }: Omit<Props, 'panel'>) {
  const { metric } = view;
  const [value, before] = [valueOf(total.figures, metric), valueOf(total.before, metric)];
  const others = columnsFor(metric).filter((name) => name !== metric);
  return (
    <>
      <div class="panel-figure">
        <div class="tile-head">
          {metricOf(metric).title} <Definition metric={metric} />
        </div>
        <p class="tile-value">{figureText(teller, metric, value)}</p>
        {typeof before === 'number' && (
          <p class="tile-before">
            <span class="tile-change">{changeText(teller.format, value, before)}</span>{' '}
            {t('desk.from_before', { value: figureText(teller, metric, before) })}
          </p>
        )}
        <Trust figure={total.figures[metric]} metric={metric} teller={teller} />
      </div>
      <dl class="panel-figures" aria-label={t('desk.market.panel.figures')}>
        {others.map((name) => (
          <div key={name}>
            <dt>{metricOf(name).title}</dt>
            <dd class="figures">{figureText(teller, name, valueOf(total.figures, name))}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Of a mean of answers: how far it may be off, and whether there are few. */
function Trust({
  figure,
  metric,
  teller,
}: {
  figure: Figures[MetricName];
  metric: MetricName;
  teller: Teller;
}) {
  if (typeof figure?.standardError !== 'number') return null;
  const count = figure.denominator ?? 0;
  const told = {
    error: figureText(teller, metric, figure.standardError),
    count: teller.format.number(count),
  };
  return (
    <p class="hint">
      {t('desk.market.panel.error', told)}
      {count < SMALL_N && ` ${t('desk.market.panel.few', { count: teller.format.number(SMALL_N) })}`}
    </p>
  );
}

function Stores({ panel: { stores, heldBy, path }, teller }: Omit<Props, 'total'>) {
  const { format } = teller;
  const isOwn = heldBy?.code === path.at(-1)?.code;
  return (
    <section aria-labelledby="panel-stores">
      <h3 id="panel-stores">{t('desk.market.panel.stores')}</h3>
      <p class="hint">
        {!heldBy
          ? t('desk.market.panel.nobody')
          : isOwn
            ? t('desk.market.panel.credits')
            : `${t('desk.market.panel.held', { region: heldBy.name })} ${t('desk.market.panel.credits')}`}
      </p>
      {stores.length > 0 && (
        <table class="panel-table">
          <thead>
            <tr>
              <th scope="col">{t('desk.market.panel.store')}</th>
              <th scope="col" class="figures">
                {t('desk.market.panel.share')}
              </th>
              <th scope="col" class="figures">
                {t('desk.market.panel.credit')}
              </th>
              <th scope="col" class="figures">
                {t('desk.market.panel.change')}
              </th>
            </tr>
          </thead>
          <tbody>
            {stores.map(({ locationId, name, weight, credit, before }) => (
              <tr key={locationId}>
                <th scope="row">{locationId === '' ? t('desk.market.panel.unassigned') : name}</th>
                <td class="figures">{weight === null ? '–' : format.percent(weight)}</td>
                <td class="figures">{figureText(teller, 'regional_credit', credit)}</td>
                <td class="figures">{changeText(format, credit, before)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('desk.table.total')}</th>
              <td />
              <td class="figures">{figureText(teller, 'regional_credit', sumOf(stores))}</td>
              <td />
            </tr>
          </tfoot>
        </table>
      )}
    </section>
  );
}

const sumOf = (stores: readonly StoreRow[]) => stores.reduce((sum, { credit }) => sum + credit, 0);

function Change({ view, panel: { drivers, isTooMuch, names }, total, teller }: Props) {
  const { metric } = view;
  const { kind, title } = metricOf(metric);
  const figure = total.figures[metric];
  const [value, before] = [figure?.value ?? 0, valueOf(total.before, metric) ?? 0];
  const change = signed(value - before, (each) => figureText(teller, metric, each));
  if (!total.before) return null;
  return (
    <section aria-labelledby="panel-drivers">
      <h3 id="panel-drivers">{t('desk.market.panel.drivers')}</h3>
      <p class="hint">
        {isTooMuch
          ? t('desk.market.panel.drivers.too_many')
          : drivers.length > 0
            ? t(`desk.market.panel.drivers.${kind === 'ratio' ? 'ratio' : 'sum'}`, {
                metric: title,
                change,
                before: figureText(teller, metric, before),
              })
            : driverDimensions(metric).length === 0
              ? t('desk.market.panel.drivers.whole', {
                  now: figureText(teller, metric, figure?.value),
                  before: figureText(teller, metric, valueOf(total.before, metric)),
                })
              : t('desk.market.panel.drivers.none')}
      </p>
      {drivers.map((each) => (
        <DriverTable
          key={each.dimension}
          metric={metric}
          drivers={{ ...each, by: each.dimension }}
          names={names}
          teller={teller}
        />
      ))}
    </section>
  );
}

function Orders({ view, panel: { documents }, teller }: Omit<Props, 'total'>) {
  const { metric } = view;
  return (
    <section aria-labelledby="panel-orders">
      <h3 id="panel-orders">{t('desk.market.panel.documents')}</h3>
      {!documents ? (
        <p class="hint">{t('desk.market.panel.documents.unfit')}</p>
      ) : documents.rows.length === 0 ? (
        <p class="hint">{t('desk.market.panel.documents.none')}</p>
      ) : (
        <>
          <ul class="panel-orders">
            {documents.rows.map(({ documentId, orderId, businessDay, ...row }) => (
              <li key={documentId}>
                <OrderLink orderId={orderId} numbers={documents.numbers} />
                <span class="soft">{teller.format.date(businessDay)}</span>
                <span class="figures">{documentText(metric, row, teller)}</span>
              </li>
            ))}
          </ul>
          <a href={hrefOf(view, {}, '/desk/market/orders')}>{t('desk.market.panel.documents.all')}</a>
        </>
      )}
    </section>
  );
}

/** What a document brings to a figure; of a ratio, what is divided by what. */
function documentText(
  metric: MetricName,
  { value, denominator }: { value: number; denominator?: number },
  teller: Teller,
): string {
  const text = figureText(teller, documentMetric(metric), value);
  if (denominator === undefined) return text;
  return t('desk.market.panel.documents.ratio', {
    numerator: text,
    denominator: figureText(teller, denominatorMetric(metric), denominator),
  });
}

/** An order of ours leads to its page; what another system told has a number alone. */
export function OrderLink({ orderId, numbers }: { orderId: string; numbers: ReadonlyMap<string, string> }) {
  const number = numbers.get(orderId);
  if (orderId === '') return <span>{t('desk.market.documents.no_order')}</span>;
  if (number === undefined)
    return <span>{t('desk.market.documents.other', { number: orderId.slice(-8) })}</span>;
  return <a href={`/desk/orders/${orderId}`}>{number}</a>;
}

/** Of a ratio a document has what is divided: told as the figure that is counted so, or as money or pieces. */
export function documentMetric(name: MetricName): MetricName {
  const metric = metricOf(name);
  if (metric.kind !== 'ratio') return name;
  const { numerator } = metric;
  const isOfMoney = metric.unit === 'money' || numerator.fact === 'credits';
  return countedAs(numerator) ?? (isOfMoney ? 'net_sales' : 'units');
}

/** What a document of a ratio has of what it is divided by: money, or pieces. */
export function denominatorMetric(name: MetricName): MetricName {
  const metric = metricOf(name);
  return (metric.kind === 'ratio' && countedAs(metric.denominator)) || 'units';
}

/** The figure that adds up the same. */
const countedAs = (expression: unknown): MetricName | undefined =>
  METRIC_NAMES.find((each) => {
    const other = metricOf(each);
    return other.kind === 'additive' && isDeepStrictEqual(other.of, expression);
  });

/** The touch points of the figure: asked for by name, and never shown otherwise. */
function Diagnosis({ view, rows, teller }: { view: View; rows: SalesAnswer | undefined; teller: Teller }) {
  const { metric } = view;
  return (
    <section class="panel-diagnosis" aria-labelledby={rows ? 'panel-diagnosis' : undefined}>
      {rows && (
        <>
          <h3 id="panel-diagnosis">{t('desk.market.panel.diagnose')}</h3>
          <p class="hint">{t('desk.market.panel.diagnose.hint')}</p>
          <table class="panel-table">
            <tbody>
              {rows.rows.map(({ key, figures, before }) => (
                <tr key={key}>
                  <th scope="row">{touchpointName(key)}</th>
                  <td class="figures">{figureText(teller, metric, valueOf(figures, metric))}</td>
                  <td class="figures">
                    {changeText(teller.format, valueOf(figures, metric), valueOf(before, metric))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <a href={hrefOf(view, { diagnose: rows ? '' : 'touchpoint' })}>
        {rows ? t('desk.market.panel.diagnose.end') : t('desk.market.panel.diagnose')}
      </a>
    </section>
  );
}
