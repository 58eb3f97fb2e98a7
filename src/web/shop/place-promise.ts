import type { ProductVariant } from '#modules/catalog/index.ts';
import { regionOfAddress } from '#modules/market/index.ts';
import { sameDayOption } from '#modules/orders/index.ts';
import type { Db } from '#platform/db.ts';
import type { Place } from './place-cookie.ts';

/** A way by which a thing is brought today, and what that costs. */
export interface Today {
  name: string;
  amountMinor: number;
  currency: string;
}

/** The part of the market that a thing goes to: as near as it is known. */
export const regionFor = async (reads: Db, place: Place | undefined): Promise<string> =>
  place?.postcode ? regionOfAddress(reads, place.countryCode, place.postcode) : (place?.countryCode ?? '');

/** How the chosen one is brought today: asked for those who said where it goes. */
export async function todayFor(
  reads: Db,
  chosen: ProductVariant | undefined,
  place: Place | undefined,
  { currency, now }: { currency: string; now: Date },
): Promise<Today | undefined> {
  if (!place?.postcode || !chosen?.price) return undefined;
  const line = { variantId: chosen.id, quantity: 1 };
  const goodsMinor = chosen.price.amountMinor;
  const way = await sameDayOption(reads, line, place, { currency, goodsMinor, now });
  return way && { name: way.name, amountMinor: way.amountMinor, currency };
}
