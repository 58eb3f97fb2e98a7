import { t } from '../messages.ts';
import type { Format } from '../format.ts';
import { SumList } from './order-tables.tsx';
import type { OrderView } from './order-view.ts';

/** What the order brings once its goods and serving it are paid for, and how much of that is known. */
export function Margin({ view: { order, margin }, format }: { view: OrderView; format: Format }) {
  if (!margin || margin.units === 0) return null;
  const { netMinor, costMinor, spoiltMinor, units, costedUnits, served } = margin;
  const servedMinor = served.reduce((sum, { minor }) => sum + minor, spoiltMinor);
  const rows: [string, number][] = [
    [t('desk.order.margin.net'), netMinor],
    [t('desk.order.margin.cost'), -costMinor],
    [t('desk.order.margin.cm1'), netMinor - costMinor],
    ...served.map(({ kind, minor }): [string, number] => [t(`desk.cost_kind.${kind}`), -minor]),
    ...(spoiltMinor === 0 ? [] : [[t('desk.order.margin.spoilt'), -spoiltMinor] as [string, number]]),
    ...(served.length === 0 && spoiltMinor === 0
      ? []
      : [[t('desk.order.margin.cm2'), netMinor - costMinor - servedMinor] as [string, number]]),
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
