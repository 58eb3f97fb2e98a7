import type { FulfilmentOrder } from '#modules/fulfilment/index.ts';
import type { VariantName } from '#read/stock-list.ts';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';
import { momentName } from './figures.tsx';

interface Props {
  part: FulfilmentOrder;
  names: ReadonlyMap<string, VariantName>;
  format: Format;
  timeZone: string;
}

/** All that happened to a fulfilment order, in its order. */
export function Happened({ part, names, format, timeZone }: Props) {
  const steps = part.steps.map(({ id, state, takenAt, note }) => ({
    id,
    at: takenAt,
    what: say(`desk.fulfilment.state.${state}`),
    note,
  }));
  const backs = part.rejections.flatMap(({ id, rejectedAt, note, lines }) =>
    lines.map(({ orderLineId, variantId, quantity: units, reason }) => ({
      id: `${id} ${orderLineId}`,
      at: rejectedAt,
      what: t('desk.fulfilment.step.gave_back', {
        units,
        sku: names.get(variantId)?.sku ?? '',
        reason: say(`desk.fulfilment.reason.${reason}`),
      }),
      note,
    })),
  );
  return (
    <section class="panel" aria-labelledby="steps">
      <h2 id="steps">{t('desk.fulfilment.steps')}</h2>
      <Table
        caption={t('desk.fulfilment.steps')}
        rows={[...backs, ...steps].sort((a, b) => a.at.getTime() - b.at.getTime())}
        rowKey={({ id }) => id}
        columns={[
          { title: t('desk.fulfilment.step'), cell: ({ what }) => what },
          { title: t('desk.fulfilment.step.when'), cell: ({ at }) => momentName(format, at, timeZone) },
          { title: t('desk.fulfilment.step.note'), cell: ({ note }) => note },
        ]}
      />
    </section>
  );
}
