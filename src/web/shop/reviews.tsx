import type { Rating } from '#read/product-page.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

/** How the stars fall: a bar each, labelled with its figure. */
export function RatingBars({ rating, format }: { rating: Rating; format: Format }) {
  const most = Math.max(1, ...rating.stars);
  return (
    <dl class="rating-bars">
      {rating.stars
        .map((count, index) => ({ count, star: index + 1 }))
        .toReversed()
        .map(({ count, star }) => (
          <div key={star}>
            <dt>{t('reviews.stars', { count: star })}</dt>
            <dd>
              <span class="bar" style={{ inlineSize: `${Math.round((count / most) * 100)}%` }} />
              <span class="figures">{format.number(count)}</span>
            </dd>
          </div>
        ))}
    </dl>
  );
}
