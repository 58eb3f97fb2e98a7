import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { knownRegions, regionsOfAddress } from '../market/index.ts';
import { catalogErrors } from './errors.ts';

/** The market of an offer that holds wherever no nearer one does. */
export const WORLD = 'world';

/** Where the one is who sees prices, as far as anybody knows. */
export interface SeenAt {
  countryCode: string;
  postcode?: string | undefined;
}

/** The regions that have had a price of their own. */
export const pricedMarkets = (db: Db): Promise<ReadonlySet<string>> =>
  keptSetting(db, 'catalog.priced_markets', async (each) => {
    const { rows } = await sql<{ code: string }>`
      select market_code as code from catalog.priced_market`.execute(each);
    return new Set(rows.map(({ code }) => code));
  });

/**
 * By which markets prices are to be asked for: of the regions that an address lies in those that have prices of their own,
 * the narrowest first. Two visitors of whom the same comes out see the same prices everywhere.
 */
export async function marketsAt(
  db: Db,
  at: SeenAt | undefined,
  known?: ReadonlySet<string>,
): Promise<string[]> {
  if (at === undefined) return [];
  const { countryCode, postcode = '' } = at;
  const priced = known ?? (await pricedMarkets(db));
  // The code of an area begins with its country's.
  const isAround = (code: string) => code === countryCode || code.startsWith(`${countryCode}-`);
  if (![...priced].some(isAround)) return [];
  return (await regionsOfAddress(db, countryCode, postcode)).filter((code) => priced.has(code));
}

/** A price is bound to a region that there is. */
export async function refuseUnknownMarket(tx: Tx, marketCode: string): Promise<void> {
  if (marketCode === WORLD) return;
  if (!(await knownRegions(tx, [marketCode])).has(marketCode))
    throw catalogErrors.region_unknown({ regionCode: marketCode });
}
