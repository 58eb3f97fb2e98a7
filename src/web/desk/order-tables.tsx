import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { isPlainKey, say, t } from '../messages.ts';
import { dayName, momentName } from './figures.tsx';
import type { OrderView } from './order-view.ts';
import { providerName } from './order-timeline.tsx';

interface Props {
  view: OrderView;
  format: Format;
}

export function Lines({ view: { order, detail }, format }: Props) {
  const units = new Map(detail.units.map((each) => [each.lineId, each]));
  const money = (minor: number) => format.money(minor, order.currency);
  return (
    <section aria-labelledby="lines">
      <h2 id="lines">{t('desk.order.lines')}</h2>
      <Table
        caption={t('desk.order.lines')}
        rows={order.lines}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('desk.order.line.what'),
            cell: ({ title, options }) => [title, options].filter(Boolean).join(' · '),
          },
          { title: t('desk.order.line.sku'), cell: ({ id }) => units.get(id)?.sku ?? '' },
          { title: t('desk.order.line.ordered'), figures: true, cell: ({ quantity }) => quantity },
          {
            title: t('desk.order.line.cancelled'),
            figures: true,
            cell: ({ id }) => units.get(id)?.cancelled ?? 0,
          },
          {
            title: t('desk.order.line.shipped'),
            figures: true,
            cell: ({ id }) => units.get(id)?.shipped ?? 0,
          },
          {
            title: t('desk.order.line.returned'),
            figures: true,
            cell: ({ id }) => units.get(id)?.returned ?? 0,
          },
          { title: t('desk.order.line.net'), figures: true, cell: ({ netMinor }) => money(netMinor) },
          {
            title: t('desk.order.line.tax'),
            figures: true,
            cell: ({ taxMinor, taxRate }) =>
              t('desk.order.line.tax_at', {
                amount: money(taxMinor),
                percent: format.number(Math.round(taxRate * 10_000) / 100),
              }),
          },
        ]}
      />
    </section>
  );
}

export function Sums({ view: { order }, format }: Props) {
  const rows: [string, number][] = [
    [t('desk.order.sum.goods'), order.goodsMinor],
    [t('desk.order.sum.postage'), order.postageMinor],
    ...(order.otherMinor === 0 ? [] : [[t('desk.order.sum.other'), order.otherMinor] as [string, number]]),
    [t('desk.order.sum.tax'), order.taxMinor],
    [t('desk.order.sum.total'), order.totalMinor],
    [t('desk.order.sum.reduced'), -order.reducedMinor],
    [t('desk.order.sum.captured'), order.capturedMinor],
    [t('desk.order.sum.refunded'), -order.refundedMinor],
    [t('desk.order.sum.credited'), -order.creditedMinor],
    [t('desk.order.sum.outstanding'), order.outstandingMinor],
  ];
  return (
    <section aria-labelledby="sums">
      <h2 id="sums">{t('desk.order.sums')}</h2>
      <SumList rows={rows} currency={order.currency} format={format} />
    </section>
  );
}

interface SumListProps {
  /** What each is called, in minor units. */
  rows: readonly [string, number][];
  currency: string;
  format: Format;
}

export function SumList({ rows, currency, format }: SumListProps) {
  return (
    <dl class="order-sums">
      {rows.map(([name, minor]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="figures">{format.money(minor === 0 ? 0 : minor, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Operations({ view: { order, detail, timeZone }, format }: Props) {
  if (detail.operations.length === 0) return null;
  return (
    <section aria-labelledby="operations">
      <h2 id="operations">{t('desk.order.operations')}</h2>
      <Table
        caption={t('desk.order.operations')}
        rows={detail.operations}
        rowKey={({ id }) => id}
        columns={[
          { title: t('desk.order.operation'), cell: ({ kind }) => say(`desk.order.operation.${kind}`) },
          { title: t('desk.order.operation.whom'), cell: ({ provider }) => providerName(provider) },
          {
            title: t('desk.order.operation.amount'),
            figures: true,
            cell: ({ amountMinor }) => format.money(amountMinor, order.currency),
          },
          {
            title: t('desk.order.operation.asked'),
            cell: ({ askedAt }) => momentName(format, askedAt, timeZone),
          },
          {
            title: t('desk.order.operation.ended'),
            cell: ({ state, settledAt, reason }) => (
              <span class={state === 'refused' ? 'stock-short' : undefined}>
                {[
                  say(`desk.order.operation.state.${state}`),
                  settledAt && momentName(format, settledAt, timeZone),
                  reason,
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            ),
          },
          { title: t('desk.order.operation.reference'), cell: ({ providerRef }) => providerRef },
        ]}
      />
    </section>
  );
}

export function Parts({ view: { detail }, format }: Props) {
  if (detail.parts.length === 0) return null;
  return (
    <section aria-labelledby="parts">
      <h2 id="parts">{t('desk.order.parts')}</h2>
      <Table
        caption={t('desk.order.parts')}
        rows={detail.parts}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('desk.order.part.place'),
            cell: ({ id, place }) => <a href={`/desk/fulfilment/${id}`}>{place}</a>,
          },
          { title: t('desk.order.part.state'), cell: ({ state }) => partState(state) },
          { title: t('desk.order.part.units'), figures: true, cell: ({ units }) => units },
          { title: t('desk.order.part.leaves'), cell: ({ leavesOn }) => dayName(format, leavesOn) },
          { title: t('desk.order.part.promised'), cell: ({ promisedTo }) => dayName(format, promisedTo) },
          {
            title: t('desk.order.part.tracking'),
            cell: ({ carrier, parcels }) =>
              carrier === null
                ? '–'
                : parcels.map(({ trackingNumber, trackingUrl }, index) => (
                    <span key={index}>
                      {index > 0 && ', '}
                      {trackingUrl ? (
                        <a href={trackingUrl} rel="noreferrer">
                          {trackingNumber}
                        </a>
                      ) : (
                        trackingNumber
                      )}
                    </span>
                  )),
          },
        ]}
      />
    </section>
  );
}

function partState(state: string): string {
  const key = `desk.fulfilment.state.${state}`;
  return isPlainKey(key) ? say(key) : state;
}

export function Credits({ view: { order, detail }, format }: Props) {
  if (detail.credits.length === 0) return null;
  return (
    <section aria-labelledby="credits">
      <h2 id="credits">{t('desk.order.credits')}</h2>
      <Table
        caption={t('desk.order.credits')}
        rows={detail.credits}
        rowKey={({ kind, name }) => `${kind} ${name}`}
        columns={[
          { title: t('desk.order.credit.who'), cell: ({ name }) => name ?? t('desk.order.credit.nobody') },
          { title: t('desk.order.credit.kind'), cell: ({ kind }) => say(`desk.order.credit.${kind}`) },
          {
            title: t('desk.order.credit.amount'),
            figures: true,
            cell: ({ amountMinor }) => format.money(amountMinor, order.currency),
          },
        ]}
      />
    </section>
  );
}
