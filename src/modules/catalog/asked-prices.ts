import { type Static, Type } from 'typebox';
import type { Db } from '#platform/db.ts';
import { exactly } from '#platform/schema.ts';
import { marketsAt } from './markets.ts';
import type { PricesFor } from './product-card.ts';

/** What a caller of the API says of the prices that they want to see. */
export const askedPrices = {
  currency: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{3}$',
      description: 'What prices are shown in; the marketplace’s unless said',
    }),
  ),
  countryCode: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{2}$',
      description: 'Where prices are to hold; without it they are those of the whole world',
    }),
  ),
  postcode: Type.Optional(
    Type.String({ maxLength: 20, description: 'Of the country, for the prices of a part of it' }),
  ),
};
const AskedPrices = exactly(askedPrices);

/** What is to be shown to whoever asks so. */
export async function pricesAsked(
  reads: Db,
  { currency, countryCode, postcode }: Static<typeof AskedPrices>,
): Promise<PricesFor> {
  const at = countryCode === undefined ? undefined : { countryCode, postcode };
  return { currency, markets: await marketsAt(reads, at) };
}
