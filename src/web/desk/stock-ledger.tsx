import type { StockLevel, StockMovement } from '#modules/inventory/index.ts';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Field, Select } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { momentName } from './figures.tsx';
import { levelColumns, sumOfLevels } from './stock-balances.tsx';
import { addressOf } from './stock-query.ts';
import { placeName, placeOptions } from './stock-shell.tsx';
import type { VariantView } from './stock-variant-view.ts';

interface Props {
  page: Page;
  view: VariantView;
}

const sumOf = <Row,>(rows: readonly Row[], value: (row: Row) => number) =>
  rows.reduce((sum, row) => sum + value(row), 0);

/** Where it is now. */
export function Places({ page: { format }, view }: Props) {
  const { levels, incoming, places, currency } = view;
  if (levels.length === 0)
    return <EmptyState title={t('desk.stock.nowhere.title')} text={t('desk.stock.nowhere.text')} />;
  return (
    <Table
      caption={t('desk.stock.now')}
      rows={levels}
      rowKey={({ locationId }) => locationId}
      columns={[
        {
          title: t('desk.stock.location'),
          cell: ({ locationId }) => placeName(places, locationId),
          total: t('desk.stock.all'),
        },
        ...levelColumns<StockLevel>({
          format,
          currency,
          sums: sumOfLevels(levels),
          incomingOf: ({ locationId }) => incoming.filter((each) => each.locationId === locationId),
        }),
      ]}
    />
  );
}

const POSITIONS = ['onHand', 'reserved', 'allocated', 'damaged'] as const;

/** What it was at a moment that somebody asks for. */
export function Position({ page: { format }, view }: Props) {
  const { variant, at, position = [], places, currency, query, timeZone } = view;
  const when = at && momentName(format, at, timeZone, { year: 'numeric' });
  return (
    <section class="panel" aria-labelledby="past">
      <h2 id="past">{t('desk.stock.past')}</h2>
      <form action={`/desk/stock/${variant.id}#past`} class="audit-filters">
        <Field
          name="at"
          type="datetime-local"
          label={t('desk.stock.past.at')}
          hint={t('desk.stock.past.hint', { zone: timeZone })}
          value={query.at}
          error={query.at && !at ? t('desk.stock.past.wrong') : undefined}
        />
        {query.place && <input type="hidden" name="place" value={query.place} />}
        <div class="actions">
          <Button look="plain">{t('desk.filters.show')}</Button>
        </div>
      </form>
      {when && position.length === 0 && <p>{t('desk.stock.past.none', { when })}</p>}
      {when && position.length > 0 && (
        <Table
          caption={t('desk.stock.past.caption', { when })}
          rows={position}
          rowKey={({ locationId }) => locationId}
          columns={[
            {
              title: t('desk.stock.location'),
              cell: ({ locationId }) => placeName(places, locationId),
              total: t('desk.stock.all'),
            },
            ...POSITIONS.map((name) => ({
              title: t(`desk.stock.balance.${name}`),
              figures: true,
              cell: (row: (typeof position)[number]) => format.number(row[name]),
              total: format.number(sumOf(position, (row) => row[name])),
            })),
            {
              title: t('desk.stock.value'),
              figures: true,
              cell: ({ valueMinor }) => format.money(valueMinor, currency),
              total: format.money(
                sumOf(position, ({ valueMinor }) => valueMinor),
                currency,
              ),
            },
          ]}
        />
      )}
    </section>
  );
}

/** Every change, the newest first. */
export function Ledger({ page: about, view }: Props) {
  const { variant, movements, cursor, places, query } = view;
  const address = `/desk/stock/${variant.id}`;
  const kept = { place: query.place, at: query.at };
  return (
    <section class="panel" aria-labelledby="ledger">
      <h2 id="ledger">{t('desk.stock.ledger')}</h2>
      <form action={`${address}#ledger`} class="audit-filters" aria-label={t('desk.filters')}>
        <Select
          name="place"
          label={t('desk.stock.location')}
          value={query.place}
          options={placeOptions(places, t('desk.stock.location.all'))}
        />
        {query.at && <input type="hidden" name="at" value={query.at} />}
        <div class="actions">
          <Button look="plain">{t('desk.filters.show')}</Button>
        </div>
      </form>
      {movements.length === 0 ? (
        <p>{t('desk.stock.ledger.empty')}</p>
      ) : (
        <Movements page={about} view={view} />
      )}
      <nav class="actions stock-pages" aria-label={t('list.pages')}>
        {query.before > 0 && <a href={`${addressOf(address, kept)}#ledger`}>{t('desk.audit.newest')}</a>}
        {cursor !== null && (
          <a href={`${addressOf(address, { ...kept, before: cursor })}#ledger`} rel="next">
            {t('desk.audit.older')}
          </a>
        )}
      </nav>
    </section>
  );
}

const DELTAS = [
  ['onHand', 'onHandDelta'],
  ['reserved', 'reservedDelta'],
  ['allocated', 'allocatedDelta'],
  ['damaged', 'damagedDelta'],
] as const satisfies [string, keyof StockMovement][];

function Movements({ page: { format }, view }: Props) {
  const { movements, places, names, currency, timeZone } = view;
  return (
    <Table
      caption={t('desk.stock.ledger')}
      rows={movements}
      rowKey={({ id }) => String(id)}
      columns={[
        {
          title: t('desk.audit.when'),
          cell: ({ movedAt }) => momentName(format, movedAt, timeZone, { year: 'numeric' }),
        },
        { title: t('desk.stock.what'), cell: ({ kind }) => t(`desk.stock.kind.${kind}`) },
        { title: t('desk.stock.location'), cell: ({ locationId }) => placeName(places, locationId) },
        ...DELTAS.map(([balance, delta]) => ({
          title: t(`desk.stock.balance.${balance}`),
          figures: true,
          cell: (movement: StockMovement) => signed(format, movement[delta]),
        })),
        {
          title: t('desk.stock.value'),
          figures: true,
          cell: ({ valueDeltaMinor: value }) =>
            value === 0 ? '' : `${value > 0 ? '+' : '−'}${format.money(Math.abs(value), currency)}`,
        },
        { title: t('desk.stock.reason'), cell: ({ reason }) => reasonName(reason) },
        {
          title: t('desk.audit.who'),
          cell: ({ actorId }) =>
            actorId === null ? t('desk.audit.system') : (names.get(actorId) ?? t('desk.stock.no_name')),
        },
        {
          title: t('desk.stock.cause'),
          cell: ({ causeId }) => <code title={causeId}>{causeId.slice(-6)}</code>,
        },
      ]}
    />
  );
}

const signed = (format: Format, units: number) =>
  units === 0 ? '' : `${units > 0 ? '+' : '−'}${format.number(Math.abs(units))}`;

/** The ledger's reasons are a list of ours, and whatever another program wrote. */
function reasonName(reason: string): string {
  switch (reason) {
    case 'found':
    case 'lost':
    case 'theft':
    case 'sample':
    case 'expired':
    case 'own_use':
    case 'booking_error':
    case 'feed':
      return t(`desk.stock.reason.${reason}`);
    default:
      return reason;
  }
}
