import type { ProductPageData } from '#read/product-page.ts';
import { t } from '../messages.ts';

/** The ways to each part of a product's page: opinion, fact, brand and purchase, without leaving it. */
export function ProductSections({ product, similar, maker }: ProductPageData) {
  const parts = [
    ['buy', true],
    ['about', product.description !== ''],
    ['compare', similar.length > 0],
    ['maker', maker !== null && maker.story !== ''],
    ['people', true],
    ['reviews', true],
    ['questions', true],
  ] as const;
  return (
    <nav class="product-sections" aria-label={t('sections.label')}>
      <ul class="wrap">
        {parts.flatMap(([name, isThere]) =>
          isThere
            ? [
                <li key={name}>
                  <a href={`#${name}`}>{t(`sections.${name}`)}</a>
                </li>,
              ]
            : [],
        )}
      </ul>
    </nav>
  );
}
