import { t } from '../messages.ts';
import type { Format } from '../format.ts';
import { renderedOnce } from '../rendered.tsx';

interface Props {
  rating: number;
  format: Format;
  /** How many reviews it is the mean of. */
  count?: number;
}

/** Five stars, filled by the style sheet: drawn here they would be a third of a page with many reviews. */
export function Stars({ rating, format, count }: Props) {
  const value = format.number(rating, 1);
  return (
    <span class="stars">
      <Row value={value} halves={Math.round(rating * 2)} />
      {count !== undefined && <span>{t('stars.count', { rating: value, count })}</span>}
    </span>
  );
}

const Row = renderedOnce(({ value, halves }: { value: string; halves: number }) => (
  <i role="img" aria-label={t('stars.label', { rating: value })} style={{ '--rating': halves / 2 }} />
));
