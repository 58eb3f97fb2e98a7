import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { smallestCellAt } from './cells.ts';
import { plainPostcode } from './postcodes.ts';
import { type Position, regionOfCountry } from './regions.ts';

/** The deepest region that an address lies in: its country where no area has its postcode. */
export async function regionOfAddress(db: Db, countryCode: string, postcode: string): Promise<string> {
  const country = regionOfCountry(countryCode);
  if (!(await countriesWithPostcodes(db)).has(country)) return country;
  return deepestIn(
    db,
    countryCode,
    sql`market.region_postcode`,
    sql`part.postcodes @> ${plainPostcode(postcode)}::text`,
  );
}

/** The regions that are parted by postcode: of an address elsewhere nothing need be asked. */
const countriesWithPostcodes = (db: Db): Promise<ReadonlySet<string>> =>
  keptSetting(db, 'market.parted_by_postcode', async (each) => {
    const { rows } = await sql<{ code: string }>`
      select distinct parent_code as code from market.region_postcode`.execute(each);
    return new Set(rows.map(({ code }) => code));
  });

/** The deepest region of a country that a position lies in, by the cells of its areas. */
export const regionOfPosition = (db: Db, countryCode: string, position: Position): Promise<string> =>
  deepestIn(
    db,
    countryCode,
    sql`market.region_cell`,
    sql`part.smallest @> ${smallestCellAt(position)}::bigint`,
  );

async function deepestIn(
  db: Db,
  countryCode: string,
  parts: RawBuilder<unknown>,
  liesIn: RawBuilder<unknown>,
): Promise<string> {
  const country = regionOfCountry(countryCode);
  const { rows } = await sql<{ code: string }>`
    with recursive inward as (
      select ${country}::text as code, 0 as depth
      union all
      select part.region_code, depth + 1 from ${parts} part
      join inward on part.parent_code = inward.code
      where ${liesIn}
    ) select code from inward order by depth desc limit 1`.execute(db);
  return rows[0]?.code ?? country;
}
