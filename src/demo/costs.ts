import { seeded } from './pictures/index.ts';

/** What a unit cost the demo's shop, made up: between four and six tenths of its price, the same for all of a product. */
export function demoCostMinor({
  productId,
  amountMinor,
}: {
  productId: string;
  amountMinor: number;
}): number {
  const share = 0.4 + 0.2 * seeded(`cost ${productId}`).next();
  return Math.max(1, Math.round(amountMinor * share));
}
