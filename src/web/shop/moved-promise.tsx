import type { FulfilmentOrderSummary } from '#modules/fulfilment/index.ts';
import type { DeliveryWindow } from '#modules/routing/index.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { arrivalText } from './arrival.ts';

interface Props {
  parts: readonly FulfilmentOrderSummary[];
  /** What the order said when it was placed. */
  first: DeliveryWindow;
  isCollected: boolean;
  format: Format;
}

/** When an order comes: as it was promised, or, where goods of it come on another day, both. */
export function MovedPromise({ parts, first, isCollected, format }: Props) {
  const text = (window: DeliveryWindow) =>
    isCollected
      ? t('order.collect.from', { day: format.day(window.promisedFrom) })
      : arrivalText(window, format);
  const moved = movedWindow(parts);
  if (!moved) return <p>{text(first)}</p>;
  return (
    <>
      <p>
        {t('order.moved')} <strong>{text(moved)}</strong>
      </p>
      <p class="soft">{t('order.moved.first', { to: text(first) })}</p>
    </>
  );
}

/** From the first to the last day of the parts that were promised anew; undefined where none was. */
function movedWindow(parts: readonly FulfilmentOrderSummary[]): DeliveryWindow | undefined {
  const moved = parts.filter(({ movedAt }) => movedAt);
  const from = moved.map(({ promisedFrom }) => promisedFrom).sort()[0];
  const to = moved
    .map(({ promisedTo }) => promisedTo)
    .sort()
    .at(-1);
  return from === undefined || to === undefined ? undefined : { promisedFrom: from, promisedTo: to };
}
