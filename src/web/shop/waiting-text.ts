import { comesOn, dayOf, type Later } from '#modules/inventory/index.ts';
import type { CartLine } from '#modules/orders/index.ts';
import { daysBetween } from '#platform/days.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

/** "Pre-order, ships from Tue 12 January", "Back-order, ships in about 10 days" */
function waitsText(
  { kind, on, inDays }: { kind: Later['kind']; on: string; inDays: number },
  format: Format,
): string {
  if (kind === 'pre_order') return t('buy.pre_order', { day: format.day(on) });
  return inDays <= 1 ? t('buy.back_order.one') : t('buy.back_order', { days: inDays });
}

/** What is said of a thing of which no unit is free. */
export function laterText(later: Later, now: Date, format: Format): string {
  const on = comesOn(later, 1);
  return waitsText({ kind: later.kind, on, inDays: daysBetween(dayOf(now), on) }, format);
}

/** The same where there is little room: "Pre-order, from Tue 12 January" */
export const comingText = (later: Later, format: Format): string =>
  t(`card.${later.kind}`, { day: format.day(comesOn(later, 1)) });

/** What a cart says of a line that is not all here. */
export function lineWaitsText({ quantity, waits }: CartLine, format: Format): string | undefined {
  if (!waits) return undefined;
  const how = waitsText(waits, format);
  return waits.units === quantity ? how : t('cart.waits', { count: waits.units, how });
}
