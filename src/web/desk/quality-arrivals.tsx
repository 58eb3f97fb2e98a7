import { Type } from 'typebox';
import { ARRIVALS_BY, type Arrivals, type ArrivalsBy, type Feed } from '#modules/quality/index.ts';
import { exactly } from '#platform/schema.ts';
import { Button } from '../components/Button.tsx';
import { Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayName, dayTick, momentName } from './figures.tsx';
import { LineChart } from './line-chart.tsx';

export const ArrivalsQuery = exactly({
  feed: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  by: Type.Optional(Type.Enum([...ARRIVALS_BY])),
});

export interface ArrivalsView {
  feed: string;
  by: ArrivalsBy;
  points: readonly Arrivals[];
  timeZone: string;
}

interface Props {
  view: ArrivalsView;
  /** Those that may be chosen, with their names. */
  offered: readonly (Pick<Feed, 'id'> & { name: string })[];
  format: Format;
}

/** What one feed brought, hour by hour or day by day, beside its own usual band; the same as a table. */
export function ArrivalsPanel({ view, offered, format }: Props) {
  const { feed, by, points } = view;
  const name = offered.find(({ id }) => id === feed)?.name ?? '';
  const isKnown = points.some(({ value }) => value !== null);
  return (
    <section class="panel" aria-labelledby="arrivals">
      <h2 id="arrivals">{t('desk.quality.chart')}</h2>
      <form action="/desk/quality#arrivals" class="filter-row">
        <Select
          name="feed"
          label={t('desk.quality.feed')}
          value={feed}
          options={offered.map((each) => ({ value: each.id, label: each.name }))}
        />
        <Select
          name="by"
          label={t('desk.quality.chart.by')}
          value={by}
          options={ARRIVALS_BY.map((each) => ({ value: each, label: t(`desk.quality.chart.by.${each}`) }))}
        />
        <Button look="plain">{t('desk.quality.chart.show')}</Button>
      </form>
      {isKnown ? (
        <>
          <p class="hint">{t(`desk.quality.chart.band.${by}`)}</p>
          <Drawn view={view} name={name} format={format} />
          <details>
            <summary>{t('desk.quality.chart.table')}</summary>
            <AsTable view={view} name={name} format={format} />
          </details>
        </>
      ) : (
        <p class="soft">{t('desk.quality.chart.none')}</p>
      )}
    </section>
  );
}

const nameOf = ({ by, timeZone }: ArrivalsView, at: string, format: Format) =>
  by === 'day' ? dayName(format, at) : momentName(format, new Date(at), timeZone, { weekday: 'short' });

function usualText({ usual }: Arrivals, format: Format): string {
  if (!usual) return t('desk.quality.chart.learning');
  const { low, high } = usual;
  return t('desk.quality.chart.usual', { low: format.number(low, 0), high: format.number(high, 0) });
}

const valueText = ({ value }: Arrivals, format: Format) =>
  value === null ? t('desk.quality.nothing') : format.number(value, 0);

function Drawn({ view, name, format }: { view: ArrivalsView; name: string; format: Format }) {
  const tick = (at: string) =>
    view.by === 'day'
      ? dayTick(format, at, false)
      : momentName(format, new Date(at), view.timeZone, {
          weekday: 'short',
          day: undefined,
          month: undefined,
        });
  return (
    <LineChart
      label={t('desk.quality.chart.label', { feed: name })}
      points={view.points.map((point) => ({
        day: point.at,
        value: point.value,
        before: point.usual?.usual,
        low: point.usual?.low,
        high: point.usual?.high,
        title: t('desk.quality.chart.point', {
          at: nameOf(view, point.at, format),
          value: valueText(point, format),
          usual: usualText(point, format),
        }),
      }))}
      names={{ value: t('desk.quality.chart.now'), before: t('desk.quality.usual') }}
      tick={(value) => format.number(value, 0)}
      dayTick={tick}
    />
  );
}

/** The newest first. */
function AsTable({ view, name, format }: { view: ArrivalsView; name: string; format: Format }) {
  return (
    <Table
      caption={t('desk.quality.chart.label', { feed: name })}
      rows={view.points.toReversed()}
      rowKey={({ at }) => at}
      columns={[
        { title: t('desk.quality.chart.at'), cell: ({ at }) => nameOf(view, at, format) },
        { title: t('desk.quality.arrivals'), figures: true, cell: (point) => valueText(point, format) },
        {
          title: t('desk.quality.usual'),
          figures: true,
          cell: ({ usual }) => (usual ? format.number(usual.usual, 0) : t('desk.quality.nothing')),
        },
        { title: t('desk.quality.chart.band'), figures: true, cell: (point) => usualText(point, format) },
      ]}
    />
  );
}
