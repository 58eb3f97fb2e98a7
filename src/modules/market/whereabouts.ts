import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#platform/db.ts';
import { keptSetting } from '#platform/settings.ts';
import { smallestCellAt } from './cells.ts';
import { plainPostcode } from './postcodes.ts';
import { type Position, regionOfCountry } from './regions.ts';

/** The deepest region that an address lies in: its country where no area has its postcode. */
export async function regionOfAddress(db: Db, countryCode: string, postcode: string): Promise<string> {
  const [deepest] = await regionsOfAddress(db, countryCode, postcode);
  return deepest ?? regionOfCountry(countryCode);
}

/** All regions of a country that an address lies in, the deepest first, its country last. */
export async function regionsOfAddress(db: Db, countryCode: string, postcode: string): Promise<string[]> {
  const country = regionOfCountry(countryCode);
  const plain = plainPostcode(postcode);
  if (plain === '' || !(await countriesWithPostcodes(db)).has(country)) return [country];
  return inwardIn(db, country, sql`market.region_postcode`, sql`part.postcodes @> ${plain}::text`);
}

/** The regions that are parted by postcode: of an address elsewhere nothing need be asked. */
const countriesWithPostcodes = (db: Db): Promise<ReadonlySet<string>> =>
  keptSetting(db, 'market.parted_by_postcode', async (each) => {
    const { rows } = await sql<{ code: string }>`
      select distinct parent_code as code from market.region_postcode`.execute(each);
    return new Set(rows.map(({ code }) => code));
  });

/** Those of the regions in which no address lies by its postcode: they, or an area around them, are made of cells. */
export async function regionsWithoutAddresses(db: Db, codes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive outward as (
      select code as of_code, code, parent_code, kind from market.region where code = any(${codes}::text[])
      union all
      select outward.of_code, above.code, above.parent_code, above.kind from outward
      join market.region above on above.code = outward.parent_code
    ) select distinct of_code as code from outward
    where kind = 'area' and not exists (select from market.region_postcode where region_code = outward.code)
    order by of_code`.execute(db);
  return rows.map(({ code }) => code);
}

/** The deepest region of a country that a position lies in, by the cells of its areas. */
export async function regionOfPosition(db: Db, countryCode: string, position: Position): Promise<string> {
  const country = regionOfCountry(countryCode);
  const liesIn = sql`part.smallest @> ${smallestCellAt(position)}::bigint`;
  const [deepest] = await inwardIn(db, country, sql`market.region_cell`, liesIn);
  return deepest ?? country;
}

async function inwardIn(
  db: Db,
  country: string,
  parts: RawBuilder<unknown>,
  liesIn: RawBuilder<unknown>,
): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    with recursive inward as (
      select ${country}::text as code, 0 as depth
      union all
      select part.region_code, depth + 1 from ${parts} part
      join inward on part.parent_code = inward.code
      where ${liesIn}
    ) select code from inward order by depth desc`.execute(db);
  return rows.map(({ code }) => code);
}
