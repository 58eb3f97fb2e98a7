import type { ArrivingPart } from '#read/arriving.ts';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayName, momentName } from './figures.tsx';

interface Props {
  parts: readonly ArrivingPart[];
  format: Format;
  timeZone: string;
}

/** What is on its way to a store whose buyers collect it there: the store receives it on the order's page. */
export function Arriving({ parts, format, timeZone }: Props) {
  return (
    <section class="panel" aria-labelledby="arriving">
      <h2 id="arriving">{t('desk.fulfilment.arriving')}</h2>
      <p class="soft">{t('desk.fulfilment.arriving.lead')}</p>
      <Table
        caption={t('desk.fulfilment.arriving')}
        rows={parts}
        rowKey={({ id }) => id}
        columns={[
          {
            title: t('desk.fulfilment.order'),
            cell: ({ id, orderNumber }) => <a href={`/desk/fulfilment/${id}`}>{orderNumber}</a>,
          },
          { title: t('desk.fulfilment.arriving.store'), cell: ({ storeName }) => storeName },
          { title: t('desk.fulfilment.arriving.from'), cell: ({ fromName }) => fromName },
          { title: t('desk.fulfilment.units'), figures: true, cell: ({ units }) => format.number(units) },
          {
            title: t('desk.fulfilment.tracking'),
            cell: ({ trackingNumbers }) => trackingNumbers.join(', ') || '–',
          },
          {
            title: t('desk.fulfilment.arriving.sent'),
            cell: ({ shippedAt }) => momentName(format, shippedAt, timeZone),
          },
          { title: t('desk.fulfilment.due'), cell: ({ promisedTo }) => dayName(format, promisedTo) },
        ]}
      />
    </section>
  );
}
