import { type ProductDetail, productInShop } from '#modules/catalog/index.ts';
import {
  type Aspect,
  aspectsOf,
  countOf,
  dimensionsOf,
  type Question,
  questionsOf,
  type Review,
  type ReviewFilter,
  reviewsOf,
  type Sort,
  SORTS,
  type Spoken,
  spokenFor,
  traitsOf,
} from '#modules/reviews/index.ts';
import type { Db } from '#platform/db.ts';
import type { Rating } from '#read/product-page.ts';
import { ButtonLink } from '../components/Button.tsx';
import { Stars } from '../components/Stars.tsx';
import type { JsonLdObject } from '../json-ld.tsx';
import { t } from '../messages.ts';
import type { Page } from '../page.ts';
import { officesOf } from './answer-box.tsx';
import { Questions } from './questions.tsx';
import { ReviewList } from './review-list.tsx';

const REVIEWS_SHOWN = 8;
const QUESTIONS_SHOWN = 4;
const ANSWERS_SHOWN = 2;
const FACTS_MAX = 3;
const NO_TRAITS: Record<string, string> = {};
const CURSOR = /^-?[0-9.e-]{1,30}_[0-9]{1,18}_[0-9a-f-]{36}$/;
const QUESTION_CURSOR = /^[0-9]{1,18}_[0-9a-f-]{36}$/;

/** What people said of a product, as somebody sees it who asked for it in one way. */
export interface Said {
  asked: Asked;
  aspects: Aspect[];
  dimensions: Awaited<ReturnType<typeof dimensionsOf>>;
  /** Of what was asked for; undefined where nothing is left out. */
  found: { count: number; average: number | null } | undefined;
  reviews: Review[];
  cursor: string | null;
  /** Of people like the viewer. */
  alike: { count: number; average: number | null; traits: Record<string, string> } | undefined;
  questions: Question[];
  questionCursor: string | null;
  /** The brands that the viewer speaks for, and the product's. */
  spoken: Spoken[];
  brandId: string | null | undefined;
}

interface Asked extends ReviewFilter {
  sort: Sort;
}

export async function saidOf(
  reads: Db,
  viewer: string | undefined,
  product: Pick<ProductDetail, 'id'>,
  query: unknown,
  now: Date,
): Promise<Said> {
  const { asked, cursor, questionCursor } = askedIn(query);
  const isFiltered = Boolean(asked.stars || asked.isVerified || asked.hasPhotos || asked.like);
  const [page, questions, dimensions, known, traits, found, spoken] = await Promise.all([
    reviewsOf(reads, viewer, product.id, { limit: REVIEWS_SHOWN, cursor, ...asked }),
    questionsOf(reads, viewer, product.id, {
      limit: QUESTIONS_SHOWN,
      answers: ANSWERS_SHOWN,
      cursor: questionCursor,
    }),
    dimensionsOf(reads, product.id),
    productInShop(reads, product),
    viewer === undefined ? NO_TRAITS : traitsOf(reads, viewer),
    isFiltered ? countOf(reads, viewer, product.id, asked) : undefined,
    viewer === undefined ? [] : spokenFor(reads, viewer, now),
  ]);
  const aspects = known ? await aspectsOf(reads, known) : [];
  const mine = Object.fromEntries(
    Object.entries(traits).filter(([code]) =>
      aspects.some((each) => each.kind === 'trait' && each.code === code),
    ),
  );
  const isKnown = Object.keys(mine).length > 0;
  const alike = isKnown ? await countOf(reads, viewer, product.id, { like: mine }) : undefined;
  return {
    asked,
    aspects,
    dimensions,
    found,
    ...page,
    alike: alike && { ...alike, traits: mine },
    questions: questions.questions,
    questionCursor: questions.cursor,
    spoken,
    brandId: known?.brandId,
  };
}

/** What the address asks for; what it asks in no way that we know is not asked. */
function askedIn(query: unknown): {
  asked: Asked;
  cursor: string | undefined;
  questionCursor: string | undefined;
} {
  const of = query as Record<string, string | string[] | undefined>;
  const one = (name: string) => [of[name] ?? []].flat()[0];
  const stars = Number(one('stars'));
  const pairs = [of['like'] ?? []]
    .flat()
    .slice(0, 20)
    .flatMap((each) => {
      const [code = '', value = ''] = each.split(':', 2);
      return value !== '' && value.length <= 60 && /^[a-z0-9_]{1,40}$/.test(code)
        ? [[code, value] as const]
        : [];
    });
  const after = one('after');
  const questionsAfter = one('questions');
  return {
    asked: {
      sort: SORTS.find((each) => each === one('sort')) ?? 'helpful',
      stars: Number.isInteger(stars) && stars >= 1 && stars <= 5 ? stars : undefined,
      isVerified: one('verified') === 'yes' || undefined,
      hasPhotos: one('photos') === 'yes' || undefined,
      like: pairs.length > 0 ? Object.fromEntries(pairs) : undefined,
    },
    cursor: after && CURSOR.test(after) ? after : undefined,
    questionCursor: questionsAfter && QUESTION_CURSOR.test(questionsAfter) ? questionsAfter : undefined,
  };
}

/** The address of the page that shows what is asked for. */
function hrefOf(slug: string, { sort, stars, isVerified, hasPhotos, like }: Asked, after?: string): string {
  const query = new URLSearchParams([
    ...(sort === 'helpful' ? [] : [['sort', sort]]),
    ...(stars === undefined ? [] : [['stars', String(stars)]]),
    ...(isVerified ? [['verified', 'yes']] : []),
    ...(hasPhotos ? [['photos', 'yes']] : []),
    ...Object.entries(like ?? {}).map(([code, value]) => ['like', `${code}:${value}`]),
    ...(after === undefined ? [] : [['after', after]]),
  ]).toString();
  return `/p/${slug}${query ? `?${query}` : ''}#reviews`;
}

/** Reviews for machines, the same that people see. */
export const wordFacts = (url: string, { reviews }: Said): JsonLdObject[] =>
  reviews.length === 0
    ? []
    : [
        {
          '@type': 'Product',
          '@id': url,
          review: reviews.slice(0, FACTS_MAX).map((review) => ({
            '@type': 'Review',
            author: { '@type': 'Person', name: review.authorName || t('words.somebody') },
            datePublished: review.writtenAt.toISOString().slice(0, 10),
            reviewRating: { '@type': 'Rating', ratingValue: review.rating },
            ...(review.title && { name: review.title }),
            reviewBody: review.body,
          })),
        },
      ];

interface Props {
  page: Page;
  product: Pick<ProductDetail, 'id' | 'slug' | 'title'>;
  rating: Rating | null;
  said: Said;
}

/** Reviews and questions: rendered for each viewer, since not everybody meets everybody. */
export function ProductWords({ page, product, rating, said }: Props) {
  const { asked, found, reviews, cursor } = said;
  const { format } = page;
  const isEmpty = rating === null && reviews.length === 0;
  return (
    <div class="wrap">
      <section class="section product-reviews" aria-labelledby="reviews">
        <div class="review-sums">
          <h2 id="reviews">{t('reviews.title')}</h2>
          {rating && <Sums page={page} product={product} rating={rating} said={said} />}
          <ButtonLink href={`/p/${product.slug}/review`} look="plain">
            {t('words.write')}
          </ButtonLink>
        </div>
        <div>
          {isEmpty ? <p class="soft">{t('words.none')}</p> : <Choices slug={product.slug} said={said} />}
          {found && (
            <p class="review-found">
              {found.count === 0
                ? t('words.found.none')
                : t('words.found', { count: found.count, mean: format.number(found.average ?? 0, 1) })}{' '}
              <a href={hrefOf(product.slug, { sort: asked.sort })}>{t('words.all')}</a>
            </p>
          )}
          <ReviewList
            page={page}
            reviews={reviews}
            aspects={said.aspects}
            offices={officesOf(page.viewer, said.spoken, said.brandId)}
          />
          {cursor && (
            <p>
              <a class="button plain" href={hrefOf(product.slug, asked, cursor)}>
                {t('words.older')}
              </a>
            </p>
          )}
        </div>
      </section>
      <Questions page={page} product={product} questions={said.questions} cursor={said.questionCursor} />
    </div>
  );
}

/** The whole of what people say; how the stars fall stands at the top of the page. */
function Sums({ page: { format }, product: { slug }, rating, said }: Props & { rating: Rating }) {
  const { asked, aspects, dimensions, alike } = said;
  const who = alike && Object.values(alike.traits).join(', ');
  return (
    <>
      <p class="review-mean">
        <strong>{format.number(rating.mean, 1)}</strong>
        <Stars rating={rating.mean} format={format} />
        <span class="soft">{t('reviews.count', { count: rating.count })}</span>
      </p>
      {dimensions.length > 0 && (
        <dl class="review-dimensions">
          {dimensions.flatMap(({ code, mean }) => {
            const aspect = aspects.find((each) => each.code === code && each.kind === 'dimension');
            return aspect
              ? [
                  <div key={code}>
                    <dt>{aspect.name}</dt>
                    <dd>
                      <i style={{ '--at': `${((mean - 1) / 4) * 100}%` }} aria-hidden="true" />
                      {t('words.mean', { mean: format.number(mean, 1) })}
                    </dd>
                  </div>,
                ]
              : [];
          })}
        </dl>
      )}
      {alike && alike.count > 0 && (
        <p class="review-alike">
          {t('words.like', {
            count: alike.count,
            who: who ?? '',
            mean: format.number(alike.average ?? 0, 1),
          })}{' '}
          <a href={hrefOf(slug, { sort: asked.sort, like: alike.traits })}>{t('words.like.see')}</a>
        </p>
      )}
    </>
  );
}

/** Order and filters, each a link; whom one is like, a form. */
function Choices({ slug, said: { asked, aspects } }: { slug: string; said: Said }) {
  const traits = aspects.filter(({ kind }) => kind === 'trait');
  const isOn = (on: boolean) => (on ? 'true' : undefined);
  return (
    <div class="review-choices">
      <nav aria-label={t('words.sort')}>
        {SORTS.map((sort) => (
          <a key={sort} href={hrefOf(slug, { ...asked, sort })} aria-current={isOn(asked.sort === sort)}>
            {t(`words.sort.${sort}`)}
          </a>
        ))}
      </nav>
      <nav aria-label={t('words.filter')}>
        <a
          href={hrefOf(slug, { ...asked, isVerified: !asked.isVerified })}
          aria-current={isOn(asked.isVerified === true)}
        >
          {t('words.filter.verified')}
        </a>
        <a
          href={hrefOf(slug, { ...asked, hasPhotos: !asked.hasPhotos })}
          aria-current={isOn(asked.hasPhotos === true)}
        >
          {t('words.filter.photos')}
        </a>
      </nav>
      {traits.length > 0 && (
        <details open={asked.like !== undefined}>
          <summary class="text-button">{t('words.like.choose')}</summary>
          <form action={`/p/${slug}#reviews`} class="review-like">
            {traits.map(({ code, name, options }) => (
              <label key={code}>
                {name}
                <select name="like">
                  <option value="">{t('words.like.any')}</option>
                  {options.map((option) => (
                    <option key={option} value={`${code}:${option}`} selected={asked.like?.[code] === option}>
                      {option}
                    </option>
                  ))}
                </select>
              </label>
            ))}
            <button type="submit" class="button plain">
              {t('words.like.show')}
            </button>
          </form>
        </details>
      )}
    </div>
  );
}
