import type { SalesAnswer } from '#modules/insight/index.ts';
import { t } from '../messages.ts';
import { hasFigures, type Teller } from './figures.tsx';
import type { View } from './market-query.ts';

/** The days that are shown, and those they are compared with. */
export function periodText(
  { shown, compare }: Pick<View, 'shown' | 'compare'>,
  { periodBefore, today, total }: SalesAnswer,
  { format }: Teller,
): string {
  const words = ({ from, to }: { from: string; to: string }) =>
    from === to ? format.date(from) : t('desk.period', { from: format.date(from), to: format.date(to) });
  const days = words(shown);
  if (!periodBefore || !hasFigures(total.before)) return days;
  const told = { days, before: words(periodBefore) };
  return today && compare !== 'dates' ? t('desk.compared_so_far', told) : t('desk.compared', told);
}
