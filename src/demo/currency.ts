import type { ImportedProduct } from '../modules/catalog/index.ts';

/** What the demo's prices, thought of in euros, are multiplied by, so that they look like prices there. */
const LEVEL: Record<string, number> = { SEK: 10, NOK: 10, DKK: 8, CZK: 25, PLN: 4, HUF: 4, INR: 80, MXN: 20 };

/** An amount in minor units of euros as one of the shop's currency. A yen, which has no minor unit, stands for a cent. */
export const priceIn = (currency: string, amountMinor: number): number =>
  amountMinor * (LEVEL[currency] ?? 1);

/** A product of the demo with its prices in the shop's currency. */
export const pricedIn = (currency: string, product: ImportedProduct): ImportedProduct => ({
  ...product,
  variants: product.variants.map((variant) => ({
    ...variant,
    offers: (variant.offers ?? []).map(({ amountMinor, compareAtMinor, ...offer }) => ({
      ...offer,
      currency,
      amountMinor: priceIn(currency, amountMinor),
      ...(compareAtMinor && { compareAtMinor: priceIn(currency, compareAtMinor) }),
    })),
  })),
});
