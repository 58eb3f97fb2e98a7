import type { Incoming } from '#modules/inventory/index.ts';
import type { StockSums } from '#read/stock-list.ts';
import type { Column } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { dayTick } from './figures.tsx';

/** In the order in which a reader takes one from the other. */
const BALANCES = [
  'onHand',
  'reserved',
  'allocated',
  'safety',
  'available',
  'short',
  'damaged',
] as const satisfies (keyof StockSums)[];

/** What somebody should act on stands out, and not by its colour alone; what is nothing steps back. */
function balanceCell(name: keyof StockSums, text: string, value: number) {
  const stands = name === 'short' ? value > 0 : name === 'available' && value === 0;
  if (stands) return <strong class={`stock-${name}`}>{text}</strong>;
  return value === 0 ? <span class="soft">{text}</span> : text;
}

/** One level, or the sum of several. */
type Level = Record<(typeof BALANCES)[number] | 'valueMinor', number>;

interface LevelsView<Row extends Level> {
  format: Format;
  currency: string;
  sums: Level;
  incomingOf: (row: Row) => readonly Incoming[];
}

/** What every table of levels shows of each: its balances, what is on its way, what it cost. */
export const levelColumns = <Row extends Level>({
  format,
  currency,
  sums,
  incomingOf,
}: LevelsView<Row>): Column<Row>[] => [
  ...BALANCES.map((name) => ({
    title: t(`desk.stock.balance.${name}`),
    hint: t(`desk.stock.balance.${name}.hint`),
    figures: true,
    cell: (row: Row) => balanceCell(name, format.number(row[name]), row[name]),
    total: format.number(sums[name]),
  })),
  { title: t('desk.stock.incoming'), cell: (row) => incomingText(format, incomingOf(row)) },
  {
    title: t('desk.stock.cost'),
    hint: t('desk.stock.cost.hint'),
    figures: true,
    cell: ({ valueMinor, onHand }) => averageCost(format, currency, valueMinor, onHand),
  },
  {
    title: t('desk.stock.value'),
    figures: true,
    cell: ({ valueMinor }) => format.money(valueMinor, currency),
    total: format.money(sums.valueMinor, currency),
  },
];

/** "12 on 1 Dec, 5 on 3 Dec" */
const incomingText = (format: Format, incoming: readonly Incoming[]) =>
  incoming
    .map(({ quantity, expectedOn }) =>
      t('desk.stock.incoming.on', { quantity, day: dayTick(format, expectedOn, false) }),
    )
    .join(', ');

/** What a unit costs on average; nothing where there is none. */
const averageCost = (format: Format, currency: string, valueMinor: number, onHand: number) =>
  onHand > 0 ? format.money(valueMinor / onHand, currency) : '–';

export const sumOfLevels = (levels: readonly Level[]): Level =>
  Object.fromEntries(
    [...BALANCES, 'valueMinor' as const].map((name) => [
      name,
      levels.reduce((sum, level) => sum + level[name], 0),
    ]),
  ) as Level;
