import type { Incoming } from '#modules/inventory/index.ts';
import type { StockSums } from '#read/stock-list.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

/** In the order in which a reader takes one from the other. */
export const BALANCES = [
  'onHand',
  'reserved',
  'allocated',
  'safety',
  'available',
  'short',
  'damaged',
] as const satisfies (keyof StockSums)[];

/** What somebody should act on stands out, and not by its colour alone; what is nothing steps back. */
export function balanceCell(name: keyof StockSums, text: string, value: number) {
  const stands = name === 'short' ? value > 0 : name === 'available' && value === 0;
  if (stands) return <strong class={`stock-${name}`}>{text}</strong>;
  return value === 0 ? <span class="soft">{text}</span> : text;
}

/** "12 on 1 Dec, 5 on 3 Dec" */
export const incomingText = (incoming: readonly Incoming[], dayName: (day: string) => string) =>
  incoming
    .map(({ quantity, expectedOn }) => t('desk.stock.incoming.on', { quantity, day: dayName(expectedOn) }))
    .join(', ');

/** What a unit costs on average; nothing where there is none. */
export const averageCost = (format: Format, currency: string, valueMinor: number, onHand: number) =>
  onHand > 0 ? format.money(valueMinor / onHand, currency) : '–';
