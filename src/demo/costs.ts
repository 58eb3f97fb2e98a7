import { partsOfReturn, partsOfShipment } from '../modules/market/index.ts';
import type { PastOrder, PastServing } from '../modules/orders/index.ts';
import { priceIn } from './currency.ts';
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

/** What serving costs at each of the demo's locations, made up. */
export const demoServing = (currency: string) => ({
  currency,
  minutesFixed: 4,
  minutesPerLine: 1.5,
  minuteMinor: priceIn(currency, 52),
  labelMinor: priceIn(currency, 485),
  packagingMinor: priceIn(currency, 65),
  returnMinutesFixed: 3,
  returnMinutesPerLine: 1.5,
  returnLabelMinor: priceIn(currency, 395),
});

/** What the demo's provider takes, made up: 1.4 % and a quarter. */
export const demoFee = (currency: string) => ({
  currency,
  perMillion: 14_000,
  fixedMinor: priceIn(currency, 25),
  refundMinor: 0,
});

/** What serving a sale of the year cost: work, a label, packaging, and what its payment did. */
export function servingOfSale(
  { currency, lines }: Pick<PastOrder, 'currency' | 'lines'>,
  byParcel: boolean,
): PastServing[] {
  const goods = lines.filter(({ kind }) => kind === 'goods');
  const locationId = goods[0]?.locationId ?? null;
  const rate = { ...demoServing(currency), locationId: '', startsOn: '' };
  const parts = partsOfShipment(rate, { lines: goods.length, byParcel });
  const { perMillion, fixedMinor } = demoFee(currency);
  const paidMinor = lines.reduce((sum, { netMinor }) => sum + netMinor, 0);
  const feeMinor = Math.round((paidMinor * perMillion) / 1_000_000) + fixedMinor;
  return [
    ...parts.map((part) => ({ ...part, locationId })),
    { kind: 'payment_fee', locationId: null, amountMinor: feeMinor },
  ];
}

/** What looking at a return of one line cost. */
export function servingOfReturn(
  currency: string,
  locationId: string | null,
  byParcel: boolean,
): PastServing[] {
  const rate = { ...demoServing(currency), locationId: '', startsOn: '' };
  return partsOfReturn(rate, { lines: 1, byParcel }).map((part) => ({ ...part, locationId }));
}
