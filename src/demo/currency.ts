import { idOf } from '#platform/ids.ts';
import type { ImportedPriceList, ImportedProduct } from '../modules/catalog/index.ts';

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

/** What a euro is in the currencies that the demo sells in beside its own: near enough for prices. */
const BESIDE: Record<string, { name: string; level: number }> = {
  GBP: { name: 'Pounds', level: 0.87 },
  USD: { name: 'US dollars', level: 1.1 },
};

const listId = (currency: string): string => idOf('demo:price-list', currency);

/**
 * Lists in the other currencies. No country begins in one: half of the demo is not sold in them, and nobody is to open
 * such a shop who did not ask for it.
 */
export function priceListsBeside(own: string): ImportedPriceList[] {
  return Object.entries(BESIDE)
    .filter(([currency]) => currency !== own)
    .map(([currency, { name }]) => ({ id: listId(currency), name, currency }));
}

/** A product of the demo, priced in euros, with its prices in those lists; about half of the products are in each. */
export const pricedBeside = (
  lists: readonly ImportedPriceList[],
  euros: ImportedProduct,
  product: ImportedProduct,
): ImportedProduct => {
  const chosen = lists.filter((list) => isListed(euros.id, list));
  if (chosen.length === 0) return product;
  return {
    ...product,
    variants: product.variants.map((variant, n) => ({
      ...variant,
      listed: chosen.flatMap(({ id, currency }) =>
        (euros.variants[n]?.offers ?? []).map((offer) => ({ priceListId: id, ...roundIn(currency, offer) })),
      ),
    })),
  };
};

const isListed = (productId: string, list: ImportedPriceList): boolean =>
  Number.parseInt(idOf(list.id, productId).slice(-1), 16) % 2 === 0;

/** As somebody would have set it: 44.00, 49.00, 54.00; a fifth less where it is reduced. */
function roundIn(currency: string, offer: { amountMinor: number; compareAtMinor?: number }) {
  const { amountMinor, compareAtMinor } = offer;
  const { level } = BESIDE[currency] ?? { level: 1 };
  const full = Math.max(900, Math.round(((compareAtMinor ?? amountMinor) * level) / 500) * 500 - 100);
  return compareAtMinor === undefined
    ? { amountMinor: full }
    : { amountMinor: Math.round(full * 0.008) * 100, compareAtMinor: full };
}
