import { type Rating, ratingOf, type Review, reviewsOf } from '#modules/reviews/index.ts';
import type { Db } from '#platform/db.ts';
import { Stars } from '../components/Stars.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { Words } from '../social/words.tsx';

const SHOWN = 3;

/** The whole and the latest of what people say of a product, whatever the stars. */
export interface SaidOfIt {
  rating: Rating;
  reviews: Review[];
}

export async function saidOfIt(reads: Db, viewer: string | undefined, productId: string): Promise<SaidOfIt> {
  const [rating, { reviews }] = await Promise.all([
    ratingOf(reads, productId),
    reviewsOf(reads, viewer, productId, { limit: SHOWN, sort: 'newest' }),
  ]);
  return { rating, reviews };
}

interface Props {
  said: SaidOfIt;
  /** Of the product's page; null where there is none. */
  slug: string | null;
  format: Format;
  /** Shown in a frame: the way to the rest is another window. */
  isFramed?: boolean;
}

/** As it is shown beside a product elsewhere than on its page: at the till, and on other sites. */
export function LatestSaid({ said: { rating, reviews }, slug, format, isFramed = false }: Props) {
  if (rating.average === null) return <p class="soft">{t('latest.none')}</p>;
  return (
    <section class="latest-said" aria-label={t('said.latest')}>
      <p class="review-mean">
        <strong>{format.number(rating.average, 1)}</strong>
        <Stars rating={rating.average} format={format} />
        {slug !== null && (
          <a href={`/p/${slug}#reviews`} {...(isFramed && { target: '_blank', rel: 'noopener' })}>
            {t('said.all', { count: rating.count })}
          </a>
        )}
      </p>
      <ul>
        {reviews.map((review) => (
          <li key={review.id}>
            <Stars rating={review.rating} format={format} />
            {review.title && <strong>{review.title}</strong>}
            {review.body && <Words text={review.body} />}
            <p class="soft small">
              {review.authorName || t('words.somebody')}
              {', '}
              <time datetime={review.writtenAt.toISOString()}>{format.date(review.writtenAt)}</time>
              {review.isVerified && ` · ${t('reviews.verified')}`}
            </p>
            {review.incentive && <p class="small">{t(`words.incentive.${review.incentive}`)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
