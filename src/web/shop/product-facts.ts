import type { ProductDetail, ProductVariant } from '#modules/catalog/index.ts';
import type { Later } from '#modules/inventory/index.ts';
import { decimalsOf } from '#platform/money.ts';
import type { ProductPageData } from '#read/product-page.ts';
import type { Crumb } from '../components/Breadcrumbs.tsx';
import { breadcrumbFacts, type JsonLdObject } from '../json-ld.tsx';
import { t } from '../messages.ts';

/** More are one offer from the lowest to the highest price. */
const OFFERS_MAX = 6;

export function productCrumbs({ categories, title }: ProductDetail): Crumb[] {
  return [
    { name: t('home'), href: '/' },
    ...categories.map(({ slug, name }) => ({ name, href: `/c/${slug}` })),
    { name: title },
  ];
}

/** The product as search engines and shopping agents read it: schema.org Product with an offer for each variant. */
export function productFacts(
  data: ProductPageData,
  crumbs: readonly Crumb[],
  origin: string,
  laters: Laters,
): JsonLdObject[] {
  const { product, rating } = data;
  const url = `${origin}/p/${product.slug}`;
  return [
    {
      '@type': 'Product',
      '@id': url,
      url,
      name: product.title,
      description: product.summary || product.description,
      sku: product.variants[0]?.sku,
      image: product.pictures.map(({ sha256, files }) => `${origin}/media/${sha256}/${fileForOthers(files)}`),
      ...(product.brand && {
        brand: { '@type': 'Brand', name: product.brand.name, url: `${origin}/b/${product.brand.slug}` },
      }),
      ...(product.categories.length > 0 && {
        category: product.categories.map(({ name }) => name).join(' > '),
      }),
      additionalProperty: product.attributes.map(({ name, value, unit }) => ({
        '@type': 'PropertyValue',
        name,
        value,
        ...(unit && { unitText: unit }),
      })),
      ...(rating && {
        aggregateRating: { '@type': 'AggregateRating', ratingValue: rating.mean, reviewCount: rating.count },
      }),
      offers: offersOf(product, url, laters),
    },
    breadcrumbFacts(crumbs, origin),
  ];
}

function offersOf({ variants }: ProductDetail, url: string, laters: Laters): unknown {
  const priced = variants.flatMap(({ price }) => price ?? []);
  const [first] = priced;
  const best = bestOf(variants, laters);
  if (first && best && variants.length > OFFERS_MAX) {
    const amounts = priced.map(({ amountMinor }) => amountMinor);
    return {
      '@type': 'AggregateOffer',
      url,
      priceCurrency: first.currency,
      lowPrice: decimal(Math.min(...amounts), first.currency),
      highPrice: decimal(Math.max(...amounts), first.currency),
      offerCount: priced.length,
      availability: availabilityOf(best, laters),
    };
  }
  return variants.flatMap(({ id, sku, gtin, price, inStock }) =>
    price
      ? [
          {
            '@type': 'Offer',
            url,
            sku,
            ...(gtin && { gtin }),
            price: decimal(price.amountMinor, price.currency),
            priceCurrency: price.currency,
            ...(price.validTo && { priceValidUntil: price.validTo.slice(0, 10) }),
            availability: availabilityOf({ id, inStock }, laters),
            itemCondition: 'https://schema.org/NewCondition',
          },
        ]
      : [],
  );
}

/** What may be ordered before it is here, by variant. */
type Laters = ReadonlyMap<string, Later>;

const KINDS = { pre_order: 'PreOrder', back_order: 'BackOrder' } as const;

function availabilityOf({ id, inStock }: Pick<ProductVariant, 'id' | 'inStock'>, laters: Laters): string {
  const later = laters.get(id);
  const state = inStock ? 'InStock' : later ? KINDS[later.kind] : 'OutOfStock';
  return `https://schema.org/${state}`;
}

/** Of many variants: what can be had soonest. */
const bestOf = (variants: readonly ProductVariant[], laters: Laters) =>
  variants.find(({ inStock }) => inStock) ?? variants.find(({ id }) => laters.has(id)) ?? variants[0];

function decimal(amountMinor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return (amountMinor / 10 ** decimals).toFixed(decimals);
}

const fileForOthers = (files: readonly string[]) =>
  files.find((file) => file === '960.jpg') ??
  files.find((file) => /\.(jpe?g|png)$/.test(file)) ??
  files[0] ??
  '';
