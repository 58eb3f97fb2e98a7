import { t } from '../messages.ts';
import type { Format } from '../format.ts';
import { SumList } from './order-tables.tsx';
import type { OrderView } from './order-view.ts';

/** What the order brings once its goods are paid for, and how much of that is known. */
export function Margin({ view: { order, margin }, format }: { view: OrderView; format: Format }) {
  if (!margin || margin.units === 0) return null;
  const { netMinor, costMinor, spoiltMinor, units, costedUnits } = margin;
  const rows: [string, number][] = [
    [t('desk.order.margin.net'), netMinor],
    [t('desk.order.margin.cost'), -costMinor],
    [t('desk.order.margin.cm1'), netMinor - costMinor],
    ...(spoiltMinor === 0 ? [] : [[t('desk.order.margin.spoilt'), -spoiltMinor] as [string, number]]),
  ];
  return (
    <section aria-labelledby="margin">
      <h2 id="margin">{t('desk.order.margin')}</h2>
      <SumList rows={rows} currency={order.currency} format={format} />
      <p class="hint">
        {t('desk.order.margin.known', { known: format.number(costedUnits), units: format.number(units) })}
      </p>
    </section>
  );
}
