import { textsOf } from '#platform/texts.ts';
import { formatFor } from '../../format.ts';
import { tillSell } from '../../messages/en/till-sell.ts';

/** The selling page's own texts: the browser gets no others. */
export const t = textsOf(tillSell);

/** As the browser writes money and days. */
export const format = formatFor(navigator.language);

/** "14:05", and the day before it when that was another. */
export function moment(at: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(format.locale, {
    timeStyle: 'short',
    ...(!isToday && { dateStyle: 'medium' as const }),
  });
}
