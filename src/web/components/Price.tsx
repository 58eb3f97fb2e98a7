import { t } from '../messages.ts';
import type { Format } from '../format.ts';

interface Props {
  price: { amountMinor: number; compareAtMinor: number | null; currency: string; isFrom?: boolean } | null;
  format: Format;
  /** What was asked for, where that is not the marketplace's own currency. */
  beside?: string | undefined;
}

export function Price({ price, format, beside }: Props) {
  if (!price) {
    const words = beside === undefined ? t('price.none') : t('price.not_in', { currency: beside });
    return <span class="price soft">{words}</span>;
  }
  const { amountMinor, compareAtMinor, currency, isFrom } = price;
  const now = format.money(amountMinor, currency);
  return (
    <span class="price">
      <span class={compareAtMinor ? 'now lower' : 'now'}>
        {isFrom ? t('price.from', { price: now }) : now}
      </span>
      {compareAtMinor && (
        <s>
          <span class="visually-hidden">{t('price.before')} </span>
          {format.money(compareAtMinor, currency)}
        </s>
      )}
    </span>
  );
}
