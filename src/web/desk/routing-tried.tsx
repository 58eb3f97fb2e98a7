import type { Outcome } from '#modules/routing/index.ts';
import type { DryRun } from '#read/dry-run.ts';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

interface Props {
  tried: DryRun;
  days: number;
  currency: string;
  format: Format;
}

/** What the rules in the form would have made of the last month, beside today's. */
export function Tried({ tried, days, currency, format }: Props) {
  const share = (value: number | null) => (value === null ? '–' : format.percent(value));
  const rows: { name: string; of: (outcome: Outcome) => string }[] = [
    { name: t('desk.routing.tried.fill'), of: ({ fillRate }) => share(fillRate) },
    { name: t('desk.routing.tried.on_time'), of: ({ onTime }) => share(onTime) },
    { name: t('desk.routing.tried.cost'), of: ({ costMinor }) => format.money(costMinor, currency) },
    { name: t('desk.routing.tried.split'), of: ({ splitShare }) => share(splitShare) },
    { name: t('desk.routing.tried.unfillable'), of: ({ unfillable }) => format.number(unfillable) },
    { name: t('desk.routing.tried.parcels'), of: ({ parcels }) => format.number(parcels) },
  ];
  return (
    <section class="panel" aria-labelledby="tried" role="status">
      <h2 id="tried">{t('desk.routing.tried')}</h2>
      <p class="soft">
        {t('desk.routing.tried.lead', { days: String(days), orders: format.number(tried.today.orders) })}
      </p>
      {tried.isCut && <p>{t('desk.routing.tried.cut')}</p>}
      <Table
        caption={t('desk.routing.tried')}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { title: t('desk.routing.tried.what'), cell: ({ name }) => name },
          { title: t('desk.routing.tried.today'), figures: true, cell: ({ of }) => of(tried.today) },
          { title: t('desk.routing.tried.these'), figures: true, cell: ({ of }) => of(tried.tried) },
        ]}
      />
    </section>
  );
}
