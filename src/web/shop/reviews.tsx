import type { Rating } from '#read/product-page.ts';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';

interface Props {
  slug: string;
  rating: Rating;
  format: Format;
}

/** How the stars fall: a bar each, labelled with its figure, leading to the reviews that gave so many. */
export function RatingBars({ slug, rating, format }: Props) {
  const most = Math.max(1, ...rating.stars);
  return (
    <ul class="rating-bars">
      {rating.stars
        .map((count, index) => ({ count, star: index + 1 }))
        .toReversed()
        .map(({ count, star }) => (
          <li key={star}>
            <a href={`/p/${slug}?stars=${star}#reviews`}>{t('reviews.stars', { count: star })}</a>
            <span class="bar" style={{ inlineSize: `${Math.round((count / most) * 100)}%` }} />
            <span class="figures">{format.number(count)}</span>
          </li>
        ))}
    </ul>
  );
}
