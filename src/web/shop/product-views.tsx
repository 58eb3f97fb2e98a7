import type { ProductPageData } from '#read/product-page.ts';
import { Picture } from '../components/Picture.tsx';
import { Stars } from '../components/Stars.tsx';
import type { Format } from '../format.ts';
import { t } from '../messages.ts';
import { attributeText } from './comparison.tsx';
import { RatingBars } from './reviews.tsx';

const FACTS_SHOWN = 5;

interface PartProps {
  data: ProductPageData;
  format: Format;
}

/** What it is called, and how it is rated. */
export function ProductHead({ data: { product, rating }, format }: PartProps) {
  return (
    <header class="product-head">
      {product.brand && (
        <p>
          <a href={`/b/${product.brand.slug}`}>{product.brand.name}</a>
        </p>
      )}
      <h1>{product.title}</h1>
      {product.summary && <p class="product-summary">{product.summary}</p>}
      {rating && (
        <a class="product-rating" href="#reviews">
          <Stars rating={rating.mean} count={rating.count} format={format} />
        </a>
      )}
    </header>
  );
}

/** Opinion, fact and brand, on one screen with the purchase. */
export function ThreeViews({ data, format }: PartProps) {
  const { product, rating, maker } = data;
  return (
    <section class="three-views" aria-label={t('views.label')}>
      <div class="view">
        <h2>{t('views.opinion')}</h2>
        {rating ? (
          <>
            <p class="view-figure">
              <span>{format.number(rating.mean, 1)}</span>
              <Stars rating={rating.mean} format={format} />
              <a href="#reviews">{t('reviews.count', { count: rating.count })}</a>
            </p>
            <RatingBars slug={product.slug} rating={rating} format={format} />
          </>
        ) : (
          <p class="soft">{t('reviews.none')}</p>
        )}
      </div>
      <div class="view">
        <h2>{t('views.facts')}</h2>
        <dl class="fact-list">
          {product.attributes.slice(0, FACTS_SHOWN).map((attribute) => (
            <div key={attribute.code}>
              <dt>{attribute.name}</dt>
              <dd>{attributeText(attribute, format)}</dd>
            </div>
          ))}
        </dl>
        <a href="#compare">{t('views.compare')}</a>
      </div>
      {maker && (
        <div class="view view-maker">
          <h2>{t('views.maker')}</h2>
          <Picture picture={maker.picture} sizes="(min-width: 56rem) 26rem, 92vw" alt="" />
          <div>
            <p>
              <strong>{maker.name}</strong>
              {maker.place && <span class="soft">, {maker.place}</span>}
            </p>
            <p class="maker-tagline">{maker.tagline}</p>
            <a href={maker.story ? '#maker' : `/b/${maker.slug}`}>
              {t('views.maker.more', { name: maker.name })}
            </a>
          </div>
        </div>
      )}
    </section>
  );
}
