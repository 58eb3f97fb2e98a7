import type { CartLine } from '#modules/orders/index.ts';
import type { Later } from '#modules/inventory/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

const DAY_MS = 86_400_000;

/** "Pre-order, ships from Tue 12 January", "Back-order, ships in about 10 days" */
export function waitsText(
  { kind, on }: { kind: Later['kind']; on: string },
  now: Date,
  format: Format,
): string {
  if (kind === 'pre_order') return t('buy.pre_order', { day: format.day(on) });
  const today = now.toISOString().slice(0, 10);
  const days = Math.round((Date.parse(on) - Date.parse(today)) / DAY_MS);
  return days <= 1 ? t('buy.back_order.one') : t('buy.back_order', { days });
}

/** What a cart says of a line that is not all here. */
export const lineWaitsText = (
  { quantity, waits }: CartLine,
  now: Date,
  format: Format,
): string | undefined => {
  if (!waits) return undefined;
  const how = waitsText(waits, now, format);
  return waits.units === quantity ? how : t('cart.waits', { count: waits.units, how });
};
